import Capture
import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import System
import Values
import Waypoints

/// `sail waypoint apply`: what is read, what shall be, and in which order it comes about.
package struct WaypointApply {
    let session: ClusterSession
    let request: WaypointRequest
    let reference: WaypointReference
    private var manifest: WaypointManifest
    private var live: Value?
    private var gatewayClass = WaypointClass.missing
    private var optionsBefore = WaypointOptions()
    private var optionsAfter = WaypointOptions()

    /// Runs the command to its end; returns the exit code.
    package static func run(_ request: WaypointRequest, _ options: OperationOptions) throws -> Int32 {
        try GatewayBundleRun.refuseOffline(options)
        if options.cluster.dryRun == .client { return try request.rehearseOffline(options) }
        return try ObjectRun.connected(
            .waypointApply, options, { WaypointApply.permissions(request, $0) },
            before: { try GatewayBundleRun.run($0, for: request) }
        ) { session in
            try WaypointApply(session, request).plan().run()
        }
    }

    /// What the command reads and writes before it has a plan of its own.
    private static func permissions(_ request: WaypointRequest, _ session: ClusterSession) -> [Permission] {
        let namespace = request.namespace ?? session.contextNamespace
        var needed = ["get", "create", "patch"].map {
            Permission($0, gatewayGroup, "gateways", namespace: namespace)
        }
        needed.append(Permission("get", "", "namespaces", namespace: namespace))
        if !request.options.isEmpty || request.parameterFile != nil {
            needed += ["get", "create", "patch"].map { Permission($0, "", "configmaps", namespace: namespace) }
        }
        if session.options.cluster.apply.waits {
            needed.append(Permission("watch", gatewayGroup, "gateways", namespace: namespace))
        }
        if request.enrolments.contains(.namespace) {
            needed.append(Permission("patch", "", "namespaces", namespace: namespace))
        }
        for other in request.otherNamespaces ?? [] {
            needed += ["get", "patch"].map { Permission($0, "", "namespaces", namespace: other) }
        }
        return needed
    }

    /// Reads what is there and works out what shall be; nothing is written.
    init(_ session: ClusterSession, _ request: WaypointRequest) throws {
        let namespace = request.namespace ?? session.contextNamespace
        (self.session, self.request) = (session, request)
        manifest = try WaypointManifest(
            name: request.name, namespace: namespace, traffic: request.traffic, revision: request.revision)
        reference = WaypointReference(namespace: namespace, name: manifest.name)
        try session.requireGatewayAPI()
        try session.requireNamespace(namespace)
        live = try session.gateway(reference)
        if let live {
            try refuseOtherClass(live)
            manifest.keep(live)
        }
        try admitOthers()
        try readOptions()
        gatewayClass = try session.waypointClass()
    }

    private func refuseOtherClass(_ live: Value) throws {
        guard !Waypoint.isWaypoint(live) else { return }
        let name = live["spec"]?["gatewayClassName"]?.string ?? ""
        throw Failures(
            failures: [
                Failure(session.reference(to: reference), "is a Gateway of class \(name.onOneLine), no waypoint")
            ], remedy: "choose another name with --name")
    }

    /// Opens the listener to other namespaces, besides those that it is open to already.
    private mutating func admitOthers() throws {
        guard let others = request.otherNamespaces else { return }
        guard !others.isEmpty else {
            manifest.admission = ["from": "Same"]
            return
        }
        for name in others { try session.requireNamespace(name) }
        let admitted = manifest.admission
        if admitted?["from"]?.string == "All" { return }
        var names = others
        if let admitted {
            let known = admitted[path: "selector", "matchExpressions"]?.list?.first?["values"]?.list?.compactMap(
                \.string)
            if admitted == WaypointManifest.admitting(known ?? [], own: reference.namespace) {
                names += known ?? []
            } else if !request.overwrites {
                throw Failures(
                    failures: [
                        Failure(session.reference(to: reference), "its listener admits namespaces by another selector")
                    ], remedy: "label the namespaces so that it fits, or replace it with --overwrite")
            }
        }
        manifest.admission = WaypointManifest.admitting(names, own: reference.namespace)
    }

    /// The options that are there, and what the flags make of them.
    private mutating func readOptions() throws {
        let isAsked = !request.options.isEmpty || request.parameterFile != nil
        let own = WaypointOptions.configMapName(of: manifest.name)
        guard isAsked else { return }
        let used = manifest.parameters
        if let used, used != own, !request.overwrites {
            throw Failures(
                failures: [
                    Failure(session.reference(to: reference), "takes its options from ConfigMap \(used.onOneLine)")
                ], remedy: "change them there, or copy them into one of sail's with --overwrite")
        }
        let identity = configMap(used ?? own)
        if let data = try session.cluster.get([identity])[0]?["data"]?.map {
            optionsBefore = try WaypointOptions(data, from: "\(identity)")
        }
        optionsAfter = optionsBefore
        if let path = request.parameterFile {
            optionsAfter = try path == "none" ? WaypointOptions() : session.options.waypointOptions(fromFile: path)
        }
        if !request.options.contains(where: \.setsAutoscaling), optionsAfter.isAutoscaled,
            request.options.contains(where: \.setsReplicas)
        {
            throw Failures(
                failures: [Failure(session.reference(to: reference), "has an autoscaler, which sets its replicas")],
                remedy: "change that with --hpa MIN:MAX, or take it off with --hpa none")
        }
        optionsAfter.apply(request.options)
        manifest.parameters = optionsAfter.isEmpty ? nil : own
    }

    func configMap(_ name: String) -> ObjectReference {
        ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: reference.namespace, name: name)
    }

    // MARK: - The plan

    /// The stages: the waypoint, which is waited for; then the labels that lead through it; then what is left over.
    func plan() throws -> ObjectRun {
        let waypoint = try waypointChanges()
        let edits = try labelEdits()
        let labels = try session.cluster.labelChanges(edits)
        try check(labels, waypoint)
        try say(labels, waypoint)
        let end = SystemClock.monotonic
        let timeout = session.options.cluster.apply.timeout
        let waits = session.options.cluster.apply.waits
        let (session, reference) = (session, reference)
        let isReshaped = waits && optionsBefore.overlays["deployment"] != optionsAfter.overlays["deployment"]
        let outdated = isReshaped ? try session.deploymentGeneration(of: reference) : nil
        var stages = [
            ObjectRun.Stage(changes: waypoint) {
                guard waits else { return [] }
                return try session.waitForWaypoint(
                    reference, until: end() + timeout, takesNone: labels.isEmpty, outdated: outdated)
            }
        ]
        if !labels.isEmpty { stages.append(ObjectRun.Stage(changes: labels)) }
        let leftovers = try leftovers()
        if !leftovers.isEmpty { stages.append(ObjectRun.Stage(changes: leftovers)) }
        var run = ObjectRun(
            session: session, kind: .waypointApply, namespace: reference.namespace,
            subject: RunSubject(
                question: "Apply waypoint \(reference) on \(session.shownCluster.name)?",
                effects: effects(labels)),
            stages: stages)
        if waits {
            run.permissions = [Permission("watch", gatewayGroup, "gateways", namespace: reference.namespace)]
        }
        let hasNoPods = request.options.contains(.replicas(0))
        if hasNoPods { session.ui.warn("waypoint \(reference) will have no pods: traffic to it is lost") }
        run.done = { session.ui.note(doneLine(reference, isReady: waits, hasNoPods: hasNoPods, labels)) }
        return run
    }

    private func waypointChanges() throws -> [Change] {
        var objects = [manifest.gateway]
        if manifest.parameters == WaypointOptions.configMapName(of: manifest.name), !optionsAfter.isEmpty {
            objects.insert(optionsAfter.configMap(of: manifest.name, in: reference.namespace), at: 0)
        }
        let desired = objects.compactMap { object in
            ObjectReference(of: object).map { Desired(component: nil, identity: $0, object: object) }
        }
        var request = SnapshotRequest(desired)
        request.forcesConflicts = session.options.cluster.apply.forcesConflicts
        return Planning.plan(desired, try session.cluster.snapshot(request)).changes
    }

    /// What istiod made for options that are now taken off, and does not delete itself; and the ConfigMap that is then
    /// empty.
    private func leftovers() throws -> [Change] {
        var found: [Change] = []
        var kinds: [(group: String, kind: String)] = []
        if optionsBefore.isAutoscaled, !optionsAfter.isAutoscaled {
            kinds.append(("autoscaling", "HorizontalPodAutoscaler"))
        }
        if optionsBefore.hasBudget, !optionsAfter.hasBudget { kinds.append(("policy", "PodDisruptionBudget")) }
        for (group, kind) in kinds {
            guard let resource = session.cluster.discovery.preferred(group: group, kind: kind) else { continue }
            let selection = Selection(labels: "\(IstioLabel.gatewayName)=\(reference.name)")
            let items = try session.client.list(resource.path(namespace: reference.namespace), selection).items
            found += items.map { item in
                Change(
                    component: nil,
                    identity: ObjectReference(apiVersion: resource.apiVersion, kind: kind, item: item), action: .delete,
                    live: item.withKind(kind))
            }
        }
        let own = configMap(WaypointOptions.configMapName(of: manifest.name))
        if !optionsBefore.isEmpty, optionsAfter.isEmpty, let live = try session.cluster.get([own])[0] {
            found.append(Change(component: nil, identity: own, action: .delete, live: live))
        }
        return found
    }

    private func effects(_ labels: [Change]) -> [String] {
        let count = labels.count { $0.action != .unchanged }
        guard count > 0 else { return [] }
        let names = labels.filter { $0.action != .unchanged }.map(\.identity.description).joined(most: 3)
        return ["traffic of \(names) goes through \(reference), once that is ready"]
    }
}

