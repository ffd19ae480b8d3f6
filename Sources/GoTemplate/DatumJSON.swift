package import Values

/// Why Go's encoding/json cannot encode a value, in its words.
package struct DatumJSONError: Error {
    package var message: Text
}

extension Datum {
    /// The value as JSON text, as Go's json.Marshal prints it; throws `DatumJSONError`.
    package func json(escapingHTML: Bool = true, indentation: JSONWriter.Indentation? = nil) throws -> Text {
        var writer = JSONWriter(escapingHTML: escapingHTML, indentation: indentation)
        try write(to: &writer, depth: 0)
        return Text(writer.bytes)
    }

    /// The tree that encoding/json would print: bytes outside UTF-8 as U+FFFD, `[]uint8` in base64, structs by their
    /// JSON keys; throws `DatumJSONError`.
    package func jsonValue() throws -> Value {
        try jsonValue(depth: 0)
    }

    /// Go looks for cycles from this depth on.
    private static let cycleDepth = 1000

    private func refuseCycle(_ depth: Int) throws {
        if depth > Datum.cycleDepth {
            let name = type?.description ?? ""
            throw DatumJSONError(message: Text("json: unsupported value: encountered a cycle via \(name)"))
        }
    }

    private func unsupported() -> DatumJSONError {
        if case .float = self { return DatumJSONError(message: "json: unsupported value: " + formatValue(self)) }
        return DatumJSONError(message: Text("json: unsupported type: \(type?.description ?? "nil")"))
    }
}

extension Datum {
    fileprivate func write(to writer: inout JSONWriter, depth: Int) throws {
        switch self {
        case .none: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value, _): writer.integer(value)
        case .uint(let value, _): writer.integer(value)
        case .float(let value): do { try writer.double(value) } catch { throw unsupported() }
        case .string(let text): writer.string(text)
        case .list(let list): try write(list, to: &writer, depth)
        case .map(let map): try write(map, to: &writer, depth)
        case .object(let object): try write(object, to: &writer, depth)
        case .complex, .function: throw unsupported()
        }
    }

    private func write(_ list: List, to writer: inout JSONWriter, _ depth: Int) throws {
        try refuseCycle(depth)
        if list.isNil {
            writer.null()
        } else if let bytes = list.bytes {
            writer.string(base64(bytes))
        } else {
            writer.openList()
            for element in list.elements {
                writer.element()
                try element.write(to: &writer, depth: depth + 1)
            }
            writer.closeList()
        }
    }

    private func write(_ map: Map, to writer: inout JSONWriter, _ depth: Int) throws {
        try refuseCycle(depth)
        if map.isNil {
            writer.null()
            return
        }
        writer.openMap()
        for key in map.keys {
            writer.key(key)
            try (map[key] ?? Datum.none).write(to: &writer, depth: depth + 1)
        }
        writer.closeMap()
    }

    private func write(_ object: any Object, to writer: inout JSONWriter, _ depth: Int) throws {
        if let encoded = try object.jsonEncoded() {
            try encoded.write(to: &writer, depth: depth + 1)
            return
        }
        writer.openMap()
        for (key, value) in object.jsonFields {
            writer.key(key)
            try value.write(to: &writer, depth: depth + 1)
        }
        writer.closeMap()
    }
}

extension Datum {
    fileprivate func jsonValue(depth: Int) throws -> Value {
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
            try refuseCycle(depth)
            if list.isNil { return .null }
            if let bytes = list.bytes { return .string(base64(bytes)) }
            return .list(try list.elements.map { try $0.jsonValue(depth: depth + 1) })
        case .map(let map):
            try refuseCycle(depth)
            return map.isNil ? .null : .map(try map.jsonMapping(depth: depth + 1))
        case .object(let object): return try object.jsonValue(depth: depth + 1)
        case .complex, .function: throw unsupported()
        }
    }
}

extension Map {
    fileprivate func jsonMapping(depth: Int) throws -> Mapping {
        var mapping = Mapping()
        for key in keys {
            let value = self[key] ?? Datum.none
            mapping[key.string] = try value.jsonValue(depth: depth)
        }
        return mapping
    }
}

extension Object {
    /// What the object's own encoder makes of it; `nil` where it has none.
    fileprivate func jsonEncoded() throws -> Datum? {
        do {
            return try encoded()
        } catch let error as FunctionError {
            throw DatumJSONError(
                message: Text("json: error calling MarshalJSON for type \(type): ") + error.message)
        }
    }

    /// The fields that are encoded, in order of declaration.
    fileprivate var jsonFields: [(key: Text, value: Datum)] {
        fields.compactMap { field in
            guard let key = field.key, !(field.omitsEmpty && SprigFlow.isEmpty(field.value)) else { return nil }
            return (key, field.value)
        }
    }

    fileprivate func jsonValue(depth: Int) throws -> Value {
        if let encoded = try jsonEncoded() { return try encoded.jsonValue() }
        var mapping = Mapping()
        for (key, value) in jsonFields {
            guard case .object(let object) = value else {
                mapping[key.string] = try value.jsonValue()
                continue
            }
            mapping[key.string] = try object.jsonValue(depth: depth + 1)
        }
        return .map(mapping)
    }
}

private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = Array(bytes[start..<min(start + 3, bytes.count)])
        let padded = group + repeatElement(0, count: 3 - group.count)
        let bits = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
        for index in 0..<4 {
            text.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
