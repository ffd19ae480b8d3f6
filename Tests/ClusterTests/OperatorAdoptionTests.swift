import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// A mesh that the Sail Operator keeps, taken over while nothing restarts.
@Suite struct OperatorAdoptionTests {
    private static let registry = "registry.istio.io/release"
    private static let workloads = ["deployments/istiod", "daemonsets/istio-cni-node", "daemonsets/ztunnel"]

    @Test func nothingRollsUntilTheVersionChanges() throws {
        let mesh = try Mesh(.sandbox)
        try mesh.installAsOperator(version: "1.30.2")
        let before = try OperatorAdoptionTests.workloads.map(mesh.template)
        let adopted = try mesh.sail("adopt --yes")
        #expect(adopted.code == 0, "\(adopted.end)")
        #expect(try OperatorAdoptionTests.workloads.map(mesh.template) == before)
        #expect(adopted.messages.contains("sail adopt --release-resources"), "\(adopted.end)")
        let values =
            try mesh.object("/api/v1/namespaces/istio-system/configmaps/values")["data"]?["merged-values"]?.string ?? ""
        #expect(values.contains("\(OperatorAdoptionTests.registry)/proxyv2:1.30.2\""), "\(values)")
        let again = try mesh.sail("diff")
        #expect(again.code == 0, "\(again.output)")
        // The images were the version's, not the user's: another version brings its own.
        let upgraded = try mesh.sail("upgrade --version v1.30.3 --yes")
        #expect(upgraded.code == 0, "\(upgraded.end)")
        for workload in OperatorAdoptionTests.workloads {
            let image = try mesh.template(workload)["spec"]?["containers"]?.list?.first?["image"]?.string ?? ""
            #expect(image.hasSuffix(":1.30.3-distroless"), "\(workload): \(image)")
        }
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test func aUsersImageStaysTheUsers() throws {
        let mesh = try Mesh(.sandbox)
        try mesh.installAsOperator(
            version: "1.30.2",
            istioValues: ["pilot": ["image": .string("\(registry)/pilot:1.30.2")], "global": ["hub": "mine/x"]])
        let before = try mesh.template("daemonsets/ztunnel")
        #expect(try mesh.sail("adopt --yes").code == 0)
        #expect(try mesh.template("daemonsets/ztunnel") == before)
    }

    private var registry: String { OperatorAdoptionTests.registry }

    @Test func itsResourcesGoAndTheMeshStays() throws {
        let mesh = try Mesh(.sandbox)
        try mesh.installAsOperator(version: "1.30.3")
        let dry = try mesh.sail("adopt --dry-run --release-resources")
        #expect(dry.messages.contains("ZTunnel default"), "\(dry.end)")
        #expect(try mesh.resources().count == 3)
        let run = try mesh.sail("adopt --yes --release-resources")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.resources() == [])
        let set = try mesh.object("/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel")
        #expect(set["metadata"]?["ownerReferences"] == nil)
        #expect(set["metadata"]?["deletionTimestamp"] == nil)
        #expect(try mesh.sail("status").code == 0)
        let versions = try mesh.versionsAtRest()
        #expect(try mesh.sail("adopt --yes --release-resources").code == 0)
        #expect(try mesh.versionsAtRest() == versions)
    }

    // The controller goes on in the operator's place: the objects stay, and no pod is replaced.
    @Test func theControllerTakesOverWithoutAChange() throws {
        let mesh = try Mesh(.sandbox)
        try mesh.installAsOperator(version: "1.30.3")
        #expect(try mesh.sail("adopt --as-controller --release-resources").code == 2)
        /// Labels, owners and pods of the workloads.
        func marks() throws -> [Value?] {
            try OperatorAdoptionTests.workloads.flatMap { workload in
                let object = try mesh.object("/apis/apps/v1/namespaces/istio-system/\(workload)")
                return [
                    object["metadata"]?["labels"]?["managed-by"], object["metadata"]?["ownerReferences"],
                    object["spec"]?["template"], object["metadata"]?["generation"],
                ]
            }
        }
        let before = try marks()
        let run = try mesh.sail("adopt --yes --as-controller")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("next: sail reconcile --watch"), "\(run.end)")
        #expect(try marks() == before)
        #expect(try mesh.resources().count == 3)
        let templates = try OperatorAdoptionTests.workloads.map(mesh.template)
        let program = try mesh.start("reconcile --watch")
        for _ in 0..<300 where !program.messages.contains("ZTunnel default: reconciled") { usleep(100_000) }
        program.signal(SIGTERM)
        let end = program.end()
        #expect(end.code == 0, "\(end.end)")
        #expect(end.messages.contains("ZTunnel default: reconciled"), "\(end.messages)")
        #expect(try OperatorAdoptionTests.workloads.map(mesh.template) == templates, "\(end.messages)")
        let set = try mesh.object("/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel")
        #expect(set["metadata"]?["ownerReferences"]?.list?.count == 1)
    }

    @Test func definitionsOfTheLifecycleManagerAreLeftAlone() throws {
        let mesh = try Mesh(.sandbox)
        try mesh.installAsOperator(version: "1.30.3")
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gateways.networking.istio.io"
        _ = try mesh.client.send(
            .mergePatch(path, ["metadata": ["labels": ["olm.managed": "true", "app": "olm"]]], manager: "catalog"))
        let before = try mesh.object(path)
        let run = try mesh.sail("adopt --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.object(path)["metadata"]?["resourceVersion"] == before["metadata"]?["resourceVersion"])
    }
}

