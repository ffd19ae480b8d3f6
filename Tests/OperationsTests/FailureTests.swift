import Istio
import Kubernetes
import Operations
import Planning
import Preflight
import Sandbox
import TestSupport
import Testing
import Values

/// Runs that the cluster, another program or the flags stop.
@Suite struct FailureTests {
    @Test func aFailedRunSaysWhereItStopped() throws {
        let bench = try Bench { $0.brokenImage = "ztunnel" }
        #expect(try bench.run(.install) { $0.cluster.apply.timeout = 1500 } == 1)
        #expect(bench.ui.text.contains("error: stopped at ztunnel; what came before stands"))
        #expect(try bench.revisions().contains("ztunnel 1 failed"))
    }

    @Test func aFailedInstallationIsRemovedOnce() throws {
        let bench = try Bench { $0.brokenImage = "ztunnel" }
        #expect(
            try bench.run(.install) {
                $0.cluster.apply.timeout = 2500
                $0.cluster.rollsBackOnFailure = true
            } == 1)
        #expect(bench.ui.lines.count { $0.contains("--rollback-on-failure") } == 1)
        #expect(bench.ui.text.contains("note: removing what was made"))
        #expect(try bench.revisions() == [])
        #expect(bench.object(ztunnelPath) == nil)
    }

    @Test func aFailedUpgradeIsRolledBackOnce() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0)
        bench.sandbox.change { $0.brokenImage = "ztunnel:1.30" }
        #expect(
            try bench.run(.upgrade) {
                $0.cluster.apply.timeout = 3000
                $0.cluster.rollsBackOnFailure = true
            } == 1)
        #expect(bench.ui.lines.count { $0.contains("--rollback-on-failure") } == 1)
        #expect(bench.ui.lines.last == "note: rolled back", "\(bench.ui.text)")
        #expect(try bench.revisions().contains("ztunnel 3 deployed"))
    }

    @Test func aRollbackThatFailsTooIsTheEnd() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0)
        bench.sandbox.change { $0.brokenImage = "pilot:1.30" }
        let options = bench.options {
            $0.cluster.apply.timeout = 2000
            $0.cluster.rollsBackOnFailure = true
        }
        let sandbox = bench.sandbox
        bench.ui.onLine = { line in
            if line.contains("stopped at") { sandbox.change { $0.refusals["Deployment/istiod"] = "frozen" } }
        }
        #expect(try Pipeline.run(.upgrade, options) == 1)
        #expect(bench.ui.lines.count { $0.contains("--rollback-on-failure") } == 1)
        #expect(bench.ui.text.contains("the rollback failed too"), "\(bench.ui.text)")
        #expect(bench.ui.text.contains("remove the cause, then run sail rollback"))
    }

    @Test func anInterruptedRollbackSaysSo() throws {
        let bench = try Bench { $0.brokenImage = "ztunnel" }
        let options = bench.options {
            $0.cluster.apply.timeout = 1500
            $0.cluster.rollsBackOnFailure = true
        }
        let signals = options.signals as? ScriptedSignals
        bench.ui.onLine = { if $0.contains("removing what was made") { signals?.come() } }
        #expect(try Pipeline.run(.install, options) == 130)
        #expect(bench.ui.text.contains("error: the rollback was interrupted"))
        #expect(bench.ui.text.contains("remove it with sail uninstall"))
    }

    @Test func whatAdmissionRefusesIsSaidBeforeAnythingIsWritten() throws {
        let bench = try Bench { $0.refusals["ConfigMap/*"] = "no config maps today" }
        _ = try bench.client.send(
            .create(
                "/api/v1/namespaces", ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "istio-system"]]))
        bench.sandbox.forgetRequests()
        #expect(bench.failure(.install).contains("no config maps today"))
        #expect(bench.sandbox.writes == [])
        #expect(bench.failure(.install) { $0.cluster.dryRun = .server }.contains("no config maps today"))
    }

    @Test func objectsOfOtherReleasesAreRefusedUnlessTheyAreTaken() throws {
        let bench = try Bench()
        let role: Value = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": [
                "name": "ztunnel",
                "annotations": ["meta.helm.sh/release-name": "other", "meta.helm.sh/release-namespace": "x"],
            ],
        ]
        let roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
        _ = try bench.client.send(.create(roles, role, manager: "helm"))
        for name in ["istio-cni", "istiod-clusterrole-istio-system"] {
            guard case .map(var copy) = role, case .map(var metadata)? = copy["metadata"] else { continue }
            metadata["name"] = .string(name)
            copy["metadata"] = .map(metadata)
            _ = try bench.client.send(.create(roles, .map(copy), manager: "helm"))
        }
        bench.sandbox.forgetRequests()
        let message = bench.failure(.install)
        #expect(message.contains("belongs to release other in namespace x"))
        #expect(message.contains("--take-ownership"))
        #expect(bench.sandbox.writes == [])
        #expect(try bench.run(.install) { $0.cluster.takesOwnership = true } == 0, "\(bench.ui.text)")
    }

    @Test func fieldsOfOthersAreRefusedUnlessTheyAreForced() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0)
        let path = "/api/v1/namespaces/istio-system/services/istiod"
        let service: Value = [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "istiod", "namespace": "istio-system"],
            "spec": ["selector": ["app": "other"]],
        ]
        _ = try bench.client.send(.apply(path, service, manager: "someone", force: true))
        let message = bench.failure(.install)
        #expect(message.contains("is managed by \"someone\""))
        #expect(message.contains("--force-conflicts"))
        #expect(try bench.run(.install) { $0.cluster.apply.forcesConflicts = true } == 0, "\(bench.ui.text)")
        #expect(bench.object(path)?["spec"]?["selector"]?["app"] == "istiod")
    }

    @Test func missingPermissionsAreNamedAllTogether() throws {
        let bench = try Bench {
            $0.grants = [Grant(user: "viewer", verbs: ["get", "list", "watch"])]
        }
        let message = bench.failure(.install) { $0.cluster.connection.token = Sandbox.viewerToken }
        #expect(message.contains("may not"), "\(message)")
        #expect(
            message.contains("ask an administrator for the ClusterRole sail-installer of docs/guides/permissions.md"),
            "\(message)")
        #expect(bench.sandbox.writes == [])
    }

    @Test func aRunThatChangedTheMeshSinceThePlanStopsThisOne() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0)
        let options = bench.options { $0.version = Bench.new }
        let cluster = bench.cluster
        bench.ui.onLine = { _ in }
        // The other run comes between the question and the lock.
        let client = try cluster.client()
        bench.ui.onQuestion = {
            let path = "/api/v1/namespaces/istio-system/secrets/sh.helm.release.v1.ztunnel.v1"
            _ = try? client.send(.delete(path))
        }
        #expect(throws: Failures.self) { try Pipeline.run(.upgrade, options) }
        #expect(bench.object(leasePath)?["spec"]?["holderIdentity"]?.string ?? "" == "")
    }

    @Test(arguments: [
        ("batch without ztunnel", "ztunnel is not part of this run"),
        ("nodes without batch", "need a rollout in batches"),
        ("no such node", "no node has these labels"),
    ])
    func flagsOfARolloutThatCannotBeAreRefused(_ name: String, _ expected: String) throws {
        let message = try Bench().failure(.install) { options in
            switch name {
            case "batch without ztunnel":
                options.components = [.base, .istiod]
                options.cluster.apply.rollout = .batch(1)
            case "nodes without batch": options.cluster.apply.rolloutNodes = "a=b"
            default:
                options.cluster.apply.rollout = .batch(1)
                options.cluster.apply.rolloutNodes = "nowhere=true"
                options.values.sets = [(.typed, "ztunnel.updateStrategy.type=OnDelete")]
            }
        }
        #expect(message.contains(expected), "\(message)")
    }

    @Test func ztunnelIsReplacedInBatches() throws {
        let bench = try Bench()
        let onDelete: [(flag: SetFlag, text: String)] = [(.typed, "ztunnel.updateStrategy.type=OnDelete")]
        #expect(
            try bench.run(.install) {
                $0.version = Bench.old
                $0.values.sets = onDelete
                $0.cluster.apply.rollout = .onDelete
            } == 0)
        #expect(
            try bench.run(.upgrade) {
                $0.values.sets = onDelete
                $0.cluster.apply.rollout = .batch(2)
            } == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("batch 1 of 2"), "\(bench.ui.text)")
        #expect(bench.ui.text.contains("all nodes have the new revision"))
    }
}

