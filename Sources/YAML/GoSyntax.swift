import Values

/// Values as Go's fmt prints them in errors of go-yaml.
enum GoSyntax {
    /// An element of a list, or an entry of a map with what fmt sorts it by: nil, strings, and numbers in this order.
    struct Entry {
        var text: String
        private var kind = 0
        private var number = 0.0
        private var string = ""

        init(text: String) {
            self.text = text
        }

        init(key: Composer.Node) {
            text = key.goText + ":"
            switch key.scalar {
            case .null?, nil: kind = 0
            case .string?, .timestamp?: (kind, string) = (1, key.value.string ?? "")
            case .uint(let value)?: (kind, number) = (2, Double(value))
            case .int(let value)?: (kind, number) = (3, Double(value))
            case .double(let value)?: (kind, number) = (4, value)
            case .bool(let value)?: (kind, number) = (5, value ? 1 : 0)
            }
        }

        func isSameKey(as other: Entry) -> Bool {
            kind == other.kind && number == other.number && string.hasSameBytes(as: other.string)
        }

        func precedes(_ other: Entry) -> Bool {
            if kind != other.kind { return kind < other.kind }
            return kind == 1 ? string.precedesByBytes(other.string) : number < other.number
        }
    }

    static func text(_ entries: [Entry], isMap: Bool) -> String {
        let entries = isMap ? entries.sorted { $0.precedes($1) } : entries
        let texts = entries.map(\.text).joined(separator: ", ")
        return isMap ? "map[interface {}]interface {}{\(texts)}" : "[]interface {}{\(texts)}"
    }

    static func text(_ scalar: Scalar, _ value: Value) -> String {
        switch scalar {
        case .null: "interface {}(nil)"
        case .bool(let value): value ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): "0x" + String(number, radix: 16)
        case .double(let number): float(number)
        case .timestamp, .string: quoted(value.string ?? "")
        }
    }

    /// As `%#v` prints what go-yaml decodes into `interface{}`.
    static func text(_ value: Value) -> String {
        switch value {
        case .null: "interface {}(nil)"
        case .bool(let value): value ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): float(number)
        case .string(let string): quoted(string)
        case .list(let elements): "[]interface {}{\(elements.map(text).joined(separator: ", "))}"
        case .map(let map):
            "map[interface {}]interface {}{\(map.sorted.map { key(of: $0) + text($0.value) }.joined(separator: ", "))}"
        }
    }

    /// As `%+#v` prints an argument, where nil is bare.
    static func argument(_ value: Value) -> String {
        value.isNull ? "<nil>" : text(value)
    }

    private static func key(of entry: Mapping.Element) -> String {
        quoted(entry.key) + ":"
    }

    /// A float as strconv's 'g' with the shortest digits.
    static func float(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf" }
        return layout(DecimalDigits(number))
    }

    /// A float as sigs.k8s.io/yaml makes a key of it: with the precision of a float32.
    static func floatKey(_ number: Double) -> String {
        let single = Float(number)
        guard single.isFinite else { return single.isNaN ? ".nan" : single < 0 ? "-.inf" : ".inf" }
        return layout(DecimalDigits(single: single))
    }

    private static func layout(_ digits: DecimalDigits) -> String {
        // Go decides by a precision of 6 where it prints the shortest digits.
        let exponent = digits.point - 1
        let isScientific = exponent < -4 || exponent >= 6
        return String(decoding: isScientific ? digits.scientific() : digits.plain, as: UTF8.self)
    }

    private static func quoted(_ string: String) -> String {
        Values.quoted(Text(string)).string
    }
}

/// A number as sigs.k8s.io/yaml makes a string of it where a Go struct has one: with the precision of a float32.
package func singlePrecisionText(_ number: Double) -> String {
    GoSyntax.floatKey(number)
}
