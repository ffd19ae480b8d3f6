package import Istio
package import Values

/// One component as a Helm release: its chart, version, place, and the values that make it what it is.
package struct ExportedRelease: Sendable {
    package let component: Component
    /// Name of the release, which the labels of its pods hold.
    package let name: String
    package let namespace: String
    /// Version of the chart: `1.30.3`.
    package let version: String
    package let values: Mapping

    /// The chart in Istio's repository, and the folder of an export: `base`, `istiod`, `cni`, `ztunnel`.
    package var chart: String { component.rawValue }

    /// Whether the webhooks of the version keep what istiod wrote when the chart is upgraded: from 1.28.6 and 1.29.2 on,
    /// and from 1.30.0.
    var keepsFailurePolicy: Bool {
        guard let number = IstioVersion(version.withVersionPrefix) else { return true }
        let fixed = ["1.28": "v1.28.6", "1.29": "v1.29.2"][number.minorName].flatMap { IstioVersion($0) }
        if let fixed { return number >= fixed }
        return IstioVersion("v1.30.0").map { number >= $0 } ?? true
    }
}

/// Where the charts of an export come from.
package enum ExportedCharts: Sendable, Equatable {
    /// A Helm repository, `https://…` or `oci://…`.
    case repository(String)
    /// sail's own charts, as folders beside the export.
    case folders

    /// Istio's public repository.
    package static let istio = ExportedCharts.repository("https://istio-release.storage.googleapis.com/charts")

    /// Whether the repository is a registry.
    var isRegistry: Bool {
        if case .repository(let url) = self { return url.hasPrefix("oci://") }
        return false
    }
}

/// One file of an export.
package struct ExportedFile: Sendable, Equatable {
    /// Below the folder of the export.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
}

/// What an export is made for.
package enum ExportForm: String, CaseIterable, Sendable {
    case argocd, flux, kustomize, helm
    /// The three resources of the Sail Operator.
    case resources = "operator"

    /// Whether it installs charts with values, and not objects or what asks for them.
    package var isOfCharts: Bool { ![.kustomize, .resources].contains(self) }

    /// What installs it, as messages name it.
    var installer: String { self == .resources ? "the Sail Operator" : rawValue }

    package var summary: String {
        switch self {
        case .argocd: "Argo CD Applications in order, with what they are to leave to istiod"
        case .flux: "Flux Kustomizations and HelmReleases that wait for each other"
        case .kustomize: "A folder of rendered objects for each component, with a kustomization"
        case .helm: "Values files and the commands that install them with helm"
        case .resources: "The Istio, IstioCNI and ZTunnel resources of the Sail Operator, for sail reconcile too"
        }
    }
}

/// Where an export will lie, and whom it is written for.
package struct ExportOptions: Sendable {
    package var charts = ExportedCharts.istio
    /// The Git repository that will hold the folder.
    package var repository: String?
    /// Path of the folder in that repository.
    package var path = ""
    /// Branch, tag or commit.
    package var revision = "main"
    package var project = "default"
    package var argocdNamespace = "argocd"
    /// The cluster as Argo CD names it by address.
    package var server = "https://kubernetes.default.svc"
    package var fluxNamespace = "flux-system"
    /// Whether Argo CD synchronizes by itself.
    package var isAutomated = true
    /// The clusters of an ApplicationSet; one cluster with Applications of its own where `nil`.
    package var clusters: ExportedClusters?
    /// How many clusters change at a time within a step of the CNI agent or of ztunnel; all where `nil`.
    package var mostClusters: Int?
    /// Whether every stage but the first waits for somebody to synchronize it.
    package var waitsForPeople = false
    /// The flags without which `sail reconcile` would not give the same mesh from the resources.
    package var reconcileFlags: [String] = []
    /// Whether the validating webhooks are rendered closed from the start.
    package var closesWebhooks = false

    package init() {}

    /// A path below the folder, in the repository.
    func inRepository(_ part: String) -> String {
        let trimmed = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return trimmed.isEmpty ? part : "\(trimmed)/\(part)"
    }
}
