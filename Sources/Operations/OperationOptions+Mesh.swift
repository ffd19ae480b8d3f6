package import Charts
import Istio
package import Meshes
import Planning
import System
import Values

extension OperationOptions {
    /// The mesh that the flags ask for; warnings go to the console.
    package func mesh() throws -> Mesh {
        let mesh = try mesh(meshRequest())
        for stray in mesh.strays { ui.warn(stray) }
        try refuseSkew(mesh)
        return mesh
    }

    /// What may not run side by side is not rendered side by side.
    func refuseSkew(_ mesh: Mesh) throws {
        var wanted: [Component: IstioVersion] = [:]
        for part in mesh.parts { wanted[part.component] = IstioVersion(part.release.version) }
        let findings = VersionSkew(live: [:], wanted: wanted).findings.filter(\.isBlocking)
        guard !findings.isEmpty else { return }
        throw Failures(failures: findings.map { Failure(nil, "\($0.message); \($0.remedy)") }, remedy: nil)
    }

    /// The mesh of a request that was completed from a cluster.
    package func mesh(_ wanted: MeshRequest) throws -> Mesh {
        let mesh = try Mesh(wanted, charts: chartSupply())
        let notices = mesh.parts.filter { $0.chart.origin == nil }.compactMap(\.release.chartNotice)
        for notice in Set(notices).sorted(by: { $0.precedesByBytes($1) }) { ui.warn(notice) }
        return mesh
    }

    /// What the flags say of the mesh; warnings go to the console.
    package func meshRequest() throws -> MeshRequest {
        var wanted = MeshRequest()
        wanted.profile = profile
        wanted.version = version
        wanted.platform = platform
        wanted.namespace = namespace
        wanted.componentNamespaces = componentNamespaces
        wanted.components = Set(components)
        wanted.user = try UserValues(values.sources, reading: readFile)
        for warning in wanted.user.warnings { ui.warn(warning) }
        try wanted.refuseOtherNamespaces()
        for (kind, component) in wanted.missingResources {
            ui.warn(
                "no \(kind) resource is given: \(component.rawValue) gets what flags, plain values and stored settings "
                    + "say; leave it out with -c, or add the resource")
        }
        if isFIPS { try wanted.user.requireFIPS(yielding: actsAsOperator) }
        wanted.patchFiles = try readPatches()
        try bringCharts(to: &wanted)
        if actsAsOperator {
            wanted.adopted = try operatorImages(of: wanted)
            wanted.nameReleasesAsOperator(baseIn: operatorNamespace)
        }
        return wanted
    }

    /// The images of the resources' components, where an installer's own count for the version that they were kept with.
    func operatorImages(
        of wanted: MeshRequest, keeping kept: [Component: AdoptedImages] = [:]
    ) throws -> [Component: AdoptedImages] {
        try wanted.operatorImages(catalogue(), digests(), keeping: kept)
    }

    /// What the file of `--image-digests` says.
    private func digests() throws -> ImageDigests {
        guard let path = imageDigests else { return ImageDigests() }
        func failure(_ text: String) -> Failures {
            Failures(failures: [Failure(nil, text)], remedy: "give the operator's properties file with --image-digests")
        }
        let bytes: [UInt8]
        do throws(FileFailure) { bytes = try readFile(path) } catch { throw failure("\(path): \(error.reason)") }
        do throws(ImageDigests.Fault) {
            return try ImageDigests(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw failure("\(path):\(error.line): \(error.problem)")
        }
    }

    /// The mesh's objects, post-rendered, in the order in which they are applied; warnings go to the console.
    package func objects(of mesh: Mesh) throws -> [MeshObject] {
        var renderer = MeshRenderer(mesh)
        let objects = try renderer.objects()
        for warning in renderer.warnings { ui.warn(logged: warning) }
        return try postRendered(objects, of: mesh)
    }
}

/// Reads a chart from a folder or a .tgz; throws `ChartFailure`.
package func loadChart(_ path: String) throws(ChartFailure) -> Chart {
    var loader = ChartLoader()
    do throws(ChartError) {
        return try loader.load(path: path)
    } catch {
        throw ChartFailure(path: path, reason: error.description)
    }
}

/// A chart that cannot be used, with the loader's reason.
package struct ChartFailure: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package init(path: String, reason: String) {
        (self.path, self.reason) = (path, reason)
    }

    package var description: String { "\(path): \(reason)" }
}

extension ValueFlags {
    /// The flags as sources: files first, then the `--set` flags by kind.
    var sources: [ValueSource] {
        var all: [ValueSource] = files.map { .file($0) }
        all += resources.map { .resource($0.name, $0.resource) }
        return all + sets.map { .set($0.flag, $0.text) }
    }
}
