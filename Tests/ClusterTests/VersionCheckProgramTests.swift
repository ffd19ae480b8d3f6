import Kubernetes
import TestSupport
import Testing
import Values

/// `sail version --check` as a script sees it.
@Suite struct VersionCheckProgramTests {
    @Test(arguments: ClusterKind.available)
    func theExitCodeSaysWhetherThisSailKnowsWhatRuns(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let empty = try mesh.sail("version --check")
        #expect(empty.code == 0)
        #expect(empty.output.contains("no mesh found on this cluster\nnext: sail install"), "\(empty.output)")

        #expect(try mesh.installOld().code == 0)
        let older = try mesh.sail("version --check")
        #expect(older.code == 0)
        #expect(older.output.contains("older than the default version v1.30.3"), "\(older.output)")
        #expect(older.output.contains("next: sail diff --version v1.30.3"), "\(older.output)")
        let other = try mesh.sail("version --check --namespace elsewhere")
        #expect(other.code == 1)
        #expect(other.messages.contains("istio-system"), "\(other.messages)")

        let image = "registry.example.com/istio/ztunnel:1.45.0"
        _ = try mesh.client.send(
            .jsonPatch(
                "/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel",
                [["op": "replace", "path": "/spec/template/spec/containers/0/image", "value": .string(image)]]))
        // Pods of the old image may go on for a moment.
        var newer = try mesh.sail("version --check")
        for _ in 0..<50 where newer.code == 0 { newer = try mesh.sail("version --check") }
        #expect(newer.code == 1)
        #expect(newer.output.contains("newer than all versions that this sail knows"), "\(newer.output)")
        #expect(newer.output.hasSuffix("next: install a newer sail\n"), "\(newer.output)")
        #expect(newer.messages.isEmpty, "\(newer.messages)")
    }
}
