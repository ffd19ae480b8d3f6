internal import Istio
package import Objects
package import Values

/// Why a pod is not captured although its namespace or its own label enrols it, in the order in which it is checked.
package enum CaptureObstacle: String, CaseIterable, Sendable {
    /// Neither its namespace nor a label of its own enrols it.
    case notEnrolled = "not-enrolled"
    /// A waypoint or gateway is part of the data plane itself.
    case gateway
    /// ztunnel, which captures the others.
    case ztunnel
    case optedOut = "opted-out"
    case ended
    case hostNetwork = "host-network"
    case sidecar
    /// The CNI agent leaves its namespace alone.
    case excludedNamespace = "excluded-namespace"
    /// The CNI agent's own selectors do not fit.
    case notSelected = "not-selected"
    case windows
    case noAgent = "no-cni-agent"
    case noZtunnel = "no-ztunnel"
    /// It is being deleted.
    case terminating
}

/// What a pod is to ambient mode.
package enum CaptureState: Hashable, Sendable {
    case captured
    /// It runs, and the CNI agent has still to capture it.
    case waiting
    /// It does not run yet: it is captured when it starts.
    case starting
    case excluded(CaptureObstacle)
}

/// A node as far as its pods can be captured.
package struct CaptureNode: Sendable, Equatable {
    package var isWindows = false
    package var hasAgent = false
    package var hasZtunnel = false

    package init(isWindows: Bool = false, hasAgent: Bool = false, hasZtunnel: Bool = false) {
        (self.isWindows, self.hasAgent, self.hasZtunnel) = (isWindows, hasAgent, hasZtunnel)
    }
}

/// Which pods the CNI agent captures: the rules of istio-cni 1.30.
package struct CaptureRules: Sendable {
    /// By name; `nil` where nodes and agents are not known, and then are not looked at.
    package var nodes: [String: CaptureNode]?
    /// Namespaces that the CNI agent leaves alone.
    package var excludedNamespaces: Set<String>
    /// The CNI agent's `enablementSelectors`: a podSelector and a namespaceSelector each.
    package var selectors: [Value]

    /// Its own label decides, else its namespace's.
    package static let defaultSelectors: [Value] = [
        ["podSelector": ["matchLabels": [IstioLabel.mode: .string(IstioLabel.ambient)]]],
        [
            "podSelector": [
                "matchExpressions": [
                    ["key": .string(IstioLabel.mode), "operator": "NotIn", "values": [.string(IstioLabel.none)]]
                ]
            ], "namespaceSelector": ["matchLabels": [IstioLabel.mode: .string(IstioLabel.ambient)]],
        ],
    ]

    package init(
        nodes: [String: CaptureNode]? = nil, excludedNamespaces: Set<String> = [],
        selectors: [Value] = CaptureRules.defaultSelectors
    ) {
        (self.nodes, self.excludedNamespaces, self.selectors) = (nodes, excludedNamespaces, selectors)
    }

    /// What `pod` is to ambient mode in a namespace with these labels.
    package func state(of pod: Value, namespace labels: [String: String]) -> CaptureState {
        let metadata = pod.metadata
        if let obstacle = obstacle(pod, metadata, labels) { return .excluded(obstacle) }
        if CaptureRules.isMarked(metadata) { return .captured }
        if metadata.isBeingDeleted { return .excluded(.terminating) }
        let status = pod["status"]
        let hasAddress = [status?["podIP"]?.string ?? "", status?["podIPs"]?.list?.first?["ip"]?.string ?? ""]
            .contains { !$0.isEmpty }
        guard status?["phase"]?.string == "Running" || hasAddress else { return .starting }
        let node = pod["spec"]?["nodeName"]?.string ?? ""
        guard let nodes, !node.isEmpty else { return .waiting }
        return nodes[node]?.obstacle.map(CaptureState.excluded) ?? .waiting
    }

    /// What keeps the pod out wherever it runs.
    private func obstacle(_ pod: Value, _ metadata: ObjectMetadata, _ labels: [String: String]) -> CaptureObstacle? {
        let own = metadata.label(IstioLabel.mode)
        if own != IstioLabel.ambient, labels[IstioLabel.mode] != IstioLabel.ambient { return .notEnrolled }
        if metadata.label(IstioLabel.gatewayName) != nil { return .gateway }
        if metadata.label("app") == "ztunnel" { return .ztunnel }
        if own == IstioLabel.none { return .optedOut }
        if ["Succeeded", "Failed"].contains(pod["status"]?["phase"]?.string ?? "") { return .ended }
        if pod["spec"]?["hostNetwork"]?.bool == true { return .hostNetwork }
        if metadata.annotation(IstioLabel.sidecar) != nil { return .sidecar }
        if excludedNamespaces.contains(metadata.namespace) { return .excludedNamespace }
        return isSelected(metadata.labelTexts, labels) ? nil : .notSelected
    }

    private func isSelected(_ pod: [String: String], _ namespace: [String: String]) -> Bool {
        selectors.contains { selector in
            (selector["podSelector"] ?? .null).selects(pod, unknownFits: false)
                && (selector["namespaceSelector"] ?? .null).selects(namespace, unknownFits: false)
        }
    }

    /// Whether the CNI agent has captured a pod.
    package static func isMarked(_ metadata: ObjectMetadata) -> Bool {
        metadata.annotation(IstioLabel.redirection) == "enabled"
    }

    /// Whether the metadata alone show that the CNI agent should capture a pod that is enrolled, and has not.
    package static func isUnmarked(_ metadata: ObjectMetadata) -> Bool {
        metadata.label(IstioLabel.mode) != IstioLabel.none && metadata.label(IstioLabel.gatewayName) == nil
            && metadata.annotation(IstioLabel.sidecar) == nil && !isMarked(metadata)
    }

    /// Whether a pod runs in a network of its own: others are never captured.
    package static func isCapturable(_ pod: Value) -> Bool {
        pod["status"]?["phase"]?.string == "Running" && pod["spec"]?["hostNetwork"]?.bool != true
    }
}

