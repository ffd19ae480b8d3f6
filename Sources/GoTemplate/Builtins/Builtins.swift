import Values

/// The functions that Go's text/template brings itself.
enum Builtins {
    static let all: [Callee] = [
        Callee("and", [.any], variadic: .any, action: .and),
        Callee("or", [.any], variadic: .any, action: .or),
        Callee("call", [.any], variadic: .any, action: .call),
        Callee("len", [.any], action: .length),
        function("not", [.any]) { .bool(!$0[0].isTrue) },
        function("index", [.any], variadic: .any) { try index($0[0], by: $0.dropFirst()) },
        function("slice", [.any], variadic: .any) { try slice($0[0], by: $0.dropFirst()) },
        function("eq", [.any], variadic: .any) { .bool(try isEqual($0[0], toAny: $0.dropFirst())) },
        function("ne", [.any, .any]) { .bool(try !isEqual($0[0], toAny: $0[1...])) },
        function("lt", [.any, .any]) { .bool(try isLess($0[0], $0[1])) },
        function("le", [.any, .any]) { .bool(try isLessOrEqual($0[0], $0[1])) },
        function("gt", [.any, .any]) { .bool(try !isLessOrEqual($0[0], $0[1])) },
        function("ge", [.any, .any]) { .bool(try !isLess($0[0], $0[1])) },
        function("print", variadic: .any) { .string(formatPrint($0)) },
        function("println", variadic: .any) { .string(formatLine($0)) },
        function("printf", [.string], variadic: .any) { arguments in
            guard case .string(let format) = arguments[0] else { return .none }
            return .string(GoTemplate.format(format, Array(arguments.dropFirst())))
        },
        function("html", variadic: .any) { .string(escapeHTML(printed($0))) },
        function("js", variadic: .any) { .string(escapeJavaScript(printed($0))) },
        function("urlquery", variadic: .any) { .string(escapeQuery(printed($0))) },
    ]

    private static func function(
        _ name: Text, _ parameters: [GoType] = [], variadic: GoType? = nil,
        _ body: @escaping @Sendable ([GoValue]) throws -> GoValue
    ) -> Callee {
        Callee(name, parameters, variadic: variadic, action: .function(body))
    }

    static func length(of value: GoValue, isInterface: Bool) throws -> Int {
        switch value {
        case .string(let text): return text.count
        case .list(let list): return list.elements.count
        case .map(let map): return map.count
        case .none:
            throw FunctionError(
                isInterface
                    ? "len of nil pointer" : "reflect: call of reflect.Value.Type on zero Value")
        default: throw FunctionError("len of type " + value.pointedType)
        }
    }

    /// The text of arguments as html, js and urlquery take it.
    private static func printed(_ arguments: [GoValue]) -> Text {
        if arguments.count == 1, case .string(let text) = arguments[0] { return text }
        return formatPrint(
            arguments.map { argument in
                if case .none = argument { return .string("<no value>") }
                return argument
            })
    }
}

extension GoValue {
    /// The type without the pointer to it, as messages about a value's kind name it.
    var pointedType: Text {
        guard let type else { return "<nil>" }
        let name = type.description
        return name.utf8.first == UInt8(ascii: "*") ? Text(name.dropFirst()) : Text(name)
    }
}

/// A value as an argument of a type: integers of any width fit integers (Go's prepareArg).
func prepare(_ datum: GoValue, for type: GoType) throws -> GoValue {
    guard let actual = datum.type else {
        guard type.takesNil else { throw FunctionError(Text("value is nil; should be of type \(type)")) }
        return .zero(of: type)
    }
    if actual.isAssignable(to: type) { return datum }
    if case .integer(let kind) = type.underlying, let value = datum.integerBits {
        return kind.isSigned ? .int(value, type) : .uint(UInt(bitPattern: value), type)
    }
    throw FunctionError(Text("value has type \(actual); should be \(type)"))
}

extension GoValue {
    fileprivate var integerBits: Int? {
        switch self {
        case .int(let value, _): value
        case .uint(let value, _): Int(bitPattern: value)
        default: nil
        }
    }
}

// MARK: index and slice

extension Builtins {
    /// `index $list 0 "key"` is `$list[0]["key"]`.
    private static func index(_ item: GoValue, by indexes: ArraySlice<GoValue>) throws -> GoValue {
        if case .none = item { throw FunctionError("index of untyped nil") }
        var item = item
        for index in indexes {
            switch item {
            case .none: throw FunctionError("index of nil pointer")
            case .list(let list):
                let position = try position(index, atMost: list.elements.count)
                guard position < list.elements.count else { throw FunctionError("reflect: slice index out of range") }
                item = list.elements[position]
            case .string(let text):
                let position = try position(index, atMost: text.count)
                guard position < text.count else { throw FunctionError("reflect: string index out of range") }
                item = .uint(UInt(text.withBytes { $0[position] }), .integer(.uint8))
            case .map(let map):
                guard case .string(let key) = try prepare(index, for: .string) else { return .none }
                item = map[key] ?? .zero(of: map.type.element)
            default: throw FunctionError("can't index item of type " + item.pointedType)
            }
        }
        return item
    }

    private static func position(_ index: GoValue, atMost count: Int) throws -> Int {
        guard let type = index.type else { throw FunctionError("cannot index slice/array with nil") }
        guard let position = index.integerBits else {
            throw FunctionError(Text("cannot index slice/array with type \(type)"))
        }
        guard (0...count).contains(position) else { throw FunctionError(Text("index out of range: \(position)")) }
        return position
    }

    /// `slice $x 1 2` is `$x[1:2]`.
    private static func slice(_ item: GoValue, by indexes: ArraySlice<GoValue>) throws -> GoValue {
        if case .none = item { throw FunctionError("slice of untyped nil") }
        if indexes.count > 3 { throw FunctionError(Text("too many slice indexes: \(indexes.count)")) }
        let count: Int
        switch item {
        case .string(let text):
            if indexes.count == 3 { throw FunctionError("cannot 3-index slice a string") }
            count = text.count
        case .list(let list): count = list.elements.count
        default: throw FunctionError("can't slice item of type " + item.pointedType)
        }
        var bounds = [0, count, count]
        for (place, index) in indexes.enumerated() { bounds[place] = try position(index, atMost: count) }
        for (low, high) in [(bounds[0], bounds[1]), (bounds[1], bounds[2])] where low > high {
            throw FunctionError(Text("invalid slice index: \(low) > \(high)"))
        }
        if case .string(let text) = item { return .string(text[bounds[0]..<bounds[1]]) }
        guard case .list(var list) = item else { return item }
        list.elements = Array(list.elements[bounds[0]..<bounds[1]])
        return .list(list)
    }
}
