import Foundation
import Operations
import TestSupport
import Testing
import Values

/// Images of the Sail Operator's resources are referenced as the operator does. Numbers are those of its behaviours.
@Suite struct OperatorImagesTests {
    private func images(_ mesh: ResourceBench) -> [String] {
        [istiod, agent, ztunnel].map { mesh.container($0)?["image"]?.string ?? "" }
    }

    /// The values that istiod gives to the proxies it injects.
    private func proxy(_ mesh: ResourceBench) -> String {
        mesh.bench.object("/api/v1/namespaces/istio-system/configmaps/values")?["data"]?["merged-values"]?.string ?? ""
    }

    @Test func theyHaveNoVariant() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        let registry = "registry.istio.io/release"
        #expect(images(mesh) == ["pilot", "install-cni", "ztunnel"].map { "\(registry)/\($0):1.30.3" })
        #expect(proxy(mesh).contains("\(registry)/proxyv2:1.30.3\""))
        // And those of another version follow it.
        try mesh.patch("Istio", ["spec": ["version": "v1.30.2"]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.container(istiod)?["image"]?.string == "\(registry)/pilot:1.30.2")
    }

    @Test func aResourcesVariantIsItsOwn() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(ztunnel: ["values": ["global": ["variant": "debug"]]])
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(images(mesh)[2] == "registry.istio.io/release/ztunnel:1.30.3-debug")
        #expect(images(mesh)[0] == "registry.istio.io/release/pilot:1.30.3")
    }

    // Behaviour 60.
    @Test func digestsStandBackBehindTheResourcesImages() throws {
        let mesh = try ResourceBench()
        let path = NSTemporaryDirectory() + "images-\(UUID().uuidString).properties"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let digest = "sha256:" + String(repeating: "0a", count: 32)
        let text = """
            # annotations of the pod
            kubernetes.io/config.seen="2026-11-27"
            images.v1_30_3.istiod=registry.example.com/pilot@\(digest)
            images.v1_30_3.proxy="registry.example.com/proxy@\(digest)"
            images.v1_30_3.cni=registry.example.com/cni@\(digest)
            images.v1_30_3.ztunnel = registry.example.com/ztunnel@\(digest)
            images.v1_30_2.ztunnel=registry.example.com/other@\(digest)
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try mesh.createMesh(cni: ["values": ["global": ["hub": "mine.example.com/x"]]])
        #expect(try mesh.reconcile { $0.imageDigests = path } == 0, "\(mesh.bench.ui.text)")
        #expect(images(mesh)[0] == "registry.example.com/pilot@\(digest)")
        #expect(images(mesh)[1].hasPrefix("mine.example.com/x/install-cni:1.30.3"))
        #expect(images(mesh)[2] == "registry.example.com/ztunnel@\(digest)")
        #expect(proxy(mesh).contains("registry.example.com/proxy@\(digest)"))
    }

    @Test(arguments: [
        ("images.v1_30_3.ztunnel", ":1: has no ="), ("\nimages.v1_30_3.pilot=a/b:1", ":2: is not known"),
        ("images.v1_30_3.ztunnel=", "is no whole reference"),
        ("images.v1_30_3.ztunnel=ztunnel:1", "is no whole reference"),
    ]) func aWrongLineIsNamed(text: String, message: String) throws {
        let mesh = try ResourceBench()
        try mesh.createMesh()
        let path = NSTemporaryDirectory() + "images-\(UUID().uuidString).properties"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let failure = mesh.failure { $0.imageDigests = path }
        #expect(failure.contains(message), "\(failure)")
        #expect(mesh.failure { $0.imageDigests = "/nonexistent" }.contains("/nonexistent"))
    }

    // Behaviours 84 and 52: what the host or the cluster says of cryptography is no part of it; --fips asks for it, and a
    // resource's own value stays.
    @Test func cryptographyIsAskedFor() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(
            istio: ["values": ["meshConfig": ["meshMTLS": ["minProtocolVersion": "TLSV1_3"]]]],
            ztunnel: ["values": ["ztunnel": ["env": ["OTHER": "x"]]]])
        #expect(try mesh.reconcile { $0.isFIPS = true } == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.environment(ztunnel, "TLS12_ENABLED") == "true")
        #expect(mesh.environment(ztunnel, "OTHER") == "x")
        #expect(mesh.environment(istiod, "COMPLIANCE_POLICY") == "fips-140-2")
        let config =
            mesh.bench.object("/api/v1/namespaces/istio-system/configmaps/istio")?["data"]?["mesh"]?.string ?? ""
        #expect(config.contains("minProtocolVersion: TLSV1_3"))
    }
}
