package import GoTemplate
package import Values

/// Writes a template's value as TOML, as BurntSushi's encoder does: keys in order, plain values before tables, tables
/// indented by their depth.
package struct TOMLWriter {
    private var bytes: [UInt8] = []

    /// The text of the whole document; an error has Go's words.
    package static func text(_ datum: GoValue) throws(FunctionError) -> Text {
        if case .none = datum { throw FunctionError("reflect: call of reflect.Value.Type on zero Value") }
        var writer = TOMLWriter()
        try writer.write(datum, under: [])
        return Text(writer.bytes)
    }

    /// What a value is in TOML, as far as the layout depends on it.
    private enum Kind {
        case none, value, table, tables
    }

    private static func kind(_ datum: GoValue) throws(FunctionError) -> Kind {
        switch datum {
        case .none: return .none
        case .map(let map): return map.isNil ? .none : .table
        case .object(let object): return try encoded(object) == nil ? .table : .value
        case .list(let list): return list.isNil ? .none : try areTables(list) ? .tables : .value
        case .complex: throw FunctionError("unsupported type: complex128")
        case .function: throw FunctionError("unsupported type: func")
        default: return .value
        }
    }

    /// Whether a list holds tables only; nil may not be in a list at all.
    private static func areTables(_ list: List) throws(FunctionError) -> Bool {
        var result = !list.elements.isEmpty
        for element in list.elements {
            switch try kind(element) {
            case .none: throw FunctionError("toml: cannot encode array with nil element")
            case .table: break
            default: result = false
            }
        }
        return result
    }

    /// The text of an object that has one, such as a time.
    private static func encoded(_ object: any Object) throws(FunctionError) -> Text? {
        do {
            if case .string(let text)? = try object.encoded() { return text }
            return nil
        } catch {
            throw error as? FunctionError ?? FunctionError(Text(String(describing: error)))
        }
    }

    private mutating func write(_ datum: GoValue, under key: [Text]) throws(FunctionError) {
        switch try TOMLWriter.kind(datum) {
        case .none: break
        case .value: try writePair(key, datum, isInline: false)
        case .table: try writeTable(key, datum)
        case .tables: try writeTables(key, datum)
        }
    }

    private mutating func writeTable(_ key: [Text], _ datum: GoValue) throws(FunctionError) {
        if key.count == 1 { newLine() }
        if let last = key.indices.last {
            put(String(repeating: "  ", count: last))
            put("[")
            putKey(key)
            put("]")
            newLine()
        }
        try writeEntries(of: datum, under: key, isInline: false)
    }

    private mutating func writeTables(_ key: [Text], _ datum: GoValue) throws(FunctionError) {
        guard case .list(let list) = datum, let last = key.indices.last else {
            throw FunctionError("toml: top-level values must be Go maps or structs")
        }
        for element in list.elements {
            newLine()
            put(String(repeating: "  ", count: last))
            put("[[")
            putKey(key)
            put("]]")
            newLine()
            try writeEntries(of: element, under: key, isInline: false)
        }
    }

    /// The entries of a map or struct, those that are no tables first.
    private mutating func writeEntries(of datum: GoValue, under key: [Text], isInline: Bool) throws(FunctionError) {
        var plain: [(Text, GoValue)] = []
        var tables: [(Text, GoValue)] = []
        for (name, value) in TOMLWriter.entries(of: datum) {
            switch try TOMLWriter.kind(value) {
            case .table, .tables: tables.append((name, value))
            default: plain.append((name, value))
            }
        }
        let entries = plain + tables
        if isInline { put("{") }
        for (index, (name, value)) in entries.enumerated() {
            if try TOMLWriter.kind(value) == .none { continue }
            guard isInline else {
                try write(value, under: key + [name])
                continue
            }
            try writePair([name], value, isInline: true)
            if index < entries.count - 1 { put(", ") }
        }
        if isInline { put("}") }
    }

    private static func entries(of datum: GoValue) -> [(Text, GoValue)] {
        switch datum {
        case .map(let map): map.keys.map { ($0, map[$0] ?? .none) }
        case .object(let object):
            object.fields.filter { $0.name.bytes.first.map { (0x41...0x5A).contains($0) } ?? false }
                .map { ($0.name, $0.value) }
        default: []
        }
    }

    private mutating func writePair(_ key: [Text], _ value: GoValue, isInline: Bool) throws(FunctionError) {
        guard let name = key.last else { return try writeElement(value) }
        put(String(repeating: "  ", count: key.count - 1))
        putKey([name])
        put(" = ")
        try writeElement(value)
        if !isInline { newLine() }
    }

    private mutating func writeElement(_ datum: GoValue) throws(FunctionError) {
        switch datum {
        case .bool(let value): put(value ? "true" : "false")
        case .int(_, let type) where type == .duration: putQuoted(formatValue(datum))
        case .int(let number, _): put(String(number))
        case .uint(let number, _): put(String(number))
        case .float(let number): put(TOMLWriter.text(number))
        case .string(let text): putQuoted(text)
        case .list(let list):
            put("[")
            for (index, element) in list.elements.enumerated() {
                try writeElement(element)
                if index < list.elements.count - 1 { put(", ") }
            }
            put("]")
        case .object(let object):
            guard let text = try TOMLWriter.encoded(object) else {
                return try writeEntries(of: datum, under: [], isInline: true)
            }
            if object.type == .time { bytes += text.bytes } else { putQuoted(text) }
        case .map: try writeEntries(of: datum, under: [], isInline: true)
        case .none, .complex, .function: throw FunctionError("unexpected type")
        }
    }

    /// A float always has a point or an exponent.
    private static func text(_ number: Double) -> String {
        guard number.isFinite else { return (number.sign == .minus ? "-" : "") + (number.isNaN ? "nan" : "inf") }
        let text = String(decoding: floatText(number, UInt8(ascii: "g"), precision: nil), as: UTF8.self)
        return text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") } ? text : text + ".0"
    }

    private mutating func put(_ text: String) {
        bytes += text.utf8
    }

    /// A line break, but not before anything is written.
    private mutating func newLine() {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
    }

    private mutating func putKey(_ key: [Text]) {
        for (index, part) in key.enumerated() {
            if index > 0 { put(".") }
            if TOMLKey.isBare(part) { bytes += part.bytes } else { putQuoted(part) }
        }
    }

    private mutating func putQuoted(_ text: Text) {
        bytes += TOMLKey.quoted(text)
    }
}

