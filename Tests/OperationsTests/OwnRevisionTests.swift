import Foundation
import Kubernetes
import Operations
import Sandbox
import TestSupport
import Testing
import Values

private let finalizer = "sailoperator.io/sail-operator"

/// The IstioRevision that the controller keeps of an Istio. Numbers are those of the operator's behaviours.
@Suite struct OwnRevisionTests {
    private func secrets(_ mesh: ResourceBench) throws -> Set<String> {
        Set(
            try mesh.bench.client.list("/api/v1/secrets").items.compactMap { secret in
                guard secret["metadata"]?["labels"]?["owner"] == "helm" else { return nil }
                return "\(secret["metadata"]?["namespace"]?.string ?? "")/\(secret["metadata"]?["name"]?.string ?? "")"
            })
    }

    /// A mesh that the controller has made and left alone.
    private func atRest(_ mesh: ResourceBench) throws -> ControllerBench {
        try mesh.createMesh(istio: ["values": ["pilot": ["env": ["A": "b"]]]])
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        return run
    }

    // Behaviours 14 and 32.
    @Test func itSaysWhatIsInstalled() throws {
        let mesh = try ResourceBench()
        let run = try atRest(mesh)
        let revision = try #require(mesh.resource("IstioRevision"))
        let owner = revision["metadata"]?["ownerReferences"]?.list?.first
        #expect(owner?["kind"] == "Istio")
        #expect(owner?["uid"] == mesh.resource("Istio")?["metadata"]?["uid"])
        #expect(owner?["controller"] == true)
        #expect(revision["metadata"]?["finalizers"] == [.string(finalizer)])
        let image = "registry.istio.io/release/proxyv2:1.30.3"
        #expect(
            revision["spec"] == [
                "version": "v1.30.3", "namespace": "istio-system",
                "values": [
                    "profile": "ambient", "revision": "",
                    "global": [
                        "configValidation": true, "istioNamespace": "istio-system", "proxy": ["image": .string(image)],
                        "proxy_init": ["image": .string(image)],
                    ],
                    "pilot": ["env": ["A": "b"], "image": "registry.istio.io/release/pilot:1.30.3"],
                ],
            ])
        #expect(mesh.state("IstioRevision") == "Healthy")
        #expect(mesh.condition("IstioRevision", "DependenciesHealthy") == "True DependenciesHealthy")
        #expect(
            mesh.condition("IstioRevision", "InUse")
                == "False NotReferencedByAnything Not referenced by any pod or namespace")
        #expect(mesh.status("Istio")["activeRevisionName"] == "default")
        let label: Value = ["metadata": ["labels": ["istio-injection": "enabled"]]]
        _ = try mesh.bench.client.send(.mergePatch("/api/v1/namespaces/default", label, manager: "test"))
        run.until("it is in use") {
            mesh.condition("IstioRevision", "InUse").hasPrefix("True ReferencedByWorkloads")
                && mesh.status("Istio")["revisions"]?["inUse"] == 1
        }
    }

    // Behaviours 17 and 18.
    @Test func anUpgradeGivesTheSameOneAnotherVersion() throws {
        let mesh = try ResourceBench()
        let run = try atRest(mesh)
        let uid = mesh.resource("IstioRevision")?["metadata"]?["uid"]
        try mesh.patch("Istio", ["spec": ["version": "v1.30-latest"]])
        run.untilHealthy()
        #expect(mesh.resource("IstioRevision")?["spec"]?["version"] == "v1.30.3")
        try mesh.patch("Istio", ["spec": ["version": "v1.30.2"]])
        run.until("the revision follows") { mesh.resource("IstioRevision")?["spec"]?["version"] == "v1.30.2" }
        run.untilHealthy()
        #expect(mesh.resource("IstioRevision")?["metadata"]?["uid"] == uid)
        #expect(mesh.resource("Istio")?["spec"]?["version"] == "v1.30.2")
        #expect(try mesh.bench.client.list(mesh.path("IstioRevision")).items.count == 1)
    }

    // Behaviour 15: and nothing that belonged to it may go with it, or be replaced.
    @Test func oneThatIsDeletedByHandIsMadeAgain() throws {
        let mesh = try ResourceBench()
        let run = try atRest(mesh)
        let before = try #require(mesh.resource("IstioRevision"))
        let (uid, generation) = (
            mesh.bench.object(istiod)?["metadata"]?["uid"], mesh.bench.object(istiod)?["metadata"]?["generation"]
        )
        mesh.bench.sandbox.forgetRequests()
        _ = try mesh.bench.client.send(.delete(mesh.path("IstioRevision") + "/default"))
        run.until("there is another one that owns istiod") {
            let revision = mesh.resource("IstioRevision")?["metadata"]?["uid"]
            return revision != nil && revision != before["metadata"]?["uid"]
                && mesh.bench.object(istiod)?["metadata"]?["ownerReferences"]?.list?.map { $0["uid"] } == [revision]
        }
        #expect(mesh.resource("IstioRevision")?["spec"] == before["spec"])
        #expect(mesh.bench.object(istiod)?["metadata"]?["uid"] == uid)
        #expect(mesh.bench.object(istiod)?["metadata"]?["generation"] == generation)
        // The server deletes what belongs to a resource that is gone: until then nothing may.
        let writes = mesh.bench.sandbox.writes.map(\.path)
        let released = writes.firstIndex(of: mesh.path("IstioRevision") + "/default") ?? 0
        let handed = writes.firstIndex(of: istiod) ?? Int.max
        #expect(handed < writes[(released + 1)...].firstIndex(of: mesh.path("IstioRevision") + "/default") ?? 0)
        run.untilHealthy()
    }

    @Test func aChangeOfItByOthersIsPutBack() throws {
        let mesh = try ResourceBench()
        let run = try atRest(mesh)
        let before = mesh.resource("IstioRevision")?["spec"]
        try mesh.patch("IstioRevision", ["spec": ["version": "v1.30.1"]])
        run.until("it is as before") { mesh.resource("IstioRevision")?["spec"] == before }
    }

    // Behaviours 20 and 23.
    @Test func itGoesWithItsIstio() throws {
        let mesh = try ResourceBench()
        let run = try atRest(mesh)
        for kind in ["ZTunnel", "IstioCNI", "Istio"] {
            _ = try mesh.bench.client.send(.delete(mesh.path(kind) + "/default"))
        }
        run.until("all are gone") {
            ["Istio", "IstioRevision", "IstioCNI", "ZTunnel"].allSatisfy { mesh.resource($0) == nil }
        }
        #expect(mesh.bench.object(istiod) == nil)
        for path in [
            "/api/v1/namespaces/istio-system/serviceaccounts/istio-reader-service-account",
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istiod-default-validator",
        ] {
            #expect(mesh.bench.object(path) == nil, "\(path)")
        }
    }

    // One shot makes none, and leads on the one that is there.
    @Test func oneShotKeepsTheOneThatIsThere() throws {
        let mesh = try ResourceBench()
        try mesh.createMesh(version: "v1.30.2")
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.resource("IstioRevision") == nil)
        let run = ControllerBench(mesh)
        run.untilHealthy()
        run.untilQuiet()
        run.controller.stop()
        for kind in ["Istio", "IstioCNI", "ZTunnel"] { try mesh.patch(kind, ["spec": ["version": "v1.30.3"]]) }
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.resource("IstioRevision")?["spec"]?["version"] == "v1.30.3")
        #expect(mesh.state("IstioRevision") == "Healthy")
        let before = mesh.resource("IstioRevision")
        #expect(try mesh.reconcile() == 0, "\(mesh.bench.ui.text)")
        #expect(mesh.resource("IstioRevision") == before)
        #expect(try mesh.reconcile { $0.cluster.dryRun = .server } == 0)
    }

    // Releases carry the operator's names, so that its Helm finds them; base is in its own namespace.
    @Test func releasesAreNamedAsTheOperatorNamesThem() throws {
        let mesh = try ResourceBench(namespaces: ["istio-system", "istio-cni", "ztunnel", "sail-operator"])
        let run = try atRest(mesh)
        #expect(
            try secrets(mesh) == [
                "sail-operator/sh.helm.release.v1.default-base.v1", "istio-system/sh.helm.release.v1.default-istiod.v1",
                "istio-cni/sh.helm.release.v1.istio-cni.v1", "ztunnel/sh.helm.release.v1.ztunnel.v1",
            ])
        let annotations = mesh.bench.object(
            "/api/v1/namespaces/istio-system/serviceaccounts/istio-reader-service-account")?["metadata"]?["annotations"]
        #expect(annotations?["meta.helm.sh/release-name"] == "default-base")
        #expect(annotations?["meta.helm.sh/release-namespace"] == "sail-operator")
        // What one resource asks for is no news for the others.
        try mesh.patch("ZTunnel", ["spec": ["values": ["ztunnel": ["env": ["X": "y"]]]]])
        run.until("it has an effect") { mesh.environment(ztunnel, "X") == "y" }
        run.untilHealthy()
        let turns = run.turns("Istio")
        try mesh.patch("Istio", ["spec": ["updateStrategy": ["updateWorkloads": true]]])
        run.until("Istio has a turn") { run.turns("Istio") > turns }
        run.untilQuiet()
        let names = try secrets(mesh)
        #expect(names.contains("ztunnel/sh.helm.release.v1.ztunnel.v2"))
        #expect(!names.contains("istio-system/sh.helm.release.v1.default-istiod.v2"))
    }
}
