import Istio
import Objects
import Values

/// Rendered objects for kustomize, a folder for each component.
extension Export {
    func kustomizeFiles() throws -> [ExportedFile] {
        var files: [ExportedFile] = []
        for component in Component.allCases {
            // What belongs to no component, the namespaces, comes first with the first folder.
            let first = objects.compactMap(\.component).min() ?? .base
            let own = objects.filter { $0.component == component || ($0.component == nil && component == first) }
            guard !own.isEmpty else { continue }
            var bytes = Array(mark.utf8)
            for object in own { append(object, to: &bytes) }
            files.append(ExportedFile(path: "\(component)/manifests.yaml", bytes: bytes))
            let index: Value = [
                "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
                "resources": ["manifests.yaml"], "sortOptions": ["order": "fifo"],
            ]
            files.append(try file("\(component)/kustomization.yaml", [index]))
        }
        return files
    }
}
