internal import Capture
internal import ClusterState
internal import Istio
internal import Kubernetes
internal import Objects
internal import Planning
package import Preflight
internal import Values
internal import Waypoints

extension ClusterSession {
    /// Reads what enrolling, or unenrolling, changes. Throws what cannot be done: all of it, before anything is written.
    package func enrolmentPlan(_ request: EnrolmentRequest) throws -> EnrolmentPlan {
        var plan = EnrolmentPlan(request, cluster: shownCluster)
        let workloads = try meshWorkloads(&plan.notes)
        if let workloads, !request.isRemoval { try requireAmbientMode(workloads) }
        try add(request, workloads ?? [], to: &plan)
        return plan
    }

    /// What planning an enrolment sends at least, and the label that it writes.
    package func enrolmentReads(_ request: EnrolmentRequest) -> [Permission] {
        let places = request.takesAll ? [""] : request.namespaces
        let labelled = request.podSelector == nil ? "namespaces" : "pods"
        return places.flatMap { place in
            [
                Permission(place.isEmpty ? "list" : "get", "", "namespaces", namespace: place),
                Permission("list", "", "pods", namespace: place), Permission("patch", "", labelled, namespace: place),
            ]
        }
    }

    /// The mesh's workloads; `nil` where this user, who may own just a namespace, may not read them.
    private func meshWorkloads(_ notes: inout [String]) throws -> [Workload]? {
        do throws(APIError) {
            return try cluster.workloads()
        } catch {
            guard error.isForbidden else { throw error }
            notes.append(
                "you may not read the mesh: whether it runs, and on which nodes, is not known; \(readingRemedy)")
            return nil
        }
    }

    /// What the namespaces add to the plan, all that cannot be being refused first.
    private func add(_ request: EnrolmentRequest, _ workloads: [Workload], to plan: inout EnrolmentPlan) throws {
        plan.rules = try captureRules(workloads, &plan.notes)
        let namespaces = try namespaces(of: request)
        plan.namespaces = namespaces.map(NamespaceEnrolment.init)
        let meshNamespaces = Set(workloads.map(\.identity.namespace))
        if !request.isRemoval { try refuse(plan.namespaces, meshNamespaces, plan.rules) }
        let root = workloads.first { $0.component == .istiod }?.identity.namespace ?? "istio-system"
        for (object, namespace) in zip(namespaces, plan.namespaces) {
            try add(namespace, object, rootNamespace: root, to: &plan)
        }
        if !request.isRemoval, plan.captured > 0, !workloads.isEmpty { plan.hazards += try networkHazards() }
    }

    /// What a namespace adds to the plan.
    private func add(
        _ namespace: NamespaceEnrolment, _ object: Value, rootNamespace: String, to plan: inout EnrolmentPlan
    ) throws {
        let request = plan.request
        let pods = try pods(in: namespace.name, request.podSelector)
        let changes = labelChanges(namespace, object, pods, request)
        plan.changes += changes
        if request.podSelector == nil, changes.allSatisfy({ $0.identity.kind != "Namespace" }) {
            plan.notes.append(
                "namespace \(namespace.name) is \(request.isRemoval ? "not enrolled" : "enrolled already")")
        }
        if request.podSelector != nil {
            if pods.isEmpty { plan.notes.append("no pod of namespace \(namespace.name) has these labels") }
            plan.notes += podLabelNotes(namespace, pods, request)
        }
        let states = plannedStates(pods, namespace, changes, plan)
        plan.workloads += workloadCaptures(states)
        if request.isRemoval {
            let own = states.filter { $0.state == .captured }
            if !own.isEmpty, request.podSelector == nil {
                plan.notes.append(
                    "\(podWords(own.count)) of namespace \(namespace.name) stay in the mesh by a label of their own: "
                        + "sail unenroll \(namespace.name) --pods \(IstioLabel.mode)=\(IstioLabel.ambient)")
            }
            if let name = object.metadata.label(WaypointLabel.use) {
                plan.notes.append(
                    "namespace \(namespace.name) keeps its label \(WaypointLabel.use)=\(name.onOneLine): clients in the "
                        + "mesh still go through the waypoint")
            }
            plan.hazards += try releaseHazards(namespace.name)
        } else {
            let captured = states.filter { [.captured, .waiting, .starting].contains($0.state) }.map(\.pod)
            guard !captured.isEmpty else { return }
            plan.hazards += try captureHazards(object, captured, rootNamespace: rootNamespace)
        }
    }

    private func requireAmbientMode(_ workloads: [Workload]) throws {
        let missing = [Component.istiod, .cni, .ztunnel].filter { component in
            !workloads.contains { $0.component == component }
        }
        guard !missing.isEmpty else { return }
        let what =
            workloads.isEmpty
            ? "no mesh found on this cluster"
            : "the mesh has no \(missing.map(\.rawValue).joined(separator: " and no ")), which ambient mode needs"
        throw Failures(failures: [Failure(nil, what)], remedy: "install it with sail install")
    }

    private func refuse(
        _ namespaces: [NamespaceEnrolment], _ meshNamespaces: Set<String>, _ rules: CaptureRules
    ) throws {
        let refusals = namespaces.compactMap { $0.refusal(meshNamespaces: meshNamespaces, rules) }
        guard !refusals.isEmpty else { return }
        throw Failures(refusals.map { (Failure(nil, $0.message), $0.remedy) })
    }

