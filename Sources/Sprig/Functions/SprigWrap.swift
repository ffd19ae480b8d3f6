import Values

/// Shortening and wrapping of lines as the library goutils does it, on bytes.
extension SprigStrings {
    /// Cuts `text` to `width` bytes with dots at its end, and at its start where `offset` is beyond the fourth byte.
    static func abbreviate(_ text: Text, offset: Int, width: Int) -> Text {
        let count = text.count
        if count <= width { return text }
        var offset = min(offset, count)
        if count &- offset < width - 3 { offset = count - (width - 3) }
        if offset <= 4 { return text[0..<width - 3] + "..." }
        if width < 7 { return "" }
        if offset + width - 3 < count {
            let rest = text[offset..<count]
            return "..." + (width - 3 < 4 ? "" : abbreviate(rest, offset: 0, width: width - 3))
        }
        return "..." + text[(count - (width - 3))..<count]
    }

    /// Breaks `text` at the last space within `width`; a longer word is broken itself or left to stick out.
    static func wrap(_ text: Text, width: Int, newline: Text, breaksWords: Bool) -> Text {
        let bytes = text.bytes
        let newline = newline.isEmpty ? [UInt8(ascii: "\n")] : newline.bytes
        let width = max(width, 1)
        let space = UInt8(ascii: " ")
        var result: [UInt8] = []
        var offset = 0
        while bytes.count - offset > width {
            if bytes[offset] == space {
                offset += 1
                continue
            }
            let line = offset..<offset + width
            if let last = bytes[line.lowerBound...line.upperBound].lastIndex(of: space) {
                result += bytes[offset..<last]
                offset = last + 1
            } else if breaksWords {
                result += bytes[line]
                offset += width
            } else if let next = bytes[line.upperBound...].firstIndex(of: space) {
                result += bytes[offset..<next]
                offset = next + 1
            } else {
                break
            }
            result += newline
        }
        result += bytes[offset...]
        return Text(result)
    }
}
