import GoTemplate
import Sprig
import Values

/// The functions that istiod adds to Sprig's for its templates (pkg/kube/inject/template.go), as far as ours use them.
enum IstiodFunctions {
    static func table(environment: [String: String] = [:]) -> FunctionTable {
        let env = Function("env", [.string, .string], returns: .string) { arguments in
            guard let value = environment[string(arguments[0])], !value.isEmpty else { return arguments[1] }
            return .string(value)
        }
        return FunctionTable(Sprig.functions + maps + texts + json + [env])
    }

    private static func string(_ datum: GoValue) -> String {
        if case .string(let text) = datum { text.string } else { "" }
    }

    private static func entries(_ datum: GoValue) -> [String: String] {
        guard case .map(let map) = datum else { return [:] }
        return Dictionary(uniqueKeysWithValues: map.entries.map { ($0.key.string, string($0.value)) })
    }

    private static func merged(_ maps: [GoValue]) -> [String: String] {
        maps.reduce(into: [:]) { result, map in result.merge(entries(map)) { $1 } }
    }

    private static let stringMap = GoType.map(.string)

    private static let maps = [
        Function("isset", [stringMap, .string], returns: .bool) { .bool(entries($0[0])[string($0[1])] != nil) },
        Function("omit", [stringMap], variadic: .string, returns: stringMap) { arguments in
            let dropped = Set(arguments.dropFirst().map(string))
            return .map(entries(arguments[0]).filter { !dropped.contains($0.key) })
        },
        Function("strdict", variadic: .string, returns: stringMap) { arguments in
            var result: [String: String] = [:]
            for start in stride(from: 0, to: arguments.count, by: 2) {
                result[string(arguments[start])] = start + 1 < arguments.count ? string(arguments[start + 1]) : ""
            }
            return .map(result)
        },
        Function("mergeMaps", variadic: stringMap, returns: stringMap) { .map(merged($0)) },
        Function("toJsonMap", variadic: stringMap, returns: .string) { .string(GoValue.map(merged($0)).jsonText) },
    ]

    private static let texts = [
        Function("annotation", [.any, .string, .any], returns: .string) { arguments in
            guard case .object(let meta) = arguments[0],
                let annotations = meta.fields.first(where: { $0.name == "Annotations" })?.value,
                let value = entries(annotations)[string(arguments[1])]
            else { return .string(format("%v", [arguments[2]])) }
            return .string(value)
        },
        Function("valueOrDefault", [.any, .any]) { arguments in
            switch arguments[0] {
            case .none: arguments[1]
            case .string(let text) where text.isEmpty: arguments[1]
            default: arguments[0]
            }
        },
        Function("excludeInboundPort", [.any, .string], returns: .string) { arguments in
            let port = format("%v", [arguments[0]]).string
            let excluded = string(arguments[1]).split(separator: ",").map(String.init)
            if port.isEmpty || port == "0" || excluded.contains(port) { return arguments[1] }
            return .string((excluded + [port]).joined(separator: ","))
        },
        Function("contains", [.string, .string], returns: .bool) { arguments in
            .bool(string(arguments[1]).contains(string(arguments[0])))
        },
        Function("toLower", [.string], returns: .string) { .string(string($0[0]).lowercased()) },
        Function("appendMultusNetwork", [.string, .string], returns: .string) { arguments in
            let existing = string(arguments[0])
            let network = string(arguments[1])
            guard let end = existing.lastIndex(of: "]") else {
                return .string(existing.isEmpty ? network : existing + ", " + network)
            }
            let parts = network.split(separator: "/")
            let object = #", {"name": "\#(parts[1])", "namespace": "\#(parts[0])"}"#
            return .string(existing[..<end] + object + existing[end...])
        },
    ]

    private static let json = [
        Function("structToJSON", [.any], returns: .string) { .string($0[0].jsonText) },
        Function("fromJSON", [.string]) { arguments in
            (try? Value(json: string(arguments[0]))).map { GoValue($0) } ?? .string("{}")
        },
        Function("protoToJSON", [.any], returns: .string) { arguments in
            guard case .object(let object) = arguments[0], let message = object as? Structure else {
                return .string("{}")
            }
            return .string(message.message)
        },
    ]
}