/// What is only read.
@Suite struct ReadingTests {
    @Test func aHealthyMeshIsHealthyAndAMissingObjectIsNamed() throws {
        let bench = try Bench()
        #expect(try ClusterSession(bench.options()).health().state == "NotInstalled")
        #expect(try bench.run(.install) == 0)
        let health = try ClusterSession(bench.options()).health()
        #expect(health.isHealthy, "\(health.problems)")
        #expect(health.nodes.count == 3)
        _ = try bench.client.send(.delete("/api/v1/namespaces/istio-system/services/istiod"))
        let broken = try ClusterSession(bench.options()).health()
        #expect(broken.state.contains("Service istio-system/istiod: missing"))
    }

    @Test func precheckFindsWhatInstallStopsAt() throws {
        let bench = try Bench()
        #expect(try !ClusterSession(bench.options()).precheck().findings.isBlocking)
        let operatorDeployment: Value = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": "sail-operator", "namespace": "default"],
            "spec": [
                "replicas": 1, "selector": ["matchLabels": ["a": "b"]],
                "template": [
                    "metadata": ["labels": ["a": "b"]],
                    "spec": ["containers": [["name": "c", "image": "sail-operator:1"]]],
                ],
            ],
        ]
        _ = try bench.client.send(
            .create("/apis/apps/v1/namespaces/default/deployments", operatorDeployment, manager: "test"))
        let findings = try ClusterSession(bench.options()).precheck().findings
        #expect(findings.isBlocking)
        #expect(findings.contains { $0.check == "manager" })
        #expect(bench.failure(.install).contains("Deployment default/sail-operator is at work"))
        #expect(try bench.run(.install) { $0.cluster.dryRun = .server } == 1)
        #expect(bench.ui.text.contains("warning: Deployment default/sail-operator is at work"))
        #expect(try bench.run(.install) { $0.cluster.allowsManaged = true } == 0, "\(bench.ui.text)")
    }
}
