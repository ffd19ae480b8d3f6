internal import Values
internal import YAML

/// The documents of a YAML stream as `(text, identity)`, read off their block-style heads without parsing them.
///
/// `identity` is `nil` where a document is not written the plain way; the caller then parses it. Empty documents are
/// left out, and each text begins after its `---` line.
package func documents(of stream: String) -> [(text: String, identity: ObjectReference?)] {
    var stream = stream
    return stream.withUTF8 { bytes in
        ranges(of: bytes).map { range in
            let slice = UnsafeBufferPointer(rebasing: bytes[range])
            return (String(decoding: slice, as: UTF8.self), head(of: slice))
        }
    }
}

/// The objects of a manifest with their references; documents that name no object are passed over.
package func identified(_ manifest: String) -> [(text: String, identity: ObjectReference)] {
    documents(of: manifest).compactMap { text, identity in
        if let identity { return (text, identity) }
        guard let value = try? Value(yaml: text, numbers: .native) else { return nil }
        return ObjectReference(of: value).map { (text, $0) }
    }
}

/// The identity that a block-style document states at its top level; `nil` where it is not plain to see.
package func head(of document: String) -> ObjectReference? {
    var document = document
    return document.withUTF8 { head(of: $0) }
}

private let newline = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")

/// Ranges of the documents that hold more than comments and blank lines.
private func ranges(of bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    var hasContent = false
    var offset = 0
    while offset < bytes.count {
        let end = bytes[offset...].firstIndex(of: newline) ?? bytes.count
        let next = min(end + 1, bytes.count)
        if isSeparator(bytes, offset, end) {
            if hasContent { result.append(start..<offset) }
            start = next
            hasContent = false
        } else if !hasContent, let first = bytes[offset..<end].first(where: { $0 != space }) {
            hasContent = first != UInt8(ascii: "#") && first != UInt8(ascii: "\r")
        }
        offset = next
    }
    if hasContent { result.append(start..<bytes.count) }
    return result
}

private func isSeparator(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let dash = UInt8(ascii: "-")
    guard end - start >= 3, bytes[start] == dash, bytes[start + 1] == dash, bytes[start + 2] == dash else {
        return false
    }
    return bytes[start + 3..<end].allSatisfy { $0 == space || $0 == UInt8(ascii: "\r") }
}

private func head(of bytes: UnsafeBufferPointer<UInt8>) -> ObjectReference? {
    var fields = Fields()
    var offset = 0
    while offset < bytes.count {
        let end = bytes[offset...].firstIndex(of: newline) ?? bytes.count
        guard fields.take(UnsafeBufferPointer(rebasing: bytes[offset..<end])) else { return nil }
        if fields.isComplete { break }
        offset = end + 1
    }
    return fields.identity
}

/// What has been seen of a document's head, line by line.
private struct Fields {
    private var apiVersion = ""
    private var kind = ""
    private var name = ""
    private var namespace = ""
    private var isInMetadata = false
    private var isPastMetadata = false
    private var indent = 0

    var isComplete: Bool { isPastMetadata && !apiVersion.isEmpty && !kind.isEmpty }

    var identity: ObjectReference? {
        guard !apiVersion.isEmpty, !kind.isEmpty, !name.isEmpty else { return nil }
        return ObjectReference(apiVersion: apiVersion, kind: kind, namespace: namespace, name: name)
    }

    /// Takes one line; false where the document is not in plain block style.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        let depth = line.prefix { $0 == space }.count
        guard depth < line.count, line[depth] != UInt8(ascii: "#"), line[depth] != UInt8(ascii: "\r") else {
            return true
        }
        if depth == 0 { return takeTop(line) }
        guard isInMetadata else { return true }
        if indent == 0 { indent = depth }
        guard depth == indent else { return depth > indent }
        if let value = value(of: "name", line, depth) { return assign(value, to: \.name) }
        if let value = value(of: "namespace", line, depth) { return assign(value, to: \.namespace) }
        return true
    }

    private mutating func takeTop(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        if isInMetadata { isPastMetadata = true }
        isInMetadata = false
        if let value = value(of: "apiVersion", line, 0) { return assign(value, to: \.apiVersion) }
        if let value = value(of: "kind", line, 0) { return assign(value, to: \.kind) }
        if let value = value(of: "metadata", line, 0) {
            isInMetadata = true
            return value.isEmpty
        }
        return line[0] != UInt8(ascii: "{") && line[0] != UInt8(ascii: "&") && line[0] != UInt8(ascii: "\"")
    }

    private mutating func assign(_ value: Slice<UnsafeBufferPointer<UInt8>>, to field: WritableKeyPath<Fields, String>)
        -> Bool
    {
        guard let text = plainScalar(value) else { return false }
        self[keyPath: field] = text
        return true
    }
}

/// What follows `key:` in a line that begins with it at `depth`, without the spaces around it.
private func value(
    of key: StaticString, _ line: UnsafeBufferPointer<UInt8>, _ depth: Int
) -> Slice<UnsafeBufferPointer<UInt8>>? {
    let length = key.utf8CodeUnitCount
    guard line.count > depth + length, line[depth + length] == UInt8(ascii: ":") else { return nil }
    for index in 0..<length where line[depth + index] != key.utf8Start[index] { return nil }
    var rest = line[(depth + length + 1)...]
    if let first = rest.first, first != space, first != UInt8(ascii: "\r") { return nil }
    rest = rest.drop { $0 == space }
    while let last = rest.last, last == space || last == UInt8(ascii: "\r") { rest = rest.dropLast() }
    return rest
}

/// The text of a scalar that is plain or simply quoted, `nil` for anything that needs a YAML parser.
private func plainScalar(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    var bytes = bytes
    if let quote = bytes.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        guard bytes.count >= 2, bytes.last == quote else { return nil }
        bytes = bytes.dropFirst().dropLast()
        if bytes.contains(where: { $0 == quote || $0 == UInt8(ascii: "\\") }) { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
    for byte in bytes where !isPlain(byte) { return nil }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
}

/// Letters, digits and what else names of objects are made of.
private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
        UInt8(ascii: "_"):
        true
    default: false
    }
}
