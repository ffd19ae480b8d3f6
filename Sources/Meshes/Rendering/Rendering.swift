import Charts
package import Istio
package import Objects
package import Values
import YAML

/// One object of a mesh as text.
package struct MeshObject: Sendable {
    package let identity: ObjectReference
    /// `nil` for what sail adds itself.
    package let component: Component?
    /// The template it came from: `istiod/templates/deployment.yaml`.
    package let source: String
    package let text: Text
    /// What changed it after its chart made it, in order: `patch ztunnel.yaml`, `post-renderer add-labels`.
    package var changedBy: [String] = []

    package init(identity: ObjectReference, component: Component?, source: String, text: Text) {
        (self.identity, self.component, self.source, self.text) = (identity, component, source, text)
    }
}

/// Appends the object to a YAML stream, under a line that names its template; `text` in the place of its own.
package func append(_ object: MeshObject, text: Text? = nil, to bytes: inout [UInt8]) {
    bytes += "---\n# Source: ".utf8
    bytes += object.source.utf8
    bytes.append(UInt8(ascii: "\n"))
    (text ?? object.text).withBytes { bytes.append(contentsOf: $0) }
    if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
}

/// Renders a mesh: its namespaces, the custom resource definitions, then each component by kind.
package struct MeshRenderer {
    /// Lines of Helm's log.
    package private(set) var warnings: [String] = []
    private let mesh: Mesh
    private let checksAll: Bool
    private let engine = Engine()

    /// `checkingAll` parses every document even where it is known to be sound.
    package init(_ mesh: Mesh, checkingAll: Bool = false) {
        self.mesh = mesh
        checksAll = checkingAll
    }

    /// All objects in an order that is safe to apply from first to last; throws `IstioError`.
    package mutating func objects() throws -> [MeshObject] {
        var objects = mesh.namespaceObjects
        for part in mesh.parts { objects += try self.objects(of: part) }
        if !mesh.objectSettings.isEmpty || !mesh.patchFiles.isEmpty {
            var patched = PatchedObjects(objects, of: mesh)
            objects = try patched.result()
            warnings += patched.warnings
        }
        return mesh.ordered(objects)
    }

    /// The objects of one component with other values than its own.
    mutating func objects(of part: MeshPart, with values: Mapping) throws(IstioError) -> [MeshObject] {
        var part = part
        part.values = values
        return try checkedObjects(of: part)
    }

    private mutating func objects(of part: MeshPart) throws(IstioError) -> [MeshObject] {
        let objects = mesh.isPlain && !checksAll ? try plainObjects(of: part) : try checkedObjects(of: part)
        let present = Set(objects.lazy.map(\.identity).filter { $0.kind == "CustomResourceDefinition" })
        var definitions: [MeshObject] = []
        for file in part.chart.customResourceFiles {
            definitions += try read(file.data, from: file.path, component: part.component)
        }
        return definitions.filter { !present.contains($0.identity) } + objects
    }

    /// What the built-in charts make without any value of the user's is known to be sound (the test
    /// `plainAndCheckedRenderingAgree`), so its documents are recognised by their heads and not parsed.
    private mutating func plainObjects(of part: MeshPart) throws(IstioError) -> [MeshObject] {
        var chart = part.chart
        let files: [Rendered]
        do throws(ChartRenderError) {
            files = try renderer(part).renderFiles(of: &chart, values: part.values, warnings: &warnings)
        } catch {
            throw .renderFailure(component: part.component, reason: error.description)
        }
        var objects: [MeshObject] = []
        for file in files { objects += try read(file.text, from: file.path.string, component: part.component) }
        return objects
    }

    /// Parses every document, so that a value that breaks the YAML is an error here and not at the cluster.
    private mutating func checkedObjects(of part: MeshPart) throws(IstioError) -> [MeshObject] {
        var objects: [MeshObject] = []
        for manifest in try render(part).manifests where !manifest.document.isNull {
            objects.append(
                MeshObject(
                    identity: try identity(of: manifest), component: part.component, source: manifest.path,
                    text: manifest.content))
        }
        return objects
    }

    private mutating func render(_ part: MeshPart) throws(IstioError) -> RenderedChart {
        do throws(ChartRenderError) {
            return try renderer(part).render(part.chart, values: part.values, warnings: &warnings)
        } catch {
            throw .renderFailure(component: part.component, reason: error.description)
        }
    }

    private func renderer(_ part: MeshPart) -> ChartRenderer {
        ChartRenderer(
            release: ReleaseOptions(name: part.instanceName, namespace: part.namespace), engine: engine,
            validatesSchema: !part.isChecked)
    }

    private func identity(of manifest: Manifest) throws(IstioError) -> ObjectReference {
        guard !manifest.kind.isEmpty, !manifest.apiVersion.isEmpty,
            let reference = ObjectReference(of: manifest.document)
        else {
            throw .unidentified(source: manifest.path, reason: "a document has no apiVersion, kind or name")
        }
        return reference
    }

    /// The documents of a text, recognised by their heads where these are plain.
    private func read(_ text: Text, from source: String, component: Component) throws(IstioError) -> [MeshObject] {
        var objects: [MeshObject] = []
        for document in splitManifests(text) {
            var identity = head(of: document.string)
            if identity == nil { identity = try MeshRenderer.parsedIdentity(document, source) }
            guard let identity else { continue }
            objects.append(MeshObject(identity: identity, component: component, source: source, text: document))
        }
        return objects
    }

    /// The identity of a document whose head is not plain, `nil` where it holds only comments.
    private static func parsedIdentity(_ text: Text, _ source: String) throws(IstioError) -> ObjectReference? {
        let value: Value
        do throws(YAMLError) {
            value = try Value(yaml: text.bytes)
        } catch {
            throw .unidentified(source: source, reason: error.description)
        }
        if value.isNull { return nil }
        guard let reference = ObjectReference(of: value) else {
            throw .unidentified(source: source, reason: "a document has no apiVersion, kind or name")
        }
        return reference
    }
}

