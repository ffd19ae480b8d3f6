internal import Istio
package import Meshes
internal import Objects
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
        var export = export
        export.reconcileFlags = try reconcileFlags
        let written = try Export(mesh, objects: objects, for: form, export, program: program)
        if form == .resources { try require(objects, of: written.resources, like: mesh) }
        var files = try written.files(for: form)
        if form.isOfCharts, export.charts == .folders {
            for part in mesh.parts {
                files += BuiltInCharts.files(part.component, part.release).map {
                    ExportedFile(path: "charts/\(part.component)/\($0.path)", bytes: Array($0.text.utf8))
                }
            }
        }
        return files
    }

    /// Where charts and what is known of versions come from, as a run with the resources needs it too.
    private var reconcileFlags: [String] {
        get throws {
            (givenCatalogue.map { ["--catalogue \($0.source)"] } ?? []) + (try sourceNames.map { "--charts \($0)" })
        }
    }

    /// Throws `ExportError.notTheSame` where a run with these resources would not make the same objects, and `IstioErrors`
    /// where their definitions refuse one.
    private func require(_ objects: [MeshObject], of resources: [Mapping], like mesh: Mesh) throws {
        var request = MeshRequest()
        request.user = try UserValues(
            resources.map { .resource("\($0["kind"]?.string ?? "") default", $0) }, reading: readFile)
        request.components = Set(mesh.parts.map(\.component))
        request.storedNamespaces = mesh.givenNamespaces
        try bringCharts(to: &request)
        var renderer = MeshRenderer(try Mesh(request, charts: chartSupply()))
        let others = try renderer.objects()
        func texts(_ objects: [MeshObject]) -> [ObjectReference: [UInt8]] {
            Dictionary(objects.map { ($0.identity, Array($0.text.bytes)) }) { first, _ in first }
        }
        let (wanted, found) = (texts(objects), texts(others))
        for object in objects + others where wanted[object.identity] != found[object.identity] {
            throw ExportError.notTheSame(object.identity)
        }
    }

    /// The mesh as the next upgrade without flags would make it.
    package func storedMesh() throws -> Mesh {
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
