import GoTemplate
import Values

/// Sprig's functions on maps.
enum SprigDicts {
    static let functions: [Function] = reading + changing + making + merging

    private static let reading: [Function] = [
        Function("get", [.anyMap, .string]) { $0[0].argumentMap[$0.text(1)] ?? .string("") },
        Function("hasKey", [.anyMap, .string], returns: .bool) { arguments in
            .bool(arguments[0].argumentMap[arguments.text(1)] != nil)
        },
        Function("pluck", [.string], variadic: .anyMap, returns: .anySlice) { arguments in
            .list(.grown(arguments.dropFirst().compactMap { $0.argumentMap[arguments.text(0)] }))
        },
        // Go gives keys and values in an order that changes from run to run; ours is that of the keys.
        Function("keys", variadic: .anyMap, returns: .stringSlice) { .strings($0.flatMap(\.argumentMap.keys)) },
        Function("values", [.anyMap], returns: .anySlice) { arguments in
            let map = arguments[0].argumentMap
            return .list(.grown(map.keys.map { map[$0] ?? GoValue.none }))
        },
        Function("dig", variadic: .any, body: dig),
    ]

    private static let changing: [Function] = [
        Function("set", [.anyMap, .string, .any], returns: .anyMap) { arguments in
            let map = arguments[0].argumentMap
            if map.isNil { throw FunctionError("assignment to entry in nil map") }
            map[arguments.text(1)] = arguments[2]
            return .map(map)
        },
        Function("unset", [.anyMap, .string], returns: .anyMap) { arguments in
            let map = arguments[0].argumentMap
            map[arguments.text(1)] = nil
            return .map(map)
        },
    ]

    private static let making: [Function] = [
        Function("dict", variadic: .any, returns: .anyMap) { arguments in
            let map = Map()
            for index in stride(from: 0, to: arguments.count, by: 2) {
                try arguments[index].requireEnd()
                map[sprigText(arguments[index])] = index + 1 < arguments.count ? arguments[index + 1] : .string("")
            }
            return .map(map)
        },
        Function("pick", [.anyMap], variadic: .string, returns: .anyMap) { arguments in
            let (map, picked) = (arguments[0].argumentMap, Map())
            for key in arguments.dropFirst() { picked[sprigText(key)] = map[sprigText(key)] }
            return .map(picked)
        },
        Function("omit", [.anyMap], variadic: .string, returns: .anyMap) { arguments in
            let rest = Map(arguments[0].argumentMap.entries)
            for key in arguments.dropFirst() { rest[sprigText(key)] = nil }
            return .map(rest)
        },
        Function("deepCopy", [.any]) { try deepCopy($0[0]) },
        Function("mustDeepCopy", [.any]) { try deepCopy($0[0]) },
    ]

    private static let merging: [Function] = [
        ("merge", false), ("mustMerge", false), ("mergeOverwrite", true), ("mustMergeOverwrite", true),
    ].map { (name: Text, overwrites: Bool) in
        Function(name, [.anyMap], variadic: .anyMap) { arguments in
            var destination = arguments[0].argumentMap
            for source in arguments.dropFirst().map(\.argumentMap) {
                if destination.isNil, !source.isNil { destination = Map() }
                try Merging(overwrites: overwrites).merge(source, into: destination)
            }
            return .map(destination)
        }
    }

    /// `dig KEY… DEFAULT MAP`: the value under a path of keys.
    @Sendable private static func dig(_ arguments: [GoValue]) throws -> GoValue {
        guard arguments.count >= 3 else { throw FunctionError("dig needs at least three arguments") }
        var map = try plainMap(arguments[arguments.count - 1])
        let path = try arguments.dropLast(2).map { argument in
            guard case .string(let key) = argument else { throw conversionError(argument, "string") }
            return key
        }
        for (index, key) in path.enumerated() {
            guard let value = map[key] else { return arguments[arguments.count - 2] }
            if index == path.count - 1 { return value }
            map = try plainMap(value)
        }
        return .none
    }

    /// Go's type assertion wants just `map[string]interface {}`, not a type defined over it.
    private static func plainMap(_ value: GoValue) throws -> Map {
        guard case .map(let map) = value, map.type == .anyMap else {
            throw conversionError(value, GoType.anyMap.description)
        }
        return map
    }

    private static func conversionError(_ value: GoValue, _ wanted: String) -> FunctionError {
        FunctionError("interface conversion: interface {} is \(value.type?.description ?? "nil"), not \(wanted)")
    }

    private static func deepCopy(_ value: GoValue) throws -> GoValue {
        if case .none = value { throw FunctionError("reflect: call of reflect.Value.Type on zero Value") }
        return copy(value)
    }

    private static func copy(_ value: GoValue) -> GoValue {
        switch value {
        case .list(var list):
            list.elements = list.elements.map(copy)
            return .list(list)
        case .map(let map):
            return .map(
                Map(map.entries.mapValues(copy), type: map.type, methods: map.methods, isNil: map.isNil))
        default: return value
        }
    }
}

/// Merges as the mergo library does: maps into maps, and anything else where the destination has nothing or an
/// empty value, or everywhere if it `overwrites`. What is taken over is shared, not copied.
private final class Merging {
    private let overwrites: Bool
    private var depth = 0
    private lazy var stack = NativeStack()

    init(overwrites: Bool) {
        self.overwrites = overwrites
    }

    /// Throws where maps hold themselves; Go would not come back from there.
    func merge(_ source: Map, into destination: Map) throws {
        if source.sharesEntries(with: destination) { return }
        depth += 1
        defer { depth -= 1 }
        if depth > NestingLimit.deepest { throw NestingLimit.tooDeep }
        for key in source.keys { try merge(key, source[key] ?? GoValue.none, into: destination) }
    }

    private func merge(_ key: Text, _ value: GoValue, into destination: Map) throws {
        if case .none = value {
            if overwrites { destination[key] = .some(.none) }
            return
        }
        if case .map(let from) = value, case .map(let into)? = destination[key] {
            if depth < NestingLimit.deep {
                try merge(from, into: into)
            } else {
                try stack.withRoom { try merge(from, into: into) }
            }
            if !into.isEmpty { return }
        }
        if overwrites || destination[key].map(isUnset) ?? true { destination[key] = value }
    }

    /// mergo's idea of an empty value, which knows structs and complex numbers as never empty.
    private func isUnset(_ value: GoValue) -> Bool {
        if case .complex = value { return false }
        return SprigFlow.isEmpty(value)
    }
}