extension Mesh {
    /// The objects in an order that is safe to apply: namespaces, definitions, then each component's by kind.
    package func ordered(_ objects: [MeshObject]) -> [MeshObject] {
        func isDefinition(_ object: MeshObject) -> Bool { object.identity.kind == "CustomResourceDefinition" }
        let components = parts.flatMap { part in
            objects.filter { $0.component == part.component && !isDefinition($0) }.inApplyOrder(\.identity)
        }
        return objects.filter { $0.component == nil && !isDefinition($0) } + objects.filter(isDefinition) + components
    }

    /// Whether only built-in charts and profiles have a say.
    fileprivate var isPlain: Bool {
        parts.allSatisfy(\.isChecked)
            && !layers.contains { layer in
                switch layer.origin {
                case .file, .flag: true
                default: false
                }
            }
    }

    /// The namespaces that the components go to, save those that every cluster has, and those given as resources;
    /// the mesh's carries the network.
    var namespaceObjects: [MeshObject] {
        var names: Set<String> = Set(givenNamespaces.map(\.name))
        for part in parts where !Mesh.isSystem(part.namespace) { names.insert(part.namespace) }
        return names.sorted { ($0 != namespace ? 1 : 0, $0) < ($1 != namespace ? 1 : 0, $1) }.map { name in
            var text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: \(name)\n"
            for (key, map) in metadata(of: name) where !map.isEmpty {
                text += "  \(key):\n"
                for (inner, value) in map { text += "    \(plain(inner)): \(quoted(value.string ?? ""))\n" }
            }
            return MeshObject(
                identity: ObjectReference(apiVersion: "v1", kind: "Namespace", name: name), component: nil,
                source: "sail",
                text: Text(text))
        }
    }

    private func metadata(of name: String) -> [(key: String, map: Mapping)] {
        let given = givenNamespaces.first { $0.name == name }
        var labels = given?.labels ?? Mapping()
        if name == namespace, let network { labels[networkLabel] = .string(network) }
        return [("labels", labels), ("annotations", given?.annotations ?? Mapping())]
    }

    /// The mesh's namespace says one network.
    func refuseOtherNetwork() throws(IstioError) {
        guard let network, let given = givenNamespaces.first(where: { $0.name == namespace }),
            let other = given.labels[networkLabel]?.string, other != network
        else { return }
        throw .contradiction(
            place: given.place, what: "label \(networkLabel) is \(other), and global.network is \(network)",
            remedy: "leave one of them out")
    }

    private static func isSystem(_ namespace: String) -> Bool {
        namespace == "default" || namespace.hasPrefix("kube-")
    }

    private func quoted(_ text: String) -> String {
        (try? Value.string(text).json()) ?? text
    }

    /// A key as it is where it can be nothing but text.
    private func plain(_ key: String) -> String {
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z"))
        let isPlain =
            key.utf8.first.map(letters.contains) == true && key.contains("/")
            && key.utf8.allSatisfy {
                letters.contains($0) || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains($0)
            }
        return isPlain ? key : quoted(key)
    }
}

private let networkLabel = "topology.istio.io/network"
