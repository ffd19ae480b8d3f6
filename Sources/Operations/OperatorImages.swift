import ClusterState
import HelmReleases
import Istio
import Meshes
import Objects
import Planning
import Values

/// What a Sail Operator labels its objects with.
private let operatorLabels = ["sail-operator", "sail-library"]

extension ClusterSession {
    /// What an installer left, with the images that the Sail Operator derived from the version told from the user's values:
    /// what runs stays as it runs until the version changes.
    func withOperatorImages(_ memory: Remembered) throws -> Remembered {
        var memory = memory
        for workload in try cluster.workloads() {
            let component = workload.component
            guard let label = workload.object.metadata.label("managed-by"),
                operatorLabels.contains(label)
            else { continue }
            let containers = workload.object[path: "spec", "template", "spec", "containers"]?.list
            if let image = containers?.first?["image"]?.string, let path = component.imagePaths.first {
                memory.adopt(image, at: path, of: component)
            }
            guard component == .istiod else { continue }
            for (path, image) in try givenImages(workload.identity.namespace, component.imagePaths.dropFirst()) {
                memory.adopt(image, at: path, of: component)
            }
        }
        return memory
    }

    /// Keeps the images that an installer left under the resources of the Sail Operator: what runs stays as it runs until
    /// the version changes, from the first run on, which stores them.
    func keepImages(_ wanted: inout MeshRequest, _ history: ReleaseHistory) throws {
        let runs = OperationHistory(history)
        let stored = StoredSettings(history).noted?.adopted ?? [:]
        var kept: [Component: AdoptedImages] = [:]
        for workload in try cluster.workloads() where wanted.user.settings.resources.contains(workload.component) {
            let component = workload.component
            if let own = stored[component] { kept[component] = own }
            let newest = runs.newest(of: component)
            guard kept[component] == nil, newest?.isOfResources != true,
                let image = ComponentImage(component, pod: workload.object[path: "spec", "template"] ?? .null)
            else { continue }
            // What somebody changed since is not the installer's.
            if let manifest = newest?.manifest, !manifest.isEmpty, !manifest.contains(image.image) { continue }
            let isOperators = workload.object.metadata.label("managed-by").map(operatorLabels.contains) ?? false
            let given =
                isOperators && component == .istiod
                ? try givenImages(workload.identity.namespace, component.imagePaths.dropFirst()) : []
            kept[component] = try wanted.imagesLeft(
                of: component, running: image, byOperator: isOperators, given: given, options.catalogue())
        }
        wanted.adopted = try options.operatorImages(of: wanted, keeping: kept)
    }

    /// The images that istiod gives out, which no workload of its own runs: from its ConfigMap `values`.
    private func givenImages(
        _ namespace: String, _ paths: ArraySlice<[String]>
    ) throws -> [(path: [String], image: String)] {
        let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: namespace, name: "values")
        let data = try cluster.get([identity])[0]?["data"]
        guard let text = data?["merged-values"]?.string ?? data?["values"]?.string,
            case .map(let values)? = try? Value(json: text)
        else { return [] }
        return paths.compactMap { path in values.value(at: path)?.string.map { (path, $0) } }
    }
}
