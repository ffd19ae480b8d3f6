import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// The Sail Operator's resources as files: each component with a version and a namespace of its own.
@Suite final class ResourceFileTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/resources-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func resource(_ kind: String, _ spec: String) -> String {
        "---\napiVersion: sailoperator.io/v1\nkind: \(kind)\nmetadata: {name: default}\nspec: {\(spec)}\n"
    }

    private func version(_ mesh: Mesh, _ path: String) throws -> String? {
        let pod = try mesh.object(path)[path: "spec", "template", "spec", "containers"]?.list?.first
        return pod?["image"]?.string?.split(separator: ":").last.map { String($0.prefix { $0 != "-" }) }
    }

    private static let cni = "/apis/apps/v1/namespaces/istio-cni/daemonsets/istio-cni-node"
    private static let ztunnel = "/apis/apps/v1/namespaces/ztunnel/daemonsets/ztunnel"

    @Test(arguments: ClusterKind.available)
    func eachResourcesVersionAndNamespaceAreRememberedAsItsOwn(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        defer {
            _ = try? mesh.sail("uninstall --yes")
            for name in ["istio-cni", "ztunnel"] {
                _ = try? mesh.client.send(.delete("/api/v1/namespaces/\(name)", uid: nil))
            }
        }
        let all = try file(
            "all.yaml",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {istio-discovery: enabled}}\n"
                + resource("Istio", "version: v1.30.3, profile: ambient, values: {global: {logAsJson: true}}")
                + resource("IstioCNI", "version: v1.29.6, profile: ambient")
                + resource("ZTunnel", "version: v1.29.6, values: {ztunnel: {logLevel: debug}}"))
        let run = try mesh.sail("install --yes -f \(all)")
        #expect(run.code == 0, "\(run.end)")
        #expect(try version(mesh, Mesh.istiod) == "1.30.3")
        #expect(try version(mesh, ResourceFileTests.cni) == "1.29.6")
        #expect(try version(mesh, ResourceFileTests.ztunnel) == "1.29.6")
        let diff = try mesh.sail("diff")
        #expect(diff.code == 0, "\(diff.output)")
        let namespace = try mesh.object("/api/v1/namespaces/istio-system")
        #expect(namespace[path: "metadata", "labels", "istio-discovery"] == "enabled")

        // One resource changes its component and no other.
        let ztunnel = try file("zt.yaml", resource("ZTunnel", "version: v1.30.3, values: {ztunnel: {logLevel: debug}}"))
        let upgrade = try mesh.sail("upgrade --yes -f \(ztunnel)")
        #expect(upgrade.code == 0, "\(upgrade.end)")
        #expect(try version(mesh, ResourceFileTests.cni) == "1.29.6")
        #expect(try version(mesh, ResourceFileTests.ztunnel) == "1.30.3")
        let logs = try mesh.object(ResourceFileTests.ztunnel)[path: "spec", "template", "spec", "containers"]?.list?
            .first
        #expect(logs?["env"]?.list?.contains { $0["name"] == "LOG_FORMAT" } == false)
        let after = try mesh.sail("diff")
        #expect(after.code == 0, "\(after.output)")
    }
}
