/// Writes JSON as Go's encoding/json prints it: from whole values, or piece by piece for data richer than `Value`.
package struct JSONWriter {
    /// How Go's `MarshalIndent` lays the text out.
    package struct Indentation: Sendable {
        package var prefix: String
        package var step: String

        package init(prefix: String = "", step: String = "  ") {
            self.prefix = prefix
            self.step = step
        }
    }

    package private(set) var bytes: [UInt8] = []
    private let escapesHTML: Bool
    private let indentation: Indentation?
    private var depth = 0
    /// Whether the open container has no element so far.
    private var isFirst = true

    package init(escapingHTML: Bool = true, indentation: Indentation? = nil) {
        self.escapesHTML = escapingHTML
        self.indentation = indentation
    }

    package mutating func null() { raw("null") }
    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    package mutating func integer(_ value: some BinaryInteger) { raw(String(value)) }
    /// Text that is JSON already.
    package mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Throws for what JSON cannot spell.
    package mutating func double(_ value: Double) throws(JSONError) {
        guard value.isFinite else {
            throw .unsupportedNumber(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf")
        }
        if let integer = Int(exactly: value), integer.magnitude < 1 << 53, integer != 0 {
            raw(String(integer))
            return
        }
        let digits = DecimalDigits(value)
        let size = value.magnitude
        let isPlain = size == 0 || size >= 1e-6 && size < 1e21
        bytes.append(contentsOf: isPlain ? digits.plain : digits.scientific(exponentWidth: 1))
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string($0) }
    }

    package mutating func string(_ text: Text) {
        text.withBytes { string($0) }
    }

    package mutating func openList() { open(UInt8(ascii: "[")) }
    package mutating func closeList() { close(UInt8(ascii: "]")) }
    package mutating func openMap() { open(UInt8(ascii: "{")) }
    package mutating func closeMap() { close(UInt8(ascii: "}")) }

    /// To be called before each element of a list.
    package mutating func element() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        newLine()
    }

    /// To be called before each value of a map; the caller brings the keys in order.
    package mutating func key(_ key: String) {
        element()
        string(key)
        endKey()
    }

    package mutating func key(_ key: Text) {
        element()
        string(key)
        endKey()
    }

    /// A whole tree, the keys sorted.
    package mutating func value(_ value: Value) throws(JSONError) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .int(let value): integer(value)
        case .double(let number): try double(number)
        case .string(let text): string(text)
        case .list(let elements):
            openList()
            for value in elements {
                element()
                try self.value(value)
            }
            closeList()
        case .map(let mapping):
            openMap()
            for (key, value) in mapping.sorted {
                self.key(key)
                try self.value(value)
            }
            closeMap()
        }
    }

    private mutating func endKey() {
        bytes.append(UInt8(ascii: ":"))
        if indentation != nil { bytes.append(UInt8(ascii: " ")) }
    }

    private mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        depth += 1
        isFirst = true
    }

    private mutating func close(_ bracket: UInt8) {
        depth -= 1
        if !isFirst { newLine() }
        isFirst = false
        bytes.append(bracket)
    }

    private mutating func newLine() {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        raw(indentation.prefix)
        for _ in 0..<depth { raw(indentation.step) }
    }
}

extension JSONWriter {
    /// A quoted string; a byte outside UTF-8 is written as the escape `\ufffd`.
    package mutating func string(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var copied = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            var width = 1
            var escape: [UInt8]?
            if byte >= 0x80 {
                let (rune, size) = decodeRune(text, at: offset)
                width = size
                escape = size == 1 || rune == 0x2028 || rune == 0x2029 ? JSONWriter.unicodeEscape(rune) : nil
            } else if needsEscape(byte) {
                escape = JSONWriter.escape(byte)
            }
            if let escape {
                bytes.append(contentsOf: text[copied..<offset])
                bytes.append(contentsOf: escape)
                copied = offset + width
            }
            offset += width
        }
        bytes.append(contentsOf: text[copied...])
        bytes.append(UInt8(ascii: "\""))
    }

    private func needsEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): true
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): escapesHTML
        default: false
        }
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case 0x08: letter = UInt8(ascii: "b")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x09: letter = UInt8(ascii: "t")
        default: return unicodeEscape(UInt32(byte))
        }
        return [UInt8(ascii: "\\"), letter]
    }

    private static func unicodeEscape(_ rune: UInt32) -> [UInt8] {
        let digits = String(rune, radix: 16).utf8
        return Array("\\u".utf8) + repeatElement(UInt8(ascii: "0"), count: 4 - digits.count) + digits
    }
}

extension Value {
    /// The value as JSON text, as Go's `json.Marshal` (with `indentation`: `MarshalIndent`) prints it.
    package func json(
        escapingHTML: Bool = true, indentation: JSONWriter.Indentation? = nil
    ) throws(JSONError) -> String {
        var writer = JSONWriter(escapingHTML: escapingHTML, indentation: indentation)
        try writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
