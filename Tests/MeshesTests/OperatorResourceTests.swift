import Istio
import Meshes
import Objects
import System
import Testing
import Values

private func mesh(_ text: String) throws -> Mesh {
    var request = MeshRequest()
    request.user = try UserValues([.file("m.yaml")]) { _ throws(FileFailure) in Array(text.utf8) }
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

private let head = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n"

/// `components.COMPONENT.k8s` with one field in the line behind it.
private func pods(_ component: String, _ field: String) -> String {
    head + "  components:\n    \(component):\n      k8s:\n        \(field)\n"
}

@Suite struct OperatorResourceTests {
    static let mapped: [(text: String, component: Int, path: String, value: Value)] = [
        (pods("pilot", "affinity: {nodeAffinity: {}}"), 1, "pilot.affinity", ["nodeAffinity": [:]]),
        (pods("pilot", "env: [{name: A, value: b}]"), 1, "pilot.env.A", "b"),
        (pods("pilot", "hpaSpec: {minReplicas: 2, maxReplicas: 5}"), 1, "pilot.autoscaleMin", 2),
        (pods("pilot", "hpaSpec: {minReplicas: 2, maxReplicas: 5}"), 1, "pilot.autoscaleMax", 5),
        (pods("pilot", "nodeSelector: {pool: infra}"), 1, "pilot.nodeSelector", ["pool": "infra"]),
        (pods("pilot", "podAnnotations: {a: \"1\"}"), 1, "pilot.podAnnotations", ["a": "1"]),
        (pods("pilot", "podDisruptionBudget: {maxUnavailable: 1}"), 1, "pilot.pdb.maxUnavailable", 1),
        (pods("pilot", "priorityClassName: high"), 1, "global.priorityClassName", "high"),
        (pods("pilot", "replicaCount: 2"), 1, "pilot.replicaCount", 2),
        (pods("pilot", "resources: {requests: {cpu: 1}}"), 1, "pilot.resources", ["requests": ["cpu": 1]]),
        (
            pods("pilot", "service: {type: ClusterIP, ipFamilyPolicy: SingleStack}"), 1, "pilot.ipFamilyPolicy",
            "SingleStack"
        ),
        (pods("pilot", "serviceAnnotations: {a: b}"), 1, "pilot.serviceAnnotations", ["a": "b"]),
        (
            pods("pilot", "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"), 1,
            "pilot.rollingMaxUnavailable",
            0
        ),
        (pods("pilot", "tolerations: [{operator: Exists}]"), 1, "pilot.tolerations", [["operator": "Exists"]]),
        (
            pods("pilot", "volumeMounts: [{name: a, mountPath: /a}]"), 1, "pilot.volumeMounts",
            [["name": "a", "mountPath": "/a"]]
        ),
        (pods("cni", "imagePullPolicy: Always"), 2, "cni.pullPolicy", "Always"),
        (pods("cni", "priorityClassName: system-node-critical"), 2, "profile", "ambient"),
        (pods("cni", "resources: {requests: {cpu: 1}}"), 2, "cni.resources", ["requests": ["cpu": 1]]),
        (
            pods("cni", "strategy: {rollingUpdate: {maxUnavailable: 2}}"), 2, "cni.updateStrategy",
            ["rollingUpdate": ["maxUnavailable": 2]]
        ),
        (pods("ztunnel", "imagePullPolicy: Always"), 3, "imagePullPolicy", "Always"),
        (pods("ztunnel", "nodeSelector: {a: b}"), 3, "nodeSelector", ["a": "b"]),
        (pods("ztunnel", "env: [{name: A, value: b}]"), 3, "env.A", "b"),
        (head + "  defaultRevision: true\n", 0, "defaultRevision", "default"),
        (head + "  defaultRevision: false\n", 0, "defaultRevision", ""),
        (head + "  unvalidatedValues: {pilot: {env: {A: b}}}\n", 1, "pilot.env.A", "b"),
        (head + "  compatibilityVersion: \"1.29\"\n", 1, "compatibilityVersion", "1.29"),
        (head + "  profile: openshift-ambient\n", 1, "global.platform", "openshift"),
        (head + "  components: {egressGateways: [{name: a, enabled: false}]}\n", 1, "profile", "ambient"),
    ]

    @Test(arguments: mapped)
    func aFieldBecomesAValueOfTheChart(text: String, component: Int, path: String, value: Value) throws {
        // YAML's numbers are floats.
        #expect(try OperatorResourceTests.value(text, component, path)?.json() == value.json())
    }

    private static func value(_ text: String, _ component: Int, _ path: String) throws -> Value? {
        try mesh(text).parts[component].values.value(at: path.split(separator: ".").map(String.init))
    }

    static let refused: [(text: String, expected: String)] = [
        (pods("cni", "replicaCount: 2"), "m.yaml:7:9: spec.components.cni.k8s.replicaCount: a DaemonSet has a pod on"),
        (pods("base", "resources: {}"), "m.yaml:7:9: spec.components.base.k8s.resources: base has no pods"),
        (pods("pilot", "tolerationss: []"), "m.yaml:7:9: unknown key spec.components.pilot.k8s.tolerationss; did you"),
        (head + "  installPackagePath: /x\n", "m.yaml:4:3: spec.installPackagePath: sail has its charts inside"),
        (head + "  addonComponents: {}\n", "m.yaml:4:3: spec.addonComponents: sail installs no addons"),
        (head + "  profile: minimal\n", "m.yaml:4:3: spec.profile: profile minimal makes a mesh of sidecars"),
        (head + "  defaultRevision: yes please\n", "m.yaml:4:3: spec.defaultRevision must be true or false"),
        (head + "  hubb: a\n", "m.yaml:4:3: unknown key spec.hubb; did you mean hub?"),
        (head + "  components: {pilott: {}}\n", "m.yaml:4:16: unknown key spec.components.pilott; did you mean pilot?"),
        (
            head + "  components: {egressGateways: [{name: a}]}\n",
            "m.yaml:4:16: spec.components.egressGateways: sail installs ambient mode only"
        ),
        (
            head.replacing("v1alpha1", with: "v1"),
            "m.yaml:1:1: apiVersion: IstioOperator has install.istio.io/v1alpha1; write that"
        ),
    ]

    @Test(arguments: refused) func theRestIsRefusedWithWhatToDo(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    /// Whatever a remedy says to write is a value that the chart takes.
    @Test(arguments: [
        "global: {imagePullPolicy: Always}", "pilot: {cpu: {targetAverageUtilization: 70}}",
        "pilot: {memory: {targetAverageUtilization: 70}}", "cni: {affinity: {nodeAffinity: {}}}",
    ]) func whatRemediesNameIsRead(values: String) throws {
        #expect(message(head + "  values: {\(values)}\n") == "no error")
        var plain = MeshRenderer(try mesh(""), checkingAll: true)
        var changed = MeshRenderer(try mesh(head + "  values: {\(values)}\n"), checkingAll: true)
        let kinds = ["Deployment", "DaemonSet", "HorizontalPodAutoscaler"]
        func texts(_ objects: [MeshObject]) -> [String] {
            objects.filter { kinds.contains($0.identity.kind) }.map(\.text.string)
        }
        #expect(try texts(plain.objects()) != texts(changed.objects()))
    }

    @Test func theMeshGoesWhereTheResourceIs() throws {
        let named = head.replacing("spec:", with: "metadata: {name: mesh, namespace: mesh-a}\nspec:")
        #expect(try mesh(named).namespace == "mesh-a")
        #expect(try mesh(named + "  namespace: mesh-b\n").namespace == "mesh-b")
        #expect(try mesh(named + "  components: {cni: {namespace: kube-system}}\n").parts[2].namespace == "kube-system")
        #expect(
            message(named + "  components: {pilot: {namespace: c}}\n")
                .hasPrefix("m.yaml:5:24: spec.components.pilot.namespace: is c, and the mesh's is mesh-a"))
    }

    @Test func variablesThatTheChartHasAlreadyAreNotDoubled() throws {
        let text = pods("pilot", "env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]")
        #expect(try mesh(text).parts[1].values.value(at: ["pilot", "envVarFrom"]) == nil)
    }
}