extension WaypointApply {
    /// What decides whether the waypoint takes the traffic that is led to it.
    var trafficWord: String {
        manifest.traffic?.rawValue ?? gatewayClass.object?.metadata.label(WaypointLabel.trafficFor)
            ?? Waypoint.Traffic.service.rawValue
    }

    /// Refuses what would leave a hole, or lead nothing through the waypoint.
    private func check(_ labels: [Change], _ waypoint: [Change]) throws {
        var found: [(failure: Failure, remedy: String)] = []
        let word = trafficWord
        let takesPods = word == "workload" || word == "all"
        if request.enrolments.contains(where: \.isOfPods), !takesPods {
            found.append(
                (
                    Failure(nil, "waypoint \(reference) is for \(word.onOneLine) traffic, which pods do not have"),
                    "give --for workload or --for all"
                ))
        }
        if request.enrolments.contains(where: { !$0.isOfPods }), word == "none" {
            found.append(
                (
                    Failure(nil, "waypoint \(reference) is for no traffic: nothing would go through it"),
                    "give --for service or --for all"
                ))
        }
        if case .missing = gatewayClass, session.options.cluster.apply.waits {
            found.append(
                (
                    Failure(
                        nil,
                        "the cluster has no GatewayClass \(WaypointManifest.className): istiod makes it, and without it no "
                            + "waypoint becomes ready"),
                    "see with sail status whether istiod runs, or apply the waypoint now and wait later with --no-wait"
                ))
        }
        let isReady = live.map { Waypoint.readiness(of: $0).isReady } ?? false
        let isKept = waypoint.allSatisfy { $0.action == .unchanged || $0.action == .takeOver }
        if !session.options.cluster.apply.waits, labels.contains(where: { $0.action != .unchanged }),
            !(isReady && isKept)
        {
            found.append(
                (
                    Failure(nil, "labels are set once the waypoint is ready, and --no-wait does not wait for that"),
                    "leave --no-wait out, or leave out what shall go through it"
                ))
        }
        if request.options.contains(.replicas(0)), !labels.isEmpty {
            found.append(
                (
                    Failure(nil, "waypoint \(reference) would have no pods: what is led through it would be lost"),
                    "give --replicas 1 or more, or leave out what shall go through it"
                ))
        }
        found += missing(labels) + overwritten(labels)
        guard found.isEmpty else { throw Failures(found) }
    }

