import Applying
import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import System
import Values
import Waypoints

/// Which waypoints `sail waypoint delete` is about.
package struct WaypointSelection: Sendable {
    package var names: [String] = []
    /// All of the namespace.
    package var isAll = false
    /// Those with this revision label.
    package var revision: String?
    /// The context's where `nil`.
    package var namespace: String?
    package var isEverywhere = false
    /// Whether the labels that lead to them stay.
    package var keepsLabels = false

    package init() {}

    /// What is wrong with the choice; `nil` where it is one.
    package var fault: String? {
        let isGeneral = isAll || revision != nil
        if !names.isEmpty, isGeneral { return "give names, or --all or --revision, not both" }
        if names.isEmpty, !isGeneral { return "name waypoints, or give --all or --revision NAME" }
        return !names.isEmpty && isEverywhere ? "--all-namespaces goes with --all or --revision" : nil
    }
}

/// `sail waypoint delete`: takes the labels off that lead through the waypoints, then deletes them.
package struct WaypointDelete {
    let session: ClusterSession
    let selection: WaypointSelection
    private let gateways: [Value]
    private let waypoints: Set<WaypointReference>

    /// Runs the command to its end; returns the exit code.
    package static func run(_ selection: WaypointSelection, _ options: OperationOptions) throws -> Int32 {
        try ObjectRun.connected(.waypointDelete, options, { WaypointDelete.permissions(selection, $0) }) { session in
            let command = try WaypointDelete(session, selection)
            guard !command.gateways.isEmpty else {
                session.ui.note("no waypoints found; nothing to delete")
                return 0
            }
            return try command.plan().run()
        }
    }

    private static func permissions(_ selection: WaypointSelection, _ session: ClusterSession) -> [Permission] {
        let place = selection.isEverywhere ? "" : selection.namespace ?? session.contextNamespace
        let own = ["get", "list", "delete"].map { Permission($0, gatewayGroup, "gateways", namespace: place) }
        guard !selection.keepsLabels else { return own }
        let users = [("", "services"), ("", "pods"), ("networking.istio.io", "serviceentries")]
        return own + users.map { Permission("list", $0.0, $0.1, namespace: place) }
            + [Permission(place.isEmpty ? "list" : "get", "", "namespaces", namespace: place)]
    }

    private init(_ session: ClusterSession, _ selection: WaypointSelection) throws {
        (self.session, self.selection) = (session, selection)
        let namespace = selection.isEverywhere ? nil : selection.namespace ?? session.contextNamespace
        let resource = try session.requireGatewayAPI().gateways
        if let namespace { try session.requireNamespace(namespace) }
        let all = try session.client.list(resource.path(namespace: namespace)).items.map {
            $0.withKind("Gateway")
        }
        let named = Set(selection.names)
        gateways = all.filter { gateway in
            guard Waypoint.isWaypoint(gateway) else { return false }
            if !named.isEmpty { return named.contains(gateway.metadata.name) }
            return selection.revision.map { $0 == gateway.metadata.label(IstioLabel.revision) ?? "default" } ?? true
        }
        waypoints = Set(gateways.map { WaypointReference(namespace: $0.metadata.namespace, name: $0.metadata.name) })
        try refuseMissing(all, namespace ?? "")
    }

    /// A name that is no waypoint's is an error, and then nothing is deleted.
    private func refuseMissing(_ all: [Value], _ namespace: String) throws {
        let failures = selection.names.compactMap { name -> Failure? in
            if waypoints.contains(where: { $0.name.hasSameBytes(as: name) }) { return nil }
            let place = WaypointReference(namespace: namespace, name: name)
            if let other = all.first(where: { $0.metadata.name.hasSameBytes(as: name) }) {
                let className = other["spec"]?["gatewayClassName"]?.string ?? ""
                return Failure(nil, "Gateway \(place) is of class \(className.onOneLine), no waypoint")
            }
            return Failure(nil, "waypoint \(place) not found")
        }
        guard failures.isEmpty else {
            throw Failures(failures: failures, remedy: "see them with sail waypoint list -A; nothing was changed")
        }
    }

    // MARK: - The plan

    private func plan() throws -> ObjectRun {
        let users = try readUsers()
        let labels =
            selection.keepsLabels
            ? []
            : try session.cluster.labelChanges(
                users.map { user in
                    let keys = [WaypointLabel.use, WaypointLabel.useNamespace, WaypointLabel.ingress]
                    return LabelEdit(user, Dictionary(uniqueKeysWithValues: keys.map { ($0, String?.none) }))
                })
        let deletions = try gateways.map(deletion) + configMaps()
        try sayLost(users)
        let names = waypoints.map(\.description).sorted { $0.precedesByBytes($1) }
        let title = names.count == 1 ? "waypoint \(names[0])" : "\(names.count) waypoints"
        let effect = users.isEmpty ? [] : ["traffic of \(users.map(\.description).joined(most: 5)) goes past \(title)"]
        let (session, waypoints) = (session, waypoints)
        var run = ObjectRun(
            session: session, kind: .waypointDelete, namespace: names.count == 1 ? gateways[0].metadata.namespace : "",
            subject: RunSubject(
                question: "Delete \(title) from \(session.shownCluster.name)?", effects: effect),
            stages: [
                ObjectRun.Stage(changes: labels),
                ObjectRun.Stage(changes: deletions) {
                    session.options.cluster.apply.waits ? try session.waitForEnd(of: waypoints, deletions) : []
                },
            ])
        run.done = { session.ui.note("deleted \(title)") }
        return run
    }

    /// The deletion of a Gateway; one that is being deleted already is waited for.
    private func deletion(_ gateway: Value) -> Change {
        let identity = session.reference(
            to: WaypointReference(namespace: gateway.metadata.namespace, name: gateway.metadata.name))
        return Change(component: nil, identity: identity, action: .delete, live: gateway)
    }

    /// The ConfigMaps in which sail keeps their options.
    private func configMaps() throws -> [Change] {
        let identities = gateways.compactMap { gateway -> ObjectReference? in
            let own = WaypointOptions.configMapName(of: gateway.metadata.name)
            guard WaypointManifest.parameters(of: gateway) == own else { return nil }
            return ObjectReference(
                apiVersion: "v1", kind: "ConfigMap", namespace: gateway.metadata.namespace, name: own)
        }
        return zip(identities, try session.cluster.get(identities)).compactMap { identity, live in
            live.map { Change(component: nil, identity: identity, action: .delete, live: $0) }
        }
    }

    /// Objects whose own label means one of the waypoints: in any namespace, and in that of the waypoints alone where this
    /// user may read no other.
    private func readUsers() throws -> [ObjectReference] {
        let own = selection.isEverywhere ? nil : gateways.first?.metadata.namespace
        do {
            return try readingWide(or: own) {
                try readUsers(in: nil)
            } narrow: { namespace in
                session.ui.warn(
                    "labels in other namespaces are not looked for, as you may not read them: traffic that they lead to these "
                        + "waypoints then goes past them")
                return try readUsers(in: namespace)
            }
        } catch let error as APIError {
            guard selection.keepsLabels, error.isForbidden else { throw error }
            return []
        }
    }

    private func readUsers(in namespace: String?) throws -> [ObjectReference] {
        let labelled = Selection(labels: WaypointLabel.use)
        var objects: [Value] = []
        if let namespace {
            objects.append(try session.requireNamespace(namespace))
        } else {
            objects += try session.client.list("/api/v1/namespaces", labelled).items.map { $0.withKind("Namespace") }
        }
        let kinds = session.kindsOfTargets
        for kind in kinds {
            let path = kind.resource.path(namespace: namespace)
            objects += try session.client.list(path, labelled).items.map { $0.withKind(kind.kind) }
        }
        let versions = Dictionary(uniqueKeysWithValues: kinds.map { ($0.kind, $0.resource.apiVersion) })
        return objects.compactMap { object in
            let identity = ObjectReference(
                apiVersion: versions[object.kind] ?? "v1", kind: object.kind, item: object)
            guard case .waypoint(let used)? = WaypointChoice(object.metadata, in: identity.place) else { return nil }
            return waypoints.contains(used) ? identity : nil
        }
    }

    /// Names the policies and routes that the waypoints enforce, and that nothing enforces after them.
    private func sayLost(_ users: [ObjectReference]) throws {
        let own = selection.isEverywhere ? nil : gateways.first?.metadata.namespace
        var services: Set<WaypointReference> = []
        var objects: [Value] = []
        do {
            let kinds = session.kindsOfTargets.filter { $0.kind == "Service" }
            let (context, targets) = try readingWide(or: own) {
                (try session.waypointContext(), try session.targets(kinds, in: nil))
            } narrow: {
                (try session.waypointContext(of: $0), try session.targets(kinds, in: $0))
            }
            let resolver = WaypointResolver(context)
            for service in targets {
                guard let used = resolver.route(to: service).waypoint, waypoints.contains(used) else { continue }
                services.insert(
                    WaypointReference(namespace: service.metadata.namespace, name: service.metadata.name))
            }
            for (group, kind) in WaypointPolicy.kinds {
                guard let resource = session.cluster.discovery.preferred(group: group, kind: kind) else { continue }
                objects += try readingWide(or: own) {
                    try session.listed(kind, resource.path())
                } narrow: {
                    try session.listed(kind, resource.path(namespace: $0))
                }
            }
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            session.ui.warn("which policies the waypoint enforces is not known: \(error)".onOneLine)
            return
        }
        for found in WaypointPolicy.pointing(at: waypoints, or: services, among: objects) {
            session.ui.warn("\(found.policy) is for \(found.target) and will not be enforced any more")
        }
        if selection.keepsLabels, !users.isEmpty {
            session.ui.warn(
                "\(users.map(\.description).joined(most: 5)) will name a waypoint that does not exist: "
                    + "traffic goes past it")
        }
    }
}

