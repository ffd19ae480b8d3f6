import Istio
import Meshes
import System
import Testing
import Values

/// Where values have their place, and what is said of those that are elsewhere.
@Suite struct ValuePlaceTests {
    private func mesh(_ text: String, remembered: Mapping = [:], components: Set<Component> = []) throws -> Mesh {
        var request = MeshRequest()
        request.components = components
        request.user = try UserValues([.file("v.yaml")]) { _ throws(FileFailure) in Array(text.utf8) }
        request.user.remember(remembered, from: "release istiod")
        return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
    }

    private func message(_ text: String) -> String {
        do {
            _ = try mesh(text)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        (
            "hub: example.com/istio\n",
            "v.yaml:1:1: unknown key hub; write global.hub for all, pilot.hub for istiod, cni.hub for cni or ztunnel.hub "
                + "for ztunnel"
        ),
        (
            "nodeSelector: {pool: a}\n",
            "v.yaml:1:1: unknown key nodeSelector; write pilot.nodeSelector for istiod or ztunnel.nodeSelector for ztunnel"
        ),
        (
            "multiCluster: {clusterName: east}\n",
            "v.yaml:1:1: unknown key multiCluster; write global.multiCluster for istiod and ztunnel or "
                + "ztunnel.multiCluster for ztunnel"
        ),
        ("ztunnel:\n  cniBinDir: /x\n", "v.yaml:2:3: unknown key ztunnel.cniBinDir; write cni.cniBinDir"),
        ("cni:\n  taint: {enabled: true}\n", "v.yaml:2:3: unknown key cni.taint; write pilot.taint"),
        ("cni:\n  resourceName: a\n", "v.yaml:2:3: unknown key cni.resourceName; write ztunnel.resourceName"),
        ("global:\n  replicaCount: 2\n", "v.yaml:2:3: unknown key global.replicaCount; write pilot.replicaCount"),
        ("pilot:\n  telemetry: {enabled: false}\n", "v.yaml:2:3: unknown key pilot.telemetry; write telemetry"),
        (
            "ztunnel:\n  global:\n    proxy: {logLevel: info}\n",
            "v.yaml:3:5: unknown key ztunnel.global.proxy; write global.proxy"
        ),
        ("ztunnel:\n  ztunnel: {logLevel: debug}\n", "v.yaml:2:3: unknown key ztunnel.ztunnel; write ztunnel"),
        ("pilot:\n  logLevel: debug\n", "v.yaml:2:3: unknown key pilot.logLevel; write global.logging.level"),
        ("cni:\n  logLevel: debug\n", "v.yaml:2:3: unknown key cni.logLevel; write cni.logging.level"),
        (
            "cni:\n  nodeSelector: {a: b}\n",
            "v.yaml:2:3: unknown key cni.nodeSelector; the agent runs on every Linux node"
        ),
        ("accessLogFile: /dev/stdout\n", "v.yaml:1:1: unknown key accessLogFile; write meshConfig.accessLogFile"),
        ("pilot: {trustDomain: a}\n", "v.yaml:1:9: unknown key pilot.trustDomain; write meshConfig.trustDomain"),
        ("pilot: {replicas: 2}\n", "v.yaml:1:9: unknown key pilot.replicas; write pilot.replicaCount"),
        (
            "pilot: {annotations: {a: b}}\n",
            "v.yaml:1:9: unknown key pilot.annotations; write pilot.podAnnotations or pilot.deploymentAnnotations"
        ),
        ("cni: {labels: {a: b}}\n", "v.yaml:1:7: unknown key cni.labels; write cni.podLabels or cni.daemonSetLabels"),
        (
            "pilot: {global: {hub: example.com/a}}\n",
            "v.yaml:1:9: unknown key pilot.global; write global, which is for all, or its keys at pilot"
        ),
        (
            "ztunnel: {replicaCount: 2}\n",
            "v.yaml:1:11: unknown key ztunnel.replicaCount; a DaemonSet has a pod on every node; remove it"
        ),
        ("cni: {autoscaleMin: 2}\n", "v.yaml:1:7: unknown key cni.autoscaleMin; a DaemonSet has a pod on every node"),
        ("pilot: {k8s: {env: []}}\n", "v.yaml:1:9: unknown key pilot.k8s; k8s is a field of an IstioOperator"),
        (
            "pilot: {tolerations: [{tolerationSeconds: 9223372036854775808}]}\n",
            "v.yaml:1:24: pilot.tolerations.0.tolerationSeconds must be a whole number"
        ),
        ("pilot: {tolerations: [null]}\n", "v.yaml:1:23: pilot.tolerations.0 must be a map, not null"),
        ("platform: gke\n", "v.yaml:1:1: unknown key platform; write global.platform, or give it with --platform"),
        ("profile: demo\n", "v.yaml:1:1: unknown key profile; give it with --profile"),
        ("istioVersion: v1.28.0\n", "v.yaml:1:1: unknown key istioVersion; give it with --version"),
        ("global: {revision: blue}\n", "v.yaml:1:10: unknown key global.revision; write revision"),
        ("resorces: {}\n", "v.yaml:1:1: unknown key resorces; did you mean pilot.resources for istiod, "),
        ("cni:\n  padding: 1\n", "v.yaml:2:3: unknown key cni.padding; sail values --explain cni lists the "),
        (
            "base:\n  enableCRDTemplates: false\n",
            "v.yaml:2:3: base.enableCRDTemplates has no effect; sail installs all"
        ),
    ])
    func aMisplacedKeyNamesItsPlace(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    @Test(arguments: [
        (
            "values:\n  pilot: {env: {A: \"1\"}}\n",
            "v.yaml:1:1: unknown key values; write what is below it at the root: pilot.env.A instead of values.pilot.env.A"
        ),
        (
            "spec:\n  values: {hub: x}\n",
            "v.yaml:1:1: unknown key spec; write what is below it at the root: for spec.values.hub, write global.hub for all"
        ),
        ("values: {values: {values: 1}}\n", "v.yaml:1:1: unknown key values; write what is below it at the root"),
        ("components:\n  cni: {enabled: true}\n", "v.yaml:1:1: unknown key components; choose components with -c"),
        ("istio_cni: {enabled: true}\n", "v.yaml:1:1: unknown key istio_cni; write pilot.cni.enabled"),
        ("cni: {enabled: true}\n", "v.yaml:1:7: unknown key cni.enabled; choose components with -c"),
    ])
    func istioctlsSpellingsAreExplained(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    @Test func whatSaysTheSameAsAFlagIsNoFault() {
        #expect(message("profile: ambient\nglobal: {platform: gke}\nplatform: gke\n") == "no error")
    }

    @Test(arguments: [
        (
            "istio-ingressgateway: {enabled: true}",
            "v.yaml:1:12: unknown key gateways.istio-ingressgateway; sail installs no"
        ),
        ("istio-egressgateway: {type: LoadBalancer}", "v.yaml:1:12: unknown key gateways.istio-egressgateway; sail "),
        ("mine: {enabled: true}", "v.yaml:1:12: unknown key gateways.mine; sail installs no gateways"),
        ("mine: {}", "v.yaml:1:12: unknown key gateways.mine; known here: seccompProfile, securityContext"),
        ("istio-ingressgateway: {enabled: false, type: NodePort}, istio-egressgateway: {enabled: false}", "no error"),
        ("securityContext: {runAsUser: 7}, istio-egressgateway: {enabled: false}", "no error"),
    ])
    func aGatewayIsRefusedUnlessItIsDisabled(gateways: String, expected: String) throws {
        #expect(message("gateways: {\(gateways)}\n").hasPrefix(expected), "\(message("gateways: {\(gateways)}\n"))")
    }

    @Test func adisabledGatewayReachesNoChart() throws {
        let istiod = try mesh("gateways: {istio-egressgateway: {enabled: false}}\n").parts[1]
        #expect(istiod.values["gateways"] == nil)
        let both = try mesh("gateways: {a: {enabled: false}, securityContext: {runAsUser: 7}}\n").parts[1]
        #expect(both.values["gateways"] == ["securityContext": ["runAsUser": 7.0]])
    }

    @Test func whatIsLeftOutOfARunIsCheckedToo() {
        #expect(throws: (any Error).self) { try mesh("hub: x\n", components: [.ztunnel]) }
        #expect(throws: (any Error).self) { try mesh("pilot: {autoscaleMn: 2}\n", components: [.ztunnel]) }
    }

    @Test func twoOperatorsInAFileAreRefused() {
        let one = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: ambient}\n"
        #expect(message(one) == "no error")
        #expect(message(one + "---\n" + one).hasPrefix("v.yaml:6:1: kind: a second IstioOperator in one file; "))
    }

    /// An earlier sail took these: those with an effect keep it, the others are said.
    @Test func rememberedKeysStopNothing() throws {
        let remembered: Mapping = [
            "hub": "example.com/istio", "istioNamespace": "mesh", "ztunnel": ["cniBinDir": "/x"],
            "gateways": ["istio-ingressgateway": ["enabled": true]],
            "pilot": ["tolerations": [["thats": "x"]], "imagePullPolicy": "Always"],
        ]
        let mesh = try mesh("{}\n", remembered: remembered)
        #expect(mesh.parts[1].values["hub"] == "example.com/istio")
        let said = mesh.strays.joined(separator: "\n")
        #expect(!said.contains("hub"))
        let keys = ["istioNamespace", "ztunnel.cniBinDir", "pilot.tolerations.0.thats", "pilot.imagePullPolicy"]
        for key in keys {
            #expect(said.contains("remembered (release istiod): unknown key \(key), which has no effect"))
        }
        #expect(mesh.strays.count == 5)
    }

    /// A file may hold nothing but unknown keys: a message shows the first of them, whatever their number.
    @Test func ofManyFaultsTheFirstAreNamed() {
        let lines = message((0..<5_000).map { "key\($0): 1\n" }.joined()).split(separator: "\n")
        #expect(lines.count == 21)
        #expect(lines.first?.hasPrefix("v.yaml:1:1: unknown key key0; ") == true)
        #expect(lines.last == "and 4980 more")
        let entries = String(repeating: "{bogus: 1}, ", count: 3_000)
        #expect(message("cni: {tolerations: [\(entries)]}\n").hasSuffix("\nand 2980 more"))
    }

    @Test func aNullTakesAStoredValueBack() throws {
        let stored: Mapping = ["pilot": ["env": ["OLD": "1", "KEPT": "2"]], "global": ["logAsJson": true]]
        let mesh = try mesh("pilot: {env: {OLD: null}}\nglobal: {logAsJson: null}\n", remembered: stored)
        #expect(mesh.userValues["pilot"] == ["env": ["KEPT": "2"]])
        // A default of the chart is what a null takes away.
        #expect(mesh.userValues["global"] == ["logAsJson": .null])
        // Without a stored value it means what it means to Helm.
        #expect(try self.mesh("pilot: {env: {OLD: null}}\n").userValues["pilot"] == ["env": ["OLD": .null]])
    }

    @Test func replicasBesideAnAutoscalerHaveNoEffect() throws {
        let expected =
            "v.yaml:1:9: pilot.replicaCount has no effect while pilot.autoscaleEnabled is true; write "
            + "pilot.autoscaleMin, or pilot.autoscaleEnabled: false"
        #expect(try mesh("pilot: {replicaCount: 3}\n").strays == [expected])
        #expect(try mesh("pilot: {replicaCount: 3, autoscaleEnabled: false}\n").strays == [])
        #expect(try mesh("pilot: {autoscaleMin: 3}\n").strays == [])
    }
}
