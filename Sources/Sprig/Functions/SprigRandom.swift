import GoRegexp
import GoTemplate
import Values

/// Sprig's random functions, from the system's secure generator.
enum SprigRandom {
    static let functions: [Function] = [
        characters("randAlphaNum", from: digits + letters),
        characters("randAlpha", from: letters),
        characters("randNumeric", from: digits),
        characters("randAscii", from: Array(32...126)),
        Function("randInt", [.int, .int], returns: .int) { arguments in
            let (least, limit) = (arguments.integer(0), arguments.integer(1))
            let span = limit &- least
            if span <= 0 { throw FunctionError("invalid argument to Intn") }
            return .int(Int.random(in: 0..<span) &+ least)
        },
        Function("randBytes", [.int], returns: .string) { arguments in
            .string(base64(try bytes(arguments.integer(0))))
        },
        Function("uuidv4", returns: .string) { _ in .string(uuid()) },
        .onText("shuffle") { text in
            var result: [UInt8] = []
            for rune in text.runes.shuffled() { result.append(rune: rune.rune) }
            return Text(result)
        },
    ]

    private static let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
    private static let letters =
        Array(UInt8(ascii: "A")...UInt8(ascii: "Z")) + Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
    /// What a template may ask for at most; Go would ask the system for the memory.
    private static let limit = Limits.text

    private static func characters(_ name: Text, from alphabet: [UInt8]) -> Function {
        Function(name, [.int], returns: .string) { arguments in
            let count = arguments.integer(0)
            if count <= 0 { return .string("") }
            if count > limit { throw FunctionError("\(count) random characters are too many") }
            return .string(Text((0..<count).map { _ in alphabet.randomElement() ?? 0 }))
        }
    }

    static func bytes(_ count: Int) throws -> [UInt8] {
        if count < 0 || count > 1 << 47 { throw FunctionError("runtime error: makeslice: len out of range") }
        if count > limit { throw FunctionError("\(count) random bytes are too many") }
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// A random UUID: version 4, variant 10.
    private static func uuid() -> Text {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { result.append(UInt8(ascii: "-")) }
            result += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return Text(result)
    }
}
