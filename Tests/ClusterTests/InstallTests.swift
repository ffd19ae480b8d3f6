import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// What an engineer does day by day, the same on the sandbox and on a real control plane.
@Suite struct InstallTests {
    @Test(arguments: ClusterKind.available)
    func aSecondInstallWritesNothing(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let first = try mesh.sail("install --yes")
        #expect(first.code == 0, "\(first.end)")
        #expect(try mesh.revisions() == ["base", "cni", "istiod", "ztunnel"].map(release).sorted())
        let versions = try mesh.versionsAtRest()
        let second = try mesh.sail("install --yes")
        #expect(second.code == 0)
        #expect(second.output.contains("no changes") || second.messages.contains("no changes"))
        #expect(try mesh.versions() == versions)
        #expect(try mesh.sail("diff").code == 0)
        #expect(try mesh.sail("status").output.hasPrefix("state:     Healthy\n"))
    }

    private func release(_ component: String) -> String {
        (["base": "istio-base", "cni": "istio-cni"][component] ?? component) + " 1 deployed"
    }

    @Test(arguments: ClusterKind.available)
    func anUpgradeKeepsWhatOthersOwn(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        try mesh.edit()
        #expect(try mesh.sail("diff --version \(Mesh.old)").code == 0)
        let run = try mesh.upgrade()
        #expect(run.code == 0, "\(run.end)")
        let webhook = try mesh.object(Mesh.validating)["webhooks"]?.list?.first
        #expect(webhook?["clientConfig"]?["caBundle"] == "Q0E=")
        #expect(webhook?["failurePolicy"] == "Fail")
        let istiod = try mesh.object(Mesh.istiod)
        #expect(istiod["spec"]?["replicas"] == 2)
        #expect(istiod["metadata"]?["labels"]?["team"] == "mesh")
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.upgrade().code == 0)
        #expect(try mesh.versions() == versions)
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aChangedValueTouchesItsComponentOnly(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let before = try mesh.objects()
        let run = try mesh.sail("upgrade --yes --set ztunnel.logLevel=debug")
        #expect(run.code == 0, "\(run.end)")
        let changed = try mesh.objects().filter { key, object in
            before[key]?["metadata"]?["generation"] != object["metadata"]?["generation"]
        }
        #expect(changed.keys.sorted() == ["/apis/apps/v1/daemonsets istio-system/ztunnel"])
        #expect(try mesh.sail("diff").code == 0)
        #expect(try mesh.sail("get values ztunnel").output.contains("logLevel: debug"))
        let values = try mesh.sail("get values ztunnel -o json").output
        #expect(values.hasPrefix("[\n  {\n    \"component\": \"ztunnel\",\n"), "\(values)")
        #expect(values.contains("\"logLevel\": \"debug\""))
        #expect(try mesh.sail("get all ztunnel -o json").output.contains("\"kind\": \"DaemonSet\""))
        let list = "{\n  \"apiVersion\": \"v1\",\n  \"items\": ["
        #expect(try mesh.sail("get manifest ztunnel -o json").output.hasPrefix(list))
    }