    /// Objects that are to be labelled and do not exist.
    private func missing(_ labels: [Change]) -> [(failure: Failure, remedy: String)] {
        labels.filter { $0.live == nil }.map { change in
            let resource = session.cluster.discovery.resource(
                apiVersion: change.identity.apiVersion, kind: change.identity.kind)
            let name = resource?.name ?? change.identity.kind.lowercased()
            return (
                Failure(change.identity, "does not exist"),
                "see them with kubectl get \(name) -n \(reference.namespace)"
            )
        }
    }

    /// Objects whose label means something else already.
    private func overwritten(_ labels: [Change]) -> [(failure: Failure, remedy: String)] {
        guard !request.overwrites else { return [] }
        return labels.compactMap { change in
            guard let live = change.live, let choice = WaypointChoice(live.metadata, in: change.identity.place),
                choice != .waypoint(reference)
            else { return nil }
            let text =
                switch choice {
                case .optedOut: "is labelled \(WaypointLabel.use)=none"
                case .waypoint(let other), .invalid(let other): "uses waypoint \(other) already"
                }
            return (Failure(change.identity, text), "replace the label with --overwrite")
        }
    }

    /// What the user should know, and what does not stop the run.
    private func say(_ labels: [Change], _ waypoint: [Change]) throws {
        if let gatewayClass = gatewayClass.object, let condition = findCondition("Accepted", of: gatewayClass),
            condition["status"]?.string != "True"
        {
            session.ui.warn(
                "GatewayClass \(WaypointManifest.className) is not accepted "
                    + "(\((condition["reason"]?.string ?? "no reason").onOneLine)); see sail status")
        }
        for change in labels where change.identity.kind == "Namespace" {
            guard let live = change.live, live.metadata.label(IstioLabel.mode) != IstioLabel.ambient else {
                continue
            }
            let name = change.identity.name
            session.ui.warn(
                "namespace \(name) is not in ambient mode: its pods' traffic goes past ztunnel, and so past the waypoint; "
                    + "sail enroll \(name)")
        }
        let pods = labels.filter { $0.identity.kind == "Pod" && $0.action != .unchanged }
        if !pods.isEmpty {
            session.ui.warn(
                "\(pods.count == 1 ? "a label on a pod ends with the pod" : "labels on pods end with the pods"); "
                    + "for the pods to come put \(WaypointLabel.use)=\(reference.name) into the template of their workload"
            )
        }
        try sayBypassed(waypoint)
    }

