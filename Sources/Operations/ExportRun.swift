internal import Istio
package import Meshes
internal import Planning
internal import Values

extension OperationOptions {
    /// The files of an export: of the mesh that the flags ask for, or with `fromCluster` of the one that is stored there
    /// with the flags on top. Throws `ExportError`, or what rendering throws.
    package func exportedFiles(
        for form: ExportForm, _ export: ExportOptions, fromCluster: Bool, program: String
    ) throws -> [ExportedFile] {
        if form != .kustomize, commandFlags[.postRenderer]?.program != nil { throw ExportError.patched(form) }
        let mesh = try fromCluster ? storedMesh() : self.mesh()
        let objects = try objects(of: mesh)
        var files = try Export(mesh, objects: objects, for: form, export, program: program).files(for: form)
        if form != .kustomize, export.charts == .folders {
            for part in mesh.parts {
                files += BuiltInCharts.files(part.component, part.release).map {
                    ExportedFile(path: "charts/\(part.component)/\($0.path)", bytes: Array($0.text.utf8))
                }
            }
        }
        return files
    }

    /// The mesh as the next upgrade without flags would make it.
    private func storedMesh() throws -> Mesh {
        let session = try ClusterSession(self)
        let history = try session.recentHistory()
        try session.requireMesh(history)
        guard let mesh = try session.target(history, remembering: true).mesh else {
            throw Failures(
                failures: [Failure(nil, "no settings are stored with the mesh on this cluster")],
                remedy: "store them with sail adopt, or leave --from-cluster out")
        }
        return mesh
    }
}
