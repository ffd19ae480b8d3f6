package import Values

/// Whether an object has reached what its spec asks for, with the reason in a few words (kstatus's rules).
package enum Readiness: Equatable, Sendable {
    case ready
    /// Ready, with something the user should know.
    case warning(String)
    case progressing(String)
    /// It will not become ready by waiting.
    case failed(String)

    package var isReady: Bool {
        switch self {
        case .ready, .warning: true
        case .progressing, .failed: false
        }
    }

    /// What there is to say; empty when ready.
    package var message: String {
        switch self {
        case .ready: ""
        case .warning(let message), .progressing(let message), .failed(let message): message
        }
    }
}

/// The readiness of a live object. Kinds that have no status of their own are ready as soon as they exist.
package func readiness(of object: Value) -> Readiness {
    if object["metadata"]?["deletionTimestamp"]?.string != nil { return .progressing("being deleted") }
    let generation = object["metadata"]?["generation"]?.int
    if let observed = object["status"]?["observedGeneration"]?.int, let generation, observed < generation {
        return .progressing("the controller has not seen the change yet")
    }
    guard let rule = rules[object["kind"]?.string ?? ""] else { return .ready }
    switch rule(object) {
    case .ready: return .ready
    case .warning(let message): return .warning(message.onOneLine)
    case .progressing(let message): return .progressing(message.onOneLine)
    case .failed(let message): return .failed(message.onOneLine)
    }
}

private let rules: [String: @Sendable (Value) -> Readiness] = [
    "CustomResourceDefinition": definition,
    "DaemonSet": daemonSet,
    "Deployment": deployment,
    "StatefulSet": statefulSet,
    "Job": job,
    "Pod": pod,
    "PersistentVolumeClaim": { phase($0, done: "Bound") },
    "Namespace": { phase($0, done: "Active") },
    "APIService": { condition("Available", of: $0) },
    "Service": service,
    "Gateway": { condition("Programmed", of: $0) },
]

private func definition(_ object: Value) -> Readiness {
    if let refused = find("NamesAccepted", in: object), refused["status"]?.string == "False" {
        return .failed("names not accepted: \(refused["message"]?.string ?? "")")
    }
    return condition("Established", of: object)
}

private func daemonSet(_ object: Value) -> Readiness {
    guard object["status"]?["observedGeneration"]?.int != nil else {
        return .progressing("not seen by its controller yet")
    }
    let desired = number(object, "status", "desiredNumberScheduled")
    if desired == 0 { return .warning("no node for it to run on") }
    let updated = number(object, "status", "updatedNumberScheduled")
    let available = number(object, "status", "numberAvailable")
    // With OnDelete the pods change only as somebody deletes them; there is no rollout to wait for.
    let isOnDelete = object["spec"]?["updateStrategy"]?["type"]?.string == "OnDelete"
    if !isOnDelete, updated < desired { return .progressing("\(updated) of \(desired) pods updated") }
    if available < desired { return .progressing("\(available) of \(desired) pods available") }
    if isOnDelete, updated < desired {
        return .warning("\(desired - updated) pods still of the old version (OnDelete)")
    }
    return .ready
}

private func deployment(_ object: Value) -> Readiness {
    guard object["status"]?["observedGeneration"]?.int != nil else {
        return .progressing("not seen by its controller yet")
    }
    if let progress = find("Progressing", in: object), progress["reason"]?.string == "ProgressDeadlineExceeded" {
        return .failed(progress["message"]?.string ?? "progress deadline exceeded")
    }
    let desired = object["spec"]?["replicas"]?.int ?? 1
    let updated = number(object, "status", "updatedReplicas")
    let total = number(object, "status", "replicas")
    let available = number(object, "status", "availableReplicas")
    if updated < desired { return .progressing("\(updated) of \(desired) pods updated") }
    if total > updated {
        let old = total - updated
        return .progressing("\(old) old \(old == 1 ? "pod" : "pods") still to end")
    }
    if available < updated { return .progressing("\(available) of \(updated) pods available") }
    return .ready
}

private func statefulSet(_ object: Value) -> Readiness {
    let desired = object["spec"]?["replicas"]?.int ?? 1
    let ready = number(object, "status", "readyReplicas")
    let updated = number(object, "status", "updatedReplicas")
    if updated < desired { return .progressing("\(updated) of \(desired) pods updated") }
    return ready < desired ? .progressing("\(ready) of \(desired) pods ready") : .ready
}

private func job(_ object: Value) -> Readiness {
    if let failed = find("Failed", in: object), failed["status"]?.string == "True" {
        return .failed(failed["message"]?.string ?? "the job failed")
    }
    return condition("Complete", of: object)
}

private func pod(_ object: Value) -> Readiness {
    switch object["status"]?["phase"]?.string {
    case "Succeeded": .ready
    case "Failed": .failed(object["status"]?["message"]?.string ?? "the pod failed")
    default: condition("Ready", of: object)
    }
}

private func service(_ object: Value) -> Readiness {
    guard object["spec"]?["type"]?.string == "LoadBalancer" else { return .ready }
    let addresses = object["status"]?["loadBalancer"]?["ingress"]?.list ?? []
    return addresses.isEmpty ? .progressing("waits for its load balancer's address") : .ready
}

private func phase(_ object: Value, done: String) -> Readiness {
    let phase = object["status"]?["phase"]?.string ?? ""
    return phase == done ? .ready : .progressing("phase \(phase.isEmpty ? "unknown" : phase)")
}

private func condition(_ type: String, of object: Value) -> Readiness {
    guard let condition = find(type, in: object) else { return .progressing("waits for \(type)") }
    if condition["status"]?.string == "True" { return .ready }
    return .progressing(condition["message"]?.string ?? "waits for \(type)")
}

private func find(_ type: String, in object: Value) -> Value? {
    object["status"]?["conditions"]?.list?.first { $0["type"]?.string == type }
}

/// A count of pods: not negative, and no more than Kubernetes' own type holds.
private func number(_ object: Value, _ path: String...) -> Int {
    var value: Value? = object
    for key in path { value = value?[key] }
    return min(max(0, value?.int ?? 0), Int(Int32.max))
}
