import Values

extension World {
    private static let hashLabel = "pod-template-hash"
    private static let revision = "deployment.kubernetes.io/revision"

    /// The Deployment and ReplicaSet controllers: pods of the new template first, old ones go as those become ready.
    mutating func sync(deployment: Value) {
        let template = deployment[at: "spec", "template"] ?? .empty
        let hash = templateHash(template)
        let wanted = deployment[at: "spec", "replicas"]?.int ?? 1
        let isRecreated = deployment[at: "spec", "strategy", "type"] == "Recreate"
        let rolling = deployment[at: "spec", "strategy", "rollingUpdate"]
        let surge = isRecreated ? 0 : share(rolling?["maxSurge"], of: wanted, roundingUp: true)
        let allowed = isRecreated ? wanted : share(rolling?["maxUnavailable"], of: wanted, roundingUp: false)
        let set = ensureReplicaSet(deployment, template, hash)
        guard let set else { return }
        let sets = owned("replicasets.apps", by: deployment)
        let olds = sets.filter { $0.uid != set.uid }.flatMap { owned("pods", by: $0) }.filter { !$0.isBeingDeleted }
        let news = owned("pods", by: set).filter { !$0.isBeingDeleted }
        let missing = max(0, min(wanted - news.count, wanted + surge - news.count - olds.count))
        for _ in 0..<(isRecreated && !olds.isEmpty ? 0 : missing) { addPod(set, hash) }
        for pod in news.sorted(by: { !isReady($0) && isReady($1) }).prefix(max(0, news.count - wanted)) {
            collect("pods", pod)
        }
        let available = (olds + news).count(where: isReady)
        var spare = isRecreated ? olds.count : max(0, available - (wanted - allowed))
        for pod in olds {
            let isNeeded = isReady(pod)
            if isNeeded, spare == 0 { continue }
            if isNeeded { spare -= 1 }
            collect("pods", pod)
        }
        for item in sets { report(replicaSet: item, wanted: item.uid == set.uid ? wanted : nil) }
        report(deployment, set, hash, wanted, allowed)
    }

    /// What a ReplicaSet has; one of an old template (`wanted` is nil) wants no more than that.
    private mutating func report(replicaSet set: Value, wanted: Int?) {
        let pods = owned("pods", by: set).filter { !$0.isBeingDeleted }
        var scaled = set
        scaled[at: "spec", "replicas"] = .int(wanted ?? pods.count)
        if scaled != set {
            scaled[at: "metadata", "generation"] = .int((set["metadata"]?["generation"]?.int ?? 0) + 1)
            scaled = commit("replicasets.apps", scaled, replacing: set)
        }
        let ready = pods.count(where: isReady)
        var status: Mapping = ["observedGeneration": scaled["metadata"]?["generation"] ?? 1]
        for (name, count) in [("replicas", pods.count), ("readyReplicas", ready), ("availableReplicas", ready)]
        where count > 0 || name == "replicas" { status[name] = .int(count) }
        setStatus("replicasets.apps", "\(set.namespace)/\(set.name)", .map(status), .controller)
    }

    private mutating func addPod(_ set: Value, _ hash: String) {
        let nodes = all("nodes")
        let count = all("pods", namespace: set.namespace).count
        let node = nodes.isEmpty ? "" : nodes[count % nodes.count].name
        let name = "\(set.name)-\(nextSuffix())"
        let template = set[at: "spec", "template"] ?? .empty
        createOwned("pods", pod(name, template, labels: [:], node: node), owner: set, "apps/v1")
    }

    private mutating func ensureReplicaSet(_ deployment: Value, _ template: Value, _ hash: String) -> Value? {
        let name = "\(deployment.name)-\(hash)"
        let number =
            owned("replicasets.apps", by: deployment).compactMap {
                Int($0[at: "metadata", "annotations", World.revision]?.string ?? "")
            }.max() ?? 0
        if let set = object("replicasets.apps", deployment.namespace, name) {
            // Going back to an old template makes it the newest again.
            guard set[at: "metadata", "annotations", World.revision]?.string != String(number) else { return set }
            var raised = set
            raised[at: "metadata", "annotations", World.revision] = .string(String(number + 1))
            return commit("replicasets.apps", raised, replacing: set)
        }
        var set: Value = [
            "metadata": ["name": .string(name), "labels": template["metadata"]?["labels"] ?? .empty],
            "spec": [
                "replicas": deployment[at: "spec", "replicas"] ?? 1,
                "selector": deployment[at: "spec", "selector"] ?? .empty, "template": template,
            ],
        ]
        for path in [
            ["metadata", "labels"], ["spec", "template", "metadata", "labels"], ["spec", "selector", "matchLabels"],
        ] {
            set[along: (path + [World.hashLabel])[...]] = .string(hash)
        }
        set[at: "metadata", "annotations", World.revision] = .string(String(number + 1))
        createOwned("replicasets.apps", set, owner: deployment, "apps/v1")
        return object("replicasets.apps", deployment.namespace, name)
    }

    private mutating func report(_ deployment: Value, _ set: Value, _ hash: String, _ wanted: Int, _ allowed: Int) {
        let all = owned("replicasets.apps", by: deployment).flatMap { owned("pods", by: $0) }
            .filter { !$0.isBeingDeleted }
        let updated = all.filter { $0.labels[World.hashLabel]?.string == hash }
        let ready = all.count(where: isReady)
        let isAvailable = ready >= wanted - allowed
        let isComplete = updated.count == wanted && all.count == wanted && ready == wanted
        var status: Mapping = [
            "observedGeneration": deployment["metadata"]?["generation"] ?? 1, "terminatingReplicas": 0,
        ]
        for (name, count) in [
            ("replicas", all.count), ("updatedReplicas", updated.count), ("readyReplicas", ready),
            ("availableReplicas", ready), ("unavailableReplicas", max(0, max(wanted, all.count) - ready)),
        ] where count > 0 { status[name] = .int(count) }
        let progress: Value =
            isComplete
            ? condition(
                "Progressing", true, "NewReplicaSetAvailable",
                "ReplicaSet \"\(set.name)\" has successfully progressed.")
            : condition("Progressing", true, "ReplicaSetUpdated", "ReplicaSet \"\(set.name)\" is progressing.")
        let conditions = [
            isAvailable
                ? condition(
                    "Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : condition(
                    "Available", false, "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability."),
            progress,
        ]
        status["conditions"] = .list(
            conditions.map { condition in
                var condition = condition
                condition[at: "lastUpdateTime"] = .string(now())
                return condition
            })
        setStatus(
            "deployments.apps", "\(deployment.namespace)/\(deployment.name)", .map(status), .controller,
            annotations: [World.revision: set[at: "metadata", "annotations", World.revision]?.string ?? "1"])
    }
}
