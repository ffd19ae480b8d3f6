internal import Istio
internal import Objects
internal import Planning
internal import Values

/// GKE lets critical pods into a namespace beside kube-system only where a quota allows their priority class.
func priorityQuota(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard (facts.platform?.name ?? mesh.platform) == "gke" else { return [] }
    let quotas = facts.quotas + mesh.desired.map(\.object).filter { $0["kind"]?.string == "ResourceQuota" }
    var seen: Set<String> = []
    return mesh.desired.compactMap { item in
        let spec = item.object[path: "spec", "template", "spec"]
        guard let name = spec?["priorityClassName"]?.string, name.hasPrefix("system-"),
            item.identity.namespace != "kube-system",
            !quotas.contains(where: { $0.namespace == item.identity.namespace && $0.scopes(priority: name) }),
            seen.insert(item.identity.namespace + name).inserted
        else { return nil }
        return Finding(
            .blocking, "quota",
            "namespace \(item.identity.namespace) has no ResourceQuota for priority class \(name), which GKE asks for",
            remedy: "set --platform gke, which brings the quota, or make one in that namespace")
    }
}

/// Quotas without room for the pods that the run adds, and quotas that want every container to say what it needs.
func computeQuotas(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let demands = PodDemand.all(of: mesh, facts)
    return facts.quotas.flatMap { quota -> [Finding] in
        let own = demands.filter { $0.identity.namespace == quota.namespace && quota.applies(to: $0.spec) }
        guard !own.isEmpty, let hard = quota["status"]?["hard"]?.map ?? quota["spec"]?["hard"]?.map else { return [] }
        return hard.keys.sorted { $0.precedesByBytes($1) }.flatMap { key -> [Finding] in
            let unsaid = unsaidFindings(quota, key, own)
            return unsaid.isEmpty ? [roomFinding(quota, key, own)].compactMap { $0 } : unsaid
        }
    }
}

private let computeKeys: [String: (part: String, resource: String)] = [
    "cpu": ("requests", "cpu"), "requests.cpu": ("requests", "cpu"), "memory": ("requests", "memory"),
    "requests.memory": ("requests", "memory"), "limits.cpu": ("limits", "cpu"), "limits.memory": ("limits", "memory"),
]

/// Under a quota of limits the server refuses a pod with a container that sets none.
private func unsaidFindings(_ quota: Value, _ key: String, _ demands: [PodDemand]) -> [Finding] {
    guard let (part, resource) = computeKeys[key] else { return [] }
    return demands.compactMap { demand in
        let containers = demand.containers.filter { $0.amount(part, resource) == nil }.map(\.name)
        guard !containers.isEmpty else { return nil }
        return Finding(
            .blocking, "quota",
            "ResourceQuota \(quota.namespace)/\(quota.name) limits \(key), and \(demand.identity) sets no "
                + "\(part).\(resource) for \(containers.joined(separator: ", "))",
            remedy:
                "give --set \(demand.section).resources.\(part).\(resource)=AMOUNT, or make a LimitRange with defaults "
                + "in the namespace")
    }
}

/// A quota that the pods to come do not fit into: each DaemonSet has one on every node.
private func roomFinding(_ quota: Value, _ key: String, _ demands: [PodDemand]) -> Finding? {
    guard let hard = Quantity(quota["status"]?["hard"]?[key] ?? .null) else { return nil }
    let used = Quantity(quota["status"]?["used"]?[key] ?? .int(0)) ?? .zero
    var wanted = Quantity.zero
    var counts: [String] = []
    for demand in demands where demand.newPods > 0 {
        guard let each = demand.amount(key), each > .zero, let all = each.times(demand.newPods),
            let sum = wanted.adding(all)
        else { continue }
        wanted = sum
        counts.append("\(demand.newPods) of \(demand.identity)")
    }
    guard wanted > .zero, let total = used.adding(wanted), total > hard else { return nil }
    let name = ["pods", "count/pods"].contains(key) ? "pods" : key
    return Finding(
        .blocking, "quota",
        "ResourceQuota \(quota.namespace)/\(quota.name) has no room: \(name) \(used) used of \(hard), and the pods to come "
            + "(\(counts.joined(separator: ", "))) need \(wanted)",
        remedy: "raise its \(key) to \(total) or more: kubectl -n \(quota.namespace) edit resourcequota \(quota.name)")
}

