import GoTemplate
import Values

/// Sprig's functions on lists; each but `concat` and `sortAlpha` also under a name with `must`.
enum SprigLists {
    static let functions: [Function] =
        plain + pairs(reading) + pairs(changing)
        + [alias("push", "append"), alias("mustPush", "append")].compactMap { $0 }

    private static let plain: [Function] = [
        Function("list", variadic: .any, returns: .anySlice) { .list($0) },
        Function("tuple", variadic: .any, returns: .anySlice) { .list($0) },
        Function("concat", variadic: .any) { arguments in
            var elements: [GoValue] = []
            for argument in arguments {
                elements += try SprigLists.elements(argument) { "Cannot concat type " + $0 + " as list" }
            }
            return .list(.grown(elements, isNil: elements.isEmpty))
        },
        Function("sortAlpha", [.any], returns: .stringSlice) { arguments in
            if case .list = arguments[0] { return .strings(sprigTexts(arguments[0]).sorted()) }
            return .strings([sprigText(arguments[0])])
        },
    ]

    private static let reading: [Function] = [
        Function("first", [.any]) { try elements($0[0], "find first on").first ?? GoValue.none },
        Function("last", [.any]) { try elements($0[0], "find last on").last ?? GoValue.none },
        Function("has", [.any, .any], returns: .bool) { arguments in
            if case .none = arguments[1] { return .bool(false) }
            return .bool(try elements(arguments[1], "find has on").contains { deepEqual(arguments[0], $0) })
        },
        Function("slice", [.any], variadic: .any, body: slice),
    ]

    private static let changing: [Function] = [
        Function("append", [.any, .any], returns: .anySlice) {
            let elements = try elements($0[0], "push on")
            return .list(.appended(elements + [$0[1]], to: elements.count))
        },
        Function("prepend", [.any, .any], returns: .anySlice) {
            .list(.appended([$0[1]] + (try elements($0[0], "prepend on")), to: 1))
        },
        Function("rest", [.any], returns: .anySlice) { arguments in
            let elements = try elements(arguments[0], "find rest on")
            return .list(List(Array(elements.dropFirst()), isNil: elements.isEmpty))
        },
        Function("initial", [.any], returns: .anySlice) { arguments in
            let elements = try elements(arguments[0], "find initial on")
            return .list(List(elements.dropLast(), isNil: elements.isEmpty))
        },
        Function("reverse", [.any], returns: .anySlice) { .list(try elements($0[0], "find reverse on").reversed()) },
        Function("compact", [.any], returns: .anySlice) { arguments in
            .list(.grown(try elements(arguments[0], "compact on").filter { !SprigFlow.isEmpty($0) }))
        },
        Function("uniq", [.any], returns: .anySlice) { arguments in
            var unique: [GoValue] = []
            // Strings, which lists mostly hold, are found without a look at all others.
            var texts: Set<Text> = []
            var others: [GoValue] = []
            for element in try elements(arguments[0], "find uniq on") {
                if case .string(let text) = element {
                    if texts.insert(text).inserted { unique.append(element) }
                } else if !others.contains(where: { deepEqual($0, element) }) {
                    try checkWork(others.count, others.count)
                    others.append(element)
                    unique.append(element)
                }
            }
            return .list(.grown(unique))
        },
        Function("without", [.any], variadic: .any, returns: .anySlice) { arguments in
            let omitted = arguments.dropFirst()
            let elements = try elements(arguments[0], "find without on")
            try checkWork(elements.count, omitted.count)
            let rest = elements.filter { element in
                !omitted.contains { deepEqual($0, element) }
            }
            return .list(.grown(rest))
        },
        Function("chunk", [.int, .any], returns: .slice(.anySlice)) { arguments in
            let elements = try elements(arguments[1]) { "Cannot chunk type " + $0 }
            let chunks = try chunks(elements, size: arguments.integer(0))
            return .list(List(chunks.map { GoValue.list($0) }, type: .slice(.anySlice)))
        },
    ]

    /// Go would compare each of so many with each other; that takes minutes.
    private static func checkWork(_ count: Int, _ times: Int) throws {
        if count.multipliedReportingOverflow(by: times).partialValue > 1 << 28 {
            throw FunctionError("a list of \(count) elements is too large")
        }
    }

    private static func pairs(_ functions: [Function]) -> [Function] {
        functions.flatMap {
            [$0, $0.named("must" + Text($0.name.string.prefix(1).uppercased()) + $0.name[1..<$0.name.count])]
        }
    }

    private static func alias(_ name: Text, _ original: Text) -> Function? {
        changing.first { $0.name == original }?.named(name)
    }

    private static func elements(_ value: GoValue, _ action: Text) throws -> [GoValue] {
        try elements(value) { "Cannot " + action + " type " + $0 }
    }

    private static func elements(_ value: GoValue, orElse message: (_ kind: Text) -> Text) throws -> [GoValue] {
        switch value {
        case .list(let list): return list.elements
        case .none: throw FunctionError.nilDereference
        default: throw FunctionError(message(value.kind))
        }
    }

    /// `slice LIST [FROM [TO]]`, of the list's own type; nil for an empty list.
    @Sendable private static func slice(_ arguments: [GoValue]) throws -> GoValue {
        let elements = try elements(arguments[0]) { "list should be type of slice or array but " + $0 }
        guard case .list(var list) = arguments[0], !elements.isEmpty else { return .none }
        let start = arguments.count > 1 ? arguments[1].castInteger : 0
        let end = arguments.count > 2 ? arguments[2].castInteger : elements.count
        let reserve =
            list.beyond + Array(repeating: GoValue.zero(of: list.type.element), count: list.spare - list.beyond.count)
        guard start >= 0, end >= start, end <= elements.count + reserve.count else {
            throw FunctionError("reflect.Value.Slice: slice index out of bounds")
        }
        let all = elements + reserve
        list.elements = Array(all[start..<end])
        list.beyond = Array(all[end...])
        list.spare = list.beyond.count
        return .list(list)
    }

    /// Sprig counts the chunks in floating point, so that a size of zero or less does what this says.
    private static func chunks(_ elements: [GoValue], size: Int) throws -> [[GoValue]] {
        let tooLarge = FunctionError("runtime error: makeslice: len out of range")
        let quotient = (Double(elements.count - 1) / Double(size)).rounded(.down) + 1
        guard quotient.isFinite, quotient >= 0 else { throw tooLarge }
        var chunks: [[GoValue]] = []
        for index in 0..<Int(quotient) {
            var count = size
            if index == Int(quotient) - 1 {
                count = elements.count % size
                if count == 0 { count = size }
            }
            if count < 0 { throw tooLarge }
            let start = index * size
            guard start >= 0, start + count <= elements.count else { throw tooLarge }
            chunks.append(Array(elements[start..<(start + count)]))
        }
        return chunks
    }
}

extension Function {
    /// The same function under another name.
    func named(_ name: Text) -> Function {
        Function(name, parameters, variadic: variadic, returns: result, body: body)
    }
}
