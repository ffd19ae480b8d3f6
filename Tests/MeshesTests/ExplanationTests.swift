import Istio
import Meshes
import Testing
import Values

/// `sail values --explain KEY` and `--schema`.
@Suite struct ExplanationTests {
    private let mesh: Mesh

    init() throws {
        var request = MeshRequest()
        request.version = "v1.30.3"
        mesh = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
    }

    /// Every key of every schema, three deep, has an answer that says what it may hold and who reads it.
    @Test func everyKeyOfTheSchemasIsExplained() throws {
        func check(_ schema: Value, _ path: [String]) throws {
            for (key, part) in schema["properties"]?.map ?? Mapping() where path.count < 3 {
                let name = (path + [key]).joined(separator: ".")
                let explanation = try mesh.explanation(of: name)
                #expect(!explanation.readers.isEmpty, "\(name)")
                #expect(explanation.readers.allSatisfy { !$0.type.isEmpty }, "\(name)")
                try check(part, path + [key])
            }
        }
        let schema = mesh.valuesSchema
        #expect((schema["properties"]?.map ?? Mapping()).count > 10)
        try check(schema, [])
    }

    @Test func aKeyThatNoLayerSetsHasItsDefault() throws {
        let found = try mesh.explanation(of: "pilot.replicaCount")
        #expect(found.readers.map(\.component) == [.istiod])
        #expect(found.readers.first?.type == "a whole number")
        #expect(!found.isSet)
        #expect(try mesh.explanation(of: "cni.cniBinDir").readers.first?.defaultValue == "/opt/cni/bin")
        let set = try mesh.explanation(of: "pilot.env")
        #expect(set.isSet)
        #expect(set.layers.last?.layer == "profile ambient")
    }

    @Test func aMapNamesItsKeysAndASharedKeyAllReaders() throws {
        #expect(try mesh.explanation(of: "ztunnel").readers.first?.keys.contains("logLevel") == true)
        #expect(try mesh.explanation(of: "global.hub").readers.map(\.component).count >= 3)
    }

    @Test(arguments: ["pilot.enw", "nonsense", "", "cni.cniBinDri", "a.b.c.d"])
    func anUnknownKeyIsAnError(key: String) {
        #expect(throws: IstioError.self) { try mesh.explanation(of: key) }
    }

    @Test func theSchemaTakesThePlacesOfAValuesFile() {
        let schema = mesh.valuesSchema
        #expect(schema[path: "properties", "ztunnel", "properties", "logLevel"] != nil)
        #expect(schema[path: "properties", "pilot", "properties", "env"] != nil)
        #expect(schema["additionalProperties"]?.bool == false)
        #expect((try? schema.json())?.contains("$ref") == false)
    }
}
