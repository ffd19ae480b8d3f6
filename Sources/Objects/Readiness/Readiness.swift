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

    /// The same with a message that cannot break out of its line.
    fileprivate var onOneLine: Readiness {
        switch self {
        case .ready: .ready
        case .warning(let message): .warning(message.onOneLine)
        case .progressing(let message): .progressing(message.onOneLine)
        case .failed(let message): .failed(message.onOneLine)
        }
    }
}

/// The readiness of a live object. Kinds that have no status of their own are ready as soon as they exist.
package func readiness(of object: Value) -> Readiness {
    if object.metadata.isBeingDeleted { return .progressing("being deleted") }
    if let observed = object["status"]?["observedGeneration"]?.int, let generation = object.metadata.generation,
        observed < generation
    {
        return .progressing("the controller has not observed the change yet")
    }
    if let common = commonConditions(of: object) { return common.onOneLine }
    return rules[object.kind].map { $0(object).onOneLine } ?? .ready
}

/// The rule of each kind, in a file of its own.
private let rules: [String: @Sendable (Value) -> Readiness] = [
    "APIService": { condition("Available", of: $0) },
    "CustomResourceDefinition": definitionReadiness,
    "DaemonSet": daemonSetReadiness,
    "Deployment": deploymentReadiness,
    "Gateway": { condition("Programmed", of: $0) },
    "Job": jobReadiness,
    "Namespace": { phase("Active", of: $0) },
    "PersistentVolumeClaim": { phase("Bound", of: $0) },
    "Pod": podReadiness,
    "Service": serviceReadiness,
    "StatefulSet": statefulSetReadiness,
]
