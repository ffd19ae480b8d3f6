import ClusterState
import Kubernetes
import Preflight
import Sandbox
import TestSupport
import Testing

@Suite struct MissingPermissionTests {
    private let wanted = [Permission("list", "", "secrets"), Permission("patch", "apps", "daemonsets")]

    @Test func aUserWhoMayDoEverythingIsAskedAboutOnce() throws {
        let server = try TestCluster(.sandbox)
        let client = try server.client()
        let cluster = try Cluster(client)
        let before = client.requests
        #expect(try cluster.missing(wanted) == [])
        #expect(client.requests == before + 1)
    }

    @Test func whatAReaderLacksIsNamed() throws {
        let server = try TestCluster(.sandbox)
        let cluster = try Cluster(try server.client(token: Sandbox.viewerToken))
        #expect(try cluster.missing(wanted).contains(Permission("patch", "apps", "daemonsets")))
    }
}
