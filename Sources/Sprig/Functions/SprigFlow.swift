import GoTemplate
import Values

/// Sprig's defaults and choices.
enum SprigFlow {
    static let functions: [Function] = [
        Function("default", [.any], variadic: .any) { arguments in
            arguments.count < 2 || isEmpty(arguments[1]) ? arguments[0] : arguments[1]
        },
        Function("empty", [.any], returns: .bool) { .bool(isEmpty($0[0])) },
        Function("coalesce", variadic: .any) { $0.first { !isEmpty($0) } ?? GoValue.none },
        Function("all", variadic: .any, returns: .bool) { .bool(!$0.contains(where: isEmpty)) },
        Function("any", variadic: .any, returns: .bool) { .bool(!$0.allSatisfy(isEmpty)) },
        Function("ternary", [.any, .any, .bool]) { arguments in
            if case .bool(true) = arguments[2] { arguments[0] } else { arguments[1] }
        },
        Function("hello", returns: .string) { _ in .string("Hello!") },
    ]

    /// Whether a value is the zero value of its type; a struct never is.
    static func isEmpty(_ value: GoValue) -> Bool { !value.isTrue }
}
