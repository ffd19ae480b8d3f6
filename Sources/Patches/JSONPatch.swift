package import Values

/// One operation of a JSON patch (RFC 6902).
package struct JSONPatchOperation: Sendable, Equatable {
    enum Kind: String, CaseIterable {
        case add, remove, replace, move, copy, test
    }

    let kind: Kind
    let path: [String]
    let from: [String]
    let value: Value
    /// Its path as it is written, for messages.
    let text: String

    /// Reads `{op: add, path: /a/b, value: 1}`.
    package init(_ value: Value) throws(PatchError) {
        guard case .map(let map) = value else { throw PatchError("an operation must be a map with op and path") }
        let names = Kind.allCases.map(\.rawValue)
        guard let name = map["op"]?.string, let kind = Kind(rawValue: name) else {
            let given = map["op"]?.string.map { "\"\($0.onOneLine)\"" + suggestion(for: $0, among: names) }
            throw PatchError("op must be one of \(names.joined(separator: ", "))" + (given.map { ", not \($0)" } ?? ""))
        }
        for key in map.keys where !["op", "path", "from", "value"].contains(key) {
            throw PatchError("unknown key \(key.onOneLine) in an operation; known: op, path, from, value")
        }
        guard let text = map["path"]?.string else { throw PatchError("operation \(name) has no path") }
        self.kind = kind
        self.text = text
        path = try JSONPatchOperation.pointer(text)
        let takesFrom = kind == .move || kind == .copy
        guard let from = map["from"]?.string ?? (takesFrom ? nil : "") else {
            throw PatchError("operation \(name) has no from")
        }
        self.from = try JSONPatchOperation.pointer(from)
        let takesValue = kind == .add || kind == .replace || kind == .test
        guard let own = map["value"] ?? (takesValue ? nil : .null) else {
            throw PatchError("operation \(name) at \(text) has no value")
        }
        self.value = own
    }

    /// The parts of a JSON pointer (RFC 6901).
    private static func pointer(_ text: String) throws(PatchError) -> [String] {
        if text.isEmpty { return [] }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw PatchError("path \"\(text.onOneLine)\" must begin with /")
        }
        return text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { unescaped(String(decoding: $0, as: UTF8.self)) }
    }

    private static func unescaped(_ part: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "~"), let next = rest.first, next == 0x30 || next == 0x31 {
                bytes.append(next == 0x30 ? byte : UInt8(ascii: "/"))
                rest = rest.dropFirst()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The document after the operation; throws where its path is not there, or a test fails.
    package func applied(to document: Value) throws(PatchError) -> Value {
        switch kind {
        case .add: return try put(value, at: path[...], in: document, replacing: false)
        case .replace: return try put(value, at: path[...], in: document, replacing: true)
        case .remove: return try put(nil, at: path[...], in: document, replacing: true)
        case .copy:
            return try put(try self.value(at: from, in: document), at: path[...], in: document, replacing: false)
        case .move:
            if path.starts(with: from), path.count > from.count {
                throw PatchError("\(text) lies within what is moved there")
            }
            let moved = try self.value(at: from, in: document)
            return try put(
                moved, at: path[...], in: try put(nil, at: from[...], in: document, replacing: true), replacing: false)
        case .test:
            guard try self.value(at: path, in: document) == value else {
                throw PatchError("test failed: \(text.onOneLine) has another value")
            }
            return document
        }
    }

    private func value(at path: [String], in document: Value) throws(PatchError) -> Value {
        var current = document
        for key in path {
            if case .list(let items) = current, let index = Int(key), items.indices.contains(index) {
                current = items[index]
            } else if let next = current[key] {
                current = next
            } else {
                throw missing(path)
            }
        }
        return current
    }

    /// The document with another value at a path, without one for `nil`.
    private func put(
        _ new: Value?, at path: ArraySlice<String>, in document: Value, replacing: Bool
    ) throws(PatchError) -> Value {
        guard let key = path.first else {
            guard let new else { throw PatchError("the whole object cannot be removed; write $patch: delete instead") }
            return new
        }
        let rest = path.dropFirst()
        switch document {
        case .map(var map):
            if rest.isEmpty {
                if replacing, map[key] == nil { throw missing(self.path) }
                map[key] = new
            } else {
                guard let inner = map[key] else { throw missing(self.path) }
                map[key] = try put(new, at: rest, in: inner, replacing: replacing)
            }
            return .map(map)
        case .list(var items):
            if rest.isEmpty, let new, !replacing {
                let index = key == "-" ? items.count : Int(key) ?? -1
                guard (0...items.count).contains(index) else { throw missing(self.path) }
                items.insert(new, at: index)
                return .list(items)
            }
            guard let index = Int(key), items.indices.contains(index) else { throw missing(self.path) }
            if rest.isEmpty {
                if let new { items[index] = new } else { items.remove(at: index) }
            } else {
                items[index] = try put(new, at: rest, in: items[index], replacing: replacing)
            }
            return .list(items)
        default: throw missing(self.path)
        }
    }

    private func missing(_ path: [String]) -> PatchError {
        let pointer = path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
        return PatchError("there is no \(pointer.onOneLine) in the object")
    }
}
