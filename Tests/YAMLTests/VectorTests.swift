import Foundation
import TestSupport
import Testing
import Values
import YAML

/// What real Helm makes of values files (Tests/Fixtures/vectors/yaml.jsonl, op `values-yaml`).
struct ValuesFileVectorTests {
    static let vectors = yamlVectors { $0["op"]?.string == "values-yaml" }

    @Test func vectorsAreThere() {
        #expect(Self.vectors.count > 200)
    }

    @Test(arguments: vectors)
    func valuesFileIsReadAsHelmReadsIt(_ vector: Value) throws {
        let input = vector["input"]?.string ?? ""
        let result: String
        do {
            result = try Value.map(Mapping(yaml: input, goType: "common.Values")).json()
        } catch {
            result = "\(error)"
        }
        #expect(result == vector["expect"]?.string ?? vector["error"]?.string, "\(vector["id"]?.string ?? "")")
    }
}

/// What real Helm prints of values (vectors whose template is `{{ toYaml .Values.v }}`).
struct EmissionVectorTests {
    static let vectors = yamlVectors {
        $0["template"]?.string == "{{ toYaml .Values.v }}" && $0["expect"] != nil && $0["values"] != nil
    }

    @Test func vectorsAreThere() {
        #expect(Self.vectors.count > 300)
    }

    @Test(arguments: vectors)
    func valueIsPrintedAsToYamlPrintsIt(_ vector: Value) throws {
        var text = (try? vector["values"]?["v"]?.yamlBytes()) ?? []
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        #expect(Text(text).string == vector["expect"]?.string, "\(vector["id"]?.string ?? "")")
    }
}

/// Those vectors of the repository's file that `isWanted`.
private func yamlVectors(_ isWanted: (Value) -> Bool) -> [Value] {
    let path = Repository.fixtures.appending(path: "vectors/yaml.jsonl")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? Value(json: String($0)) }
        .filter(isWanted)
}
