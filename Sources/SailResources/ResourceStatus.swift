package import Values

/// One thing that a resource's status says: a type, whether it holds, and why.
package struct ResourceCondition: Sendable, Equatable {
    /// Whether a condition holds.
    package enum Status: String, Sendable {
        case isTrue = "True"
        case isFalse = "False"
        case unknown = "Unknown"
    }

    package var type: String
    package var status: Status
    package var reason: String
    package var message: String
    /// Whether the state of the resource is its reason where it does not hold.
    package var countsForState: Bool

    package init(
        _ type: String, _ status: Status, _ reason: String, _ message: String = "",
        countsForState: Bool = true
    ) {
        (self.type, self.status, self.reason, self.message) = (type, status, reason, message)
        self.countsForState = countsForState
    }

    /// The condition `type`, which holds: its reason is its own name.
    package static func holds(_ type: String) -> ResourceCondition {
        ResourceCondition(type, .isTrue, type)
    }

    /// Whether the last reconciliation reached its end.
    package static func reconciled(_ error: String?) -> ResourceCondition {
        guard let error else { return .holds("Reconciled") }
        return ResourceCondition("Reconciled", .isFalse, "ReconcileError", error)
    }

    /// Whether pods of two revisions run. The Sail Operator has no such condition.
    package static func upgrading(_ message: String?) -> ResourceCondition {
        guard let message else {
            return ResourceCondition("Upgrading", .isFalse, "RolledOut", countsForState: false)
        }
        return ResourceCondition(
            "Upgrading", .isTrue, "RolloutInProgress", message, countsForState: false)
    }
}

/// What is written as the status of a resource.
package struct ResourceStatus: Sendable, Equatable {
    /// The generation of the resource that was read.
    package var generation: Int?
    /// In the order in which they make the state.
    package var conditions: [ResourceCondition]
    /// Fields of the kind beside those that all have.
    package var fields: Mapping

    package init(generation: Int?, conditions: [ResourceCondition], fields: Mapping = Mapping()) {
        (self.generation, self.conditions, self.fields) = (generation, conditions, fields)
    }

    /// The reason of the first condition that does not hold, or Healthy.
    package var state: String {
        conditions.first { $0.countsForState && $0.status != .isTrue }?.reason ?? "Healthy"
    }

    /// The first condition that does not hold, in words.
    package var complaint: String? {
        conditions.first { $0.countsForState && $0.status != .isTrue }.map {
            $0.message.isEmpty ? $0.reason : "\($0.reason): \($0.message)"
        }
    }

    /// The status as a resource has it. A condition keeps its time while its status is the same; `now` is RFC 3339.
    package func value(replacing old: Value?, now: String) -> Value {
        var status = fields
        if let generation { status["observedGeneration"] = .int(generation) }
        let known = old?["conditions"]?.list ?? []
        status["conditions"] = .list(
            conditions.map { condition in
                let earlier = known.first { $0["type"]?.string?.hasSameBytes(as: condition.type) == true }
                let isSame = earlier?["status"]?.string == condition.status.rawValue
                let time = isSame ? earlier?["lastTransitionTime"]?.string ?? now : now
                return [
                    "type": .string(condition.type), "status": .string(condition.status.rawValue),
                    "reason": .string(condition.reason), "message": .string(condition.message),
                    "lastTransitionTime": .string(time),
                ]
            })
        status["state"] = .string(state)
        return .map(status)
    }
}
