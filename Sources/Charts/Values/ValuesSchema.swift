import GoTemplate
import JSONSchema
import Values

/// Checks composed values against the `values.schema.json` of a chart and of its dependencies.
///
/// Returns what is violated, chart by chart, in Helm's words; `nil` where nothing is.
func schemaProblems(of chart: Chart, _ values: Map, _ warnings: inout [String]) -> String? {
    guard chart.hasSchema else { return nil }
    var check = JSONSchemaCheck()
    let problems = check.problems(of: chart, values)
    warnings += check.warnings
    return problems.isEmpty ? nil : problems
}

extension JSONSchemaCheck {
    fileprivate mutating func problems(of chart: Chart, _ values: Map) -> String {
        var result = ""
        if let schema = chart.schema, let problem = problem(of: values, by: schema) {
            result += chart.name + ":\n" + problem
        }
        for subchart in chart.dependencies {
            switch values[Text(subchart.name)] {
            case nil, GoValue.none?: continue
            case .map(let inner)?: result += problems(of: subchart, inner)
            case let other?:
                let type = other.type?.description ?? "<nil>"
                result += "\(subchart.name):\ninvalid type for values: expected object (map), got \(type)\n"
            }
        }
        return result
    }
}

extension Chart {
    /// Whether this chart or one below it has a schema.
    fileprivate var hasSchema: Bool { schema != nil || dependencies.contains { $0.hasSchema } }
}
