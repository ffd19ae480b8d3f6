import Charts
import Istio
import Meshes
import Objects
import System
import Testing
import Values

private func mesh(_ version: String? = nil, platform: String? = nil, _ sources: [ValueSource] = []) throws -> Mesh {
    var request = MeshRequest()
    request.version = version
    request.platform = platform
    request.user = try UserValues(sources) { path throws(FileFailure) in
        guard let text = files[path] else { throw FileFailure(reason: "no such file or directory") }
        return Array(text.utf8)
    }
    return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
}

private let files = [
    "network.yaml": "global:\n  network: net-1\n",
    "operator.yaml": """
    apiVersion: install.istio.io/v1alpha1
    kind: IstioOperator
    spec:
      hub: example.com/istio
      meshConfig:
        accessLogFile: /dev/stdout
      components:
        ztunnel:
          namespace: mesh-nodes
      values:
        cni:
          logging:
            level: debug

    """,
    "sail.yaml": """
    apiVersion: sailoperator.io/v1
    kind: Istio
    spec:
      version: v1.29.6
      profile: ambient
      namespace: mesh
      values:
        pilot:
          env:
            A: b
    ---
    apiVersion: sailoperator.io/v1
    kind: ZTunnel
    spec:
      namespace: nodes
      values:
        ztunnel:
          logLevel: debug

    """,
]

private func objects(_ mesh: Mesh, checkingAll: Bool = false) throws -> [MeshObject] {
    var renderer = MeshRenderer(mesh, checkingAll: checkingAll)
    return try renderer.objects()
}

@Test(arguments: ["v1.24.0", "v1.26.8", "v1.28.10", "v1.30.3"], [nil, "openshift", "k3s"])
func plainAndCheckedRenderingAgree(version: String, platform: String?) throws {
    let mesh = try mesh(version, platform: platform)
    let plain = try objects(mesh)
    let checked = try objects(mesh, checkingAll: true)
    #expect(plain.map(\.identity) == checked.map(\.identity))
    for (first, second) in zip(plain, checked) { #expect(first.text == second.text, "\(first.identity)") }
}

@Test func whatOthersNeedComesFirstAndNothingTwice() throws {
    let identities = try objects(mesh()).map(\.identity)
    #expect(identities.first?.description == "Namespace istio-system")
    #expect(Set(identities).count == identities.count)
    #expect(identities[1...15].allSatisfy { $0.kind == "CustomResourceDefinition" })
    #expect(identities.last?.description == "DaemonSet istio-system/ztunnel")
}

@Test func theNamespaceCarriesTheNetwork() throws {
    let namespace = try objects(mesh(nil, [.file("network.yaml")]))[0]
    #expect(namespace.text.string.contains("topology.istio.io/network: \"net-1\""))
}

@Test func anIstioOperatorIsTakenForValues() throws {
    let mesh = try mesh(nil, [.file("operator.yaml")])
    let ztunnel = try #require(mesh.parts.last)
    #expect(ztunnel.namespace == "mesh-nodes")
    #expect(mesh.parts[1].values.value(at: ["meshConfig", "accessLogFile"]) == "/dev/stdout")
    #expect(mesh.parts[1].values.value(at: ["pilot", "trustedZtunnelNamespace"]) == "mesh-nodes")
    #expect(mesh.parts[2].values.value(at: ["cni", "logging", "level"]) == "debug")
    #expect(ztunnel.values.value(at: ["global", "hub"]) == "example.com/istio")
}

@Test func resourcesOfTheSailOperatorAreTakenForValues() throws {
    let mesh = try mesh(nil, [.file("sail.yaml")])
    #expect(mesh.release.version == "v1.29.6")
    #expect(mesh.parts.map(\.namespace) == ["mesh", "mesh", "mesh", "nodes"])
    #expect(mesh.parts[1].values.value(at: ["global", "istioNamespace"]) == "mesh")
    #expect(mesh.parts[1].values.value(at: ["pilot", "trustedZtunnelNamespace"]) == "nodes")
    #expect(mesh.parts[3].values.value(at: ["logLevel"]) == "debug")
}

@Test func onOpenShiftTheNodeAgentsGoToKubeSystem() throws {
    let parts = try mesh(platform: "openshift").parts
    #expect(parts.map(\.namespace) == ["istio-system", "istio-system", "kube-system", "kube-system"])
}

@Test func aFlagMayReachIntoAListOfTheFlagBefore() throws {
    let sources: [ValueSource] = [
        .set(.typed, "pilot.tolerations[0].key=a"), .set(.typed, "pilot.tolerations[1].key=b"),
    ]
    let mesh = try mesh(nil, sources)
    #expect(mesh.parts[1].values.value(at: ["pilot", "tolerations"]) == [["key": "a"], ["key": "b"]])
}
