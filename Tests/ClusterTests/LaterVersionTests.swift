import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// Versions that came after the binary, the same on the sandbox and on a real control plane.
@Suite struct LaterVersionTests {
    private func images(_ mesh: Mesh) throws -> Set<String> {
        let paths = ["deployments/istiod", "daemonsets/istio-cni-node", "daemonsets/ztunnel"]
        return Set(
            try paths.flatMap { path in
                let object = try mesh.object("/apis/apps/v1/namespaces/istio-system/\(path)")
                return (object[path: "spec", "template", "spec", "containers"]?.list ?? []).compactMap {
                    $0["image"]?.string?.split(separator: ":").last.map(String.init)
                }
            })
    }

    /// One step up, and what a user does after it.
    private func step(_ mesh: Mesh, to version: String, from old: String, _ flags: String = "") throws {
        let number = version.dropFirst()
        let run = try mesh.sail("upgrade --version \(version) --yes \(flags)")
        #expect(run.code == 0, "\(version): \(run.end)")
        #expect(try images(mesh) == ["\(number)-distroless"])
        #expect(try mesh.sail("diff").code == 0, "\(version)")
        #expect(try mesh.sail("diff --version \(version) \(flags)").code == 0, "\(version)")
        let status = try mesh.sail("status")
        #expect(status.output.hasPrefix("state:     Healthy\n"), "\(status.output)")
        #expect(status.output.contains(number), "\(status.output)")
        #expect(try mesh.sail("history istiod").output.contains(number))
        let listed = try mesh.sail("images --version \(version) \(flags)").output
        #expect(listed.contains("pilot:\(number)-distroless"), "\(listed)")
        let back = try mesh.sail("rollback --yes")
        #expect(back.code == 0, "\(version): \(back.end)")
        #expect(try images(mesh) == ["\(old.dropFirst())-distroless"])
        #expect(try mesh.sail("upgrade --version \(version) --yes \(flags)").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func laterPatchesAreInstalledAndUpgraded(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let first = try mesh.sail("install --version v1.30.4 --yes")
        #expect(first.code == 0, "\(first.end)")
        let notice = "v1.30.4 came after this sail"
        #expect(first.messages.components(separatedBy: notice).count == 2, "\(first.messages)")
        try step(mesh, to: "v1.30.9", from: "v1.30.4")
        try step(mesh, to: "v1.31.0", from: "v1.30.9")
        try step(mesh, to: "v1.31.4", from: "v1.31.0")
        let far = try mesh.sail("upgrade --version v1.29.6 --yes --allow-end-of-life")
        #expect(far.code == 1, "\(far.end)")
    }