/// LimitRanges that refuse our containers: requests above what they allow, or above the limit they fill in.
func limitRanges(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    PodDemand.all(of: mesh, facts).flatMap { demand in
        facts.limits.filter { $0.namespace == demand.identity.namespace }.flatMap { range in
            (range["spec"]?["limits"]?.list ?? []).flatMap { limit -> [Finding] in
                switch limit["type"]?.string {
                case "Container":
                    demand.containers.flatMap { container in
                        ["cpu", "memory"].compactMap { limitFinding(range, limit, demand, container, $0) }
                    }
                case "Pod": ["cpu", "memory"].compactMap { podLimitFinding(range, limit, demand, $0) }
                default: []
                }
            }
        }
    }
}

/// A LimitRange for whole pods counts all containers together; with a max, each needs a limit, with a min a request.
private func podLimitFinding(_ range: Value, _ limit: Value, _ demand: PodDemand, _ resource: String) -> Finding? {
    func bound(_ name: String) -> Quantity? { limit[name]?[resource].flatMap { Quantity($0) } }
    let request = demand.total("requests", resource)
    let cap = demand.total("limits", resource)
    var fault: String?
    if let most = bound("max") {
        if let cap {
            if cap > most { fault = "limits \(resource) to \(cap), more than the max \(most) of a pod" }
        } else {
            fault = "has no limit for \(resource), and a pod has a max of \(most)"
        }
    }
    if fault == nil, let least = bound("min") {
        if let request {
            if request < least { fault = "requests \(resource) \(request), less than the min \(least) of a pod" }
        } else {
            fault = "has no request for \(resource), and a pod has a min of \(least)"
        }
    }
    guard let fault else { return nil }
    return Finding(
        .blocking, "limit range",
        "LimitRange \(range.namespace)/\(range.name) refuses \(demand.identity): its pod \(fault)",
        remedy: "change it (kubectl -n \(range.namespace) edit limitrange \(range.name)), or set "
            + "\(demand.section).resources to fit it")
}

private func limitFinding(
    _ range: Value, _ limit: Value, _ demand: PodDemand, _ container: PodDemand.Container, _ resource: String
) -> Finding? {
    func bound(_ name: String) -> Quantity? { limit[name]?[resource].flatMap { Quantity($0) } }
    let request = container.amount("requests", resource)
    let cap = container.amount("limits", resource)
    var fault: String?
    if let most = bound("max"), let request, request > most {
        fault = "requests \(resource) \(request), more than its max \(most)"
    } else if let most = bound("max"), let cap, cap > most {
        fault = "limits \(resource) to \(cap), more than its max \(most)"
    } else if let request, let cap, request > cap {
        fault = "requests \(resource) \(request), more than the limit \(cap) that it gets from it"
    } else if let least = bound("min"), let request, request < least {
        fault = "requests \(resource) \(request), less than its min \(least)"
    }
    guard let fault else { return nil }
    return Finding(
        .blocking, "limit range",
        "LimitRange \(range.namespace)/\(range.name) refuses \(demand.identity): container \(container.name) \(fault)",
        remedy: "change it (kubectl -n \(range.namespace) edit limitrange \(range.name)), or set "
            + "\(demand.section).resources to fit it")
}

// MARK: - What pods ask for

/// The pods of a workload of the run, as quotas count them.
private struct PodDemand {
    let identity: ObjectReference
    /// The user's key of its component: `pilot`, `cni`, `ztunnel`.
    let section: String
    let spec: Value
    let containers: [Container]
    /// Pods that the run adds; none where the workload is there already.
    let newPods: Int

    struct Container {
        let name: String
        /// What it sets, with what LimitRanges fill in.
        let values: [String: Quantity]

        func amount(_ part: String, _ resource: String) -> Quantity? { values["\(part).\(resource)"] }
    }

