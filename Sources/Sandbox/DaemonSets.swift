import Values

extension World {
    private static let hashLabel = "controller-revision-hash"

    /// The DaemonSet controller: one pod on each node that the selector takes, rolled as the strategy says.
    mutating func sync(daemonSet set: Value) {
        let template = set[at: "spec", "template"] ?? .empty
        let hash = templateHash(template)
        ensureRevision(set, template, hash)
        let nodes = nodes(for: template)
        var byNode: [String: [Value]] = [:]
        for pod in owned("pods", by: set) { byNode[pod[at: "spec", "nodeName"]?.string ?? "", default: []].append(pod) }
        let isRolling = set[at: "spec", "updateStrategy", "type"] != "OnDelete"
        let rolling = set[at: "spec", "updateStrategy", "rollingUpdate"]
        let surge = share(rolling?["maxSurge"], of: nodes.count, roundingUp: true)
        let allowed = max(surge > 0 ? 0 : 1, share(rolling?["maxUnavailable"], of: nodes.count, roundingUp: true))
        var unavailable = nodes.count { node in !(byNode[node] ?? []).contains(where: isReady) }
        var surging = nodes.count { node in (byNode[node] ?? []).count { !$0.isBeingDeleted } > 1 }
        for node in nodes {
            let own = (byNode[node] ?? []).filter { !$0.isBeingDeleted }
            let old = own.filter { $0.labels[World.hashLabel]?.string != hash }
            let current = own.filter { $0.labels[World.hashLabel]?.string == hash }
            if own.isEmpty {
                // A terminating pod keeps its node until it is deleted, but under a surge.
                if (byNode[node] ?? []).isEmpty || surge > 0 { addPod(set, template, hash, node) }
            } else if let first = old.first, isRolling {
                if surge > 0 {
                    if current.contains(where: isReady) || (!isReady(first) && current.isEmpty && allowed > 0) {
                        collect("pods", first)
                    } else if current.isEmpty, surging < surge {
                        addPod(set, template, hash, node)
                        surging += 1
                    }
                } else if !isReady(first) {
                    collect("pods", first)
                } else if unavailable < allowed {
                    collect("pods", first)
                    unavailable += 1
                }
            }
        }
        for (node, own) in byNode where !nodes.contains(node) { for pod in own { collect("pods", pod) } }
        report(set, hash, nodes)
    }

    private func nodes(for template: Value) -> [String] {
        let wanted = template[at: "spec", "nodeSelector"]?.map ?? Mapping()
        return all("nodes").filter { node in wanted.allSatisfy { node.labels[$0.key] == $0.value } }.map(\.name)
    }

    private mutating func addPod(_ set: Value, _ template: Value, _ hash: String, _ node: String) {
        let name = "\(set.name)-\(nextSuffix())"
        let labels = [
            World.hashLabel: hash, "pod-template-generation": String(set["metadata"]?["generation"]?.int ?? 1),
        ]
        createOwned("pods", pod(name, template, labels: labels, node: node), owner: set, "apps/v1")
    }

    private mutating func ensureRevision(_ set: Value, _ template: Value, _ hash: String) {
        let revisions = owned("controllerrevisions.apps", by: set)
        let newest = revisions.compactMap { $0["revision"]?.int }.max() ?? 0
        if let known = revisions.first(where: { $0.labels[World.hashLabel]?.string == hash }) {
            guard known["revision"]?.int != newest else { return }
            var raised = known
            raised[at: "revision"] = .int(newest + 1)
            commit("controllerrevisions.apps", raised, replacing: known)
            return
        }
        var revision: Value = [
            "metadata": ["name": .string("\(set.name)-\(hash)"), "labels": template["metadata"]?["labels"] ?? .empty],
            "data": ["spec": ["template": template]], "revision": .int(newest + 1),
        ]
        revision[at: "metadata", "labels", World.hashLabel] = .string(hash)
        createOwned("controllerrevisions.apps", revision, owner: set, "apps/v1")
    }

    private mutating func report(_ set: Value, _ hash: String, _ nodes: [String]) {
        let pods = owned("pods", by: set).filter { !$0.isBeingDeleted }
        func covered(_ isCounted: (Value) -> Bool) -> Int {
            let names = Set(pods.filter(isCounted).compactMap { $0[at: "spec", "nodeName"]?.string })
            return nodes.count(where: names.contains)
        }
        let ready = covered(isReady)
        let updated = covered { $0.labels[World.hashLabel]?.string == hash }
        var status: Mapping = [
            "currentNumberScheduled": .int(covered { _ in true }), "numberMisscheduled": 0,
            "desiredNumberScheduled": .int(nodes.count), "numberReady": .int(ready),
            "observedGeneration": set["metadata"]?["generation"] ?? 1,
        ]
        // Zero is not written.
        for (name, count) in [
            ("updatedNumberScheduled", updated), ("numberAvailable", ready),
            ("numberUnavailable", nodes.count - ready),
        ] where count > 0 { status[name] = .int(count) }
        setStatus("daemonsets.apps", "\(set.namespace)/\(set.name)", .map(status), .controller)
    }
}
