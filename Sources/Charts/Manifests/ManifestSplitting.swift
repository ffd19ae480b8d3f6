internal import Glibc
package import Values

/// Cuts rendered text into its YAML documents where Helm does: at `---` after a newline or at the very start, with
/// the white space around it, even where the separator runs on into text or is inside a block scalar.
///
/// A separator right after another one stays with the document that follows, because the newline between them
/// belongs to the first.
package func splitManifests(_ text: Text) -> [Text] {
    text.withBytes { all in
        let bytes = UnsafeBufferPointer(rebasing: all[leadingSpace(all, from: 0)...])
        var documents: [Text] = []
        var start = 0
        if bytes.starts(with: dashes) { start = skipBlanks(bytes, from: dashes.count) }
        while let newline = nextSeparator(bytes, from: start) {
            var end = newline
            while end > start, isBlank(bytes[end - 1]) { end -= 1 }
            append(bytes[start..<end], to: &documents)
            start = skipBlanks(bytes, from: newline + 1 + dashes.count)
        }
        append(bytes[start...], to: &documents)
        return documents
    }
}

private let dashes = Array("---".utf8)

private func append(_ slice: Slice<UnsafeBufferPointer<UInt8>>, to documents: inout [Text]) {
    let bytes = UnsafeBufferPointer(rebasing: slice)
    let start = leadingSpace(bytes, from: 0)
    if start < bytes.count { documents.append(Text(UnsafeBufferPointer(rebasing: bytes[start...]))) }
}

/// The offset of the next newline that `---` follows.
private func nextSeparator(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var offset = start
    while offset + dashes.count < bytes.count {
        guard let found = memchr(base + offset, 0x0A, bytes.count - dashes.count - offset) else { return nil }
        offset = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
        if bytes[offset + 1] == UInt8(ascii: "-"), bytes[offset + 2] == UInt8(ascii: "-"),
            bytes[offset + 3] == UInt8(ascii: "-")
        {
            return offset
        }
        offset += 1
    }
    return nil
}

/// What `\s` matches.
private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x0C
}

private func skipBlanks(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var offset = start
    while offset < bytes.count, isBlank(bytes[offset]) { offset += 1 }
    return offset
}

/// The offset after the white space from `start` on, Unicode's too.
private func leadingSpace(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var offset = start
    while offset < bytes.count {
        let (rune, width) = decodeRune(bytes, at: offset)
        guard Unicode.Scalar(rune)?.properties.isWhitespace == true else { break }
        offset += width
    }
    return offset
}
