import Istio
import Meshes
import Objects
import System
import Testing
import Values

private func values(_ text: String) throws -> UserValues {
    try UserValues([.file("m.yaml")]) { _ throws(FileFailure) in Array(text.utf8) }
}

private func mesh(_ text: String) throws -> Mesh {
    var request = MeshRequest()
    request.user = try values(text)
    return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
}

/// The error for a text, or `no error`.
private func message(_ text: String) -> String {
    do {
        _ = try mesh(text)
        return "no error"
    } catch {
        return "\(error)"
    }
}

private func resource(_ kind: String, _ spec: String, name: String = "default", version: String = "v1") -> String {
    "apiVersion: sailoperator.io/\(version)\nkind: \(kind)\nmetadata:\n  name: \(name)\nspec:\n" + spec
}

private let ambient = "  profile: ambient\n"

@Suite struct SailResourceTests {
    static let refused: [(text: String, expected: String)] = [
        (
            resource("Istio", ambient + "  namespce: a\n"),
            "m.yaml:7:3: unknown key spec.namespce; did you mean namespace?"
        ),
        (resource("ZTunnel", "  vlaues: {}\n"), "m.yaml:6:3: unknown key spec.vlaues; did you mean values?"),
        (resource("Istio", ambient + "  targetRef: {kind: Istio}\n"), "m.yaml:7:3: unknown key spec.targetRef"),
        (resource("ZTunnel", "  profile: ambient\n"), "m.yaml:6:3: unknown key spec.profile"),
        ("apiVersion: sailoperator.io/v1\nkind: Istio\nsepc: {}\n", "m.yaml:3:1: unknown key sepc; did you mean spec?"),
        (
            resource("Istio", ambient, version: "v9"),
            "m.yaml:1:1: apiVersion: Istio has sailoperator.io/v1; write that"
        ),
        (resource("IstioCNI", ambient, version: "v1alpha1"), "m.yaml:1:1: apiVersion: IstioCNI has "),
        (
            resource("ZTunnel", "  version: v1.30.3\n", name: "not-default"),
            "m.yaml:4:3: metadata.name: ZTunnel must be named default"
        ),
        (resource("Istio", ambient, name: "prod"), "m.yaml:4:3: metadata.name: another name is a revision"),
        (
            resource("Istio", ambient + "  updateStrategy:\n    type: RevisionBased\n"),
            "m.yaml:8:5: spec.updateStrategy.type: sail upgrades in place"
        ),
        (
            resource("Istio", ambient + "  updateStrategy: {inactiveRevisionDeletionGracePeriodSeconds: -1}\n"),
            "m.yaml:7:20: spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds must be a whole number from 0"
        ),
        (
            resource("IstioRevision", "  version: v1.30.3\n"),
            "m.yaml:2:1: kind: IstioRevision: sail installs in place, without revisions"
        ),
        (
            resource("IstioRevisionTag", "  targetRef: {}\n"),
            "m.yaml:2:1: kind: IstioRevisionTag: sail installs in place"
        ),
        (
            resource("Istio", ambient + "  version: 1.30.3\n"),
            "m.yaml:7:3: spec.version: version \"1.30.3\" is not known; did you mean v1.30.3?"
        ),
        (
            resource("Istio", ambient + "  version: latest\n"),
            "m.yaml:7:3: spec.version: version \"latest\" is not known; "
        ),
        (
            resource("Istio", ambient + "  version: 7\n"),
            "m.yaml:7:3: spec.version must be a string, not number 7; write it in quotes"
        ),
        (resource("Istio", "  version: v1.30.3\n"), "m.yaml:5:1: spec.profile: is missing, which means default: "),
        ("apiVersion: sailoperator.io/v1\nkind: IstioCNI\n", "m.yaml: spec.profile: is missing"),
        (
            resource("Istio", "  profile: demo\n"),
            "m.yaml:6:3: spec.profile: profile demo makes a mesh of sidecars, and sail installs ambient mode; "
                + "write ambient, or openshift-ambient on OpenShift"
        ),
        (
            resource("Istio", "  profile: external\n"),
            "m.yaml:6:3: spec.profile: profile external is for a control plane"
        ),
        (
            resource("Istio", "  profile: ambeint\n"),
            "m.yaml:6:3: spec.profile must be one of ambient, default, demo, empty, external, openshift, "
                + "openshift-ambient, preview, remote, stable, not string \"ambeint\" (did you mean ambient?)"
        ),
        (resource("Istio", ambient + "  values: []\n"), "m.yaml:7:3: spec.values must be a map, not array"),
        (
            resource("Istio", ambient + "  values:\n    ztunnel: {logLevel: debug}\n"),
            "m.yaml:8:5: spec.values.ztunnel: Istio does not read it; write it in a ZTunnel resource"
        ),
        (
            resource("ZTunnel", "  values:\n    logLevel: debug\n"),
            "m.yaml:7:5: spec.values.logLevel: write it as spec.values.ztunnel.logLevel"
        ),
        (
            resource("IstioCNI", ambient + "  values:\n    cni: {logLevel: debug}\n"),
            "m.yaml:8:11: unknown key spec.values.cni.logLevel"
        ),
        (
            resource("ZTunnel", "  values:\n    global: {network: a}\n"),
            "m.yaml:7:14: unknown key spec.values.global.network"
        ),
        (
            resource("Istio", ambient + "  values:\n    revision: blue\n"),
            "m.yaml:8:5: spec.values.revision: sail installs in place"
        ),
        (
            resource("Istio", ambient + "  values: {global: {istioNamespace: other}}\n"),
            "m.yaml:7:21: spec.values.global.istioNamespace: is other, and spec.namespace is istio-system"
        ),
        (resource("IstioCNI", ambient + "  namespace: A_B\n"), "m.yaml:7:3: spec.namespace: \"A_B\" is no name of"),
        (
            resource("ZTunnel", "  targetRef: {kind: IstioRevision, name: default-v1-30-3}\n"),
            "m.yaml:6:36: spec.targetRef.name: sail's control plane is Istio \"default\""
        ),
        (resource("ZTunnel", "  targetRef: {name: default}\n"), "m.yaml:6:3: spec.targetRef.kind: is missing"),
        (
            resource("ZTunnel", "  targetRef: {kind: Gateway, name: default}\n"),
            "m.yaml:6:15: spec.targetRef.kind must be one of"
        ),
        (
            resource("Istio", ambient + "  values:\n    pilot: {env: {A: true}}\n"),
            "m.yaml:8:19: spec.values.pilot.env.A must be a string, not boolean true; write it in quotes"
        ),
        (
            resource("IstioCNI", ambient + "  values: {cni: {podLabels: {a: 1}}}\n"),
            "m.yaml:7:30: spec.values.cni.podLabels.a must be a string, not number 1; write it in quotes"
        ),
        (
            resource("ZTunnel", "  values: {ztunnel: {nodeSelector: {a: b, c: []}}}\n"),
            "m.yaml:6:43: spec.values.ztunnel.nodeSelector.c must be a string, not array"
        ),
        (
            resource("Istio", ambient + "  values: {global: {defaultNodeSelector: linux}}\n"),
            "m.yaml:7:21: spec.values.global.defaultNodeSelector must be a map, not string \"linux\""
        ),
        (
            resource("ZTunnel", "  values:\n    ztunnel: {labels: {a: b}}\n"),
            "m.yaml:7:15: spec.values.ztunnel.labels: the definition of ZTunnel does not have it; write podLabels"
        ),
        (
            resource("Istio", ambient + "  values:\n    meshConfig: {accessLogFiel: /dev/stdout}\n"),
            "m.yaml:8:18: unknown key spec.values.meshConfig.accessLogFiel; did you mean accessLogFile?"
        ),
        (
            resource("Istio", ambient + "  values:\n    pilot: {tolerations: [{key: a, value: 1}]}\n"),
            "m.yaml:8:36: spec.values.pilot.tolerations.0.value must be a string, not number 1; write it in quotes"
        ),
        (
            resource("IstioCNI", ambient + "  values: {cni: {resources: {limits: {cpu: 1 core}}}}\n"),
            "m.yaml:7:39: spec.values.cni.resources.limits.cpu must be a quantity such as 500m or 1Gi, not string \"1 core\""
        ),
        (
            resource("Istio", ambient + "  values: {meshConfig: {caCertificates: [{pem: a, spiffeBundleUrl: b}]}}\n"),
            "m.yaml:7:42: spec.values.meshConfig.caCertificates.0: takes at most one of pem, spiffeBundleUrl; "
        ),
        ("apiVersion: v1\nkind: ConfigMap\n", "m.yaml:2:1: kind: a values file holds plain values, an IstioOperator, "),
        ("apiVersion: v1\nkind: List\nitems:\n- a\n", "m.yaml:4:3: items.0: an item of a List is a resource"),
        (
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: sailoperator.io/v1\n  kind: ZTunnel\n  spec:\n    a: 1\n",
            "m.yaml:7:5: unknown key spec.a"
        ),
        (
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {a: 1}}\n",
            "m.yaml:3:30: metadata.labels.a must be"
        ),
    ]

    @Test(arguments: refused)
    func whatTheDefinitionsOrSailDoNotTakeIsRefusedInItsPlace(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    static let accepted = [
        resource("Istio", ambient), resource("Istio", "  values: {profile: ambient}\n"),
        resource("IstioCNI", "  values: {cni: {ambient: {enabled: true}}}\n"),
        "apiVersion: sailoperator.io/v1\nkind: ZTunnel\n", resource("ZTunnel", "  {}\n"),
        resource("ZTunnel", "  profile: ambient\n", version: "v1alpha1"),
        resource("Istio", ambient + "  namespace: null\n  updateStrategy: {}\n") + "status: {state: Healthy}\n",
        resource("Istio", ambient + "  updateStrategy: {type: InPlace, updateWorkloads: true}\n"),
        resource("Istio", ambient + "  version: v1.30-latest\n"),
        resource("ZTunnel", "  targetRef: {kind: IstioRevision, name: default}\n"),
        resource("Istio", ambient + "  values: {experimental: {x: {y: 1}}, pilot: {env: {A: b, C: null}}}\n"),
    ]

    @Test(arguments: accepted) func theRestIsTaken(text: String) {
        #expect(message(text) == "no error")
    }

    @Test func ztunnelGoesWhereALoneIstioTrustsIt() throws {
        let text = resource("Istio", ambient + "  values: {pilot: {trustedZtunnelNamespace: zt}}\n")
        #expect(try mesh(text).parts[3].namespace == "zt")
        #expect(message(text + "---\n" + resource("ZTunnel", "  {}\n")).contains("pilot.trustedZtunnelNamespace is zt"))
    }

    @Test func numbersAreTakenAsYAMLHasThem() {
        let strategy = "  updateStrategy: {inactiveRevisionDeletionGracePeriodSeconds: 30}\n"
        #expect(message(resource("Istio", ambient + strategy + "  values: {pilot: {replicaCount: 2}}\n")) == "no error")
        let half = strategy.replacing("30", with: "1.5")
        #expect(message(resource("Istio", ambient + half)).contains("must be a whole number, not number 1.5"))
    }

    @Test func aKindIsGivenOnceInAFile() {
        let text = resource("ZTunnel", "  {}\n") + "---\n" + resource("ZTunnel", "  {}\n")
        #expect(message(text).hasPrefix("m.yaml:9:1: kind: a second ZTunnel in one file; "))
    }

    @Test func allFaultsOfAFileAreNamed() {
        let text = resource("Istio", "  profile: demo\n  a: 1\n  version: v0\n")
        #expect(message(text).split(separator: "\n").count == 3, "\(message(text))")
    }

    @Test func allFaultsOfAllDocumentsAreNamed() {
        let text = resource("Istio", ambient + "  a: 1\n") + "---\n" + resource("ZTunnel", "  b: 2\n")
        #expect(message(text).split(separator: "\n").count == 2, "\(message(text))")
    }

    @Test func openShiftAmbientIsAmbientOnOpenShift() throws {
        let mesh = try mesh(
            resource("Istio", "  profile: openshift-ambient\n") + "---\n" + resource("ZTunnel", "  namespace: zt\n"))
        #expect(mesh.profile == "ambient")
        #expect(mesh.platform == "openshift")
        #expect(mesh.parts.map(\.namespace) == ["istio-system", "istio-system", "kube-system", "zt"])
    }

    @Test func aTargetMakesZtunnelTakeOverThreeKeysOfTheControlPlane() throws {
        let istio = resource(
            "Istio",
            ambient
                + "  values:\n    global: {network: net-a, logAsJson: true, hub: a.example.com/x}\n"
                + "    meshConfig: {trustDomain: td}\n    pilot: {env: {A: b}}\n")
        let own = "  values: {ztunnel: {network: net-z}}\n"
        // The order of the resources does not count.
        for text in [
            resource("ZTunnel", "  targetRef: {kind: Istio, name: default}\n" + own) + "---\n" + istio,
            istio + "---\n" + resource("ZTunnel", "  targetRef: {kind: Istio, name: default}\n" + own),
        ] {
            let ztunnel = try #require(mesh(text).parts.last).values
            #expect(ztunnel.value(at: ["global", "hub"]) == "a.example.com/x")
            #expect(ztunnel.value(at: ["meshConfig", "trustDomain"]) == "td")
            #expect(ztunnel["network"] == "net-z")
        }
        let alone = try #require(mesh(istio + "---\n" + resource("ZTunnel", own)).parts.last).values
        #expect(alone.value(at: ["global", "hub"]) == nil)
        #expect(alone.value(at: ["meshConfig", "trustDomain"]) == nil)
    }

    @Test func spellingsThatNoChartReadsAreTakenWithAWarning() throws {
        let text = resource("ZTunnel", "  values:\n    ztunnel:\n      Labels: {a: b}\n      podLabels: {c: d}\n")
        let values = try values(text)
        #expect(
            values.warnings == [
                "m.yaml:8:7: spec.values.ztunnel.Labels: has no effect, no chart reads it; write podLabels"
            ])
        #expect(try mesh(text).parts[3].values["podLabels"] == ["c": "d"])
        #expect(try mesh(text).parts[3].values["Labels"] == nil)
    }

    @Test func theDeprecatedVersionOfZtunnelIsTakenWithAWarning() throws {
        let warnings = try values(resource("ZTunnel", "  version: v1.30.3\n", version: "v1alpha1")).warnings
        #expect(warnings.first?.hasPrefix("m.yaml:1:1: apiVersion: v1alpha1 is deprecated") == true)
    }

    @Test func aListIsTakenApart() throws {
        let text = """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: sailoperator.io/v1
              kind: Istio
              metadata: {name: default}
              spec: {version: v1.30.3, profile: ambient}
            - apiVersion: sailoperator.io/v1
              kind: ZTunnel
              metadata: {name: default}
              spec: {version: v1.29.6, values: {ztunnel: {logLevel: debug}}}
            """
        let mesh = try mesh(text)
        #expect(mesh.parts[1].release.version == "v1.30.3")
        #expect(mesh.parts[3].release.version == "v1.29.6")
        #expect(mesh.parts[3].values["logLevel"] == "debug")
    }

    @Test func namespacesKeepTheirLabels() throws {
        let text = """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: istio-system
              labels: {istio-discovery: enabled}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: ztunnel, annotations: {owner: "team: a"}}
            ---
            global: {network: net-a}
            """
        let mesh = try mesh(text)
        var renderer = MeshRenderer(mesh)
        let namespaces = try renderer.objects().filter { $0.identity.kind == "Namespace" }
        #expect(namespaces.map(\.identity.name) == ["istio-system", "ztunnel"])
        #expect(
            namespaces.first?.text.string
                == "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  labels:\n"
                + "    \"istio-discovery\": \"enabled\"\n    topology.istio.io/network: \"net-a\"\n")
        #expect(namespaces.last?.text.string.hasSuffix("  annotations:\n    \"owner\": \"team: a\"\n") == true)
        let other = text.replacing("istio-discovery: enabled", with: "topology.istio.io/network: net-b")
        #expect(
            message(other).hasPrefix(
                "m.yaml:4:3: label topology.istio.io/network is net-b, and global.network is net-a"))
    }

    @Test func missingKindsAndOtherNamespacesAreKnown() throws {
        var request = MeshRequest()
        request.user = try values(resource("Istio", ambient + "  namespace: mesh\n"))
        #expect(request.missingResources.map(\.kind) == ["IstioCNI", "ZTunnel"])
        request.namespace = "mesh"
        #expect(throws: Never.self) { try request.refuseOtherNamespaces() }
        request.namespace = "other"
        #expect {
            try request.refuseOtherNamespaces()
        } throws: {
            "\($0)" == "m.yaml:7:3: spec.namespace is mesh, and --namespace is other; leave one of them out"
        }
    }
}
