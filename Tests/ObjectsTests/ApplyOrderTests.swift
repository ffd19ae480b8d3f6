import Objects
import Testing

@Suite struct ApplyOrderTests {
    @Test(
        "What an object needs is sent in an earlier step",
        arguments: [
            ("Namespace", "CustomResourceDefinition"), ("CustomResourceDefinition", "ServiceAccount"),
            ("Role", "RoleBinding"), ("ClusterRole", "ClusterRoleBinding"), ("ServiceAccount", "RoleBinding"),
            ("ClusterRoleBinding", "Deployment"), ("RoleBinding", "DaemonSet"), ("ConfigMap", "Deployment"),
            ("ResourceQuota", "Pod"), ("Service", "Deployment"), ("Deployment", "Telemetry"),
            ("Telemetry", "ValidatingWebhookConfiguration"), ("Deployment", "MutatingWebhookConfiguration"),
            ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"),
        ])
    func needed(first: String, second: String) {
        #expect(applyStep(ofKind: first) < applyStep(ofKind: second))
        #expect(applyRank(ofKind: first) < applyRank(ofKind: second))
    }

    @Test func objectsThatNeedNothingOfEachOtherShareAStep() {
        for kinds in [["ServiceAccount", "ConfigMap", "ClusterRole"], ["ClusterRoleBinding", "Role"]] {
            #expect(Set(kinds.map { applyStep(ofKind: $0) }).count == 1)
        }
    }

    @Test func objectsOfOneKindKeepTheirOrder() {
        let names = ["b", "a", "c"]
        let objects = names.map { ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: "n", name: $0) }
        #expect(objects.inApplyOrder { $0 }.map(\.name) == names)
    }
}
