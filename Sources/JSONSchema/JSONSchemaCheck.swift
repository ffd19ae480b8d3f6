// JSONSchema: santhosh-tekuri/jsonschema v6.0.2 with drafts 4, 6, 7, 2019-09 and 2020-12, as Helm 4.2.3 checks values.
// Vectors: the feature schema of Tests/Fixtures/vectors/helm.jsonl (JSONSchemaTests).

package import GoTemplate
package import Values

/// Checks the values of a template against JSON schemas as Helm does, with its texts; one for all charts of a tree,
/// because the rules of a draft are compiled once.
package struct JSONSchemaCheck {
    private static let url = "file:///values.schema.json"

    private let checker = MetaSchemaChecker()
    /// Lines for Helm's log, each once.
    package private(set) var warnings: [String] = []

    package init() {}

    /// What the values violate, a line each; `nil` where nothing is.
    package mutating func problem(of values: Map, by schema: Text) -> String? {
        do throws(SchemaFailure) {
            let library = SchemaLibrary([JSONSchemaCheck.url: try SchemaNode(json: schema)], checker: checker)
            let compiler = SchemaCompiler(library, assertsFormats: false)
            let compiled = try compiler.compile(JSONSchemaCheck.url)
            for warning in compiler.warnings where !warnings.contains(warning) { warnings.append(warning) }
            guard let problem = SchemaValidator.validate(SchemaNode(.map(values)), compiled) else { return nil }
            return withoutHead(problem.text) + "\n"
        } catch {
            return error.description
        }
    }

    /// Without the line that only names the schema file.
    private func withoutHead(_ text: String) -> String {
        let head = "jsonschema validation failed with 'file:///values.schema.json#'\n"
        return text.hasPrefix(head) ? String(text.dropFirst(head.count)) : text
    }
}
