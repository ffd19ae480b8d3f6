import ClusterState
import Istio
import Meshes
import Objects
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
