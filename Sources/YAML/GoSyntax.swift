import Values

/// Values as Go's fmt prints them in errors of go-yaml.
enum GoSyntax {
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
