package import Values

/// The entry of `status.conditions` of that type.
package func findCondition(_ type: String, of object: Value) -> Value? {
    object["status"]?["conditions"]?.list?.first { $0["type"]?.string == type }
}

extension Value {
    /// Whether this condition holds.
    var isTrue: Bool { self["status"]?.string == "True" }
    /// What its controller says of it; `nil` where that is nothing.
    var conditionMessage: String? { self["message"]?.string.flatMap { $0.isEmpty ? nil : $0 } }
}

/// Ready once the condition holds.
func condition(_ type: String, of object: Value) -> Readiness {
    guard let condition = findCondition(type, of: object) else { return .progressing("waits for \(type)") }
    return condition.isTrue ? .ready : .progressing(condition.conditionMessage ?? "waits for \(type)")
}

/// Ready once `status.phase` is that one.
func phase(_ done: String, of object: Value) -> Readiness {
    let phase = object["status"]?["phase"]?.string ?? ""
    return phase == done ? .ready : .progressing("phase \(phase.isEmpty ? "unknown" : phase)")
}

/// The conditions that controllers of any kind may set, both abnormal where they hold: `Stalled` and `Reconciling`.
func commonConditions(of object: Value) -> Readiness? {
    if let stalled = findCondition("Stalled", of: object), stalled.isTrue {
        return .failed(stalled.conditionMessage ?? "its controller says that it is stalled")
    }
    if let reconciling = findCondition("Reconciling", of: object), reconciling.isTrue {
        return .progressing(reconciling.conditionMessage ?? "its controller is still at work")
    }
    return nil
}

/// A count of pods in `status`: not negative, and no more than Kubernetes' own type holds.
package func count(_ name: String, of object: Value) -> Int {
    clampedCount(object["status"]?[name]?.int ?? 0)
}

/// `spec.replicas`, which is 1 where it is absent.
package func wantedReplicas(of object: Value) -> Int {
    clampedCount(object["spec"]?["replicas"]?.int ?? 1)
}

/// A number of pods between none and the most that Kubernetes' own type holds.
func clampedCount(_ number: Int) -> Int { min(max(0, number), Int(Int32.max)) }

/// `1 old pod`, `2 old pods`
func oldPods(_ count: Int) -> String { "\(count) old \(count == 1 ? "pod" : "pods")" }