    /// What goes through the waypoint today and would not any more.
    private func sayBypassed(_ waypoint: [Change]) throws {
        guard let live, let change = waypoint.last, change.action == .change, let after = change.predicted,
            live["spec"] != after["spec"] || live.metadata.labels != after.metadata.labels
        else { return }
        let lost: [String]
        do {
            lost = try session.routesLost(replacing: live, by: after)
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            return
        }
        guard !lost.isEmpty else { return }
        session.ui.warn(
            "after this \(lost.joined(most: 5)) \(lost.count == 1 ? "goes" : "go") past waypoint \(reference), whose L7 "
                + "policies then do not apply")
    }
}

private func doneLine(
    _ reference: WaypointReference, isReady: Bool, hasNoPods: Bool, _ labels: [Change]
) -> String {
    let namespace = reference.namespace
    if hasNoPods { return "waypoint \(reference) is applied with 0 replicas: traffic to it is lost" }
    if !isReady { return "waypoint \(reference) is applied; next: sail waypoint status -n \(namespace) --wait" }
    guard let label = labels.first?.identity else {
        return "waypoint \(reference) is ready; next: sail waypoint list -n \(namespace)"
    }
    return "waypoint \(reference) is ready; next: sail waypoint trace -n \(label.place)"
}

extension WaypointOptionEdit {
    fileprivate var setsReplicas: Bool {
        if case .replicas(.some) = self { true } else { false }
    }

    fileprivate var setsAutoscaling: Bool {
        if case .autoscaling = self { true } else { false }
    }
}
