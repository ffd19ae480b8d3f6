internal import Istio
internal import Values

func kubernetesVersion(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard let live = KubernetesVersion(facts.version) else { return [] }
    if let least = KubernetesVersion(mesh.kubernetes.least), live < least {
        return [
            Finding(
                .blocking, "kubernetes version", "Istio \(mesh.minor) needs Kubernetes \(least), this is \(live)",
                remedy:
                    "upgrade the cluster, or choose an older --version: sail versions says which Kubernetes each needs")
        ]
    }
    if let most = KubernetesVersion(mesh.kubernetes.most), live > most {
        return [
            Finding(
                .warning, "kubernetes version",
                "Istio \(mesh.minor) is tested up to Kubernetes \(most), this is \(live)",
                remedy: "choose a newer --version where sail versions lists one")
        ]
    }
    return []
}

/// A minor past its end of life is not installed anew; a mesh that runs it may still be changed.
func support(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard let text = mesh.support.complaint(mesh.minor) else { return [] }
    var isBlocking = false
    if case .ended = mesh.support { isBlocking = mesh.isFirst && !mesh.allowsEndOfLife }
    return [
        Finding(
            isBlocking ? .blocking : .warning, "support", text,
            remedy: isBlocking
                ? "choose a newer --version, or add --allow-end-of-life"
                : "plan an upgrade: sail versions lists what is supported")
    ]
}

func platform(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard let found = facts.platform, let given = mesh.platform, given != found.name else { return [] }
    let isKnown = mesh.knownPlatforms.contains(found.name)
    return [
        Finding(
            isKnown ? .blocking : .warning, "platform",
            "the platform is set to \(given), the cluster looks like \(found.name) (\(found.sign))",
            remedy: isKnown
                ? "give --platform \(found.name), or leave it out: sail finds it by itself"
                : "leave the platform out where \(given) is not meant")
    ]
}

func gatewayAPI(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let tested = GatewayAPI.bundle(forMinor: mesh.minor)
    func warning(_ message: String) -> [Finding] {
        [Finding(.warning, "gateway API", message, remedy: "when you need them: \(gatewayAPIRemedy(tested))")]
    }
    guard facts.servesGatewayAPI else {
        return warning("the cluster has no Gateway API: waypoints and gateways cannot be made")
    }
    guard facts.servesGatewayV1 else {
        return warning("the cluster serves Gateways in no version v1, which istiod reads: waypoints cannot be made")
    }
    guard let bundle = facts.gatewayBundle, GatewayAPI.isOlder(bundle, than: tested) else { return [] }
    return [
        Finding(
            .warning, "gateway API",
            "the Gateway API is of bundle \(bundle), Istio \(mesh.minor) is tested with \(tested): what it lacks does not "
                + "work", remedy: "upgrade it where nothing else needs the older one: \(gatewayAPIRemedy(tested))")
    ]
}

/// What to do about a missing Gateway API: the command that installs a bundle.
package func gatewayAPIRemedy(_ bundle: String) -> String {
    "kubectl apply --server-side -f https://github.com/kubernetes-sigs/gateway-api/releases/download/"
        + "\(bundle)/standard-install.yaml"
}

/// What to do about missing permissions.
package let permissionsRemedy =
    "ask an administrator for the ClusterRole sail-installer of docs/guides/permissions.md (or cluster-admin)"

/// What to do about missing permissions of a command that only reads.
package let readingRemedy = "ask an administrator for the ClusterRole sail-viewer of docs/guides/permissions.md"

/// What to do about missing permissions of a command that shows or changes waypoints or the labels of workloads.
package func waypointsRemedy(_ missing: [Permission]) -> String {
    let role = "ask an administrator for the ClusterRole sail-waypoints of docs/guides/permissions.md"
    return missing.contains { $0.namespace.isEmpty }
        ? "name one namespace with -n, or \(role) in the whole cluster" : role
}

func permissions(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    facts.missingPermissions.map { Finding(.blocking, "permissions", $0, remedy: permissionsRemedy) }
}
