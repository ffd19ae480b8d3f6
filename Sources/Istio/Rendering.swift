import Charts
package import Objects
package import Values
import YAML

/// One object of a mesh as text.
package struct MeshObject: Sendable {
    package let identity: Identity
    /// `nil` for what sail adds itself.
    package let component: Component?
    /// The template it came from: `istiod/templates/deployment.yaml`.
    package let source: String
    package let text: Text
}

/// Renders a mesh: its namespaces, the custom resource definitions, then each component by kind.
package struct MeshRenderer {
    /// Lines of Helm's log.
    package private(set) var warnings: [String] = []
    private let mesh: Mesh

    package init(_ mesh: Mesh) {
        self.mesh = mesh
    }

    /// All objects in an order that is safe to apply from first to last; throws `IstioError`.
    package mutating func objects() throws -> [MeshObject] {
        var definitions: [MeshObject] = []
        var rest: [MeshObject] = []
        for part in mesh.parts {
            let objects = try objects(of: part)
            definitions += objects.filter { $0.identity.kind == "CustomResourceDefinition" }
            rest += objects.filter { $0.identity.kind != "CustomResourceDefinition" }.inApplyOrder(\.identity)
        }
        return mesh.namespaceObjects + definitions + rest
    }

    private mutating func objects(of part: MeshPart) throws(IstioError) -> [MeshObject] {
        let rendered = try render(part)
        var objects: [MeshObject] = []
        for manifest in rendered.manifests where !manifest.document.isNull {
            let identity = try identity(of: manifest)
            objects.append(
                MeshObject(
                    identity: identity, component: part.component, source: manifest.path, text: manifest.content))
        }
        let present = Set(objects.lazy.map(\.identity).filter { $0.kind == "CustomResourceDefinition" })
        var definitions: [MeshObject] = []
        for file in part.chart.customResourceFiles {
            definitions += try MeshRenderer.definitions(in: file, component: part.component)
        }
        return definitions.filter { !present.contains($0.identity) } + objects
    }

    private mutating func render(_ part: MeshPart) throws(IstioError) -> RenderedChart {
        let renderer = ChartRenderer(
            release: ReleaseOptions(name: part.releaseName, namespace: part.namespace))
        do throws(ChartRenderError) {
            return try renderer.render(part.chart, values: part.values, warnings: &warnings)
        } catch {
            throw .renderFailure(component: part.component.rawValue, reason: error.description)
        }
    }

    private func identity(of manifest: Manifest) throws(IstioError) -> Identity {
        let metadata = manifest.document["metadata"]
        guard let name = metadata?["name"]?.string, !manifest.kind.isEmpty, !manifest.apiVersion.isEmpty else {
            throw .unidentified(source: manifest.path, reason: "a document has no apiVersion, kind or name")
        }
        return Identity(
            apiVersion: manifest.apiVersion, kind: manifest.kind, namespace: metadata?["namespace"]?.string ?? "",
            name: name)
    }

    /// The documents of a file below crds/, read off their heads where these are plain.
    private static func definitions(
        in file: CustomResourceFile, component: Component
    ) throws(IstioError) -> [MeshObject] {
        var objects: [MeshObject] = []
        for (text, identity) in documents(of: file.data.string) {
            guard let identity = identity ?? parsedIdentity(text) else {
                throw .unidentified(source: file.path, reason: "a document has no apiVersion, kind or name")
            }
            objects.append(MeshObject(identity: identity, component: component, source: file.path, text: Text(text)))
        }
        return objects
    }

    private static func parsedIdentity(_ text: String) -> Identity? {
        guard let value = try? Value(yaml: text), let kind = value["kind"]?.string,
            let version = value["apiVersion"]?.string, let name = value[path: "metadata", "name"]?.string
        else { return nil }
        return Identity(apiVersion: version, kind: kind, name: name)
    }
}

extension Mesh {
    /// The namespaces that the components go to, save those that every cluster has; istio-system carries the network.
    var namespaceObjects: [MeshObject] {
        var names: [String] = []
        for part in parts where !names.contains(part.namespace) && !Mesh.isSystem(part.namespace) {
            names.append(part.namespace)
        }
        return names.sorted { ($0 != namespace ? 1 : 0, $0) < ($1 != namespace ? 1 : 0, $1) }.map { name in
            var text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: \(name)\n"
            if name == namespace, let network {
                text += "  labels:\n    topology.istio.io/network: \(quoted(network))\n"
            }
            return MeshObject(
                identity: Identity(apiVersion: "v1", kind: "Namespace", name: name), component: nil, source: "sail",
                text: Text(text))
        }
    }

    private static func isSystem(_ namespace: String) -> Bool {
        namespace == "default" || namespace.hasPrefix("kube-")
    }

    private func quoted(_ text: String) -> String {
        (try? Value.string(text).json()) ?? text
    }
}
