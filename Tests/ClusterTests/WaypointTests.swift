import Foundation
import Kubernetes
import TestSupport
import Testing
import Values
import YAML

/// `sail waypoint` from the first label to the last, on the sandbox and on a real control plane.
@Suite(.serialized) struct WaypointTests {
    private static let name = "l7"
    private static let namespace = "/api/v1/namespaces/\(name)"
    private static let gateway = "/apis/gateway.networking.k8s.io/v1/namespaces/\(name)/gateways/waypoint"

    /// A mesh, and an application in a namespace that is enrolled.
    private func application(_ kind: ClusterKind) throws -> Mesh {
        let mesh = try Mesh(kind)
        try mesh.cluster.installGatewayAPI()
        #expect(try mesh.sail("install --yes").code == 0)
        let labels: Value = ["istio.io/dataplane-mode": "ambient"]
        _ = try mesh.client.send(
            .create("/api/v1/namespaces", ["metadata": ["name": .string(Self.name), "labels": labels]]))
        for service in ["cart", "web"] {
            _ = try mesh.client.send(
                .create(
                    Self.namespace + "/services",
                    ["metadata": ["name": .string(service)], "spec": ["ports": [["port": 80]]]]))
        }
        return mesh
    }

    private func remove(_ mesh: Mesh) throws {
        mesh.cluster.withholdProxies(nil)
        _ = try? mesh.client.send(.delete(Self.namespace, uid: nil))
        for _ in 0..<200 where (try? mesh.object(Self.namespace)) != nil { usleep(100_000) }
        try mesh.cluster.removeGatewayAPI()
    }

    private func label(_ mesh: Mesh) throws -> Value? {
        try mesh.object(Self.namespace)["metadata"]?["labels"]?["istio.io/use-waypoint"]
    }

    @Test(arguments: ClusterKind.available)
    func aWaypointComesIsUsedAndGoes(kind: ClusterKind) throws {
        let mesh = try application(kind)
        let dry = try mesh.sail("waypoint apply -n l7 --enroll-namespace --dry-run")
        #expect(dry.code == 0 && dry.output.contains("Gateway l7/waypoint"), "\(dry.end)")
        #expect((try? mesh.object(Self.gateway)) == nil)
        let run = try mesh.sail("waypoint apply -n l7 --enroll-namespace --replicas 2 --yes -o json")
        #expect(run.code == 0, "\(run.end)")
        #expect(try Value(json: run.output, numbers: .native)["result"] == "done")
        #expect(try label(mesh) == "waypoint")
        let deployment = try mesh.object("/apis/apps/v1/namespaces/l7/deployments/waypoint")
        #expect(deployment["status"]?["readyReplicas"] == 2)
        let trace = try mesh.sail("waypoint trace l7 -o json")
        #expect(trace.code == 0, "\(trace.end)")
        let through = (try Value(json: trace.output, numbers: .native).list ?? []).filter {
            $0["verdict"] == "through l7/waypoint"
        }
        #expect(through.compactMap { $0["name"]?.string }.sorted() == ["cart", "web"])
        let list = try Value(json: try mesh.sail("waypoint list -A -o json").output, numbers: .native)
        #expect(list.list?.first?["usedBy"] == ["Service": 2])
        #expect(try mesh.sail("waypoint status -n l7").code == 0)
        let again = try mesh.sail("waypoint apply -n l7 --enroll-namespace --yes")
        #expect(again.code == 0 && again.messages.contains("no changes"), "\(again.end)")
        let scaled = try mesh.sail("waypoint apply -n l7 --replicas 3 --yes")
        #expect(scaled.code == 0, "\(scaled.end)")
        let pods = try mesh.object("/apis/apps/v1/namespaces/l7/deployments/waypoint")["status"]?["readyReplicas"]
        #expect(pods == 3 || scaled.messages.contains("istiod has not changed Deployment l7/waypoint"), "\(scaled.end)")
        let gone = try mesh.sail("waypoint delete waypoint -n l7 --yes")
        #expect(gone.code == 0, "\(gone.end)")
        #expect(try label(mesh) == nil)
        #expect((try? mesh.object(Self.gateway)) == nil)
        try remove(mesh)
    }

    @Test(arguments: ClusterKind.available)
    func noLabelIsSetBeforeTheWaypointIsReady(kind: ClusterKind) throws {
        let mesh = try application(kind)
        mesh.cluster.withholdProxies("waypoint")
        let late = try mesh.sail("waypoint apply -n l7 --enroll-namespace --timeout 2s --yes")
        #expect(late.code == 1 && late.messages.contains("not ready when --timeout expired"), "\(late.end)")
        #expect(late.messages.contains("left as before: Namespace l7"), "\(late.end)")
        #expect(try label(mesh) == nil)
        let status = try mesh.sail("waypoint status -n l7 --wait --timeout 1s")
        #expect(status.code == 1, "\(status.end)")
        #expect(status.output.contains("l7"))
        let waiting = try mesh.start("waypoint apply -n l7 --enroll-namespace --yes")
        for _ in 0..<400 where !waiting.messages.contains("waiting for Gateway l7/waypoint") { usleep(50_000) }
        waiting.signal(SIGINT)
        let interrupted = waiting.end()
        #expect(interrupted.code == 130, "\(interrupted.end)")
        #expect(try label(mesh) == nil)
        // The same command goes on from there.
        mesh.cluster.withholdProxies(nil)
        let done = try mesh.sail("waypoint apply -n l7 --enroll-namespace --yes")
        #expect(done.code == 0, "\(done.end)")
        #expect(try label(mesh) == "waypoint")
        #expect(try mesh.sail("waypoint delete --all -n l7 --yes").code == 0)
        try remove(mesh)
    }

    /// The role of docs/guides/permissions.md, bound in the namespace alone.
    @Test(arguments: ClusterKind.available)
    func theOwnerOfANamespaceNeedsNoPermissionInTheCluster(kind: ClusterKind) throws {
        let mesh = try application(kind)
        let roles = "/apis/rbac.authorization.k8s.io/v1"
        let file = Repository.root.appendingPathComponent("docs/guides/permissions/waypoints.yaml")
        let role = try Value(yaml: Array(try Data(contentsOf: file)), numbers: .native)
        _ = try mesh.client.send(.create(roles + "/clusterroles", role))
        defer { _ = try? mesh.client.send(.delete(roles + "/clusterroles/sail-waypoints", uid: nil)) }
        let binding: Value = [
            "metadata": ["name": "owner"],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "sail-waypoints"],
            "subjects": [["kind": "User", "name": "jane", "apiGroup": "rbac.authorization.k8s.io"]],
        ]
        _ = try mesh.client.send(.create(roles + "/namespaces/l7/rolebindings", binding))
        for line in [
            "waypoint apply -n l7 --enroll-namespace --hpa 1:2 --pdb 1 --yes", "waypoint list -n l7",
            "waypoint status -n l7", "waypoint trace l7",
            "waypoint apply -n l7 --hpa none --pdb none --timeout 60s --yes",
            "unenroll l7 --yes", "enroll l7 --yes", "waypoint delete waypoint -n l7 --yes",
        ] {
            let run = try mesh.sail(line + " --as jane")
            #expect(run.code == 0, "\(line): \(run.end)")
        }
        #expect(try label(mesh) == nil)
        let other = try mesh.sail("waypoint apply -n default --as jane --yes")
        #expect(other.code == 1 && other.messages.contains("in namespace default"), "\(other.end)")
        #expect(other.messages.contains("ClusterRole sail-waypoints"), "\(other.end)")
        try remove(mesh)
    }
}
