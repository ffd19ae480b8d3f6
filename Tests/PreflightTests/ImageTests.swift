import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

private func findings(_ image: Value, label: Value = "1.30.3") -> [Finding] {
    let ztunnel = Desired(
        component: .ztunnel,
        identity: ObjectReference(apiVersion: "apps/v1", kind: "DaemonSet", namespace: "mesh", name: "ztunnel"),
        object: [
            "spec": [
                "template": [
                    "metadata": ["labels": ["app.kubernetes.io/version": label]],
                    "spec": ["containers": [["name": "istio-proxy", "image": image]]],
                ]
            ]
        ])
    return preflight(DesiredMesh(desired: [ztunnel]), ClusterFacts(), for: .upgrade)
}

@Suite struct ImageTests {
    @Test(arguments: ["example.com/ztunnel:team-7", "example.com/ztunnel:latest", "example.com/ztunnel"] as [Value])
    func anImageWithoutAVersionIsAskedAbout(image: Value) {
        #expect(findings(image).map(\.asks) == [true])
        #expect(findings(image).first?.message.hasSuffix("version 1.30.3 of its chart is assumed") == true)
    }

    @Test(
        arguments: ["example.com/ztunnel:-distroless", "Example.com/Z:1", "", "example.com/ztunnel:1.30.3 "] as [Value])
    func whatIsNoReferenceBlocks(image: Value) {
        #expect(findings(image).map(\.severity) == [.blocking])
    }

    @Test func anImageWithAVersionIsNoFinding() {
        #expect(findings("localhost:5000/ztunnel:1.30.3-debug").isEmpty)
    }
}
