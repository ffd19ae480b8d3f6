import Istio
import Meshes
import Operations
import System
import Testing
import Values

private func mesh(_ request: MeshRequest) throws -> Mesh { try Mesh(request) { try BuiltInCharts.charts($0, $1) } }

private func request(_ text: String) throws -> MeshRequest {
    var request = MeshRequest()
    request.user = try UserValues([.file("mesh.yaml")]) { _ throws(FileFailure) in Array(text.utf8) }
    return request
}

private func texts(_ mesh: Mesh) throws -> [String] {
    var renderer = MeshRenderer(mesh, checkingAll: true)
    return try renderer.objects().map { "\($0.identity)\n\($0.text)" }
}

private let resources = """
    apiVersion: sailoperator.io/v1
    kind: Istio
    metadata: {name: default}
    spec:
      version: v1.30.3
      profile: ambient
      values:
        global: {hub: cp.example.com/istio, logAsJson: true}
        pilot: {env: {A: b}}
    ---
    apiVersion: sailoperator.io/v1
    kind: IstioCNI
    metadata: {name: default}
    spec:
      version: v1.29.6
      profile: ambient
      values: {cni: {excludeNamespaces: [a]}}
    ---
    apiVersion: sailoperator.io/v1
    kind: ZTunnel
    metadata: {name: default}
    spec:
      version: v1.29.6
      values: {global: {hub: zt.example.com/istio}}
    """

@Suite struct StoredSettingsTests {
    /// What a run stores makes the next one render the same mesh.
    private func remembered(_ first: Mesh) throws -> Mesh {
        let memory = try #require(Remembered(request: .map(Remembered(first).note), place: "release istiod"))
        var again = MeshRequest()
        (again.profile, again.platform, again.storedVersions) = (memory.profile, memory.platform, memory.allVersions)
        for part in first.parts where part.namespace != first.namespace {
            again.componentNamespaces[part.component] = part.namespace
        }
        again.user.remember(memory)
        return try mesh(again)
    }

    @Test func aMeshOfSeveralVersionsIsRenderedAgainAsItWas() throws {
        let first = try mesh(request(resources))
        let second = try remembered(first)
        #expect(second.versions == first.versions)
        #expect(try texts(second) == texts(first))
        // Once more, from what the second run stores.
        #expect(Remembered(second).note == Remembered(first).note)
    }

    @Test func whatIsTheSameForAllIsStoredOnce() throws {
        var wanted = try request("cni:\n  excludeNamespaces: [a]\n")
        wanted.version = "v1.30.2"
        let note = try Remembered(mesh(wanted)).note
        #expect(
            note == [
                "profile": "ambient", "version": "v1.30.2", "values": ["cni": ["excludeNamespaces": ["a"]]],
            ])
    }

    @Test func settingsWithoutComponentsAreReadAsBefore() throws {
        let note: Value = ["profile": "ambient", "version": "v1.29.6", "values": ["global": ["logAsJson": true]]]
        let memory = try #require(Remembered(request: note, place: "p"))
        #expect(memory.allVersions == Dictionary(uniqueKeysWithValues: Component.allCases.map { ($0, "v1.29.6") }))
        #expect(memory.ownValues.isEmpty)
    }

    @Test func flagsCountOverStoredValuesOfOneComponent() throws {
        let memory = try #require(
            Remembered(request: .map(Remembered(mesh(request(resources))).note), place: "release istiod"))
        var again = MeshRequest()
        again.user = try UserValues([.set(.typed, "global.hub=new.example.com/istio")]) { _ throws(FileFailure) in [] }
        again.user.remember(memory)
        let hubs = try mesh(again).parts.map { $0.values.value(at: ["global", "hub"]) }
        #expect(hubs.allSatisfy { $0 == "new.example.com/istio" })
    }
}