    /// Of all containers together; `nil` where one of them says nothing.
    func total(_ part: String, _ resource: String) -> Quantity? {
        var sum: Quantity?
        for container in containers {
            guard let amount = container.amount(part, resource) else { return nil }
            guard let next = (sum ?? .zero).adding(amount) else { return nil }
            sum = next
        }
        return sum
    }

    static func all(of mesh: DesiredMesh, _ facts: ClusterFacts) -> [PodDemand] {
        let live = Set(facts.workloads.map(\.identity))
        return mesh.desired.filter(\.identity.hasRollout).map { item in
            let spec = item.object[path: "spec", "template", "spec"] ?? .null
            let limits = facts.limits.filter { $0.namespace == item.identity.namespace }
                .flatMap { $0["spec"]?["limits"]?.list ?? [] }.filter { $0["type"]?.string == "Container" }
            let replicas =
                item.identity.kind == "DaemonSet" ? facts.nodes ?? 1 : item.object["spec"]?["replicas"]?.int ?? 1
            return PodDemand(
                identity: item.identity,
                section: item.component?.valuesKey ?? "", spec: spec,
                containers: (spec["containers"]?.list ?? []).map { container($0, limits) },
                newPods: live.contains(item.identity) ? 0 : max(0, replicas))
        }
    }

    private static func container(_ container: Value, _ limits: [Value]) -> Container {
        var values: [String: Quantity] = [:]
        for resource in ["cpu", "memory"] {
            func own(_ part: String) -> Quantity? {
                container[path: "resources", part, resource].flatMap { Quantity($0) }
            }
            func filled(_ name: String) -> Quantity? {
                limits.lazy.compactMap { $0[name]?[resource].flatMap { Quantity($0) } }.first
            }
            let limit = own("limits") ?? filled("default") ?? filled("max")
            values["limits.\(resource)"] = limit
            values["requests.\(resource)"] = own("requests") ?? own("limits") ?? filled("defaultRequest") ?? limit
        }
        return Container(name: container["name"]?.string ?? "", values: values)
    }

    /// How much of a quota's key one pod takes; `nil` for keys that pods do not count towards.
    func amount(_ key: String) -> Quantity? {
        if key == "pods" || key == "count/pods" { return .one }
        guard let (part, resource) = computeKeys[key] else { return nil }
        return containers.compactMap { $0.amount(part, resource) }.reduce(Quantity.zero) { $0.adding($1) ?? $0 }
    }
}

extension Value {
    fileprivate func scopes(priority name: String) -> Bool {
        (self[path: "spec", "scopeSelector", "matchExpressions"]?.list ?? []).contains { expression in
            expression["scopeName"]?.string == "PriorityClass"
                && (expression["operator"]?.string == "Exists"
                    || expression["values"]?.list?.contains(.string(name)) == true)
        }
    }

    /// Whether a quota counts a pod with this spec: ours run without end and ask for resources.
    fileprivate func applies(to spec: Value) -> Bool {
        let scopes = (self[path: "spec", "scopes"]?.list ?? []).compactMap(\.string)
        if scopes.contains(where: { ["Terminating", "BestEffort", "CrossNamespacePodAffinity"].contains($0) }) {
            return false
        }
        let priority = spec["priorityClassName"]?.string
        return (self[path: "spec", "scopeSelector", "matchExpressions"]?.list ?? []).allSatisfy { expression in
            let values = (expression["values"]?.list ?? []).compactMap(\.string)
            switch (expression["scopeName"]?.string, expression["operator"]?.string) {
            case ("PriorityClass", "In"): return priority.map(values.contains) ?? false
            case ("PriorityClass", "NotIn"): return !(priority.map(values.contains) ?? false)
            case ("PriorityClass", "Exists"): return priority != nil
            case ("PriorityClass", "DoesNotExist"): return priority == nil
            case ("Terminating", "Exists"), ("BestEffort", "Exists"), ("CrossNamespacePodAffinity", "Exists"):
                return false
            default: return true
            }
        }
    }
}
