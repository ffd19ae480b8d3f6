import Values

/// A request as it came over the wire.
struct HTTPRequest: Sendable {
    var method: String
    var path: String
    var query: [String: String]
    /// Names in lower case; the last of several.
    var headers: [String: String]
    /// All of `Impersonate-Group`.
    var groups: [String] = []
    var body: [UInt8] = []

    init?(head: String) {
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)[...]
        let words = (lines.popFirst() ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        method = String(words[0])
        let parts = words[1].split(separator: "?", maxSplits: 1)
        path = decoded(parts.first ?? "/")
        query = [:]
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1)
            query[decoded(pair[0])] = pair.count > 1 ? decoded(pair[1]) : ""
        }
        headers = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            if name == "impersonate-group" { groups.append(value) }
            headers[name] = value
        }
    }

    func isSet(_ name: String) -> Bool {
        query[name].map { $0 == "true" || $0 == "1" || $0.isEmpty } ?? false
    }

    /// Whether the body has fields of an object, all or some, and no list of operations.
    var isWholeObject: Bool {
        method == "POST" || method == "PUT" || (method == "PATCH" && contentType != "application/json-patch+json")
    }

    /// The media type without its parameters.
    var contentType: String {
        String((headers["content-type"] ?? "application/json").prefix { $0 != ";" })
    }
}

/// Text of a URL with its `%XX` and `+` resolved.
private func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// What goes back: a status and a value, or plain text.
struct HTTPAnswer: Sendable {
    var status: Int
    var headers: [String] = []
    var contentType = "application/json"
    var body: [UInt8]

    init(_ value: Value, status: Int = 200) {
        self.status = status
        body = value.jsonBytes
    }

    init(text: String, status: Int = 200) {
        self.status = status
        contentType = "text/plain; charset=utf-8"
        body = Array(text.utf8)
    }

    /// The whole message; `length` says what Content-Length claims where that is not the truth.
    func bytes(closing: Bool) -> [UInt8] {
        var head = "HTTP/1.1 \(status) \(status < 400 ? "OK" : "Error")\r\nContent-Type: \(contentType)\r\n"
        head += "Content-Length: \(body.count)\r\n"
        for line in headers { head += line + "\r\n" }
        if closing { head += "Connection: close\r\n" }
        return Array((head + "\r\n").utf8) + body
    }
}

extension Value {
    /// JSON as it goes over the wire.
    var jsonBytes: [UInt8] {
        var writer = JSONWriter(escapingHTML: false)
        // Numbers that JSON cannot spell do not come out of JSON or YAML.
        try? writer.value(self)
        return writer.bytes
    }
}