extension CaptureNode {
    /// What keeps the pods of this node out.
    fileprivate var obstacle: CaptureObstacle? {
        isWindows ? .windows : !hasAgent ? .noAgent : !hasZtunnel ? .noZtunnel : nil
    }
}

extension CaptureObstacle {
    /// `on the host's network`
    package var words: String {
        switch self {
        case .notEnrolled: "not enrolled"
        case .optedOut: "label \(IstioLabel.mode)=\(IstioLabel.none)"
        case .ended: "has ended"
        case .hostNetwork: "on the host's network"
        case .sidecar: "has a sidecar"
        case .gateway: "is a gateway or waypoint"
        case .ztunnel: "is ztunnel"
        case .excludedNamespace: "the CNI agent excludes this namespace"
        case .notSelected: "the CNI agent's enablementSelectors do not select it"
        case .windows: "on a Windows node"
        case .noAgent: "its node has no ready CNI agent"
        case .noZtunnel: "its node has no ready ztunnel"
        case .terminating: "is being deleted"
        }
    }

    /// Whether the user may want it otherwise: what never can be captured needs no remedy.
    package func remedy(_ owner: PodOwner?, _ pods: [String], in namespace: String) -> String? {
        switch self {
        case .sidecar:
            "take the injection off, then \(PodOwner.restart(owner, pods, in: namespace))"
        case .optedOut: "take the label off the pod template, which restarts the pods"
        case .noAgent, .noZtunnel: "sail status shows what is wrong with the node; no restart of the pod is needed"
        case .excludedNamespace: "sail upgrade --set cni.excludeNamespaces=…"
        case .notSelected: "sail upgrade --set cni.ambient.enablementSelectors=…"
        case .notEnrolled, .ended, .hostNetwork, .gateway, .ztunnel, .windows, .terminating: nil
        }
    }
}
