package import Values

/// Why sigs.k8s.io/yaml's Marshal gives no text, with its message.
package struct MarshalError: Error, Equatable, CustomStringConvertible, Sendable {
    package var description: String
}

extension Value {
    /// The value as YAML, as sigs.k8s.io/yaml's Marshal writes it, with a newline at the end.
    ///
    /// Marshal prints JSON, reads it as YAML and prints that; so numbers change their form on the way, and a text that
    /// YAML cannot read as JSON writes it (a DEL character, a key of more than 1,022 characters) is an error.
    package func yaml() throws(MarshalError) -> String {
        String(decoding: try yamlBytes(), as: UTF8.self)
    }

    package func yamlBytes() throws(MarshalError) -> [UInt8] {
        var marshaler = Marshaler()
        try marshaler.write(self)
        marshaler.emitter.finish()
        return marshaler.emitter.bytes
    }
}

private struct Marshaler {
    var emitter = Emitter(.v2)
    private var depth = 0

    /// The longest key that YAML finds a `:` behind, in characters of JSON with its quotes.
    private static let longestKey = 1024
    private static let maximumDepth = 10000

    mutating func write(_ value: Value) throws(MarshalError) {
        switch value {
        case .null: emitter.plain("null")
        case .bool(let value): emitter.plain(value ? "true" : "false")
        case .int(let number): emitter.plain(String(number))
        case .double(let number): try write(number)
        case .string(let string): try write(string)
        case .list(let elements):
            emitter.openList(isEmpty: elements.isEmpty)
            if elements.isEmpty { return }
            try enter()
            for element in elements {
                emitter.element()
                try write(element)
            }
            leave()
        case .map(let map):
            emitter.openMap(isEmpty: map.isEmpty)
            if map.isEmpty { return }
            try enter()
            for (key, value) in NaturalOrder.sorted(map, .v2) {
                try write(key: key)
                try write(value)
            }
            leave()
        }
    }

    private mutating func enter() throws(MarshalError) {
        depth += 1
        if depth > Marshaler.maximumDepth {
            throw MarshalError(description: "yaml: exceeded max depth of \(Marshaler.maximumDepth)")
        }
    }

    private mutating func leave() {
        depth -= 1
        emitter.close()
    }

    private mutating func write(_ number: Double) throws(MarshalError) {
        guard number.isFinite else {
            let name = number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf"
            throw MarshalError(description: "error marshaling into JSON: json: unsupported value: \(name)")
        }
        emitter.plain(Marshaler.text(number))
    }

    /// A number read back from its JSON: an integer where the JSON has neither point nor exponent and fits 64 bits.
    private static func text(_ number: Double) -> String {
        if let integer = Int(exactly: number), integer.magnitude < 1 << 53 { return String(integer) }
        if number == number.rounded(), number.magnitude < 1e21 {
            // JSON has the shortest digits, filled up with zeros: not always the integer that the number is.
            let text = String(decoding: DecimalDigits(number).plain, as: UTF8.self)
            if Int(text) != nil || UInt(text) != nil { return text }
        }
        return GoSyntax.float(number)
    }

    private mutating func write(_ string: String) throws(MarshalError) {
        var string = try Marshaler.reread(string)
        string.withUTF8 { emitter.string($0, ScalarAnalysis($0, .v2)) }
    }

    private mutating func write(key: String) throws(MarshalError) {
        var key = key
        if key.utf8.count > Marshaler.longestKey / 6 {
            var writer = JSONWriter()
            writer.string(key)
            let length = writer.bytes.count { $0 & 0xC0 != 0x80 }
            if length > Marshaler.longestKey {
                throw MarshalError(description: "yaml: did not find expected ',' or '}'")
            }
        }
        if try !Marshaler.reread(key).hasSameBytes(as: key) {
            throw MarshalError(description: "yaml: line 1: did not find expected ',' or '}'")
        }
        key.withUTF8 { emitter.key($0) }
    }

    /// What YAML reads from the JSON of a string: itself, but for characters that it refuses or takes for a line break.
    private static func reread(_ string: String) throws(MarshalError) -> String {
        guard isSuspicious(string) else { return string }
        var writer = JSONWriter()
        writer.string(string)
        do throws(YAMLError) {
            return try Value(yaml: writer.bytes).string ?? string
        } catch {
            throw MarshalError(description: error.description)
        }
    }

    /// Whether there is a DEL, a control character from U+0080 on, U+FFFE or U+FFFF.
    private static func isSuspicious(_ string: String) -> Bool {
        var string = string
        return string.withUTF8 { bytes in
            bytes.indices.contains { index in
                switch bytes[index] {
                case 0x7F: true
                case 0xC2: bytes[index + 1] < 0xA0
                case 0xEF: bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE
                default: false
                }
            }
        }
    }
}
