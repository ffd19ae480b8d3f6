/// Makes new inputs of good ones: bytes, numbers, words and nesting are changed, parts are left out, doubled and mixed.
struct Mutator {
    let seeds: [[UInt8]]
    /// Words that mean something to the parser.
    let words: [String]

    private static let longest = 1 << 16

    /// Numbers at the ends of what machines can count, and beyond.
    private static let numbers = [
        "0", "-1", "1", "-0", "00", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "99999999999999999999999", "1e400", "-1e400", "1e-400", "0.1e1",
        "4294967295", "4294967296", "2147483648", "-2147483649", "65536", "1000000", "10000001", "0x7fffffffffffffff",
        "0777777777777777777777", "1_000", "9007199254740993", "NaN", "inf",
    ]

    func input(_ generator: inout Generator) -> [UInt8] {
        var bytes = generator.pick(seeds) ?? []
        for _ in 0...generator.below(generator.isOne(in: 4) ? 12 : 3) {
            change(&bytes, &generator)
            if bytes.count > Mutator.longest { bytes.removeLast(bytes.count - Mutator.longest) }
        }
        return bytes
    }

    private func change(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let place = generator.below(bytes.count + 1)
        switch generator.below(11) {
        case 0: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: generator.next()) }
        case 1: if place < bytes.count { bytes[place] ^= 1 << UInt8(generator.below(8)) }
        case 2, 3: replaceNumber(&bytes, &generator)
        case 4, 5: insert(Array((generator.pick(words) ?? "").utf8), into: &bytes, &generator)
        case 6: bytes.removeSubrange(place..<min(bytes.count, place + generator.below(20)))
        case 7: bytes.removeLast(bytes.count - place)
        case 8: repeatPart(&bytes, &generator)
        case 9: nest(&bytes, &generator)
        default: mix(&bytes, &generator)
        }
    }

    private func insert(_ part: [UInt8], into bytes: inout [UInt8], _ generator: inout Generator) {
        bytes.insert(contentsOf: part, at: generator.below(bytes.count + 1))
    }

    /// Puts another number in the place of one of those that are there.
    private func replaceNumber(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let number = Array((generator.pick(Mutator.numbers) ?? "0").utf8)
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        let starts = bytes.indices.filter { isDigit(bytes[$0]) && ($0 == 0 || !isDigit(bytes[$0 - 1])) }
        guard let start = generator.pick(starts) else { return insert(number, into: &bytes, &generator) }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: number)
    }

    private func repeatPart(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let start = generator.below(bytes.count)
        let part = Array(bytes[start..<min(bytes.count, start + 1 + generator.below(24))])
        let times = generator.isOne(in: 6) ? generator.below(4000) : generator.below(12)
        let most = Mutator.longest / max(1, part.count)
        bytes.insert(contentsOf: repeatElement(part, count: min(times, most)).joined(), at: start)
    }

    /// Puts brackets, indentation or blocks around a part, many of them within each other.
    private func nest(_ bytes: inout [UInt8], _ generator: inout Generator) {
        let pairs: [(String, String)] = [
            ("[", "]"), ("{\"a\":", "}"), ("- ", ""), ("(", ")"), ("{{ if 1 }}", "{{ end }}"), ("a.", ""),
            ("a: {", "}"),
            ("[0]", ""), ("charts/a/", ""),
        ]
        guard let (open, close) = generator.pick(pairs) else { return }
        let depth = generator.isOne(in: 5) ? generator.below(6000) : generator.below(40)
        let place = generator.below(bytes.count + 1)
        let most = min(depth, Mutator.longest / max(1, open.utf8.count + close.utf8.count))
        let end = min(bytes.count, place + generator.below(40))
        bytes.insert(contentsOf: repeatElement(Array(close.utf8), count: most).joined(), at: end)
        bytes.insert(contentsOf: repeatElement(Array(open.utf8), count: most).joined(), at: place)
    }

    /// A part of another good input in the place of one of this.
    private func mix(_ bytes: inout [UInt8], _ generator: inout Generator) {
        guard let other = generator.pick(seeds), !other.isEmpty else { return }
        let start = generator.below(other.count)
        let part = other[start..<min(other.count, start + 1 + generator.below(200))]
        let place = generator.below(bytes.count + 1)
        bytes.replaceSubrange(place..<min(bytes.count, place + generator.below(part.count + 1)), with: part)
    }
}