    @Test(arguments: ClusterKind.available)
    func driftIsShownAndMended(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let content = try mesh.content()
        _ = try mesh.client.send(.delete("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/istio-cni"))
        let edit: Value = ["data": ["mesh": "# gone"]]
        _ = try mesh.client.send(
            .mergePatch("/api/v1/namespaces/istio-system/configmaps/istio", edit, manager: "kubectl-edit"))
        let diff = try mesh.sail("diff")
        #expect(diff.code == 1)
        #expect(diff.output.contains("+  cni        ClusterRoleBinding istio-cni\n"))
        #expect(diff.output.contains(".data.mesh is managed by \"kubectl-edit\""))
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("install --yes").code == 1)
        #expect(try mesh.versions() == versions)
        #expect(try mesh.sail("install --yes --force-conflicts").code == 0)
        #expect(try mesh.content() == content)
    }

    @Test(arguments: ClusterKind.available)
    func uninstallRefusesWhileTheMeshIsUsedThenLeavesNothing(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let namespace = "/api/v1/namespaces/default"
        let label: (Value) -> Value = { ["metadata": ["labels": ["istio.io/dataplane-mode": $0]]] }
        _ = try mesh.client.send(.mergePatch(namespace, label("ambient")))
        let refused = try mesh.sail("uninstall --yes")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("default"))
        #expect(try mesh.sail("status").output.contains("enrolled namespaces: default"))
        _ = try mesh.client.send(.mergePatch(namespace, label(.null)))
        #expect(try mesh.sail("uninstall --yes").code == 0)
        let left = try mesh.objects().keys.filter { !$0.contains("customresourcedefinitions") }
        #expect(left.sorted() == [])
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("uninstall --yes").code == 0)
        #expect(try mesh.versions() == versions)
    }

    @Test(arguments: ClusterKind.available)
    func whatKubectlAppliedIsTakenOverWithoutRollingAPod(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        // As `sail manifest generate | kubectl create --save-config -f -` leaves it.
        #expect(try mesh.sail("install --yes").code == 0)
        try mesh.handToKubectl()
        let pods = try mesh.pods()
        #expect(try mesh.sail("diff").code == 1)
        let run = try mesh.sail("install --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.pods() == pods)
        let left = try mesh.objects().filter { $0.value.owners.contains("kubectl-client-side-apply") }
        #expect(left.keys.sorted() == [])
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.versions() == versions)
    }
}

extension Mesh {
    static let validating =
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istio-validator-istio-system"
    static let istiod = "/apis/apps/v1/namespaces/istio-system/deployments/istiod"

    /// What istiod does to its webhook once it serves, an autoscaler to istiod, and an engineer to a label.
    func edit() throws {
        let operations: [Value] = [
            ["op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": "Q0E="],
            ["op": "replace", "path": "/webhooks/0/failurePolicy", "value": "Fail"],
        ]
        _ = try client.send(.jsonPatch(Mesh.validating, operations, manager: "pilot-discovery"))
        _ = try client.send(
            .mergePatch(Mesh.istiod, ["spec": ["replicas": 2]], manager: "kube-controller-manager"))
        _ = try client.send(
            .mergePatch(Mesh.istiod, ["metadata": ["labels": ["team": "mesh"]]], manager: "kubectl-label"))
    }

    /// Makes sail's fields kubectl's, with the note that a client-side apply leaves.
    func handToKubectl() throws {
        for (key, object) in try objects() {
            guard object.owners.contains("helm"), let name = object["metadata"]?["name"]?.string else { continue }
            let namespace = object["metadata"]?["namespace"]?.string ?? ""
            var path = String(key.prefix { $0 != " " })
            if !namespace.isEmpty, let slash = path.lastIndex(of: "/") {
                path = path[..<slash] + "/namespaces/\(namespace)" + path[slash...]
            }
            path += "/\(name)"
            let last: Value = ["metadata": ["annotations": ["kubectl.kubernetes.io/last-applied-configuration": "{}"]]]
            let noted = try client.send(.mergePatch(path, last, manager: "kubectl-client-side-apply"))
            let entries = (noted["metadata"]?["managedFields"]?.list ?? []).map { entry -> Value in
                guard entry["manager"] == "helm", case .map(var map) = entry else { return entry }
                map["manager"] = "kubectl-client-side-apply"
                map["operation"] = "Update"
                return .map(map)
            }
            _ = try client.send(
                .jsonPatch(path, [["op": "replace", "path": "/metadata/managedFields", "value": .list(entries)]]))
        }
    }
}

extension Value {
    /// The names of an object's managers.
    var owners: [String] { (self["metadata"]?["managedFields"]?.list ?? []).compactMap { $0["manager"]?.string } }
}
