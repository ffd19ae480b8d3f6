internal import Capture
internal import Objects
package import Values

extension EnrolmentPlan {
    /// The plan as programs read it.
    package var fields: Mapping {
        [
            "operation": .string(request.verb),
            "cluster": ["name": .string(cluster.name), "server": .string(cluster.server)],
            "labels": .list(labels.map(\.fields)), "workloads": .list(workloads.map(\.fields)),
            "hazards": .list(hazards.map(\.fields)), "notes": .list(notes.map(Value.string)),
        ]
    }
}

extension EnrolmentResult {
    /// `enrolled namespace shop: 9 pods captured, 3 not`
    package func summary(_ plan: EnrolmentPlan) -> String {
        let captured = workloads.podCount { $0 == .captured }
        let rest = workloads.podCount { $0 != .captured }
        let verb = ending == .unchanged ? "nothing to change for" : plan.request.isRemoval ? "unenrolled" : "enrolled"
        return "\(verb) \(plan.subject): \(podWords(captured)) captured"
            + (rest > 0 && !plan.request.isRemoval ? ", \(rest) not" : "")
    }

    /// The result as programs read it.
    package func value(_ plan: EnrolmentPlan) -> Value {
        var map = plan.fields
        map["result"] = .string(ending.rawValue)
        if !workloads.isEmpty { map["workloads"] = .list(workloads.map(\.fields)) }
        map["errors"] = .list(errors.map(Value.string))
        map["seconds"] = .int(duration / 1000)
        return .map(map)
    }
}

extension EnrolmentPlan.Label {
    fileprivate var fields: Value {
        [
            "kind": .string(object.kind), "namespace": .string(object.namespace), "name": .string(object.name),
            "label": .string(name), "before": before.map(Value.string) ?? .null,
            "after": after.map(Value.string) ?? .null,
        ]
    }
}

extension WorkloadCapture {
    fileprivate var fields: Value {
        var map: Mapping = [
            "kind": .string(owner?.kind ?? "Pod"), "namespace": .string(namespace),
            "name": .string(owner?.name ?? pods.first ?? ""), "pods": .list(pods.map(Value.string)),
            "state": .string(state.word),
        ]
        map["remedy"] = remedy.map(Value.string)
        return .map(map)
    }
}

extension CaptureHazard {
    fileprivate var fields: Value {
        var map: Mapping = ["kind": .string(kind.rawValue), "message": .string(message)]
        map["object"] = object.map { .string($0.description) }
        map["remedy"] = remedy.map(Value.string)
        return .map(map)
    }
}
