import ClusterState
import Testing

@Suite struct PermissionTests {
    @Test("Kinds that lack the same verbs in one place are one finding, verbs in kubectl's order")
    func missingRightsAreGrouped() {
        let missing = [
            Right("create", "apps", "daemonsets", namespace: "mesh"), Right("list", "", "secrets"),
            Right("patch", "apps", "daemonsets", namespace: "mesh"),
            Right("patch", "apps", "deployments", namespace: "mesh"), Right("list", "", "pods"),
            Right("create", "apps", "deployments", namespace: "mesh"), Right("get", "", "services", namespace: "mesh"),
        ]
        #expect(
            missingRights(missing) == [
                "create, patch daemonsets.apps, deployments.apps in namespace mesh",
                "list secrets, pods in the whole cluster",
                "get services in namespace mesh",
            ])
    }
}
