import Kubernetes
import TestSupport
import Testing
import Values

/// Whose the mesh's objects and their fields are.
@Suite struct OwnershipTests {
    private static let daemonSet = "/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel"

    @Test(arguments: ClusterKind.available)
    func theObjectsOfTheChartsAreAppliedAsHelm(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes --set global.network=one").code == 0)
        for (key, object) in try mesh.objects() { #expect(!object.owners.contains("sail"), "\(key)") }
        #expect(try mesh.object("/api/v1/namespaces/istio-system").owners.contains("sail"))
        let lease = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail"
        #expect(try mesh.object(lease).owners == ["sail"])
        let annotations = try mesh.object(OwnershipTests.daemonSet)["metadata"]?["annotations"]
        #expect(annotations?["meta.helm.sh/release-name"] == "ztunnel")
        #expect(annotations?["meta.helm.sh/release-namespace"] == "istio-system")
    }

    /// Earlier versions applied as `sail`; what they set goes with the value that asked for it.
    @Test(arguments: ClusterKind.available)
    func whatAnEarlierVersionAppliedIsMovedByTheFirstRun(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes --set ztunnel.env.EXTRA=1 --set pilot.podLabels.team=a").code == 0)
        try mesh.hand(to: "sail", operation: "Apply")
        #expect(try mesh.sail("diff").code == 1)
        let run = try mesh.sail("upgrade --yes --reset-values")
        #expect(run.code == 0, "\(run.end)")
        let template = try mesh.object(OwnershipTests.daemonSet)["spec"]?["template"]
        let variables = template?["spec"]?["containers"]?.list?.first?["env"]?.list ?? []
        #expect(variables.count > 5)
        #expect(!variables.contains { $0["name"] == "EXTRA" })
        #expect(try mesh.object(Mesh.istiod)["spec"]?["template"]?["metadata"]?["labels"]?["team"] == nil)
        for (key, object) in try mesh.objects() { #expect(!object.owners.contains("sail"), "\(key)") }
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("upgrade --yes").code == 0)
        #expect(try mesh.versionsAtRest() == versions)
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func namespacesOfOthersKeepTheirLabels(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let namespace: Value = [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": "istio-system", "labels": ["team": "mesh"]],
        ]
        _ = try mesh.client.send(.create("/api/v1/namespaces", namespace, manager: "kubectl-client-side-apply"))
        #expect(try mesh.sail("install --yes --set global.network=one").code == 0)
        let labels = try mesh.object("/api/v1/namespaces/istio-system")["metadata"]?["labels"]
        #expect(labels?["team"] == "mesh")
        #expect(labels?["topology.istio.io/network"] == "one")
    }

    // MARK: - Other releases

    @Test(arguments: ClusterKind.available)
    func objectsOfAnotherReleaseAreRefusedUntilTheyAreAskedFor(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let metadata: Value = [
            "name": "istio-cni", "labels": ["app.kubernetes.io/managed-by": "Helm"],
            "annotations": [
                "meta.helm.sh/release-name": "corp", "meta.helm.sh/release-namespace": "platform",
            ],
        ]
        let role: Value = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": metadata,
            "rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]]],
        ]
        let path = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
        _ = try mesh.client.send(.apply(path + "/istio-cni", role, manager: "helm"))
        let refused = try mesh.sail("install --yes")
        #expect(refused.code == 1)
        #expect(
            refused.messages.contains("ClusterRole istio-cni: belongs to release corp in namespace platform"),
            "\(refused.end)")
        #expect(refused.messages.contains("--take-ownership"))
        #expect(try mesh.revisions() == [])
        let precheck = try mesh.sail("precheck")
        #expect(precheck.code == 1)
        #expect(precheck.output.contains("ClusterRole istio-cni: belongs to release corp"), "\(precheck.output)")
        #expect(try mesh.sail("diff").output.contains("it belongs to the Helm release platform/corp"))
        #expect(try mesh.sail("install --yes --take-ownership").code == 0)
        let taken = try mesh.object(path + "/istio-cni")["metadata"]
        #expect(taken?["annotations"]?["meta.helm.sh/release-name"] == "istio-cni")
        #expect(taken?["annotations"]?["meta.helm.sh/release-namespace"] == "istio-system")
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.versionsAtRest() == versions)
    }

    @Test(arguments: ClusterKind.available)
    func statusNamesRecordedObjectsThatAreMissing(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        _ = try mesh.client.send(.delete("/api/v1/namespaces/istio-system/configmaps/istio"))
        let status = try mesh.sail("status")
        #expect(status.code == 1)
        #expect(status.output.contains("ConfigMap istio-system/istio: missing"), "\(status.output)")
        #expect(try mesh.sail("upgrade --yes").code == 0)
        #expect(try mesh.sail("status").code == 0)
    }

    // MARK: - Fields of others

    /// A manager that applies the very same manifest owns it too, with the spelling that it was sent in; what differs by
    /// spelling alone is no conflict.
    @Test(arguments: ClusterKind.available)
    func equalValuesAreNoConflict(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let flags = "--set pilot.resources.requests.cpu=1000m --set ztunnel.resources.requests.memory=1024Mi"
        #expect(try mesh.sail("install --yes \(flags)").code == 0)
        try mesh.hand(to: "platform-team", operation: "Apply", withMetadata: false)
        let diff = try mesh.sail("diff")
        #expect(!diff.output.contains("managed by"), "\(diff.output)")
        #expect(!diff.output.contains("in conflict"), "\(diff.output)")
        let run = try mesh.sail("upgrade --yes")
        #expect(run.code == 0, "\(run.end)")
        let other = try mesh.sail("upgrade --yes --set pilot.resources.requests.cpu=2 --set global.logAsJson=true")
        #expect(other.code == 1)
        let lines = other.messages.split(separator: "\n").filter { $0.contains("Deployment istio-system/istiod: ") }
        #expect(lines.count == 1, "\(other.end)")
        #expect(other.messages.contains("requests.cpu is managed by \"platform-team\""), "\(other.messages)")
        #expect(other.messages.contains("\"1\" there, \"2\" wanted"), "\(other.messages)")
        #expect(other.messages.contains("--force-conflicts"))
    }

    // MARK: - Replicas

    @Test(arguments: ClusterKind.available)
    func theLiveNumberStaysWhenAnAutoscalerTakesOver(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let flags = "--set pilot.autoscaleEnabled=false --set pilot.replicaCount=3"
        #expect(try mesh.sail("install --yes \(flags)").code == 0)
        #expect(try mesh.object(Mesh.istiod)["spec"]?["replicas"] == 3)
        let handover = "--set pilot.autoscaleEnabled=true --set pilot.replicaCount=null --set pilot.autoscaleMin=3"
        let run = try mesh.sail("upgrade --yes \(handover)")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.object(Mesh.istiod)["spec"]?["replicas"] == 3)
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aScalingByHandDoesNotOutliveTheNextRun(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let flags = "--set pilot.autoscaleEnabled=false --set pilot.replicaCount=2"
        #expect(try mesh.sail("install --yes \(flags)").code == 0)
        _ = try mesh.client.send(
            .mergePatch(Mesh.istiod + "/scale", ["spec": ["replicas": 4]], manager: "kubectl"))
        #expect(try mesh.object(Mesh.istiod)["spec"]?["replicas"] == 4)
        let diff = try mesh.sail("diff")
        #expect(diff.code == 1)
        #expect(diff.output.contains("scales istiod from 4 to 2"), "\(diff.output)")
        let run = try mesh.sail("upgrade --yes --set pilot.replicaCount=3")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.object(Mesh.istiod)["spec"]?["replicas"] == 3)
        #expect(try mesh.sail("diff").code == 0)
    }
}

