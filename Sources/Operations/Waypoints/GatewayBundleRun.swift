import ChartSources
import ClusterState
import Kubernetes
import Objects
import Planning
import Preflight
import System
import Values
import Waypoints
import YAML

/// `--gateway-api`: the bundle that the user gives, applied with a plan and a question of its own before the run that needs
/// it. It is no part of a release, since it outlives the mesh and others use it too.
struct GatewayBundleRun {
    private let session: ClusterSession
    private let bundle: GatewayBundle
    /// The journal of the run behind it.
    private let journal: RunJournal?
    /// Whether the run behind it can be planned only where the definitions are there.
    private let isNeeded: Bool

    /// Applies the bundle of --gateway-api, where one is given, before a run of the mesh or for a waypoint; answers the exit code
    /// where that must not begin: when the bundle was declined, or only shown although a waypoint needs it for a plan.
    static func run(_ options: OperationOptions, for waypoint: WaypointRequest? = nil) throws -> Int32? {
        guard let source = options.cluster.gatewayBundle else { return nil }
        let bundle = try options.gatewayBundle(source)
        // The plan and the result that the journal keeps are those of the run behind it.
        var own = options
        own.journal = nil
        let session = try ClusterSession(own)
        return try session.run(needing: .definitions(permissions(bundle, session))) {
            if let waypoint { try session.requireNamespace(waypoint.namespace ?? session.contextNamespace) }
            return try GatewayBundleRun(
                session: session, bundle: bundle, journal: options.journal, isNeeded: waypoint != nil
            ).run()
        }
    }

    /// Throws where a run that asks no cluster is to apply a bundle.
    static func refuseOffline(_ options: OperationOptions) throws {
        guard options.cluster.gatewayBundle != nil, options.cluster.dryRun == .client else { return }
        throw Failures(
            failures: [Failure(nil, "--gateway-api asks the cluster, and --dry-run=client does not")],
            remedy: "leave one of them out")
    }

    private static func permissions(_ bundle: GatewayBundle, _ session: ClusterSession) -> [Permission] {
        bundle.objects.compactMap(ObjectReference.init(of:)).flatMap { identity -> [Permission] in
            guard
                let resource = session.cluster.discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind)
            else { return [] }
            return ["get", "create", "patch"].map { Permission($0, on: identity, resource) }
        }
    }

    private func run() throws -> Int32? {
        let title = "bundle \(bundle.version) (\(bundle.channel)) of the Gateway API"
        try refuse(title)
        var session = session
        var changes = try changes(session)
        if changes.areHeldByKubectl {
            var options = session.options
            options.cluster.apply.forcesConflicts = true
            session = ClusterSession(options, session.cluster)
            changes = try self.changes(session)
        }
        guard changes.contains(where: { $0.action != .unchanged }) else {
            session.ui.note("the cluster has \(title) already")
            return nil
        }
        let identities = changes.map(\.identity).filter { $0.kind == "CustomResourceDefinition" }
        var run = ObjectRun(
            session: session, kind: .gatewayAPI, namespace: "",
            subject: RunSubject(question: "Apply \(title) on \(session.shownCluster.name)?", effects: []),
            stages: [ObjectRun.Stage(changes: changes) { try session.waitUntilServed(identities) }])
        let isLast =
            session.options.cluster.dryRun != nil && isNeeded
            && session.cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway") == nil
        run.isPrelude = !isLast
        let (ui, journal) = (session.ui, journal)
        run.done = {
            ui.note("applied \(title)")
            journal?.hasChangedBefore = true
        }
        let code = try run.run()
        if code != 0 { return code }
        guard isLast else { return nil }
        ui.note("the waypoint can be planned once these definitions are applied")
        return 0
    }

    private func changes(_ session: ClusterSession) throws -> [Change] {
        let desired = bundle.objects.compactMap { object -> Desired? in
            guard let identity = ObjectReference(of: object),
                session.cluster.discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind) != nil
            else { return nil }
            return Desired(component: nil, identity: identity, object: object)
        }
        if desired.count < bundle.objects.count {
            session.ui.note("the bundle's admission policy is left out: this Kubernetes does not serve its kind")
        }
        var request = SnapshotRequest(desired)
        request.forcesConflicts = session.options.cluster.apply.forcesConflicts
        return Planning.plan(desired, try session.cluster.snapshot(request)).changes
    }

    /// Refuses what would take something away from those who use the definitions that are there.
    private func refuse(_ title: String) throws {
        let identities = bundle.objects.filter { $0.kind == "CustomResourceDefinition" }.compactMap(
            ObjectReference.init(of:))
        guard let refusal = bundle.refusal(over: try session.cluster.get(identities).compactMap(\.self)) else { return }
        let (text, remedy) =
            switch refusal {
            case .newer(let name, let version):
                (
                    "\(name) is of bundle \(version) on the cluster, which is newer than \(title)",
                    "leave --gateway-api out, or give a bundle of \(version) or later"
                )
            case .experimental(let name):
                (
                    "\(name) is of the experimental channel on the cluster, whose fields the standard one does not have",
                    "give the file experimental-install.yaml of bundle \(bundle.version)"
                )
            case .unknown(let name):
                (
                    "\(name) is on the cluster and says no version of a bundle, so it is not replaced",
                    "see who made it with kubectl get crd \(name) -o yaml --show-managed-fields"
                )
            }
        throw Failures(failures: [Failure(nil, text)], remedy: remedy + "; nothing was changed")
    }
}

