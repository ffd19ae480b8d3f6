import GoTemplate
import Sprig
import Values

/// The functions that Helm's templates can call.
enum EngineFunctions {
    /// A new theme adds its row here; a later row wins over an earlier one of the same name.
    private static let themes: [[Function]] = [
        Sprig.functions, HelmFunctions.functions, [required, fail, hostByName],
    ]

    /// Helm takes these from Sprig's list: a chart must not read the environment.
    private static let withheld: Set<Text> = ["env", "expandenv"]

    static func table(lookup: @escaping Lookup, including: [Function]) -> FunctionTable {
        let functions = Array(themes.joined()).filter { !withheld.contains($0.name) }
        let lookup = Function("lookup", [.string, .string, .string, .string], returns: .anyMap) { arguments in
            .map(try lookup(arguments.map { formatValue($0) }))
        }
        return FunctionTable(functions + [lookup] + including, contextual: [include, tpl])
    }

    /// Brackets the message of `required` and `fail`, so that the engine finds it among those of the callers.
    static let messageStart: Text = "HELM_ERR_START"
    static let messageEnd: Text = "HELM_ERR_END"

    private static func failure(_ message: GoValue) -> FunctionError {
        FunctionError(messageStart + formatValue(message) + messageEnd)
    }

    private static let fail = Function("fail", [.string], returns: .string) { throw failure($0[0]) }

    /// Only nil and the empty string are missing; 0, false and an empty list are there.
    private static let required = Function("required", [.string, .any]) { arguments in
        switch arguments[1] {
        case .none: throw failure(arguments[0])
        case .string(let text) where text.isEmpty: throw failure(arguments[0])
        default: return arguments[1]
        }
    }

    /// A chart does not ask name servers by default, and sail has no flag for it.
    private static let hostByName = Function("getHostByName", [.string], returns: .string) { _ in .string("") }
}

// MARK: include and tpl

extension EngineFunctions {
    /// How many calls of one name may be open when another is made.
    private static let mostOpenIncludes = 1000

    private static let include = ContextFunction("include", [.string, .any], returns: .string) { execution, arguments in
        let name = formatValue(arguments[0])
        let open = execution.openIncludes[name, default: 0]
        if open > mostOpenIncludes {
            throw FunctionError(
                "rendering template has a nested reference name: " + name + ": unable to execute template")
        }
        execution.openIncludes[name] = open + 1
        defer { execution.openIncludes[name] = open }
        return .string(Text(try execution.include(name, dot: arguments[1])))
    }

    private static let tpl = ContextFunction("tpl", [.string, .any], returns: .string) { execution, arguments in
        let text = formatValue(arguments[0])
        return .string(withoutNoValue(try execution.run(text: text, dot: arguments[1])))
    }

    private static let noValue: Text = "<no value>"

    /// Takes out every `<no value>`, wherever it comes from, as Helm does to hide what Go prints for nil.
    static func withoutNoValue(_ output: [UInt8]) -> Text {
        Text(output).replacing(noValue, with: "")
    }
}
