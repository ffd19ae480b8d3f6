package import Values

/// One thing that blocks a mesh, or that its user should know, with what to do about it.
package struct Finding: Sendable, Equatable {
    package enum Severity: String, Sendable {
        case blocking, warning
    }

    package var severity: Severity
    /// Which check found it, in a word or two: `permissions`, `cilium`.
    package var check: String
    package var message: String
    package var remedy: String
    /// Whether a run asks its user before it goes on.
    package var asks = false

    package init(_ severity: Severity, _ check: String, _ message: String, remedy: String) {
        self.severity = severity
        self.check = check
        self.message = message
        self.remedy = remedy
    }

    /// Whether both say the same, or name the same webhook.
    fileprivate func isLike(_ other: Finding) -> Bool {
        self == other || (check == "webhook" && other.check == check && remedy == other.remedy)
    }

    package var value: Value {
        [
            "severity": .string(severity.rawValue), "check": .string(check), "message": .string(message),
            "remedy": .string(remedy),
        ]
    }
}

extension [Finding] {
    package var isBlocking: Bool { contains { $0.severity == .blocking } }

    /// Each once: the webhook that refuses one object refuses them all.
    package var folded: [Finding] {
        var found: [Finding] = []
        for finding in self where !found.contains(where: { $0.isLike(finding) }) { found.append(finding) }
        return found
    }

    /// Blocking ones first; those of one severity keep their order.
    package var ordered: [Finding] { filter { $0.severity == .blocking } + filter { $0.severity == .warning } }
}
