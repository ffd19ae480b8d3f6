import Istio
import Meshes
import Objects
import Operations
import System
import Testing
import Values

/// Image references that an installer derived from the version: they count for that version alone.
@Suite struct AdoptedImagesTests {
    private static let image = "registry.example/istio/ztunnel:1.30.2"

    /// What an operator left that named that image in ztunnel's values, as its Helm release keeps it.
    private func memory(values: Mapping = Mapping()) throws -> Remembered {
        var memory = Remembered(place: "Helm's release ztunnel")
        memory.version = "v1.30.2"
        memory.values = values
        memory.adopt(AdoptedImagesTests.image, at: ["ztunnel", "image"], of: .ztunnel)
        return memory
    }

    private func mesh(_ memory: Remembered, version: String? = nil, flags: [ValueSource] = []) throws -> Mesh {
        var request = MeshRequest()
        request.version = version
        request.storedVersions = memory.allVersions
        request.user = try UserValues(flags) { _ throws(FileFailure) in [] }
        request.user.remember(memory)
        request.adopted = memory.adopted
        return try Mesh(request) { try BuiltInCharts.charts($0, $1) }
    }

    private func image(_ mesh: Mesh) throws -> String? {
        var renderer = MeshRenderer(mesh, checkingAll: true)
        let set = try renderer.objects().first { $0.identity.kind == "DaemonSet" && $0.component == .ztunnel }
        let line = set.map { "\($0.text)" }?.split(separator: "\n").first { $0.contains("image: ") }
        return line?.split(separator: " ").last.map { $0.filter { $0 != "\"" } }
    }

    @Test func theImageStaysUntilTheVersionChanges() throws {
        let memory = try memory()
        #expect(try image(mesh(memory)) == AdoptedImagesTests.image)
        #expect(try image(mesh(memory, version: "v1.30.2")) == AdoptedImagesTests.image)
        #expect(try image(mesh(memory, version: "v1.30.3"))?.hasSuffix("/ztunnel:1.30.3-distroless") == true)
        #expect(try mesh(memory).userValues == Mapping())
    }

    @Test func whatIsStoredOfARunLeadsToTheSameImages() throws {
        let note = Remembered(try mesh(memory())).note
        let again = try #require(Remembered(request: .map(note), place: "release istiod"))
        #expect(again.adopted == (try memory().adopted))
        #expect(try image(mesh(again)) == AdoptedImagesTests.image)
        let upgraded = Remembered(try mesh(again, version: "v1.30.3")).note
        #expect(Remembered(request: .map(upgraded), place: "")?.adopted == [:])
    }

    @Test func whatAUserChoosesCounts() throws {
        let flags: [ValueSource] = [.set(.typed, "global.hub=mine.example/istio")]
        #expect(try image(mesh(memory(), flags: flags)) == "mine.example/istio/ztunnel:1.30.2-distroless")
        let own = try memory(values: ["global": ["hub": "mine.example/istio"]])
        #expect(own.adopted == [:])
    }

    @Test func aValueThatOnlyRepeatsTheImageIsTheInstallers() throws {
        let repeated = try memory(values: [
            "ztunnel": ["image": .string(AdoptedImagesTests.image), "logLevel": "debug"]
        ])
        #expect(repeated.values == ["ztunnel": ["logLevel": "debug"]])
        #expect(repeated.adopted[.ztunnel]?.version == "v1.30.2")
        let other = try memory(values: ["ztunnel": ["image": "other/ztunnel:1"]])
        #expect(other.values == ["ztunnel": ["image": "other/ztunnel:1"]])
        #expect(other.adopted == [:])
    }
}
