import Istio
import Meshes
import System

/// What is wrong with the text of a values file, or `no error`.
func fault(ofValues text: String) -> String {
    var request = MeshRequest()
    do {
        request.user = try UserValues([.file("v.yaml")]) { _ throws(FileFailure) in Array(text.utf8) }
        _ = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
        return "no error"
    } catch {
        return "\(error)"
    }
}