/// Keys as TOML spells them.
enum TOMLKey {
    /// A dotted key, quoted where it must be.
    package static func text(_ key: [Text]) -> Text {
        Text(Array(key.map { isBare($0) ? $0.bytes : quoted($0) }.joined(separator: [UInt8(ascii: ".")])))
    }

    static func isBare(_ text: Text) -> Bool {
        !text.isEmpty && text.bytes.allSatisfy(isBare)
    }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    static func quoted(_ text: Text) -> [UInt8] {
        var result = [UInt8(ascii: "\"")]
        for byte in text.bytes {
            if let letter = letters[byte] {
                result += [UInt8(ascii: "\\"), letter]
            } else if byte < 0x20 || byte == 0x7F {
                let digits = String(byte, radix: 16)
                result += "\\u00".utf8
                if digits.utf8.count == 1 { result.append(UInt8(ascii: "0")) }
                result += digits.utf8
            } else {
                result.append(byte)
            }
        }
        return result + [UInt8(ascii: "\"")]
    }

    private static let letters: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"), 0x08: UInt8(ascii: "b"),
        0x09: UInt8(ascii: "t"), 0x0A: UInt8(ascii: "n"), 0x0C: UInt8(ascii: "f"), 0x0D: UInt8(ascii: "r"),
    ]
}