    @Test(arguments: ClusterKind.available)
    func anUnknownMinorComesFromARepository(kind: ClusterKind) throws {
        let server = try ChartServer(["1.32.0", "1.32.1"])
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --version v1.31.0 --yes").code == 0)
        let without = try mesh.sail("upgrade --version v1.32.0 --yes")
        #expect(without.code == 1)
        let remedy = "choose v1.31.0, the nearest, or give its charts with --charts SOURCE"
        #expect(without.messages.contains(remedy), "\(without.end)")
        let flags = "--charts \(server.repository)"
        let run = try mesh.sail("upgrade --version v1.32.0 --yes \(flags)")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.components(separatedBy: "not known to this sail").count == 2, "\(run.messages)")
        #expect(try images(mesh) == ["1.32.0-distroless"])
        // The address and the digests are stored, so the same charts are taken again.
        let again = try mesh.sail("diff")
        #expect(again.code == 0, "\(again.end)")
        let newer = try mesh.sail("upgrade --version v1.32.1 --yes")
        #expect(newer.code == 1)
        #expect(newer.messages.contains("give --charts \(server.repository) to take them from there"), "\(newer.end)")
        try step(mesh, to: "v1.32.1", from: "v1.32.0", flags)
        #expect(try mesh.sail("rollback --yes").code == 0)
        #expect(try mesh.sail("status").output.hasPrefix("state:     Healthy\n"))
    }

    @Test(arguments: ClusterKind.available)
    func theNewestOfAMinorIsAskedOfTheRegistry(kind: ClusterKind) throws {
        let server = try ChartServer(["1.32.0", "1.32.1", "1.33.0-rc.1"])
        let mesh = try Mesh(kind)
        let run = try mesh.sail("install --version v1.32-latest --charts \(server.registry) --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try images(mesh) == ["1.32.1-distroless"])
        let output = try mesh.sail("versions --remote --charts \(server.registry)").output
        let rows = output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(rows.prefix(3) == ["MINOR BUILT IN OFFERED RUNS", "1.33 - v1.33.0-rc.1 -", "1.32 - v1.32.1 v1.32.1"])
    }

    @Test(arguments: ClusterKind.available)
    func theCatalogueIsStoredByItsDigest(kind: ClusterKind) throws {
        let server = try ChartServer([], files: ["/c.yaml": "hub: mirror.example.com/istio\n"])
        let address = server.repository.replacing("/charts", with: "/c.yaml")
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes --catalogue \(address)").code == 0)
        let istiod = try mesh.object("/apis/apps/v1/namespaces/istio-system/deployments/istiod")
        let image = istiod[path: "spec", "template", "spec", "containers"]?.list?.first?["image"]?.string
        #expect(image == "mirror.example.com/istio/pilot:1.30.3-distroless")
        let again = try mesh.sail("diff")
        #expect(again.code == 0, "\(again.output) \(again.end)")
        server.change("/c.yaml", to: "hub: other.example.com/istio\n")
        let changed = try mesh.sail("diff")
        #expect(changed.code != 0)
        #expect(changed.messages.contains("the catalogue has changed since the last run"), "\(changed.end)")
        #expect(changed.messages.contains("give --catalogue \(address) to take it as it is now"), "\(changed.end)")
        let taken = try mesh.sail("upgrade --yes --catalogue \(address)")
        #expect(taken.code == 0, "\(taken.end)")
        #expect(try mesh.sail("images").output.contains("registry.istio.io"))
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func whatLiesOnThisMachineIsNotTakenAgain(kind: ClusterKind) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["base", "istiod", "cni", "ztunnel"] {
            try Data(ChartServer.archive(name, "1.30.3")).write(to: folder.appending(path: "\(name)-1.30.3.tgz"))
        }
        let catalogue = folder.appending(path: "c.yaml")
        try Data("aliases: {production: v1.30.3}\n".utf8).write(to: catalogue)
        let mesh = try Mesh(kind)
        let flags = "--charts \(folder.path) --catalogue \(catalogue.path)"
        let run = try mesh.sail("install --yes --version production \(flags)")
        #expect(run.code == 0, "\(run.end)")
        let diff = try mesh.sail("diff")
        #expect(diff.code == 0, "\(diff.output) \(diff.end)")
        #expect(diff.messages.contains("; give --charts \(folder.path) to take them from there"), "\(diff.messages)")
        #expect(diff.messages.contains("; give --catalogue \(catalogue.path) to use it"), "\(diff.messages)")
    }

    @Test(arguments: ClusterKind.available)
    func aNewerDefinitionIsLeftAlone(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --version v1.31.0 --yes").code == 0)
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/envoyfilters.networking.istio.io"
        let newer = try mesh.object(path)["spec"]
        let down = try mesh.sail("upgrade --version v1.30.3 --yes")
        #expect(down.code == 0, "\(down.end)")
        let named =
            "envoyfilters.networking.istio.io (it has spec.configPatches[].patch.operation: MERGE_AND_REPLACE_LIST)"
        #expect(down.messages.contains(named), "\(down.messages)")
        #expect(try mesh.object(path)["spec"] == newer)
        #expect(try mesh.sail("diff").code == 0)
    }
}
