import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// What a run refuses before its first write, the same on the sandbox and on a real control plane.
@Suite struct PreflightTests {
    private static let webhook = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"

    /// A policy engine that refuses every write of Deployments, DaemonSets and ConfigMaps and has lost its Service.
    private static func deadWebhook(_ operations: Value) -> Value {
        [
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": ["name": "policy-guard"],
            "webhooks": [
                [
                    "name": "guard.policy.example", "admissionReviewVersions": ["v1"], "sideEffects": "None",
                    "failurePolicy": "Fail", "timeoutSeconds": 1,
                    "clientConfig": ["service": ["name": "guard", "namespace": "default", "path": "/check"]],
                    "rules": [
                        [
                            "apiGroups": ["", "apps"], "apiVersions": ["v1"],
                            "resources": ["deployments", "daemonsets", "configmaps"], "operations": operations,
                        ]
                    ],
                ]
            ],
        ]
    }

    private static let remedy = "kubectl delete validatingwebhookconfiguration policy-guard"

    @Test(arguments: ClusterKind.available)
    func aDeadWebhookIsNamedByEveryCommand(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        defer { _ = try? mesh.client.send(.delete(PreflightTests.webhook + "/policy-guard", uid: nil)) }
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("upgrade --yes --set pilot.traceSampling=2").code == 0)
        _ = try mesh.client.send(
            .create(PreflightTests.webhook, PreflightTests.deadWebhook(["CREATE", "UPDATE", "DELETE"])))
        if kind == .live { sleep(2) }
        let state = try (mesh.content(), mesh.revisions())
        for line in [
            "install --yes --set pilot.traceSampling=5", "upgrade --yes --set pilot.traceSampling=5", "uninstall --yes",
            "rollback --yes",
        ] {
            let run = try mesh.sail(line)
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(run.messages.contains("ValidatingWebhookConfiguration policy-guard"), "\(line): \(run.end)")
            #expect(run.messages.contains(PreflightTests.remedy), "\(line): \(run.end)")
        }
        #expect(try mesh.content() == state.0)
        #expect(try mesh.revisions() == state.1)
        let found = try mesh.sail("precheck")
        #expect(found.code == 1)
        #expect(found.output.contains("webhook guard.policy.example refuses what it cannot check"), "\(found.output)")
        #expect(
            found.output.split(separator: "\n").count { $0.contains("guard.policy.example") } == 1, "\(found.output)")
    }

    private static func operatorDeployment(replicas: Int) -> Value {
        [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": "mesh-keeper", "namespace": "default"],
            "spec": [
                "replicas": .int(replicas), "selector": ["matchLabels": ["app": "keeper"]],
                "template": [
                    "metadata": ["labels": ["app": "keeper"]],
                    "spec": ["containers": [["name": "manager", "image": "registry.example.com/sail-operator:1.30"]]],
                ],
            ],
        ]
    }

    @Test(arguments: ClusterKind.available)
    func everyWritingCommandStopsWhileAnOperatorIsAtWork(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let path = "/apis/apps/v1/namespaces/default/deployments"
        defer { _ = try? mesh.client.send(.delete(path + "/mesh-keeper", uid: nil)) }
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("upgrade --yes --set pilot.traceSampling=2").code == 0)
        _ = try mesh.client.send(.create(path, PreflightTests.operatorDeployment(replicas: 1)))
        let state = try (mesh.content(), mesh.revisions())
        for line in ["install", "upgrade", "uninstall", "rollback", "adopt"] {
            let run = try mesh.sail(line + " --yes")
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(run.messages.contains("Deployment default/mesh-keeper is at work"), "\(line): \(run.end)")
            #expect(run.messages.contains("kubectl -n default scale deployment/mesh-keeper --replicas=0"))
            #expect(run.messages.contains("--allow-managed"))
        }
        #expect(try mesh.content() == state.0)
        #expect(try mesh.revisions() == state.1)
        #expect(try mesh.sail("precheck").output.contains("Deployment default/mesh-keeper is at work"))
        #expect(try mesh.sail("diff").messages.contains("Deployment default/mesh-keeper is at work"))
        #expect(try mesh.sail("status").output.contains("note: Deployment default/mesh-keeper manages the mesh"))
        let dry = try mesh.sail("upgrade --dry-run")
        #expect(dry.code == 1)
        #expect(dry.messages.contains("Deployment default/mesh-keeper is at work"))
        #expect(try mesh.sail("upgrade --yes --allow-managed --set ztunnel.logLevel=debug").code == 0)
        _ = try mesh.client.send(.mergePatch(path + "/mesh-keeper", ["spec": ["replicas": 0]]))
        #expect(try mesh.sail("upgrade --yes --set ztunnel.logLevel=info").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aLeaseThatIsRenewedStopsARunAndAnOldOneDoesNot(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let path = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
        defer { _ = try? mesh.client.send(.delete(path + "/sail-operator-lock", uid: nil)) }
        func lease(_ age: TimeInterval, seconds: Int = 60) -> Value {
            let formatter = ISO8601DateFormatter()
            let time = formatter.string(from: Date(timeIntervalSinceNow: -age)).dropLast() + ".000000Z"
            return [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": ["name": "sail-operator-lock", "namespace": "default"],
                "spec": [
                    "holderIdentity": "keeper-1", "leaseDurationSeconds": .int(seconds),
                    "renewTime": .string(String(time)),
                ],
            ]
        }
        _ = try mesh.client.send(.create(path, lease(5)))
        let refused = try mesh.sail("install --yes")
        #expect(refused.code == 1)
        #expect(refused.messages.contains("Lease default/sail-operator-lock, held by keeper-1"), "\(refused.end)")
        func renew(_ age: TimeInterval) throws {
            let spec = lease(age, seconds: 4)["spec"] ?? .null
            _ = try mesh.client.send(.mergePatch(path + "/sail-operator-lock", ["spec": spec]))
        }
        // A holder whose clock is an hour late is told by the changes of its Lease.
        let run = try mesh.start("install --yes")
        for second in 0..<20 where !run.messages.contains("sail-operator-lock") {
            try renew(3600 + Double(second))
            usleep(700_000)
        }
        let late = run.end()
        #expect(late.code == 1)
        #expect(late.messages.contains("Lease default/sail-operator-lock, held by keeper-1"), "\(late.end)")
        // A Lease of two hours from now that does not change is dead.
        try renew(-7200)
        #expect(try mesh.sail("install --yes").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func whatArgoCDTracksIsLeftToIt(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("upgrade --yes --set pilot.traceSampling=2").code == 0)
        let tracking: Value = [
            "metadata": ["annotations": ["argocd.argoproj.io/tracking-id": "mesh:apps/Deployment:istio-system/istiod"]]
        ]
        _ = try mesh.client.send(.mergePatch(Mesh.istiod, tracking, manager: "argocd-controller"))
        let state = try (mesh.content(), mesh.revisions())
        for line in [
            "install --set pilot.traceSampling=5", "upgrade --set pilot.traceSampling=5", "uninstall", "rollback",
        ] {
            let run = try mesh.sail(line + " --yes")
            #expect(run.code == 1, "\(line): \(run.end)")
            #expect(
                run.messages.contains("Argo CD application mesh manages objects of the mesh"), "\(line): \(run.end)")
        }
        #expect(try mesh.content() == state.0)
        #expect(try mesh.revisions() == state.1)
        #expect(try mesh.sail("precheck").output.contains("Argo CD application mesh manages objects of the mesh"))
        #expect(try mesh.sail("diff").messages.contains("Argo CD application mesh manages objects of the mesh"))
        #expect(try mesh.sail("status").output.contains("note: Argo CD application mesh manages the mesh"))
        #expect(try mesh.sail("upgrade --yes --allow-managed --set pilot.traceSampling=5").code == 0)
    }
}
