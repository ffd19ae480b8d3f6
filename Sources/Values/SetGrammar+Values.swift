/// Characters and values of a `--set…` expression.
extension SetParser {
    /// The characters up to one of `stops`, which is taken too; none where the expression ends first. A backslash
    /// takes the next character as it is, but in literals.
    mutating func scan(until stops: String) -> (String, Unicode.Scalar?) {
        var result = String.UnicodeScalarView()
        let stops = stops.unicodeScalars
        while position < text.count {
            let scalar = text[position]
            position += 1
            if stops.contains(scalar) { return (String(result), scalar) }
            if scalar == "\\", flag != .literal {
                guard position < text.count else { break }
                result.append(text[position])
                position += 1
            } else {
                result.append(scalar)
            }
        }
        return (String(result), nil)
    }

    mutating func rest() -> String {
        defer { position = text.count }
        return SetParser.string(text[position...])
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    static func quoted(_ text: String) -> String {
        Values.quoted(Text(text)).string
    }

    /// The number between brackets; the opening one is behind.
    mutating func parseIndex() throws(SetStop) -> Int {
        let (digits, stop) = scan(until: "]")
        guard stop != nil else { throw .end }
        let isNumber = digits.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let hasDigits = !isNumber.isEmpty && isNumber.allSatisfy { (0x30...0x39).contains($0) }
        guard hasDigits, digits.utf8.count - isNumber.count <= 1 else {
            throw .failure("error parsing index: strconv.Atoi: parsing \(SetParser.quoted(digits)): invalid syntax")
        }
        guard let index = Int(digits) else {
            throw .failure("error parsing index: strconv.Atoi: parsing \(SetParser.quoted(digits)): value out of range")
        }
        return index
    }

    /// What follows `=`: a list in braces, or text up to the next comma.
    mutating func plainValue() throws(SetStop) -> Value {
        guard text[position] == "{" else { return try value(of: scan(until: ",").0) }
        position += 1
        var list: [Value] = []
        while true {
            let (element, stop) = scan(until: ",}")
            guard let stop else { throw .failure("list must terminate with '}'") }
            list.append(try value(of: element))
            guard stop == "}" else { continue }
            if position < text.count, text[position] == "," { position += 1 }
            return .list(list)
        }
    }

    private func value(of text: String) throws(SetStop) -> Value {
        switch flag {
        case .file:
            do throws(SetError) {
                return .string(try file(text))
            } catch {
                throw .failure(error)
            }
        case .typed: return SetParser.typed(text)
        default: return .string(text)
        }
    }

    /// `true`, `false` and `null` in any case and whole numbers without leading zeros have types.
    private static func typed(_ text: String) -> Value {
        switch folded(text) {
        case "true": return true
        case "false": return false
        case "null": return .null
        case "0": return 0
        default: break
        }
        // Int's own parser takes what Go's takes: digits with an optional sign.
        if let first = text.utf8.first, first != UInt8(ascii: "0"), let number = Int(text) { return .int(number) }
        return .string(text)
    }

    /// The text in small letters as far as words of ASCII can match it; Unicode's long s is an s.
    private static func folded(_ text: String) -> String {
        guard text.utf8.count <= 6 else { return "" }
        return string(
            text.unicodeScalars.map { scalar in
                switch scalar {
                case "A"..."Z": Unicode.Scalar(scalar.value + 0x20) ?? scalar
                case "\u{17F}": "s"
                default: scalar
                }
            })
    }

    /// A value in JSON; null where there is none before the next comma.
    mutating func jsonValue() throws(SetStop) -> Value {
        if skipSeparator() { return .null }
        let rest = Array(SetParser.string(text[position...]).utf8)
        do throws(JSONError) {
            let (value, length) = try rest.withUnsafeBufferPointer { bytes throws(JSONError) in
                var reader = JSONReader(bytes)
                let value = try reader.readStreamValue()
                return (value, reader.offset)
            }
            position += String(decoding: rest[..<length], as: UTF8.self).unicodeScalars.count
            return value
        } catch {
            throw .failure(error.description)
        }
    }

    /// Passes over white space and a comma; true where a comma or the end came.
    @discardableResult
    mutating func skipSeparator() -> Bool {
        while position < text.count {
            if text[position] == "," {
                position += 1
                return true
            }
            guard text[position].properties.isWhitespace else { return false }
            position += 1
        }
        return true
    }
}
