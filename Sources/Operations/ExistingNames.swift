import ClusterState
import HelmReleases
import Istio
import Meshes
import Objects
import Values

/// What is on the cluster keeps its names and namespaces: another one would be a second mesh, or roll every pod.
extension ClusterSession {
    /// What the records say of the mesh; without any, what Helm's ConfigMap driver recorded.
    func known(_ history: ReleaseHistory) throws -> ReleaseHistory {
        guard history.records.isEmpty else { return history }
        var others = try client.configMapHistory()
        for fault in others.faults { ui.warn("\(fault)") }
        others.records = ours(others.records)
        for name in Set(others.records.map { "\($0.namespace)/\($0.name)" }).sorted() {
            ui.warn(
                "release \(name) is recorded in ConfigMaps (Helm's driver of that name); they are read and left alone, "
                    + "sail's records are Secrets")
        }
        return others
    }

    func keepNames(_ wanted: inout MeshRequest, _ history: ReleaseHistory) throws {
        for component in Component.allCases {
            let records = history.latest(of: component).filter { $0.status != .uninstalled }
            guard let record = records.last else { continue }
            wanted.releaseNames[component] = record.name
            keepNamespace(of: component, record.namespace, &wanted)
            if component == .base, keepsPlace(of: record) { wanted.releaseNamespaces[.base] = record.namespace }
            let base = history.base(of: record.name, in: record.namespace)
            wanted.instanceNames[component] =
                base?.request.isNull == true
                ? base?.instanceName : base?.request["instances"]?[component.rawValue]?.string
        }
        guard history.records.isEmpty else { return }
        for workload in try cluster.workloads() {
            let component = workload.component
            keepNamespace(of: component, workload.identity.namespace, &wanted)
            keepRelease(of: workload, &wanted)
            let labels = workload.object[path: "spec", "template", "metadata", "labels"]
            guard let name = labels?["app.kubernetes.io/instance"]?.string else { continue }
            wanted.instanceNames[component] = name
        }
        if let name = wanted.instanceNames[.istiod] { wanted.instanceNames[.base] = name }
    }

    /// Without records the objects say whose they are; base goes with istiod.
    private func keepRelease(of workload: Workload, _ wanted: inout MeshRequest) {
        guard options.actsAsOperator,
            let name = workload.object.metadata.annotation("meta.helm.sh/release-name")
        else { return }
        wanted.releaseNames[workload.component] = name
        guard workload.component == .istiod, name.hasSameBytes(as: Component.istiod.releaseName) else { return }
        (wanted.releaseNames[.base], wanted.releaseNamespaces[.base]) = (Component.base.releaseName, nil)
    }

    /// Whether the release of base stays where it is recorded, which an operator does elsewhere than its objects are.
    private func keepsPlace(of record: ReleaseRecord) -> Bool {
        guard !options.movesBase else { return false }
        return options.actsAsOperator || options.cluster.adoptsAsController || !record.request.isNull
    }

    /// istiod's is the mesh's, unless flags or values name one; base goes with it. A namespace that a flag or a resource
    /// gives to a component is left for the checks to judge.
    private func keepNamespace(of component: Component, _ namespace: String, _ wanted: inout MeshRequest) {
        switch component {
        case .base: break
        case .istiod:
            let named =
                wanted.user.settings.namespace != nil
                || wanted.user.layers.merged.value(at: ["global", "istioNamespace"]) != nil
            let isGiven = wanted.namespace != nil && !options.configured.contains("namespace")
            if !isGiven, !named { wanted.namespace = namespace }
        case .cni, .ztunnel:
            let isConfigured = options.configured.contains("\(component.rawValue)-namespace")
            let isGiven =
                wanted.componentNamespaces[component] != nil && !isConfigured
                || wanted.user.settings.componentNamespaces[component] != nil
            if !isGiven { wanted.componentNamespaces[component] = namespace }
        }
    }
}
