/// Whether a minor is supported on a day; days are written `2026-11-24`.
package enum Support: Sendable, Equatable {
    case supported
    /// The end was announced for a day that has passed.
    case ended(String)
    /// The end was only expected for a day that has passed.
    case expectedToHaveEnded(String)

    /// What to tell a user; `nil` where all is well.
    package func complaint(_ minor: String) -> String? {
        switch self {
        case .supported: nil
        case .ended(let day): "Istio \(minor) reached end of life on \(day)"
        case .expectedToHaveEnded(let day): "Istio \(minor) was expected to reach end of life on \(day)"
        }
    }
}

extension Minor {
    /// The last day counts as supported; a minor whose end is not known is supported.
    package func support(on day: String) -> Support {
        if endOfLife.isEmpty || day <= endOfLife { return .supported }
        return isExpected ? .expectedToHaveEnded(endOfLife) : .ended(endOfLife)
    }
}
