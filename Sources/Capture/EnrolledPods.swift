internal import Objects
package import Values

/// Pods of one workload that are alike to ambient mode.
package struct WorkloadCapture: Sendable, Equatable {
    package var namespace: String
    /// `nil` for a pod of its own.
    package var owner: PodOwner?
    /// Names, sorted.
    package var pods: [String]
    package var state: CaptureState

    /// `Deployment shop/web`, `Pod shop/debug`
    package var title: String {
        owner.map { "\($0.kind) \(namespace)/\($0.name)" } ?? "Pod \(namespace)/\(pods.first ?? "")"
    }

    /// The command that makes its pods anew.
    package var restart: String { PodOwner.restart(owner, pods, in: namespace) }

    /// What to do where its pods are not captured; `nil` where nothing helps.
    package var remedy: String? {
        switch state {
        case .captured, .starting: nil
        case .waiting: restart
        case .excluded(let obstacle): obstacle.remedy(owner, pods, in: namespace)
        }
    }
}

extension [WorkloadCapture] {
    /// How many pods are in these states.
    package func podCount(where isCounted: (CaptureState) -> Bool) -> Int {
        reduce(0) { $0 + (isCounted($1.state) ? $1.pods.count : 0) }
    }
}

/// The workloads of pods by namespace, owner and state, sorted. `state` says what each pod is.
package func workloadCaptures(_ pods: [(pod: Value, state: CaptureState)]) -> [WorkloadCapture] {
    struct Key: Hashable {
        var namespace: String
        var owner: PodOwner?
        /// Pods of their own stand alone.
        var pod: String
        var state: CaptureState
    }
    var groups: [Key: [String]] = [:]
    for (pod, state) in pods {
        let metadata = pod.metadata
        let owner = PodOwner(of: metadata)
        let key = Key(
            namespace: metadata.namespace, owner: owner, pod: owner == nil ? metadata.name : "", state: state)
        groups[key, default: []].append(metadata.name)
    }
    let found = groups.map { key, names in
        WorkloadCapture(
            namespace: key.namespace, owner: key.owner, pods: names.sorted { $0.precedesByBytes($1) }, state: key.state)
    }
    return found.sorted { first, second in
        first.title == second.title
            ? first.state.order < second.state.order : first.title.precedesByBytes(second.title)
    }
}

extension CaptureState {
    /// Captured ones first.
    fileprivate var order: Int {
        switch self {
        case .captured: 0
        case .waiting: 1
        case .starting: 2
        case .excluded(let obstacle): 3 + (CaptureObstacle.allCases.firstIndex(of: obstacle) ?? 0)
        }
    }

    /// As programs read it: `captured`, `waiting`, `starting`, or the reason why not.
    package var word: String {
        switch self {
        case .captured: "captured"
        case .waiting: "waiting"
        case .starting: "starting"
        case .excluded(let obstacle): obstacle.rawValue
        }
    }
}
