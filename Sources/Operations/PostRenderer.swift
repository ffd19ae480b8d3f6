import Charts
import ClusterState
import Istio
import Meshes
import Objects
import Planning
internal import System
import Values
import YAML

extension OperationOptions {
    /// How long a post-renderer may take, in seconds.
    private static let postRendererLimit = 120

    /// What the program of --post-renderer makes of a rendered text; the text itself where none is given.
    ///
    /// The program gets the text on its standard input, and this process's standard error. Throws where it cannot be run,
    /// fails, takes too long, or prints nothing.
    package func postRendered(_ text: [UInt8]) throws -> [UInt8] {
        guard let command = try command(.postRenderer) else { return text }
        let path = try path(of: command, .postRenderer)
        let program = Subprocess(path, command.arguments, input: text, sharesErrorStream: true)
        let result: Subprocess.Result
        do throws(Subprocess.Failure) {
            result = try program.run(seconds: OperationOptions.postRendererLimit)
        } catch {
            throw postRendererFailure(command, error.reason { "within \($0)s" })
        }
        guard result.status == 0 else {
            throw postRendererFailure(command, "ended with exit code \(result.status)")
        }
        let isBlank = result.output.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard !isBlank else { throw postRendererFailure(command, "printed nothing") }
        return result.output
    }

    private func postRendererFailure(_ command: UserCommand, _ reason: String) -> Failures {
        Failures(
            failures: [Failure(nil, "post-renderer \(command.name) \(reason)")],
            remedy: "it must read manifests on standard input and print all of them on standard output")
    }
}

extension OperationOptions {
    /// The objects of a mesh as the post-renderer leaves them, in the order in which they are applied.
    func postRendered(_ objects: [MeshObject], of mesh: Mesh) throws -> [MeshObject] {
        guard let command = try command(.postRenderer) else { return objects }
        var input: [UInt8] = []
        for object in objects { append(object, to: &input) }
        let output = PostRendererOutput(command.name, objects, mesh)
        let result = try output.objects(try postRendered(input))
        ui.note(output.summary(result))
        return mesh.ordered(result)
    }
}

/// What a post-renderer printed, put into the place of the objects that it got.
private struct PostRendererOutput {
    private let name: String
    private let mesh: Mesh
    private let given: [MeshObject]
    private let known: [ObjectReference: MeshObject]

    init(_ name: String, _ given: [MeshObject], _ mesh: Mesh) {
        (self.name, self.given, self.mesh) = (name, given, mesh)
        known = Dictionary(given.map { ($0.identity.withoutVersion, $0) }) { first, _ in first }
    }

    private var origin: String { "post-renderer \(name)" }

    /// The objects of the text, each of the component that it was of. Throws where a document is no object, an object is
    /// there twice, or the workload of a component is missing.
    func objects(_ text: [UInt8]) throws -> [MeshObject] {
        var found: [MeshObject] = []
        var seen: Set<ObjectReference> = []
        for (index, document) in splitManifests(Text(text)).enumerated() {
            let value: Value
            do throws(YAMLError) {
                value = try Value(yaml: document.bytes, numbers: .native)
            } catch {
                throw fault("document \(index + 1) of its output cannot be read: \(error)")
            }
            if value.isNull { continue }
            let isList = value["kind"]?.string == "List"
            for item in isList ? value["items"]?.list ?? [] : [value] {
                guard let identity = ObjectReference(of: item) else {
                    throw fault("document \(index + 1) of its output has no apiVersion, kind or name")
                }
                guard seen.insert(identity.withoutVersion).inserted else {
                    throw fault("its output has \(identity) twice")
                }
                let itemText = isList ? Text(try item.yamlBytes()) : document.withoutSourceLine
                found.append(try object(identity, item, itemText))
            }
        }
        let lost = given.filter { $0.isWorkload && !seen.contains($0.identity.withoutVersion) }
        guard lost.isEmpty else {
            let names = lost.map(\.identity.description).joined(separator: ", ")
            throw fault("its output lacks \(names)", "print it, or leave the component out of the run with -c")
        }
        return found
    }

    private func object(_ identity: ObjectReference, _ value: Value, _ text: Text) throws -> MeshObject {
        guard let old = known[identity.withoutVersion] else {
            var added = MeshObject(
                identity: identity, component: component(of: identity, value), source: origin, text: text)
            added.changedBy = [origin]
            return added
        }
        if identity == old.identity, try Value(yaml: old.text.bytes, numbers: .native) == value { return old }
        var changed = MeshObject(identity: identity, component: old.component, source: old.source, text: text)
        changed.changedBy = old.changedBy + [origin]
        return changed
    }

    /// An added object belongs to the component that its label names as Istio's charts do, else to istiod, or to the first
    /// component of a run without it.
    private func component(of identity: ObjectReference, _ value: Value) -> Component? {
        if identity.kind == "Namespace" { return nil }
        let label = value[path: "metadata", "labels", "operator.istio.io/component"]?.string?.lowercased()
        let parts = mesh.parts.map(\.component)
        return parts.first { $0.traits.operatorKey == label } ?? (parts.contains(.istiod) ? .istiod : parts.first)
    }

    /// What it did in one sentence, which names the objects that it added and left out.
    func summary(_ result: [MeshObject]) -> String {
        let present = Set(result.map(\.identity.withoutVersion))
        let lost = given.filter { !present.contains($0.identity.withoutVersion) }
        let added = result.filter { known[$0.identity.withoutVersion] == nil }
        let changed = result.count { $0.changedBy.last == origin } - added.count
        var parts = ["changed \(changed) of \(given.count) objects"]
        for (verb, objects) in [("added", added), ("left out", lost)] where !objects.isEmpty {
            parts.append("\(verb) \(objects.map(\.identity.description).joined(most: 5))")
        }
        return "\(origin) " + parts.joined(separator: ", ")
    }

    private func fault(_ reason: String, _ remedy: String? = nil) -> Failures {
        Failures(
            failures: [Failure(nil, "\(origin): \(reason)".onOneLine)],
            remedy: remedy ?? "it must print one YAML document for each object")
    }
}

extension MeshObject {
    /// Whether it is the Deployment or DaemonSet that a component is.
    fileprivate var isWorkload: Bool {
        guard let kind = component?.workload?.kind else { return false }
        return identity.kind == kind
    }
}

extension Text {
    /// Without the line that names a template, which is written anew.
    fileprivate var withoutSourceLine: Text {
        let prefix = Array("# Source: ".utf8)
        guard bytes.starts(with: prefix), let end = bytes.firstIndex(of: 0x0A) else { return self }
        return Text(Array(bytes[(end + 1)...]))
    }
}
