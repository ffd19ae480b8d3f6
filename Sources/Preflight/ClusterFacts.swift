package import Istio
internal import Objects
package import Planning
package import Values

/// The command that a check is made for.
package enum RunKind: String, Sendable, CaseIterable {
    case install, upgrade, adopt, rollback, uninstall, reconcile
    // These change single objects beside the mesh.
    case waypointApply = "waypoint apply"
    case waypointDelete = "waypoint delete"
    case gatewayAPI = "gateway-api"

    /// As the command is called.
    package var name: String { rawValue }
}

/// What a run would make of a cluster, as the checks read it.
package struct DesiredMesh: Sendable {
    /// Istio's minor and the Kubernetes minors it is tested with: `1.30`, `1.31`, `1.35`; empty where not known.
    package var minor: String
    package var kubernetes: (least: String, most: String)
    /// Whether the minor is supported today.
    package var support: Support
    /// Whether a version that reached its end of life may be installed anew.
    package var allowsEndOfLife: Bool
    /// The platform given or remembered, `nil` where none was.
    package var platform: String?
    /// Platforms that this version has settings for.
    package var knownPlatforms: [String]
    /// The objects of the components of the run; none for an uninstallation.
    package var desired: [Desired]
    /// Whether no mesh is there yet.
    package var isFirst: Bool
    /// Whether a run goes on although something else manages the mesh.
    package var allowsManaged: Bool
    /// Whether the objects are to be deleted.
    package var isRemoval: Bool
    /// Where each component's release is recorded.
    package var places: [ReleasePlace] = []
    /// Whether the run itself holds the operators' Lease: no other operator works then.
    package var holdsOperatorLock = false

    package init(
        minor: String = "", kubernetes: (least: String, most: String) = ("", ""), support: Support = .supported,
        allowsEndOfLife: Bool = false, platform: String? = nil, knownPlatforms: [String] = [], desired: [Desired] = [],
        isFirst: Bool = false, allowsManaged: Bool = false, isRemoval: Bool = false
    ) {
        self.minor = minor
        self.kubernetes = kubernetes
        self.support = support
        self.allowsEndOfLife = allowsEndOfLife
        self.platform = platform
        self.knownPlatforms = knownPlatforms
        self.desired = desired
        self.isFirst = isFirst
        self.allowsManaged = allowsManaged
        self.isRemoval = isRemoval
    }

    /// The images that the run's workloads name.
    package var images: RenderedImages {
        RenderedImages(desired.lazy.map { ($0.component, $0.identity.kind, $0.object) })
    }

    /// What the components of the run would be at; base, which has no image, is at the version its labels name.
    package var versions: [Component: IstioVersion] {
        var versions = images.versions
        let base = desired.first { $0.component == .base && $0.labelledVersion != nil }
        if let version = base?.labelledVersion { versions[.base] = version }
        return versions
    }
}

extension Desired {
    fileprivate var labelledVersion: IstioVersion? {
        object.metadata.label("app.kubernetes.io/version").flatMap { IstioVersion($0) }
    }
}

/// What the cluster shows of itself. A part that could not be read is empty, and named in `unreadable`.
package struct ClusterFacts: Sendable {
    /// What is read in one piece, and may be refused in one piece.
    package enum Part: String, Sendable, CaseIterable {
        case version = "the server's version"
        case nodes
        case namespaces
        case quotas = "resourcequotas"
        case limits = "limitranges"
        case cilium = "ConfigMap kube-system/cilium-config"
        case felix = "FelixConfiguration default"
        case workloads = "deployments and daemonsets"
        case webhooks = "webhook configurations"
        case services = "the services of webhooks"
        case leases
        case deployments = "deployments of all namespaces"
        case records = "release records"
        case gatewayAPI = "the Gateway API's definitions"
        case permissions
        case objects = "the mesh's objects"
        case plan = "the server's answers to dry runs"
    }

    /// `1.36`
    package var version = ""
    package var platform: DetectedPlatform?
    package var servesGatewayAPI = true
    /// Whether Gateways are served in v1, which istiod reads.
    package var servesGatewayV1 = true
    /// The bundle that the Gateway API's definitions are of, `v1.5.1`; `nil` where they do not say.
    package var gatewayBundle: String?
    /// Linux nodes; `nil` where they could not be counted.
    package var nodes: Int?
    package var namespaces: [Value] = []
    package var quotas: [Value] = []
    package var limits: [Value] = []
    /// ConfigMap kube-system/cilium-config.
    package var cilium: Value?
    /// FelixConfiguration default of Calico.
    package var felix: Value?
    package var workloads: [Workload] = []
    package var hasRecords = false
    /// Admission webhooks of both kinds.
    package var webhooks: [Value] = []
    /// Services that webhooks call and that cannot answer, with the reason; by `namespace/name`.
    package var deadServices: [String: String] = [:]
    /// Istio's CRDs by name.
    package var definitions: [String] = []
    /// What keeps a mesh by itself, and is at work.
    package var managers: [MeshManager] = []
    /// What the user may not do, as sentences.
    package var missingPermissions: [String] = []
    /// What the run would change, once that is worked out.
    package var plan: Plan?
    /// What is read later only, with the plan.
    package var pending: Set<Part> = []
    /// Why a part could not be read.
    package var unreadable: [Part: String] = [:]

    package init() {}

    /// Whether the part was read: only then does an empty list say that there is nothing.
    func knows(_ part: Part) -> Bool { unreadable[part] == nil }
}

/// A platform as the cluster itself shows it, with the sign it was told by.
package struct DetectedPlatform: Sendable, Equatable {
    /// The name that `--platform` takes.
    package var name: String
    package var sign: String

    package init(name: String, sign: String) {
        self.name = name
        self.sign = sign
    }
}
