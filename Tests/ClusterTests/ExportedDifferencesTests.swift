import Foundation
import Kubernetes
import TestSupport
import Testing
import Values
import YAML

/// What an export leaves to istiod: jq's own reading of the expressions, on webhooks as the cluster has them.
@Suite struct ExportedDifferencesTests {
    private static let program = LiveCluster.path(of: "jq")
    static let canRun = canTest("exported expressions under jq", program != nil, without: "jq is not on PATH")

    private static let kinds = [
        "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
        "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
    ]

    /// The webhook configurations of the mesh, without what the server keeps for itself.
    private func webhooks(_ mesh: Mesh, _ kind: String) throws -> [(path: String, object: Value)] {
        let collection =
            "/apis/admissionregistration.k8s.io/v1/\(ExportedDifferencesTests.kinds[kind] ?? "")"
        return try mesh.client.list(collection).items.compactMap { item in
            guard var map = item.map, let name = item["metadata"]?["name"]?.string, name.contains("istio") else {
                return nil
            }
            map["metadata"] = ["name": .string(name), "labels": item["metadata"]?["labels"] ?? .null]
            return ("\(collection)/\(name)", .map(map))
        }
    }

    /// As istiod does once it serves: its bundle in every webhook, and the validating ones closed.
    private func edit(_ mesh: Mesh, _ kind: String) throws {
        for (path, object) in try webhooks(mesh, kind) {
            let edited = (object["webhooks"]?.list ?? []).map { webhook -> Value in
                var map = webhook.map ?? Mapping()
                var client = map["clientConfig"]?.map ?? Mapping()
                client["caBundle"] = .string(Data(bundle.utf8).base64EncodedString())
                map["clientConfig"] = .map(client)
                if kind == "ValidatingWebhookConfiguration" { map["failurePolicy"] = "Fail" }
                return .map(map)
            }
            #expect(!edited.isEmpty)
            _ = try mesh.client.send(.mergePatch(path, ["webhooks": .list(edited)], manager: "pilot-discovery"))
        }
    }

    /// Any certificate will do.
    private let bundle = """
        -----BEGIN CERTIFICATE-----
        MIIBgTCCASegAwIBAgIUFrQ3tnHRjUPq3a0SKXwhLwzDAQQwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wHhcNMjYwMTAxMDAwMDAwWhcNMzYwMTAx
        -----END CERTIFICATE-----

        """

    /// Runs jq on a value; the result in jq's own order of keys.
    private func jq(_ filter: String, _ value: Value) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "webhook-\(UUID().uuidString).json")
        try value.json().write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let program: String = try #require(ExportedDifferencesTests.program)
        let run = try Program(["-S", "-c", filter, file.path], kubeconfig: "", of: program).end()
        #expect(run.code == 0, "\(filter): \(run.end)")
        return run.output
    }

    /// The filters of an export by kind: each takes away what the tool leaves alone.
    private func filters(_ mesh: Mesh) throws -> [String: [String]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func document(_ path: String) throws -> Value {
            try Value(yaml: Array(Data(contentsOf: folder.appending(path: path))))
        }
        func differences(_ value: Value?) -> [(kind: String, filter: String)] {
            (value?["ignoreDifferences"]?.list ?? []).map { entry in
                let paths = (entry["jqPathExpressions"]?.list ?? []).compactMap(\.string)
                return (entry["kind"]?.string ?? "", "del(\(paths.joined(separator: ", ")))")
            }
        }
        var found: [(kind: String, filter: String)] = []
        #expect(try mesh.sail("export argocd -O \(folder.path)/one").code == 0)
        for name in ["istio-base", "istiod"] {
            found += differences(try document("one/applications/\(name).yaml")["spec"])
        }
        #expect(try mesh.sail("export argocd -O \(folder.path)/set --clusters a=test,b=prod").code == 0)
        found += differences(try document("set/applicationset.yaml")[path: "spec", "template", "spec"])
        #expect(try mesh.sail("export flux -O \(folder.path)/flux").code == 0)
        for chart in ["base", "istiod"] {
            let ignored =
                try document("flux/\(chart)/release.yaml")[path: "spec", "driftDetection", "ignore"]?.list ?? []
            for entry in ignored {
                let pointers = (entry["paths"]?.list ?? []).compactMap(\.string).map { pointer in
                    "." + pointer.split(separator: "/").joined(separator: ".")
                }
                found.append((entry[path: "target", "kind"]?.string ?? "", "del(\(pointers.joined(separator: ", ")))"))
            }
        }
        return Dictionary(grouping: found, by: \.kind).mapValues { $0.map(\.filter) }
    }

    @Test(.enabled(if: canRun), arguments: ClusterKind.available)
    func whatIstiodWritesIsLeftToIt(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let filters = try filters(mesh)
        for name in ExportedDifferencesTests.kinds.keys.sorted() {
            let before = try webhooks(mesh, name)
            try edit(mesh, name)
            let after = try webhooks(mesh, name)
            #expect(!before.isEmpty && before.map(\.path) == after.map(\.path))
            // Two Applications, the template of the set, and two releases of Flux.
            #expect(filters[name]?.count == 5, "\(name)")
            for (old, new) in zip(before, after) {
                #expect(try jq(".", old.object) != jq(".", new.object), "the edit is one")
                for filter in filters[name] ?? [] {
                    #expect(try jq(filter, old.object) == jq(filter, new.object), "\(old.path): \(filter)")
                }
            }
        }
    }
}
