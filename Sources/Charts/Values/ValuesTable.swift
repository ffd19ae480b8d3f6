import GoTemplate
import Values
import YAML

/// What Helm's type common.Values offers: lookups along dotted paths, and the methods that templates can call.
enum ValuesTable {
    static let type = GoType.commonValues

    /// The same map as `.Values`, with its type and methods.
    static func values(sharing map: Map) -> Map {
        Map(sharing: map, type: type, methods: methods)
    }

    /// A key on the way that is missing or holds no table.
    struct NotATable: Error {
        var key: String
        var message: String { "\(quoted(key)) is not a table" }
    }

    /// The table at the end of a path of keys with dots between them.
    static func table(_ map: Map, _ path: String) throws(NotATable) -> Map {
        var current = map
        for key in parts(path) {
            guard case .map(let next)? = current[key] else { throw NotATable(key: key.string) }
            current = next
        }
        return current
    }

    /// The value at the end of a path, unless it is a table; `nil` where there is none.
    static func value(_ map: Map, _ path: String) -> GoValue? {
        var keys = parts(path)
        let last = keys.removeLast()
        var current = map
        for key in keys {
            guard case .map(let next)? = current[key] else { return nil }
            current = next
        }
        guard let value = current[last] else { return nil }
        if case .map = value { return nil }
        return value
    }

    private static func parts(_ path: String) -> [Text] {
        path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Text(Substring($0)) }
    }

    private static let methods: Methods = { receiver, name in
        guard case .map(let map) = receiver else { return nil }
        switch name {
        case "AsMap":
            return Function("AsMap", returns: .anyMap) { _ in
                .map(map.isEmpty ? Map() : Map(sharing: map, type: .anyMap))
            }
        case "Table": return Function("Table", [.string], returns: type, body: table(of: map))
        case "PathValue": return Function("PathValue", [.string], body: value(of: map))
        case "YAML":
            return Function("YAML", returns: .string) { _ in
                try receiver.requireEnd()
                return .string(try Value.map(Mapping(map)).yaml())
            }
        default: return nil
        }
    }

    private static func table(of map: Map) -> @Sendable ([GoValue]) throws -> GoValue {
        { arguments in
            do {
                return .map(values(sharing: try table(map, arguments.firstText)))
            } catch let error as NotATable {
                throw FunctionError(Text(error.message))
            }
        }
    }

    private static func value(of map: Map) -> @Sendable ([GoValue]) throws -> GoValue {
        { arguments in
            let path = arguments.firstText
            if path.isEmpty { throw FunctionError("YAML path cannot be empty") }
            if let value = value(map, path) { return value }
            throw FunctionError(Text("\(quoted(parts(path).last?.string ?? "")) is not a value"))
        }
    }
}

extension [GoValue] {
    /// The first argument where it is a string.
    var firstText: String {
        if case .string(let text)? = first { text.string } else { "" }
    }
}
