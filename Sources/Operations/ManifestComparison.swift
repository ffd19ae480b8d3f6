import HelmReleases
import Istio
import Meshes
import Objects
package import Planning
import System
import Values
import YAML

extension OperationOptions {
    /// What leads from one set of objects to another, in the order of application. A name is a file, a folder, a version,
    /// a revision or COMPONENT@REVISION; throws where it is none of them.
    package func comparison(_ old: String, _ new: String) throws -> Plan {
        let side = ManifestSide(options: self)
        return Plan(differences(try side.objects(old), try side.objects(new)))
    }
}

/// What it takes to come from one set of objects to the other, in the order of application.
private func differences(_ old: [Desired], _ new: [Desired]) -> [Change] {
    let before = Dictionary(old.map { ($0.identity.withoutVersion, $0) }) { $1 }
    let after = Set(new.map(\.identity.withoutVersion))
    let changes = new.map { object in
        let live = before[object.identity.withoutVersion]?.object
        let isSame = live.map { comparable($0) == comparable(object.object) } ?? false
        return Change(
            component: object.component, identity: object.identity,
            action: isSame ? .unchanged : live == nil ? .create : .change, live: live, predicted: object.object)
    }
    let gone = old.filter { !after.contains($0.identity.withoutVersion) }.map { object in
        Change(component: object.component, identity: object.identity, action: .delete, live: object.object)
    }
    return (changes + gone).inApplyOrder(\.identity)
}

/// Reads one side of a comparison.
struct ManifestSide {
    let options: OperationOptions

    /// A path that exists comes first; then `COMPONENT@REVISION`, a revision's number, and a version.
    func objects(_ name: String) throws -> [Desired] {
        if name == "-" || name.contains("/") || isExistingPath(name) { return try files(name).flatMap(read) }
        if let at = name.firstIndex(of: "@") {
            return try recorded(name, String(name[..<at]), String(name[name.index(after: at)...]))
        }
        if Int(name) != nil { return try recorded(name, nil, name) }
        var options = options
        options.version = name
        let mesh: Mesh
        do {
            var wanted = try options.meshRequest()
            wanted.user.ignoreVersions()
            mesh = try options.mesh(wanted)
        } catch IstioError.unknownVersion(_, nearest: nil, _) {
            throw unknown(name)
        }
        return try options.objects(of: mesh).map { object in
            Desired(
                component: object.component, identity: object.identity,
                object: try Value(yaml: object.text.bytes, numbers: .native))
        }
    }

    private func unknown(_ name: String) -> Failures {
        Failures(
            failures: [Failure(nil, "\(name): no such file, version or recorded revision")],
            remedy: "check the path, or choose a version that sail versions --all lists")
    }

    private func files(_ path: String) throws -> [String] {
        guard let names = try folderContents(path) else { return [path] }
        return names.filter { name in [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } }
            .map { path + "/" + $0 }
    }

    private func read(_ path: String) throws -> [Desired] {
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try options.readFile(path)
        } catch {
            throw PathFailure(path: path, reason: error.reason)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let objects = try documents(of: text).flatMap { text, _ in
            let value = try Value(yaml: Array(text.utf8), numbers: .native)
            return value["kind"]?.string == "List" ? value["items"]?.list ?? [] : [value]
        }
        return objects.compactMap { object in
            ObjectReference(of: object).map { Desired(component: nil, identity: $0, object: object) }
        }
    }

    private func recorded(_ name: String, _ component: String?, _ revision: String) throws -> [Desired] {
        let session = try ClusterSession(options)
        let records = try session.history().records
        let found = records.filter { record in
            String(record.revision) == revision && (component == nil || record.chartName == component)
        }
        guard !found.isEmpty else {
            throw session.missing(Int(revision), of: component.flatMap(Component.init), in: records)
        }
        return try found.flatMap { record in
            try identified(record.manifest).map { text, identity in
                Desired(
                    component: record.component, identity: identity,
                    object: try Value(yaml: Array(text.utf8), numbers: .native))
            }
        }
    }
}