extension ClusterSession {
    /// Waits until these Gateways and their pods are there no longer; answers what stays.
    fileprivate func waitForEnd(of waypoints: Set<WaypointReference>, _ deletions: [Change]) throws -> [Failure] {
        let timeout = options.cluster.apply.timeout
        let end = SystemClock.monotonic() + timeout
        let items = deletions.compactMap { change in change.live.map { (identity: change.identity, live: $0) } }
        let left = try DeletionWait(cluster, timeout: timeout) { ui.note($0) }.run(items)
        guard left.isEmpty else { return left }
        var isSaid = false
        while true {
            let pods = try podsOfGateways(waypoints)
            if pods.isEmpty { return [] }
            if SystemClock.monotonic() >= end {
                return pods.map { Failure($0, "was not deleted in time; raise --timeout if it only needs longer") }
            }
            if !isSaid { ui.note("waiting for \(podWords(pods.count)) to end") }
            isSaid = true
            try pause(seconds: 1)
        }
    }

    private func podsOfGateways(_ waypoints: Set<WaypointReference>) throws -> [ObjectReference] {
        do throws(APIError) {
            var found: [ObjectReference] = []
            for waypoint in waypoints.sorted(by: { $0.description.precedesByBytes($1.description) }) {
                let selection = Selection(labels: "\(IstioLabel.gatewayName)=\(waypoint.name)")
                found += try client.list("/api/v1/namespaces/\(waypoint.namespace)/pods", selection).items.map {
                    ObjectReference(apiVersion: "v1", kind: "Pod", item: $0)
                }
            }
            return found
        } catch {
            guard error.isForbidden else { throw error }
            return []
        }
    }
}
