import Values

/// Sprig's defaults and choices.
enum SprigFlow {
    static let functions: [Function] = [
        Function("default", [.any], variadic: .any) { arguments in
            arguments.count < 2 || isEmpty(arguments[1]) ? arguments[0] : arguments[1]
        },
        Function("empty", [.any], returns: .bool) { .bool(isEmpty($0[0])) },
        Function("coalesce", variadic: .any) { $0.first { !isEmpty($0) } ?? .none },
        Function("all", variadic: .any, returns: .bool) { .bool(!$0.contains(where: isEmpty)) },
        Function("any", variadic: .any, returns: .bool) { .bool(!$0.allSatisfy(isEmpty)) },
        Function("ternary", [.any, .any, .bool]) { arguments in
            if case .bool(true) = arguments[2] { arguments[0] } else { arguments[1] }
        },
        Function("hello", returns: .string) { _ in .string("Hello!") },
    ]

    /// Whether a value is the zero value of its type; a struct never is.
    static func isEmpty(_ value: Datum) -> Bool {
        switch value {
        case .none: true
        case .bool(let flag): !flag
        case .int(let number, _): number == 0
        case .uint(let number, _): number == 0
        case .float(let number): number == 0
        case .complex(let real, let imaginary): real == 0 && imaginary == 0
        case .string(let text): text.isEmpty
        case .list(let list): list.elements.isEmpty
        case .map(let map): map.isEmpty
        case .object, .function: false
        }
    }
}
