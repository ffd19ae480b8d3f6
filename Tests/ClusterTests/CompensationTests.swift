import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// Runs with --rollback-on-failure whose rollback fails too.
@Suite struct CompensationTests {
    /// An upgrade that waits for a ztunnel that no image gives, the earlier one neither.
    private func stalledUpgrade(_ mesh: Mesh) throws -> Program {
        #expect(try mesh.installOld().code == 0)
        mesh.cluster.breakImages("ztunnel")
        let program = try mesh.upgrade(starting: "--timeout 6s --rollback-on-failure")
        for _ in 0..<1200 where !program.messages.contains("DaemonSet istio-system/ztunnel: ") { usleep(50_000) }
        for pod in try mesh.pods() where pod.hasPrefix("ztunnel") {
            _ = try? mesh.client.send(.delete("/api/v1/namespaces/istio-system/pods/" + pod))
        }
        return program
    }

    @Test(arguments: ClusterKind.available)
    func aRollbackThatFailsIsNotRolledBackAgain(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let run = try stalledUpgrade(mesh).end()
        #expect(run.code == 1)
        #expect(run.messages.components(separatedBy: "rolling back to what stood before").count == 2, "\(run.end)")
        #expect(run.messages.components(separatedBy: "error: DaemonSet istio-system/ztunnel:").count == 3, "\(run.end)")
        #expect(run.messages.contains("the rollback failed too, at ztunnel"), "\(run.end)")
        #expect(run.messages.contains("sail rollback"), "\(run.end)")
        let revisions = try mesh.revisions().filter { $0.hasPrefix("ztunnel") }
        #expect(revisions == ["ztunnel 1 deployed", "ztunnel 2 failed", "ztunnel 3 failed"])
        // The way that the message names.
        mesh.cluster.breakImages(nil)
        let again = try mesh.sail("rollback --yes")
        #expect(again.code == 0, "\(again.end)")
        #expect(try mesh.ztunnels().values.allSatisfy { $0.allSatisfy { $0.contains(":1.29.6") } })
    }

    @Test(arguments: ClusterKind.available)
    func aSignalEndsTheRollbackAsItEndsARun(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let program = try stalledUpgrade(mesh)
        for _ in 0..<1200 where !program.messages.contains("rolling back to what stood before") { usleep(50_000) }
        usleep(500_000)
        program.signal(SIGTERM)
        let run = program.end()
        #expect(run.code == 143, "\(run.end)")
        #expect(run.messages.contains("the rollback was interrupted"), "\(run.end)")
        mesh.cluster.breakImages(nil)
        #expect(try mesh.sail("rollback --yes").code == 0)
    }

    @Test func aRollbackThatTheServerRefusesSaysBothReasons() throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.installOld().code == 0)
        mesh.cluster.breakImages("pilot:1.30")
        let program = try mesh.upgrade(starting: "--timeout 4s --rollback-on-failure")
        for _ in 0..<600 where !program.messages.contains("Deployment istio-system/istiod: ") { usleep(20_000) }
        mesh.cluster.sandbox?.change { $0.refusals["Deployment/istiod"] = "frozen" }
        let run = program.end()
        #expect(run.code == 1)
        #expect(run.messages.contains("ErrImagePull"), "\(run.end)")
        #expect(run.messages.contains("frozen"), "\(run.end)")
        #expect(run.messages.contains("the rollback failed too"), "\(run.end)")
    }

    @Test(arguments: ClusterKind.available)
    func anInstallWhoseRemovalFailsSaysBothReasons(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let map = "/api/v1/namespaces/istio-system/configmaps/istio"
        mesh.cluster.breakImages("pilot")
        let program = try mesh.start("install --yes --timeout 6s --rollback-on-failure")
        for _ in 0..<1200 where !program.messages.contains("Deployment istio-system/istiod: ") { usleep(50_000) }
        try mesh.setFinalizers(map, ["example.com/hold"])
        defer { try? mesh.setFinalizers(map, .null) }
        let run = program.end()
        #expect(run.code == 1)
        #expect(run.messages.contains("ErrImagePull"), "\(run.end)")
        #expect(run.messages.contains("held by finalizer example.com/hold"), "\(run.end)")
        #expect(run.messages.contains("the rollback failed too"), "\(run.end)")
        #expect(run.messages.contains("sail uninstall"), "\(run.end)")
        try mesh.setFinalizers(map, .null)
        mesh.cluster.breakImages(nil)
        #expect(try mesh.sail("uninstall --yes").code == 0)
    }
}

extension Mesh {
    func upgrade(starting flags: String) throws -> Program {
        try start("upgrade --version \(Mesh.new) --yes \(flags)")
    }
}
