import Values

/// What a scalar's text means, by YAML 1.1 as go-yaml v2 takes it.
enum Scalar {
    case null
    case bool(Bool)
    case int(Int)
    /// An integer beyond int64.
    case uint(UInt)
    case double(Double)
    /// A date or time; go-yaml recognises it and then gives the text.
    case timestamp
    case string

    /// The tag's short form, as error texts name it.
    var tag: String {
        switch self {
        case .null: "!!null"
        case .bool: "!!bool"
        case .int, .uint: "!!int"
        case .double: "!!float"
        case .timestamp: "!!timestamp"
        case .string: "!!str"
        }
    }
}

extension Scalar {
    /// Whether two keys that JSON cannot have are the same.
    func isSameKey(as other: Scalar) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.uint(let first), .uint(let second)): first == second
        default: false
        }
    }

    /// The meaning of an untagged plain scalar; `takesTimestamps` is false under another explicit tag.
    init(_ text: UnsafeBufferPointer<UInt8>, takesTimestamps: Bool = true) {
        guard let first = text.first else {
            self = .null
            return
        }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            self = Scalar.word(text) ?? Scalar.number(text, takesTimestamps)
        case UInt8(ascii: "."):
            self = Scalar.word(text) ?? Scalar.fraction(text).map(Scalar.double) ?? .string
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
            UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"),
            UInt8(ascii: "~"):
            self = Scalar.word(text) ?? .string
        default: self = .string
        }
    }

    private static let longestWord = 5

    private static func word(_ text: UnsafeBufferPointer<UInt8>) -> Scalar? {
        guard text.count <= longestWord else { return nil }
        var key: UInt64 = 0
        for byte in text { key = key << 8 | UInt64(byte) }
        return words[key]
    }

    /// Words by their bytes packed into a number.
    private static let words: [UInt64: Scalar] = {
        var table: [UInt64: Scalar] = [:]
        func add(_ words: String, _ value: Scalar) {
            for word in words.split(separator: " ") {
                table[word.utf8.reduce(0) { $0 << 8 | UInt64($1) }] = value
            }
        }
        add("y Y yes Yes YES true True TRUE on On ON", .bool(true))
        add("n N no No NO false False FALSE off Off OFF", .bool(false))
        add("~ null Null NULL", .null)
        add(".nan .NaN .NAN", .double(.nan))
        add(".inf .Inf .INF +.inf +.Inf +.INF", .double(.infinity))
        add("-.inf -.Inf -.INF", .double(-.infinity))
        return table
    }()

    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ takesTimestamps: Bool) -> Scalar {
        if let small = smallDecimal(text) { return .int(small) }
        if takesTimestamps, Timestamp.matches(text) { return .timestamp }
        let plain = text.contains(UInt8(ascii: "_")) ? text.filter { $0 != UInt8(ascii: "_") } : Array(text)
        return plain.withUnsafeBufferPointer { bytes in
            GoNumber.integer(bytes) ?? decimal(bytes) ?? oddBinary(bytes) ?? .string
        }
    }

    /// Plain decimal digits, few enough not to overflow: nearly all integers there are.
    private static func smallDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count <= 18, let first = text.first, first != UInt8(ascii: "0") || text.count == 1 else {
            return nil
        }
        var value = 0
        for byte in text {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte & 0x0F)
        }
        return value
    }

    /// A float in YAML's form that float64 can hold.
    private static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Scalar? {
        guard GoNumber.isDecimalFloat(text), let value = GoNumber.double(text) else { return nil }
        return .double(value)
    }

    /// `0b` with a sign behind it, which go-yaml takes too.
    private static func oddBinary(_ text: UnsafeBufferPointer<UInt8>) -> Scalar? {
        let prefix = Array("0b".utf8)
        if text.starts(with: prefix) {
            return GoNumber.integer(UnsafeBufferPointer(rebasing: text[2...]), radix: 2)
        }
        if text.starts(with: Array("-0b".utf8)) {
            return GoNumber.integer(Array("-".utf8) + text[3...], radix: 2)
        }
        return nil
    }

    /// A number that begins with a point; here go-yaml leaves underscores to Go's own grammar: between digits only.
    private static func fraction(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard text.contains(UInt8(ascii: "_")) else {
            return GoNumber.isDecimalFloat(text) ? GoNumber.double(text) : nil
        }
        for (index, byte) in text.enumerated() where byte == UInt8(ascii: "_") {
            guard index > 0, index + 1 < text.count, (0x30...0x39).contains(text[index - 1]),
                (0x30...0x39).contains(text[index + 1])
            else { return nil }
        }
        return text.filter { $0 != UInt8(ascii: "_") }.withUnsafeBufferPointer { bytes in
            GoNumber.isDecimalFloat(bytes) ? GoNumber.double(bytes) : nil
        }
    }
}