extension Mesh {
    private static let kinds = [
        (kind: "Istio", plural: "istios"), (kind: "IstioCNI", plural: "istiocnis"),
        (kind: "ZTunnel", plural: "ztunnels"),
    ]
    private static let operatorPath = "/apis/sailoperator.io/v1"

    /// The pod template of one of the mesh's workloads: `daemonsets/ztunnel`.
    fileprivate func template(_ workload: String) throws -> Value {
        try object("/apis/apps/v1/namespaces/istio-system/\(workload)")["spec"]?["template"] ?? .null
    }

    /// The operator's resources by kind and name.
    fileprivate func resources() throws -> [String] {
        try Mesh.kinds.flatMap { row in
            try client.list("\(Mesh.operatorPath)/\(row.plural)").items.map {
                "\(row.kind) \($0["metadata"]?["name"]?.string ?? "")"
            }
        }
    }

    /// A mesh as the operator leaves it: whole image references of its own, its label and owner references on everything,
    /// its resources with finalizers, and nothing of sail's.
    fileprivate func installAsOperator(version: String, istioValues: Value = .map(Mapping())) throws {
        let registry = "registry.istio.io/release"
        let images = [
            "pilot.image=\(registry)/pilot", "global.proxy.image=\(registry)/proxyv2",
            "cni.image=\(registry)/install-cni",
            "ztunnel.image=\(registry)/ztunnel",
        ]
        let flags = images.map { "--set \($0):\(version)" }.joined(separator: " ")
        let run = try sail("install --yes --version v\(version) \(flags)")
        #expect(run.code == 0, "\(run.end)")
        for secret in try client.list("/api/v1/namespaces/istio-system/secrets", Selection(labels: "owner=helm")).items
        {
            let name = secret["metadata"]?["name"]?.string ?? ""
            _ = try client.send(.delete("/api/v1/namespaces/istio-system/secrets/\(name)"))
        }
        try hand(to: "sail-operator", operation: "Update")
        for row in Mesh.kinds { try define(row.kind, row.plural) }
        let spec: Mapping = ["version": .string("v\(version)"), "namespace": "istio-system", "profile": "ambient"]
        var istio = spec
        istio["values"] = istioValues
        _ = try create("Istio", "istios", .map(istio), finalizers: [])
        _ = try create("IstioCNI", "istiocnis", .map(spec), finalizers: ["sailoperator.io/sail-operator"])
        let ztunnel = try create(
            "ZTunnel", "ztunnels", ["version": .string("v\(version)"), "namespace": "istio-system"],
            finalizers: ["sailoperator.io/sail-operator"])
        let owner: Value = [
            "apiVersion": "sailoperator.io/v1", "kind": "ZTunnel", "name": "default",
            "uid": ztunnel["metadata"]?["uid"] ?? "", "controller": true, "blockOwnerDeletion": true,
        ]
        for workload in ["deployments/istiod", "daemonsets/istio-cni-node", "daemonsets/ztunnel"] {
            var metadata: Mapping = ["labels": ["managed-by": "sail-operator"]]
            if workload.hasSuffix("ztunnel") { metadata["ownerReferences"] = [owner] }
            _ = try client.send(
                .mergePatch(
                    "/apis/apps/v1/namespaces/istio-system/\(workload)", ["metadata": .map(metadata)],
                    manager: "sail-operator"))
        }
    }

    private func create(_ kind: String, _ plural: String, _ spec: Value, finalizers: [String]) throws -> Value {
        let resource: Value = [
            "apiVersion": "sailoperator.io/v1", "kind": .string(kind),
            "metadata": ["name": "default", "finalizers": .list(finalizers.map(Value.string))], "spec": spec,
        ]
        return try client.send(.create("\(Mesh.operatorPath)/\(plural)", resource, manager: "kubectl"))
    }

    private func define(_ kind: String, _ plural: String) throws {
        let schema: Value = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        let definition: Value = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": .string("\(plural).sailoperator.io")],
            "spec": [
                "group": "sailoperator.io", "scope": "Cluster",
                "names": ["kind": .string(kind), "plural": .string(plural), "singular": .string(kind.lowercased())],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
                        "subresources": ["status": [:]],
                    ]
                ],
            ],
        ]
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        _ = try client.send(.create(path, definition, manager: "kubectl"))
        for _ in 0..<100 where (try? client.list("\(Mesh.operatorPath)/\(plural)")) == nil { usleep(20_000) }
    }
}
