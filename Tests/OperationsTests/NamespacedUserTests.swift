import Foundation
import Kubernetes
import Objects
import Planning
import Sandbox
import TestSupport
import Testing
import Values
import Waypoints
import YAML

@testable import Operations

/// What the owner of one namespace can do there: with the role of docs/guides/permissions.md bound in it, and nothing in the
/// cluster.
@Suite struct NamespacedUserTests {
    private let waypoints: WaypointBench
    private var bench: Bench { waypoints.bench }

    init() throws {
        waypoints = try WaypointBench()
        let roles = "/apis/rbac.authorization.k8s.io/v1"
        let file = Repository.root.appendingPathComponent("docs/guides/permissions/waypoints.yaml")
        let text = Array(try Data(contentsOf: file))
        try waypoints.create(roles + "/clusterroles", try Value(yaml: text, numbers: .native))
        try waypoints.create(
            roles + "/namespaces/shop/rolebindings",
            [
                "metadata": ["name": "owner"],
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "sail-waypoints",
                ],
                "subjects": [["kind": "User", "name": "viewer", "apiGroup": "rbac.authorization.k8s.io"]],
            ])
    }

    private func asOwner(_ options: inout OperationOptions) { options.cluster.connection.token = Sandbox.viewerToken }

    private func session() throws -> ClusterSession { try ClusterSession(bench.options(asOwner)) }

    @Test func aWaypointIsMadeAndItsNamespaceLabelled() throws {
        #expect(
            try waypoints.apply(with: asOwner) { ($0.enrolments, $0.options) = ([.namespace], [.replicas(1)]) } == 0,
            "\(waypoints.ui.text)")
        #expect(try waypoints.label() == "waypoint")
        #expect(try waypoints.apply(with: asOwner) { $0.enrolments = [.service("cart")] } == 0, "\(waypoints.ui.text)")
        var selection = WaypointSelection()
        (selection.names, selection.namespace) = (["waypoint"], "shop")
        #expect(try WaypointDelete.run(selection, bench.options(asOwner)) == 0, "\(waypoints.ui.text)")
        #expect(waypoints.ui.text.contains("labels in other namespaces are not looked for"))
        #expect(try waypoints.label() == nil)
        #expect(!waypoints.exists)
    }

    @Test func theWaypointsOfTheNamespaceAreShown() throws {
        try waypoints.apply { $0.enrolments = [.namespace] }
        let own = try session()
        #expect(try own.waypointStates(in: "shop").map(\.isReady) == [true])
        let rows = try own.waypointSummaries(in: "shop")
        #expect(rows.map(\.users) == [["Service": 2]])
        #expect(waypoints.ui.text.contains("only what is in namespace shop is counted"), "\(waypoints.ui.text)")
        let verdicts = try own.waypointTraces(in: "shop").filter { $0.target.kind == "Service" }.map(\.verdict)
        #expect(verdicts == ["through shop/waypoint", "through shop/waypoint"])
        #expect(throws: APIError.self) { try own.waypointStates(in: "blog") }
    }

    @Test func aWaypointOfAnotherNamespaceIsNotGuessed() throws {
        try waypoints.apply { $0.otherNamespaces = ["blog"] }
        let labels: Value = [
            "metadata": [
                "labels": ["istio.io/use-waypoint": "waypoint", "istio.io/use-waypoint-namespace": "blog"]
            ]
        ]
        _ = try waypoints.client.send(.mergePatch("/api/v1/namespaces/shop/services/cart", labels))
        let traces = try session().waypointTraces(in: "shop").filter { $0.target.kind == "Service" }
        #expect(
            traces.map(\.verdict).sorted() == [
                "direct: no istio.io/use-waypoint label", "not known: you may not read Gateway blog/waypoint",
            ])
        #expect(traces.map(\.isBypassed) == [false, false])
    }

    @Test func theNamespaceIsEnrolledWithoutALookAtTheMesh() throws {
        #expect(try bench.run(.install) == 0, "\(waypoints.ui.text)")
        _ = try waypoints.client.send(
            .mergePatch(WaypointBench.namespace, ["metadata": ["labels": ["istio.io/dataplane-mode": .null]]]))
        var request = EnrolmentRequest()
        request.namespaces = ["shop"]
        let own = try session()
        let plan = try own.enrolmentPlan(request)
        #expect(plan.notes.contains { $0.hasPrefix("you may not read the mesh") }, "\(plan.notes)")
        try own.rehearse(plan)
        #expect(own.carryOut(plan) { _, _ in }.ending == .done)
        #expect(try waypoints.label("istio.io/dataplane-mode") == "ambient")
        request.namespaces = ["blog"]
        #expect(throws: APIError.self) { try own.enrolmentPlan(request) }
    }

    /// Nothing of it is written where the label itself may not be.
    @Test func whatIsMissingIsNamedWithTheRole() throws {
        let role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/sail-waypoints"
        var rules = try #require(try waypoints.client.send(.get(role))["rules"]?.list)
        rules.removeAll { $0["resources"]?.list?.contains("namespaces") == true }
        rules.append(["apiGroups": [""], "resources": ["namespaces", "services", "pods"], "verbs": ["get", "list"]])
        _ = try waypoints.client.send(.mergePatch(role, ["rules": .list(rules)]))
        let said = waypoints.failure(with: asOwner) { $0.enrolments = [.namespace] }
        #expect(said.contains("user \"viewer\" may not patch namespaces in namespace shop"), "\(said)")
        #expect(said.contains("ClusterRole sail-waypoints of docs/guides/permissions.md"), "\(said)")
        #expect(!waypoints.exists)
    }
}