extension Mesh {
    /// Gives the fields of our applies to another manager, labels and annotations with them or not.
    func hand(to manager: String, operation: String, withMetadata: Bool = true) throws {
        for (key, object) in try objects() {
            guard object.owners.contains("helm"), let path = path(key, object) else { continue }
            let entries = (object["metadata"]?["managedFields"]?.list ?? []).map { entry -> Value in
                guard entry["manager"] == "helm", case .map(var map) = entry else { return entry }
                map["manager"] = .string(manager)
                map["operation"] = .string(operation)
                if !withMetadata, case .map(var fields)? = map["fieldsV1"] {
                    fields["f:metadata"] = Value?.none
                    map["fieldsV1"] = .map(fields)
                }
                return .map(map)
            }
            _ = try client.send(
                .jsonPatch(path, [["op": "replace", "path": "/metadata/managedFields", "value": .list(entries)]]))
        }
    }

    private func path(_ key: String, _ object: Value) -> String? {
        guard let name = object["metadata"]?["name"]?.string else { return nil }
        let namespace = object["metadata"]?["namespace"]?.string ?? ""
        var path = String(key.prefix { $0 != " " })
        if !namespace.isEmpty, let slash = path.lastIndex(of: "/") {
            path = path[..<slash] + "/namespaces/\(namespace)" + path[slash...]
        }
        return path + "/\(name)"
    }
}
