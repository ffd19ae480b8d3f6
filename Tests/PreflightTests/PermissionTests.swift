import Preflight
import Testing

@Suite struct PermissionTests {
    @Test("Kinds that lack the same verbs in one place are one finding, verbs in kubectl's order")
    func missingPermissionsAreGrouped() {
        let missing = [
            Permission("create", "apps", "daemonsets", namespace: "mesh"), Permission("list", "", "secrets"),
            Permission("patch", "apps", "daemonsets", namespace: "mesh"),
            Permission("patch", "apps", "deployments", namespace: "mesh"), Permission("list", "", "pods"),
            Permission("create", "apps", "deployments", namespace: "mesh"),
            Permission("get", "", "services", namespace: "mesh"),
        ]
        #expect(
            permissionLines(missing) == [
                "create, patch daemonsets.apps, deployments.apps in namespace mesh",
                "list secrets, pods in the whole cluster",
                "get services in namespace mesh",
            ])
    }
}
