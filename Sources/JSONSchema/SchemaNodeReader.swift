import Values

extension SchemaNode {
    /// Reads a JSON text, with the errors of a Go decoder that keeps numbers as they are written.
    init(json text: Text) throws(SchemaFailure) {
        let bytes = text.bytes
        let end: Int
        do throws(JSONError) {
            end = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
                var reader = JSONReader(buffer)
                do throws(JSONError) {
                    _ = try reader.readStreamValue()
                } catch {
                    // A number too large for a float is still a number here.
                    if case .numberOutOfRange = error { return reader.offset }
                    throw error
                }
                return reader.offset
            }
        } catch {
            throw .notJSON(error.description)
        }
        let rest = bytes[end...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        if !rest.isEmpty { throw .notJSON("invalid character after top-level value") }
        var reader = SchemaNodeReader(bytes: bytes)
        self = reader.value()
    }
}

/// Builds the tree of a text that is known to be JSON.
private struct SchemaNodeReader {
    let bytes: [UInt8]
    var offset = 0

    mutating func value() -> SchemaNode {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return map()
        case UInt8(ascii: "["): return list()
        case UInt8(ascii: "\""): return .string(string())
        case UInt8(ascii: "t"):
            offset += 4
            return .bool(true)
        case UInt8(ascii: "f"):
            offset += 5
            return .bool(false)
        case UInt8(ascii: "n"):
            offset += 4
            return .null
        default: return .number(number())
        }
    }

    private var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private mutating func skipSpace() {
        while current == 0x20 || current == 0x0A || current == 0x0D || current == 0x09 { offset += 1 }
    }

    /// Takes what separates elements; true at the closing bracket, which is taken too.
    private mutating func isClosed(by bracket: UInt8) -> Bool {
        skipSpace()
        if current == UInt8(ascii: ",") {
            offset += 1
            skipSpace()
        }
        guard current == bracket || offset >= bytes.count else { return false }
        offset += 1
        return true
    }

    private mutating func map() -> SchemaNode {
        offset += 1
        var members: [(name: String, value: SchemaNode)] = []
        while !isClosed(by: UInt8(ascii: "}")) {
            let name = string()
            skipSpace()
            offset += 1
            members.append((name: name, value: value()))
        }
        return .map(SchemaMap(members))
    }

    private mutating func list() -> SchemaNode {
        offset += 1
        var elements: [SchemaNode] = []
        while !isClosed(by: UInt8(ascii: "]")) { elements.append(value()) }
        return .list(elements)
    }

    private mutating func string() -> String {
        let start = offset
        offset += 1
        while current != UInt8(ascii: "\""), offset < bytes.count {
            offset += current == UInt8(ascii: "\\") ? 2 : 1
        }
        offset += 1
        let literal = Array(bytes[start..<min(offset, bytes.count)])
        return (try? Value(json: literal))?.string ?? ""
    }

    private mutating func number() -> String {
        let start = offset
        while offset < bytes.count, isNumeric(bytes[offset]) { offset += 1 }
        if offset == start { offset += 1 }
        return Text(bytes[start..<offset]).string
    }

    private func isNumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
    }
}
