import GoTemplate
import Values

/// Holds composed values against the `values.schema.json` of a chart and of its dependencies.
///
/// Returns what is violated, chart by chart, in Helm's words; `nil` where nothing is.
func schemaProblems(of chart: Chart, _ values: Map, _ warnings: inout [String]) -> String? {
    guard chart.hasSchema else { return nil }
    var check = ValuesSchemaCheck()
    let problems = check.problems(of: chart, values)
    warnings += check.warnings
    return problems.isEmpty ? nil : problems
}

private struct ValuesSchemaCheck {
    private static let url = "file:///values.schema.json"

    private let checker = MetaSchemaChecker()
    var warnings: [String] = []

    mutating func problems(of chart: Chart, _ values: Map) -> String {
        var result = ""
        if let schema = chart.schema, let problem = problem(of: values, schema) {
            result += chart.name + ":\n" + problem
        }
        for subchart in chart.dependencies {
            switch values[Text(subchart.name)] {
            case nil, Datum.none?: continue
            case .map(let inner)?: result += problems(of: subchart, inner)
            case let other?:
                let type = other.type?.description ?? "<nil>"
                result += "\(subchart.name):\ninvalid type for values: expected object (map), got \(type)\n"
            }
        }
        return result
    }

    private mutating func problem(of values: Map, _ schema: Text) -> String? {
        do throws(SchemaFailure) {
            let library = SchemaLibrary([ValuesSchemaCheck.url: try SchemaNode(json: schema)], checker: checker)
            let compiler = SchemaCompiler(library, assertsFormats: false)
            let compiled = try compiler.compile(ValuesSchemaCheck.url)
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

extension Chart {
    /// Whether this chart or one below it has a schema.
    fileprivate var hasSchema: Bool { schema != nil || dependencies.contains { $0.hasSchema } }
}
