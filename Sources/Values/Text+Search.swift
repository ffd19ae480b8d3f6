import Glibc

/// Searching, splitting and joining as Go's package strings does it: on bytes, with the empty separator between runes.
extension Text {
    /// The offset in bytes of the first occurrence of `needle` at or after `start`.
    package func firstIndex(of needle: Text, from start: Int = 0) -> Int? {
        withBytes { text in needle.withBytes { search(text, for: $0, from: start) } }
    }

    /// The offset in bytes of the last occurrence of `needle`.
    package func lastIndex(of needle: Text) -> Int? {
        withBytes { text in
            needle.withBytes { needle in
                var offset = text.count - needle.count
                while offset >= 0 {
                    if matches(text, needle, at: offset) { return offset }
                    offset -= 1
                }
                return nil
            }
        }
    }

    package func contains(_ needle: Text) -> Bool {
        firstIndex(of: needle) != nil
    }

    /// How often `needle` is there, without overlaps; the empty one before each code point and at the end.
    package func occurrences(of needle: Text) -> Int {
        if needle.isEmpty { return 1 + withBytes { $0.count { $0 & 0xC0 != 0x80 } } }
        var count = 0
        var start = 0
        while let found = firstIndex(of: needle, from: start) {
            count += 1
            start = found + needle.count
        }
        return count
    }

    package func hasPrefix(_ prefix: Text) -> Bool {
        withBytes { text in prefix.withBytes { text.count >= $0.count && matches(text, $0, at: 0) } }
    }

    package func hasSuffix(_ suffix: Text) -> Bool {
        withBytes { text in
            suffix.withBytes { text.count >= $0.count && matches(text, $0, at: text.count - $0.count) }
        }
    }

    /// The parts between separators, at most `limit` of them (all where it is negative): Go's strings.SplitN.
    package func split(by separator: Text, limit: Int = -1) -> [Text] {
        if limit == 0 { return [] }
        if separator.isEmpty { return characters(limit: limit) }
        var parts: [Text] = []
        var start = 0
        while limit < 0 || parts.count < limit - 1, let found = firstIndex(of: separator, from: start) {
            parts.append(self[start..<found])
            start = found + separator.count
        }
        parts.append(self[start..<count])
        return parts
    }

    /// One text for each code point or invalid byte; the rest of the text in the last one where `limit` is reached.
    private func characters(limit: Int) -> [Text] {
        let runes = runes
        let wanted = limit < 0 ? runes.count : min(limit, runes.count)
        return runes.prefix(wanted).enumerated().map { index, rune in
            self[rune.offset..<(index == wanted - 1 ? count : rune.offset + rune.width)]
        }
    }

    /// Every occurrence of `old` replaced; an empty `old` occurs before each code point and at the end.
    package func replacing(_ old: Text, with new: Text) -> Text {
        var result: [UInt8] = []
        let replacement = new.bytes
        if old.isEmpty {
            withBytes { bytes in
                for rune in runes {
                    result += replacement
                    result += bytes[rune.offset..<rune.offset + rune.width]
                }
            }
            return Text(result + replacement)
        }
        guard var found = firstIndex(of: old) else { return self }
        result.reserveCapacity(count + (count >> 2) + replacement.count)
        withBytes { bytes in
            old.withBytes { needle in
                var start = 0
                while true {
                    result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<found]))
                    result.append(contentsOf: replacement)
                    start = found + needle.count
                    guard let next = search(bytes, for: needle, from: start) else { break }
                    found = next
                }
                result.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
            }
        }
        return Text(result)
    }

    /// The parts with `separator` between them.
    package static func joined(_ parts: some Collection<Text>, by separator: Text) -> Text {
        if parts.count == 1, let only = parts.first { return only }
        var result: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { separator.withBytes { result += $0 } }
            part.withBytes { result += $0 }
        }
        return Text(result)
    }
}

private func matches(
    _ text: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>, at offset: Int
) -> Bool {
    var index = 0
    while index < needle.count {
        if text[offset + index] != needle[index] { return false }
        index += 1
    }
    return true
}

/// The offset of the first occurrence of `needle` at or after `start`.
package func search(
    _ text: UnsafeBufferPointer<UInt8>, for needle: UnsafeBufferPointer<UInt8>, from start: Int
) -> Int? {
    guard start + needle.count <= text.count else { return nil }
    guard let wanted = needle.baseAddress, let first = needle.first else { return start }
    guard let bytes = text.baseAddress else { return nil }
    let last = text.count - needle.count
    var offset = start
    while offset <= last, let found = memchr(bytes + offset, Int32(first), last - offset + 1) {
        offset = UnsafeRawPointer(bytes).distance(to: UnsafeRawPointer(found))
        if memcmp(found, wanted, needle.count) == 0 { return offset }
        offset += 1
    }
    return nil
}
