package import Values

/// The lists and maps around the value that is being encoded. From a depth on Go looks whether one holds itself.
private struct EncodingPath {
    private var depth = 0
    private var count = 0
    /// The containers from that depth on; lists have no identity, and need none.
    private var open: [(type: GoType, map: ObjectIdentifier?)] = []
    private var places: [ObjectIdentifier: Int] = [:]

    /// From here on Go looks for cycles.
    private static let watched = 1000
    /// Even a large stack has an end.
    private static let deepest = 200_000
    private static let most = 16_000_000

    mutating func enter(_ type: @autoclosure () -> GoType, _ map: Map? = nil) throws {
        depth += 1
        count += 1
        if count > EncodingPath.most { throw GoJSONError(message: "json: the value is too large") }
        guard depth > EncodingPath.watched else { return }
        if depth > EncodingPath.deepest { throw GoJSONError(message: "json: the value is nested too deeply") }
        if let map, let earlier = places.updateValue(open.count, forKey: map.identity) {
            // A list around the first map that comes again would have come again before it.
            let first = earlier > 0 ? open[0].type : type()
            throw GoJSONError(message: Text("json: unsupported value: encountered a cycle via \(first)"))
        }
        open.append((type(), map?.identity))
    }

    mutating func leave() {
        depth -= 1
        guard depth >= EncodingPath.watched, let last = open.popLast() else { return }
        if let map = last.map { places[map] = nil }
    }
}

/// Why Go's encoding/json cannot encode a value, with its text.
package struct GoJSONError: Error {
    package var message: Text

    package init(message: Text) {
        self.message = message
    }
}

extension GoValue {
    /// The value as JSON text, as Go's json.Marshal prints it; throws `GoJSONError`.
    package func json(escapingHTML: Bool = true, indentation: JSONWriter.Indentation? = nil) throws -> Text {
        var writer = JSONWriter(escapingHTML: escapingHTML, indentation: indentation)
        var path = EncodingPath()
        try write(to: &writer, &path)
        return Text(writer.bytes)
    }

    /// The tree that encoding/json would print: bytes outside UTF-8 as U+FFFD, `[]uint8` in base64, structs by their
    /// JSON keys; throws `GoJSONError`.
    package func jsonValue() throws -> Value {
        var path = EncodingPath()
        return try jsonValue(&path)
    }

    private func unsupported() -> GoJSONError {
        if case .float = self { return GoJSONError(message: "json: unsupported value: " + formatValue(self)) }
        return GoJSONError(message: Text("json: unsupported type: \(type?.description ?? "nil")"))
    }
}

extension GoValue {
    fileprivate func write(to writer: inout JSONWriter, _ path: inout EncodingPath) throws {
        switch self {
        case .none: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value, _): writer.integer(value)
        case .uint(let value, _): writer.integer(value)
        case .float(let value): do { try writer.double(value) } catch { throw unsupported() }
        case .string(let text): writer.string(text)
        case .list(let list): try write(list, to: &writer, &path)
        case .map(let map): try write(map, to: &writer, &path)
        case .object(let object): try write(object, to: &writer, &path)
        case .complex, .function: throw unsupported()
        }
    }

    private func write(_ list: List, to writer: inout JSONWriter, _ path: inout EncodingPath) throws {
        if list.isNil {
            writer.null()
        } else if let bytes = list.bytes {
            writer.string(base64(bytes))
        } else {
            try path.enter(list.type)
            writer.openList()
            for element in list.elements {
                writer.element()
                try element.write(to: &writer, &path)
            }
            writer.closeList()
            path.leave()
        }
    }

    private func write(_ map: Map, to writer: inout JSONWriter, _ path: inout EncodingPath) throws {
        if map.isNil {
            writer.null()
            return
        }
        try path.enter(map.type, map)
        writer.openMap()
        for key in map.keys {
            writer.key(key)
            try (map[key] ?? GoValue.none).write(to: &writer, &path)
        }
        writer.closeMap()
        path.leave()
    }

    private func write(_ object: any Object, to writer: inout JSONWriter, _ path: inout EncodingPath) throws {
        if let encoded = try object.jsonEncoded() {
            try encoded.write(to: &writer, &path)
            return
        }
        writer.openMap()
        for (key, value) in object.jsonFields {
            writer.key(key)
            try value.write(to: &writer, &path)
        }
        writer.closeMap()
    }
}

extension GoValue {
    fileprivate func jsonValue(_ path: inout EncodingPath) throws -> Value {
        switch self {
        case .none: return .null
        case .bool(let value): return .bool(value)
        case .int(let value, _): return .int(value)
        case .uint(let value, _): return Int(exactly: value).map(Value.int) ?? .double(Double(value))
        case .float(let value):
            if !value.isFinite { throw unsupported() }
            return .double(value)
        case .string(let text): return .string(text.string)
        case .list(let list):
            if list.isNil { return .null }
            if let bytes = list.bytes { return .string(base64(bytes)) }
            try path.enter(list.type)
            defer { path.leave() }
            return .list(try list.elements.map { try $0.jsonValue(&path) })
        case .map(let map):
            if map.isNil { return .null }
            try path.enter(map.type, map)
            defer { path.leave() }
            return .map(try map.jsonMapping(&path))
        case .object(let object): return try object.jsonValue(&path)
        case .complex, .function: throw unsupported()
        }
    }
}

extension Map {
    fileprivate func jsonMapping(_ path: inout EncodingPath) throws -> Mapping {
        var mapping = Mapping()
        for key in keys {
            let value = self[key] ?? GoValue.none
            mapping[key.string] = try value.jsonValue(&path)
        }
        return mapping
    }
}

extension Object {
    /// What the object's own encoder makes of it; `nil` where it has none.
    fileprivate func jsonEncoded() throws -> GoValue? {
        do {
            return try encoded()
        } catch let error as FunctionError {
            throw GoJSONError(
                message: Text("json: error calling MarshalJSON for type \(type): ") + error.message)
        }
    }

    /// The fields that are encoded, in order of declaration.
    fileprivate var jsonFields: [(key: Text, value: GoValue)] {
        fields.compactMap { field in
            guard let key = field.key, !(field.omitsEmpty && !field.value.isTrue) else { return nil }
            return (key, field.value)
        }
    }

    fileprivate func jsonValue(_ path: inout EncodingPath) throws -> Value {
        if let encoded = try jsonEncoded() { return try encoded.jsonValue(&path) }
        var mapping = Mapping()
        for (key, value) in jsonFields { mapping[key.string] = try value.jsonValue(&path) }
        return .map(mapping)
    }
}