extension [Change] {
    /// Whether something stands in the way, and that is what `kubectl apply` wrote: the command that installs a bundle.
    fileprivate var areHeldByKubectl: Bool {
        let conflicts = flatMap { change -> [FieldConflict] in
            if case .conflict(let found) = change.action { found } else { [] }
        }
        return !conflicts.isEmpty
            && conflicts.allSatisfy { ["kubectl", "kubectl-client-side-apply"].contains($0.manager) }
    }
}

extension ClusterSession {
    /// Waits until definitions are served, at most --timeout; answers those that are not.
    fileprivate func waitUntilServed(_ definitions: [ObjectReference]) throws -> [Failure] {
        let end = SystemClock.monotonic() + options.cluster.apply.timeout
        while true {
            let lives = try cluster.get(definitions)
            let left = zip(definitions, lives).compactMap { identity, live -> Failure? in
                guard let live else { return Failure(identity, "was deleted by another client in the meantime") }
                let state = readiness(of: live)
                return state.isReady ? nil : Failure(identity, "is not served: \(state.message)")
            }
            if left.isEmpty || SystemClock.monotonic() >= end { return left }
            client.pause(milliseconds: 200)
            if client.isInterrupted() { throw APIError.interrupted }
        }
    }
}

extension OperationOptions {
    /// The most bytes of a bundle; that of v1.6 has two million.
    private static let mostBytesOfBundle = 32 << 20

    /// The bundle of a file or an address. Throws with the place in either.
    func gatewayBundle(_ source: String) throws -> GatewayBundle {
        let (name, bytes) = try bytesOfBundle(source)
        let place = "--gateway-api \(name)".onOneLine
        guard bytes.count <= Self.mostBytesOfBundle else {
            throw Failures(
                failures: [Failure(nil, "\(place): is larger than 32 MiB")], remedy: "give the bundle's install file")
        }
        do {
            let texts = documents(of: String(decoding: bytes, as: UTF8.self)).map(\.text)
            return try GatewayBundle(documents: try texts.map { try Value(yaml: $0, numbers: .native) })
        } catch {
            throw Failures(
                failures: [Failure(nil, "\(place): \(error)".onOneLine)],
                remedy: "give the file standard-install.yaml of a release of kubernetes-sigs/gateway-api")
        }
    }

    private func bytesOfBundle(_ source: String) throws -> (name: String, bytes: [UInt8]) {
        guard source.contains("://") else {
            do throws(FileFailure) {
                return (source, try readFile(source))
            } catch {
                throw Failures(failures: [Failure(nil, "--gateway-api \(source.onOneLine): \(error)")], remedy: nil)
            }
        }
        let (environment, makeTransport, signals) = (environment, makeTransport, signals)
        let text = try fetchText(
            source, of: FetchedTextKind(flag: "--gateway-api", noun: "a bundle"), limit: Self.mostBytesOfBundle,
            environment: { environment[$0] }, transport: { try makeTransport(signals) })
        return (text.address, text.bytes)
    }
}