    /// The named namespaces, each once; all that are enrolled or hold enrolled pods where that is asked for.
    private func namespaces(of request: EnrolmentRequest) throws -> [Value] {
        if request.takesAll {
            let enrollment = try cluster.enrollment(withPods: false)
            let places = enrollment.namespaces + enrollment.pods.map { String($0.prefix { $0 != "/" }) }
            return try read(Set(places).sorted { $0.precedesByBytes($1) })
        }
        var names: [String] = []
        for name in request.namespaces where !names.contains(name) { names.append(name) }
        return try read(names)
    }

    private func read(_ names: [String]) throws -> [Value] {
        let calls = names.map { APIRequest.get("/api/v1/namespaces/\($0)").expecting(.kinds(["Namespace"])) }
        var found: [Value] = []
        var missing: [String] = []
        for (name, answer) in zip(names, client.send(calls)) {
            switch answer {
            case .success(let object): found.append(object.withKind("Namespace"))
            case .failure(let error):
                guard error.isNotFound else { throw error }
                missing.append(name)
            }
        }
        guard !missing.isEmpty else { return found }
        let all = (try? client.summaries("/api/v1/namespaces") { $0.metadata.name }) ?? []
        throw Failures(
            failures: missing.map { name in
                Failure(nil, "namespace \(name.onOneLine) not found\(suggestion(for: name, among: all))")
            }, remedy: nil)
    }

    /// The pods of a namespace, each with its kind.
    func pods(in namespace: String, _ selector: String?) throws -> [Value] {
        try client.list("/api/v1/namespaces/\(namespace)/pods", Selection(labels: selector)).items.map {
            $0.withKind("Pod")
        }
    }

    private func releaseHazards(_ namespace: String) throws -> [CaptureHazard] {
        try policiesOfZtunnel(in: namespace).map { object in
            CaptureHazard(.authorization, object, "is enforced by ztunnel, and no longer once the pods are released")
        }
    }
}

// MARK: - What changes

/// The labels that have to be written: of the namespace, or of pods that are chosen by their labels.
private func labelChanges(
    _ namespace: NamespaceEnrolment, _ object: Value, _ pods: [Value], _ request: EnrolmentRequest
) -> [Change] {
    var changes: [Change] = []
    if request.podSelector == nil, request.isRemoval ? namespace.isEnrolled : !namespace.isEnrolled {
        changes.append(labelChange("Namespace", object, request))
    }
    guard request.podSelector != nil || request.takesAll else { return changes }
    for pod in pods {
        let metadata = pod.metadata
        let own = metadata.label(IstioLabel.mode)
        let isOther = request.isRemoval ? own == IstioLabel.ambient : own != IstioLabel.ambient
        guard isOther, !metadata.isBeingDeleted else { continue }
        changes.append(labelChange("Pod", pod, request))
    }
    return changes
}

private func labelChange(_ kind: String, _ object: Value, _ request: EnrolmentRequest) -> Change {
    let identity = ObjectReference(apiVersion: "v1", kind: kind, item: object)
    return LabelEdit(identity, [IstioLabel.mode: request.mode]).change(of: object)
}

/// What each pod will be once the labels are written.
private func plannedStates(
    _ pods: [Value], _ namespace: NamespaceEnrolment, _ changes: [Change], _ plan: EnrolmentPlan
) -> [(pod: Value, state: CaptureState)] {
    let request = plan.request
    let labels = namespace.labels(mode: request.podSelector == nil ? request.mode : namespace.mode)
    let changed = Set(changes.filter { $0.identity.kind == "Pod" }.map(\.identity.name))
    return pods.map { pod in
        let isChanged = changed.contains(pod.metadata.name)
        let planned = isChanged ? pod.withLabel(IstioLabel.mode, request.mode) : pod
        return (planned, plan.state(of: planned, namespace: labels))
    }
}

/// What a label on pods cannot do.
private func podLabelNotes(_ namespace: NamespaceEnrolment, _ pods: [Value], _ request: EnrolmentRequest) -> [String] {
    if request.isRemoval {
        guard namespace.isEnrolled else { return [] }
        return [
            "namespace \(namespace.name) is enrolled: its pods stay in the mesh; set \(IstioLabel.mode)=none in the pod "
                + "template to keep some out"
        ]
    }
    if namespace.isEnrolled { return ["namespace \(namespace.name) is enrolled already, with all its pods"] }
    let owners = Set(pods.compactMap { PodOwner(of: $0.metadata) }).filter(\.canRestart)
        .map { "\($0.kind.lowercased())/\($0.name)" }.sorted { $0.precedesByBytes($1) }
    guard !owners.isEmpty else { return [] }
    let patch = #"{"spec":{"template":{"metadata":{"labels":{"\#(IstioLabel.mode)":"ambient"}}}}}"#
    return [
        "new pods do not get the label: it belongs into the pod template of \(owners.joined(most: 5)), which restarts the "
            + "pods: kubectl -n \(namespace.name) patch \(owners[0]) -p '\(patch)'"
    ]
}

extension Value {
    /// The object with a label set, or taken off.
    fileprivate func withLabel(_ key: String, _ text: String?) -> Value {
        guard case .map(var map) = self else { return self }
        map.set(text.map(Value.string), at: ["metadata", "labels", key])
        return .map(map)
    }
}
