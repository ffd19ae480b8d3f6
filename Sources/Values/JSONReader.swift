/// The types that the numbers in a text get.
package enum NumberMode: Sendable {
    /// Every number is a `double`, as Go reads into `interface{}`.
    case float64
    /// Integers that fit 64 bits stay `int`.
    case native
}

extension Value {
    /// Reads one JSON text, with the acceptance and the errors of Go's `json.Unmarshal`; throws `JSONError`.
    package init(json text: String, numbers: NumberMode = .float64) throws(JSONError) {
        try self.init(json: Array(text.utf8), numbers: numbers)
    }

    /// Reads one JSON text from bytes; what is under a key of the name `omitted`, anywhere, is passed over and null.
    package init(json bytes: [UInt8], numbers: NumberMode = .float64, omitting omitted: String? = nil) throws(JSONError)
    {
        self = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            var reader = JSONReader(bytes, numbers: numbers)
            reader.omitted = omitted
            return try reader.readDocument()
        }
    }
}

extension Value {
    /// One JSON text and what is wrong with a number in it that float64 cannot hold: null takes its place, as Go
    /// leaves it.
    package static func reading(json bytes: [UInt8]) throws(JSONError) -> (value: Value, outOfRange: JSONError?) {
        try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            var reader = JSONReader(bytes)
            let value = try reader.readWhole()
            return (value, reader.rangeError)
        }
    }
}

/// Reads JSON values from a buffer one after the other. Nesting is kept on the heap, so depth costs no stack.
package struct JSONReader {
    private struct Frame {
        var isMap: Bool
        var firstValue: Int
        var firstKey: Int
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let numbers: NumberMode
    /// The offset of the next byte to read.
    package var offset: Int
    private var frames: [Frame] = []
    private var values: [Value] = []
    private var keys: [String] = []
    /// The key whose values are passed over.
    fileprivate var omitted: String?
    /// Whether the next value is under that key.
    private var isOmitting = false
    /// Go goes on after a number out of range and reports it once the syntax has proved right.
    var rangeError: JSONError?

    /// Go's maxNestingDepth.
    private static let maximumDepth = 10000

    package init(_ bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0, numbers: NumberMode = .float64) {
        self.bytes = bytes
        self.offset = offset
        self.numbers = numbers
    }

    /// The only value of the text.
    package mutating func readDocument() throws(JSONError) -> Value {
        let value = try readWhole()
        if let rangeError { throw rangeError }
        return value
    }

    /// The only value of the text, with null for numbers out of range.
    fileprivate mutating func readWhole() throws(JSONError) -> Value {
        let value = try readValue()
        if let byte = nextToken() { throw invalid(byte, "after top-level value") }
        return value
    }

    /// The next value of a stream, leaving what follows unread, as Go's `Decoder.Decode` does.
    package mutating func readStreamValue() throws(JSONError) -> Value {
        guard nextToken() != nil else { throw .endOfStream }
        do throws(JSONError) {
            let value = try readValue()
            if let rangeError { throw rangeError }
            return value
        } catch {
            switch error {
            case .unexpectedEnd: throw .endWithinStreamValue
            case .invalidCharacter(_, _, let offset) where offset > bytes.count: throw .endWithinStreamValue
            default: throw error
            }
        }
    }

    private mutating func readValue() throws(JSONError) -> Value {
        let depth = frames.count
        while true {
            guard let byte = nextToken() else { throw .unexpectedEnd(offset: offset) }
            if isOmitting {
                isOmitting = false
                try skipValue()
                values.append(.null)
            } else {
                if try open(byte) { continue }
                values.append(try readScalar(byte))
            }
            while frames.count > depth, try finishElement() {}
            if frames.count == depth { return values.removeLast() }
        }
    }

    /// Whether `byte` opened a container that has a first element, whose value comes next.
    private mutating func open(_ byte: UInt8) throws(JSONError) -> Bool {
        guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return false }
        guard frames.count < JSONReader.maximumDepth else { throw invalid(byte, "exceeded max depth") }
        let isMap = byte == UInt8(ascii: "{")
        offset += 1
        let next = nextToken()
        if next == (isMap ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return false }
        frames.append(Frame(isMap: isMap, firstValue: values.count, firstKey: keys.count))
        if isMap { try readKey() }
        return true
    }

    /// After a value: takes a comma and the next key, or closes the container. True when the container was closed,
    /// so that it is itself a finished value.
    private mutating func finishElement() throws(JSONError) -> Bool {
        guard let frame = frames.last else { return false }
        guard let byte = nextToken() else { throw .unexpectedEnd(offset: offset) }
        if byte == UInt8(ascii: ",") {
            offset += 1
            if frame.isMap { try readKey() }
            return false
        }
        guard byte == (frame.isMap ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
            throw invalid(byte, frame.isMap ? "after object key:value pair" : "after array element")
        }
        offset += 1
        close(frame)
        return true
    }

    private mutating func close(_ frame: Frame) {
        frames.removeLast()
        let elements = values[frame.firstValue...]
        if frame.isMap {
            var map = Mapping()
            for (key, value) in zip(keys[frame.firstKey...], elements) { map[key] = value }
            keys.removeSubrange(frame.firstKey...)
            values.removeSubrange(frame.firstValue...)
            values.append(.map(map))
        } else {
            let list = Array(elements)
            values.removeSubrange(frame.firstValue...)
            values.append(.list(list))
        }
    }

    private mutating func readKey() throws(JSONError) {
        guard let quote = nextToken() else { throw .unexpectedEnd(offset: offset) }
        guard quote == UInt8(ascii: "\"") else { throw invalid(quote, "looking for beginning of object key string") }
        keys.append(try readString())
        guard let colon = nextToken() else { throw .unexpectedEnd(offset: offset) }
        guard colon == UInt8(ascii: ":") else { throw invalid(colon, "after object key") }
        offset += 1
        if let omitted, keys.last?.hasSameBytes(as: omitted) == true { isOmitting = true }
    }

    private mutating func readScalar(_ byte: UInt8) throws(JSONError) -> Value {
        switch byte {
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            // `open` left an empty container's closing bracket as the next byte.
            offset += 1
            return byte == UInt8(ascii: "{") ? .map(Mapping()) : .list([])
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        default: throw invalid(byte, "looking for beginning of value")
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
        for index in 0..<word.utf8CodeUnitCount {
            let expected = word.utf8Start[index]
            guard offset < bytes.count, bytes[offset] == expected else {
                let context = "in literal \(word) (expecting '\(Character(Unicode.Scalar(expected)))')"
                throw offset < bytes.count ? invalid(bytes[offset], context) : invalidEnd(context)
            }
            offset += 1
        }
        return value
    }

    /// Passes over a value by its brackets and quotes alone.
    private mutating func skipValue() throws(JSONError) {
        var depth = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                offset += 1
            case UInt8(ascii: ",") where depth == 0: return
            default:
                offset += 1
                continue
            }
            if depth == 0 { return }
        }
        throw .unexpectedEnd(offset: offset)
    }

    private mutating func skipString() throws(JSONError) {
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        throw .unexpectedEnd(offset: offset)
    }

    mutating func nextToken() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            case let byte: return byte
            }
        }
        return nil
    }

    /// The end where a byte must follow: Go tries a space there, and complains of that.
    func invalidEnd(_ context: String) -> JSONError {
        invalid(UInt8(ascii: " "), context)
    }

    func invalid(_ byte: UInt8, _ context: String) -> JSONError {
        .invalidCharacter(byte, context: context, offset: offset + 1)
    }
}
