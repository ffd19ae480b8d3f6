import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// The stand-ins for the CNI agents and istiod's gateway controller beside a mesh that sail installed.
@Suite(.serialized) struct AmbientStandInTests {
    private static let gateway = "/apis/gateway.networking.k8s.io/v1/namespaces/stand-in/gateways/waypoint"

    private func wait(_ isDone: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<200 {
            if try isDone() { return true }
            usleep(100_000)
        }
        return false
    }

    @Test(arguments: ClusterKind.available)
    func enrolledPodsAreCapturedAndWaypointsFollowAnUpgrade(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        try mesh.cluster.installGatewayAPI()
        #expect(try mesh.installOld().code == 0)
        let labels: Value = ["istio.io/dataplane-mode": "ambient"]
        _ = try mesh.client.send(
            .create("/api/v1/namespaces", ["metadata": ["name": "stand-in", "labels": labels]]))
        let deployment: Value = [
            "metadata": ["name": "web"],
            "spec": [
                "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "c", "image": "i:1"]]],
                ],
            ],
        ]
        _ = try mesh.client.send(.create("/apis/apps/v1/namespaces/stand-in/deployments", deployment))
        let pods = "/api/v1/namespaces/stand-in/pods"
        let isCaptured = try wait {
            try mesh.client.list(pods).items.contains {
                $0["metadata"]?["annotations"]?["ambient.istio.io/redirection"] == "enabled"
            }
        }
        #expect(isCaptured)
        let gateway: Value = [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": ["name": "waypoint"],
            "spec": [
                "gatewayClassName": "istio-waypoint",
                "listeners": [["name": "mesh", "port": 15008, "protocol": "HBONE"]],
            ],
        ]
        _ = try mesh.client.send(.apply(AmbientStandInTests.gateway, gateway, manager: "t", force: false))
        let isProgrammed = try wait {
            try mesh.object(AmbientStandInTests.gateway)["status"]?["addresses"]?.list?.isEmpty == false
        }
        #expect(isProgrammed)
        #expect(try mesh.upgrade().code == 0)
        let hasRolled = try wait {
            try mesh.object("/apis/apps/v1/namespaces/stand-in/deployments/waypoint")["spec"]?["template"]?["spec"]?[
                "containers"]?.list?.first?["image"]?.string?.contains("1.30.3") == true
        }
        #expect(hasRolled)
        _ = try mesh.client.send(.delete("/api/v1/namespaces/stand-in", uid: nil))
        #expect(wait { (try? mesh.object("/api/v1/namespaces/stand-in")) == nil })
        try mesh.cluster.removeGatewayAPI()
    }
}
