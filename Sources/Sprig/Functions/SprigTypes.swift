import GoTemplate
import Values

/// Sprig's functions on types, and those to strings of anything.
enum SprigTypes {
    static let functions: [Function] = [
        Function("typeOf", [.any], returns: .string) { .string(typeName($0[0])) },
        Function("typeIs", [.string, .any], returns: .bool) { .bool($0.text(0) == typeName($0[1])) },
        Function("typeIsLike", [.string, .any], returns: .bool) { arguments in
            let (target, name) = (arguments.text(0), typeName(arguments[1]))
            return .bool(target == name || "*" + target == name)
        },
        Function("kindOf", [.any], returns: .string) { .string($0[0].kind) },
        Function("kindIs", [.string, .any], returns: .bool) { .bool($0.text(0) == $0[1].kind) },
        Function("deepEqual", [.any, .any], returns: .bool) { .bool(deepEqual($0[0], $0[1])) },
        Function("toString", [.any], returns: .string) { .string(sprigText($0[0])) },
        Function("toStrings", [.any], returns: .stringSlice) { .strings(sprigTexts($0[0])) },
    ]

    private static func typeName(_ value: GoValue) -> Text {
        value.type.map { Text($0.description) } ?? "<nil>"
    }
}
