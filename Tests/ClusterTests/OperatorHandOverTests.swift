import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// A mesh goes from an operator to sail and back, upgraded on the way, and no pod is replaced by the change of hands.
/// The operator's part is played by the real helm on a real control plane.
@Suite(.enabled(if: RealHelm.isAvailable)) struct OperatorHandOverTests {
    private static let kinds = ["ZTunnel", "IstioCNI", "Istio"]
    private static let workloads = [
        "istio-system/deployments/istiod", "istio-cni/daemonsets/istio-cni-node", "ztunnel/daemonsets/ztunnel",
    ]

    private let resources: Resources
    private let standIn: OperatorStandIn
    private var mesh: Mesh { resources.mesh }

    init() throws {
        resources = try Resources(.live)
        standIn = try OperatorStandIn(resources.mesh)
    }

    private func create(version: String) throws {
        let values: Value = ["pilot": ["trustedZtunnelNamespace": "ztunnel"]]
        try resources.create("Istio", ["version": .string(version), "profile": "ambient", "values": values])
        try resources.create("IstioCNI", ["version": .string(version), "profile": "ambient"])
        try resources.create("ZTunnel", ["version": .string(version)])
    }

    private func workload(_ path: String) throws -> Value { try mesh.object("/apis/apps/v1/namespaces/" + path) }

    /// The pods of the mesh once all of the workloads are ready, by name and UID.
    private func podsAtRest() throws -> [String] {
        try resources.wait {
            try Self.workloads.allSatisfy { path in
                let object = try workload(path)
                let (status, isSet) = (object["status"], path.contains("daemonsets"))
                let wanted = isSet ? status?["desiredNumberScheduled"]?.int : object[path: "spec", "replicas"]?.int
                let updated = status?[isSet ? "updatedNumberScheduled" : "updatedReplicas"]?.int
                let ready = status?[isSet ? "numberReady" : "readyReplicas"]?.int
                return (wanted ?? 0) > 0 && updated == wanted && ready == wanted
                    && status?["observedGeneration"] == object[path: "metadata", "generation"]
                    && (isSet || status?["replicas"]?.int == wanted)
            }
        }
        return try mesh.client.list("/api/v1/pods").items.filter {
            $0[path: "metadata", "deletionTimestamp"] == nil
        }.compactMap { pod in
            ["namespace", "name", "uid"].compactMap { pod["metadata"]?[$0]?.string }.joined(separator: " ")
        }.sorted()
    }

    /// Owners and label as the operator sets them, and none else.
    private func expectOperatorsMarks(_ comment: String) throws {
        let owners = ["IstioRevision", "IstioCNI", "ZTunnel"]
        for (path, kind) in zip(Self.workloads, owners) {
            let metadata = try workload(path)["metadata"]
            #expect(metadata?["labels"]?["managed-by"] == "sail-operator", "\(comment): \(path)")
            let references = metadata?["ownerReferences"]?.list ?? []
            #expect(references.compactMap { $0["kind"]?.string } == [kind], "\(comment): \(path)")
            #expect(references.first?["controller"] == true, "\(comment): \(path)")
        }
    }

    private func images() throws -> [String] {
        try Self.workloads.map {
            try workload($0)[path: "spec", "template", "spec", "containers"]?.list?.first?["image"]?.string ?? ""
        }
    }

    private func releases() throws -> Set<String> {
        Set(
            try mesh.client.list("/api/v1/secrets", Selection(labels: "owner=helm")).items.compactMap { secret in
                let metadata = secret["metadata"]
                return "\(metadata?["namespace"]?.string ?? "")/\(metadata?["labels"]?["name"]?.string ?? "")"
            })
    }

    private static let operatorsReleases: Set = [
        "sail-operator/default-base", "istio-system/default-istiod", "istio-cni/istio-cni", "ztunnel/ztunnel",
    ]

    /// Has the controller run until all resources are healthy and it has nothing to do.
    private func control(_ body: () throws -> Void = {}) throws {
        let program = try mesh.start("reconcile --watch")
        try body()
        func isHealthy() throws -> Bool {
            try Self.kinds.allSatisfy { kind in
                let resource = try mesh.object(resources.path(kind))
                return resource[path: "status", "state"] == "Healthy"
                    && resource[path: "status", "observedGeneration"] == resource[path: "metadata", "generation"]
                    && program.messages.contains("\(kind) default: reconciled")
            }
        }
        for _ in 0..<900 where !(try isHealthy()) { usleep(100_000) }
        #expect(try isHealthy(), "\(program.messages)")
        usleep(2_000_000)
        program.signal(SIGTERM)
        let run = program.end()
        #expect(run.code == 0, "\(run.messages)")
        #expect(!run.messages.contains("error: "), "\(run.messages)")
    }

    private func patchVersions(_ version: String) {
        for kind in Self.kinds { #expect(resources.patch(kind, ["spec": ["version": .string(version)]]) == nil) }
    }

    // Behaviours 14, 17, 24 and 82.
    @Test func theControllerTakesOverUpgradesAndHandsBack() throws {
        try create(version: "v1.30.2")
        try standIn.reconcile("1.30.2")
        let before = try podsAtRest()
        let revision = try mesh.object(OperatorStandIn.revision)
        try control()
        #expect(try podsAtRest() == before)
        try expectOperatorsMarks("taken over")
        #expect(try mesh.object(OperatorStandIn.revision)["spec"] == revision["spec"])
        #expect(try mesh.object(OperatorStandIn.revision)[path: "status", "state"] == "Healthy")
        #expect(try releases() == Self.operatorsReleases)

        try control { patchVersions("v1.30.3") }
        let upgraded = try podsAtRest()
        #expect(Set(upgraded).isDisjoint(with: before))
        #expect(
            try images() == ["pilot", "install-cni", "ztunnel"].map { "\(OperatorStandIn.registry)/\($0):1.30.3" })
        #expect(try mesh.object(OperatorStandIn.revision)[path: "spec", "version"] == "v1.30.3")

        try standIn.reconcile("1.30.3")
        #expect(try podsAtRest() == upgraded)
        try expectOperatorsMarks("handed back")
        #expect(try releases() == Self.operatorsReleases)
        // And once more into sail's hands.
        try control()
        #expect(try podsAtRest() == upgraded)
    }

    @Test func oneShotAndAdoptionTakeOverToo() throws {
        try create(version: "v1.30.2")
        try standIn.reconcile("1.30.2")
        let before = try podsAtRest()
        let adopted = try mesh.sail("adopt --as-controller --yes")
        #expect(adopted.code == 0, "\(adopted.end)")
        #expect(try podsAtRest() == before)
        let shot = try mesh.sail("reconcile --yes")
        #expect(shot.code == 0, "\(shot.end)")
        #expect(try podsAtRest() == before)
        try expectOperatorsMarks("adopted")
        #expect(try releases() == Self.operatorsReleases)
        patchVersions("v1.30.3")
        let upgrade = try mesh.sail("reconcile --yes")
        #expect(upgrade.code == 0, "\(upgrade.end)")
        let upgraded = try podsAtRest()
        #expect(Set(upgraded).isDisjoint(with: before))
        #expect(try mesh.object(OperatorStandIn.revision)[path: "spec", "version"] == "v1.30.3")
        try standIn.reconcile("1.30.3")
        #expect(try podsAtRest() == upgraded)
        try expectOperatorsMarks("handed back")
        #expect(try releases() == Self.operatorsReleases)
    }

    @Test func anOperatorTakesOverWhatSailHasMadeAndHandsItBack() throws {
        try create(version: "v1.30.2")
        try control()
        try expectOperatorsMarks("made by sail")
        #expect(try releases() == Self.operatorsReleases)
        let before = try podsAtRest()
        try standIn.reconcile("1.30.2")
        #expect(try podsAtRest() == before)
        try expectOperatorsMarks("taken over by the operator")
        #expect(try releases() == Self.operatorsReleases)
        patchVersions("v1.30.3")
        try standIn.reconcile("1.30.3")
        let upgraded = try podsAtRest()
        #expect(Set(upgraded).isDisjoint(with: before))
        try control()
        #expect(try podsAtRest() == upgraded)
        try expectOperatorsMarks("taken back")
    }
}
