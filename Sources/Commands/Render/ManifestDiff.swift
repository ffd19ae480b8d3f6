import Arguments
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Operations
import Planning
import System
import Terminal
import Values
import YAML

extension Operand<Request> {
    static func side(_ name: String) -> Operand {
        Operand(name, help: "A file, a folder, a version, a revision or COMPONENT@REVISION", completion: .files) {
            $0.operands.append($1)
        }
    }
}

/// `sail manifest diff`: exits 0 where the sides are the same, 1 where not, 2 on errors, as diff does.
func compare(_ request: Request) throws -> Int32 {
    do {
        let sides = try request.operands.map { try ManifestSide(request).objects($0) }
        let plan = Plan(differences(sides[0], sides[1]))
        let digest = PlanDigest(plan)
        let output = DifferenceOutput(
            digest: digest, style: request.console.style, form: request.cluster.difference ?? .full,
            showsAll: request.cluster.showsAll)
        let labels = request.cluster.showsAll ? [] : digest.versionLabels.map { $0.description + "\n" }
        let tally = plan.tally(request.operands[0], request.operands[1])
        let text = output.text + labels.joined() + "\(tally)\n"
        _ = try request.print(
            Output(text) { ["changes": digest.values(withObjects: true), "summary": .string(digest.summary)] })
        return plan.isEmpty ? 0 : 1
    } catch {
        for line in messageLines("\(error)") { request.console.fail(line) }
        return 2
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

extension Plan {
    /// `2 only in A, 1 only in B, 5 differ, 30 the same`
    fileprivate func tally(_ old: String, _ new: String) -> String {
        let counts: [(Int, String)] = [
            (deletions.count, "only in \(old)"), (count { $0 == .create }, "only in \(new)"),
            (count { $0 == .change }, "differ"), (count { $0 == .unchanged }, "the same"),
        ]
        return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}

/// Reads one side of a comparison.
private struct ManifestSide {
    private let request: Request

    init(_ request: Request) {
        self.request = request
    }

    /// A path that exists comes first; then `COMPONENT@REVISION`, a revision's number, and a version.
    func objects(_ name: String) throws -> [Desired] {
        if name == "-" || name.contains("/") || isThere(name) { return try files(name).flatMap(read) }
        if let at = name.firstIndex(of: "@") {
            return try recorded(name, String(name[..<at]), String(name[name.index(after: at)...]))
        }
        if Int(name) != nil { return try recorded(name, nil, name) }
        var request = request
        request.version = name
        let mesh: Mesh
        do {
            var wanted = try request.options.meshRequest()
            wanted.user.ignoreVersions()
            mesh = try request.options.mesh(wanted)
        } catch IstioError.unknownVersion(_, nearest: nil, _) {
            throw unknown(name)
        }
        return try request.options.objects(of: mesh).map { object in
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
            bytes = try readFile(path)
        } catch {
            throw ReadFailure(path: path, reason: error.reason)
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
        let session = try ClusterSession(request.options)
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
