internal import Objects
package import Values

/// What ztunnel and the absence of waypoints make of the AuthorizationPolicies of a namespace, as istiod 1.30 hands them to
/// ztunnel (pilot/pkg/serviceregistry/ambient/authorization.go).
package struct AuthorizationHazards {
    /// Namespace of policies for the whole mesh.
    private let rootNamespace: String
    /// Names of Services of the namespace whose traffic goes through a waypoint.
    private let throughWaypoint: Set<String>

    package init(rootNamespace: String, throughWaypoint: Set<String>) {
        (self.rootNamespace, self.throughWaypoint) = (rootNamespace, throughWaypoint)
    }

    /// Those of `policies`, of the namespace and of the root namespace, that bear on `pods`.
    package func find(_ policies: [Value], of pods: [Value]) -> [CaptureHazard] {
        policies.compactMap { hazard($0, pods) }
    }

    private func hazard(_ policy: Value, _ pods: [Value]) -> CaptureHazard? {
        let object = ObjectReference(
            apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", item: policy)
        let targets = targets(of: policy)
        if !targets.isEmpty {
            let services = targets.filter { $0["kind"]?.string == "Service" }.compactMap { $0["name"]?.string }
            let bare = services.filter { !throughWaypoint.contains($0) }
            guard !bare.isEmpty else { return nil }
            let names = bare.joined(most: 5)
            return CaptureHazard(
                .authorization, object,
                "is for Service \(names), whose traffic goes through no waypoint: the policy is not applied",
                remedy: "sail waypoint apply -n \(policy.metadata.namespace) --enroll service/\(bare[0].onOneLine)")
        }
        guard selectsAny(policy, pods) else { return nil }
        let action = policy["spec"]?["action"]?.string ?? "ALLOW"
        guard action == "ALLOW" || action == "DENY" else {
            return CaptureHazard(
                .authorization, object,
                "ztunnel does not support action \(action.onOneLine): it is not applied to pods",
                remedy: waypointRemedy)
        }
        let attributes = AuthorizationHazards.httpAttributes(policy)
        guard !attributes.isEmpty else { return nil }
        let effect =
            action == "ALLOW"
            ? "its rules with them never match, and what they allowed is refused"
            : "its rules apply without them and deny more"
        return CaptureHazard(
            .authorization, object,
            "ztunnel does not know HTTP attributes (\(attributes.joined(most: 5))): \(effect)",
            remedy: waypointRemedy)
    }

    private var waypointRemedy: String { "give it targetRefs instead of a selector, and the Service a waypoint" }

    private func targets(of policy: Value) -> [Value] {
        let spec = policy["spec"]
        return (spec?["targetRefs"]?.list ?? []) + [spec?["targetRef"]].compactMap { $0 }.filter { $0.map != nil }
    }

    private func selectsAny(_ policy: Value, _ pods: [Value]) -> Bool {
        guard let selector = policy["spec"]?["selector"], selector.map != nil else { return !pods.isEmpty }
        // A selector in the root namespace selects there alone.
        guard !policy.metadata.namespace.hasSameBytes(as: rootNamespace) else { return false }
        return pods.contains { selector.selects($0.metadata.labelTexts, unknownFits: false) }
    }

    private static let operations = ["hosts", "notHosts", "methods", "notMethods", "paths", "notPaths"]
    private static let sources = ["remoteIpBlocks", "notRemoteIpBlocks", "requestPrincipals", "notRequestPrincipals"]
    private static let tcpKeys: Set = [
        "source.ip", "source.namespace", "source.principal", "destination.ip", "destination.port",
    ]

    /// What ztunnel cannot see, sorted: `methods`, `paths`.
    private static func httpAttributes(_ policy: Value) -> [String] {
        var found: Set<String> = []
        for rule in policy["spec"]?["rules"]?.list ?? [] {
            for entry in rule["to"]?.list ?? [] {
                for name in operations where isSet(entry["operation"]?[name]) { found.insert(name) }
            }
            for entry in rule["from"]?.list ?? [] {
                for name in sources where isSet(entry["source"]?[name]) { found.insert(name) }
            }
            for entry in rule["when"]?.list ?? [] {
                guard let key = entry["key"]?.string, !tcpKeys.contains(key) else { continue }
                found.insert(key.onOneLine)
            }
        }
        return found.sorted { $0.precedesByBytes($1) }
    }

    private static func isSet(_ value: Value?) -> Bool { value?.list?.isEmpty == false }
}

/// What PeerAuthentication demands of the clients of captured pods: `policies` are those of the namespace and of the root
/// namespace.
package func authenticationHazards(_ policies: [Value], rootNamespace: String) -> [CaptureHazard] {
    func isStrict(_ policy: Value) -> Bool { policy["spec"]?["mtls"]?["mode"]?.string == "STRICT" }
    let wide = policies.filter { $0["spec"]?["selector"]?["matchLabels"]?.map?.isEmpty ?? true }
    let own = wide.first { !$0.metadata.namespace.hasSameBytes(as: rootNamespace) }
    let root = wide.first { $0.metadata.namespace.hasSameBytes(as: rootNamespace) }
    // Without a mode of its own a namespace has that of the mesh.
    let mode = own?["spec"]?["mtls"]?["mode"]?.string ?? "UNSET"
    let deciding = mode == "UNSET" ? root : own
    let selecting = policies.filter { policy in !wide.contains(policy) && isStrict(policy) }
    return ([deciding].compactMap { $0 }.filter(isStrict) + selecting).map { policy in
        CaptureHazard(
            .authentication,
            ObjectReference(apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", item: policy),
            "is STRICT: clients outside the mesh can no longer connect to captured pods",
            remedy: "enroll the namespaces of the clients first, or set PERMISSIVE for the time being")
    }
}

/// What a namespace's level of PodSecurity means for ambient mode.
package func podSecurityHazards(_ namespace: Value) -> [CaptureHazard] {
    let metadata = namespace.metadata
    guard metadata.label("pod-security.kubernetes.io/enforce") == "restricted" else { return [] }
    return [
        CaptureHazard(
            .podSecurity, ObjectReference(apiVersion: "v1", kind: "Namespace", name: metadata.name),
            "enforces the level restricted: captured pods need nothing more, but waypoints here need a seccompProfile",
            remedy: "sail upgrade --set gateways.seccompProfile.type=RuntimeDefault")
    ]
}
