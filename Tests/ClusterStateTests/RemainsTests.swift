import ClusterState
import Testing

@Suite struct RemainsTests {
    @Test func aNamespaceWithACAKeyIsNotAdvisedToBeDeleted() {
        for keys in [["istio-ca-secret"], ["cacerts"], ["cacerts", "istio-ca-secret"]] {
            let lines = Remains(namespace: "m", keys: keys).lines
            #expect(lines.contains { $0.contains(keys[0]) })
            #expect(!lines.contains { $0.contains("delete namespace") })
        }
    }

    @Test func whatIstiodMadeIsNamed() {
        let lines = Remains(namespace: "m", certificates: 3, objects: ["Lease istio-leader"]).lines
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("ConfigMap istio-ca-root-cert stays in 3 namespaces"))
        #expect(lines[1] == "istiod's Lease istio-leader stay in namespace m")
        #expect(lines[2] == "namespace m stays (kubectl delete namespace m)")
    }

    @Test func aNamespaceOfEveryClusterIsLeftAlone() {
        #expect(Remains(namespace: "kube-system").lines == [])
    }
}
