import GoRegexp
package import Values
import YAML

/// A path as the overlays of an IstioOperator have it: `spec.template.spec.containers.[name:discovery].args.[30m]`.
///
/// `[key:value]` chooses the item of a list of maps, `[N]` one by its position (`[-1]` is a new one at the end), `[value]`
/// or `[:value]` the first plain item that the regular expression matches. `\.` and `\:` stand for the signs themselves.
package struct OverlayPath: Sendable, Equatable {
    enum Part: Equatable {
        case key(String)
        case index(Int)
        case item(key: String, value: String)
        case value(String)
    }

    let parts: [Part]
    private let text: String

    package init(_ text: String) throws(PatchError) {
        self.text = text.onOneLine
        var parts: [Part] = []
        for word in OverlayPath.split(text, at: UInt8(ascii: "."), removingBackslash: true) where !word.isEmpty {
            let bracket = word.utf8.firstIndex(of: UInt8(ascii: "["))
            if let bracket, bracket > word.startIndex { parts.append(.key(String(word[..<bracket]))) }
            if let bracket {
                parts.append(try OverlayPath.part(String(word[bracket...])))
            } else {
                parts.append(.key(word))
            }
        }
        if parts.isEmpty { throw PatchError("the path is empty") }
        self.parts = parts
    }

    private static func part(_ word: String) throws(PatchError) -> Part {
        guard word.utf8.last == UInt8(ascii: "]"), word.utf8.count > 2 else {
            throw PatchError("\"\(word.onOneLine)\" is no part of a path; write [N], [key:value] or [value]")
        }
        let inner = String(word.dropFirst().dropLast())
        if let index = Int(inner) {
            guard index >= -1 else { throw PatchError("[\(inner)] is no position; write [N] from 0 on, or [-1]") }
            return .index(index)
        }
        if inner.utf8.first == UInt8(ascii: ":"), inner.utf8.count > 1 { return .value(String(inner.dropFirst())) }
        let words = split(inner, at: UInt8(ascii: ":"), removingBackslash: true)
        guard words.count > 1 else { return .value(words[0]) }
        guard words.count == 2, !words[0].isEmpty, !words[1].isEmpty else {
            throw PatchError("\"\(word.onOneLine)\" is not [key:value]; write \\: for a colon in the value")
        }
        return .item(key: words[0], value: words[1])
    }

    /// Parts between separators that no backslash stands before; that backslash goes.
    private static func split(_ text: String, at separator: UInt8, removingBackslash: Bool) -> [String] {
        var parts: [[UInt8]] = [[]]
        for byte in text.utf8 {
            guard byte == separator else {
                parts[parts.count - 1].append(byte)
                continue
            }
            if parts[parts.count - 1].last == UInt8(ascii: "\\") {
                parts[parts.count - 1][parts[parts.count - 1].count - 1] = separator
            } else {
                parts.append([])
            }
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The object with a value at the path, without one for `nil` or null. Maps are made on the way, items are not.
    package func written(_ value: Value?, to object: Value) throws(PatchError) -> Value {
        guard let value, !value.isNull else {
            return try written(nil, to: object, parts[...]) ?? object
        }
        return try written(OverlayPath.parsed(value), to: object, parts[...]) ?? object
    }

    /// A text of several lines, or with a colon and a space, is YAML where it reads as a map; JSON stays text.
    private static func parsed(_ value: Value) -> Value {
        guard let text = value.string else { return value }
        let isMap = text.contains("\n") ? text.contains(":") : text.contains(": ")
        guard isMap, (try? Value(json: text))?.map == nil,
            let map = (try? Value(yaml: text, numbers: .native))?.map
        else { return value }
        return .map(map)
    }

    /// `nil` where the value itself is to be deleted.
    private func written(
        _ value: Value?, to current: Value?, _ rest: ArraySlice<Part>
    ) throws(PatchError) -> Value? {
        guard let part = rest.first else { return value }
        switch part {
        case .key(let key): return try writtenToMap(value, current ?? .null, key, rest.dropFirst())
        case .index, .item, .value: return try writtenToList(value, current ?? .null, part, rest.dropFirst())
        }
    }

    private func writtenToMap(
        _ value: Value?, _ current: Value, _ key: String, _ rest: ArraySlice<Part>
    ) throws(PatchError) -> Value {
        guard var map = current.isNull ? Mapping() : current.map else {
            let isList = current.list != nil
            throw PatchError(
                "\(text): \(key.onOneLine) is asked of \(isList ? "a list; choose an item with [key:value]" : "a plain value")"
            )
        }
        // What is not there needs no deletion, and no maps for it.
        if value == nil, map[key] == nil { return current }
        map[key] = try written(value, to: map[key], rest)
        return .map(map)
    }

    private func writtenToList(
        _ value: Value?, _ current: Value, _ part: Part, _ rest: ArraySlice<Part>
    ) throws(PatchError) -> Value {
        guard var items = current.isNull ? [] : current.list else {
            throw PatchError("\(text): \(name(part)) is asked of what is no list")
        }
        guard let index = try position(part, items) else {
            guard value != nil else { return current }
            guard case .index = part else { throw notFound(part, items) }
            if let new = try written(value, to: nil, rest) { items.append(new) }
            return .list(items)
        }
        if let new = try written(value, to: items[index], rest) {
            items[index] = new
        } else {
            items.remove(at: index)
        }
        return .list(items)
    }

    /// Where the item is; `nil` for one that is not there.
    private func position(_ part: Part, _ items: [Value]) throws(PatchError) -> Int? {
        switch part {
        case .key: return nil
        case .index(let index): return items.indices.contains(index) ? index : nil
        case .item(let key, let wanted):
            return items.firstIndex { $0[key].map { OverlayPath.plainText($0) == wanted } ?? false }
        case .value(let wanted):
            let pattern: Pattern
            do throws(RegexError) {
                pattern = try Pattern(Text(wanted))
            } catch {
                throw PatchError("\(text): [\(wanted.onOneLine)] is no regular expression: \(error)")
            }
            return items.firstIndex { item in
                item.map == nil && item.list == nil && pattern.matches(Text(OverlayPath.plainText(item)))
            }
        }
    }

    private func notFound(_ part: Part, _ items: [Value]) -> PatchError {
        var found: [String] = []
        if case .item(let key, _) = part { found = items.compactMap { $0[key].map(OverlayPath.plainText) } }
        if case .value = part { found = items.map(OverlayPath.plainText) }
        let names = found.prefix(12).map(\.onOneLine).joined(separator: ", ")
        return PatchError(
            "\(text): there is no \(name(part)); " + (found.isEmpty ? "the list is empty" : "there are \(names)"))
    }

    private func name(_ part: Part) -> String {
        switch part {
        case .key(let key): key.onOneLine
        case .index(let index): "[\(index)]"
        case .item(let key, let value): "[\(key):\(value)]".onOneLine
        case .value(let value): "[\(value)]".onOneLine
        }
    }

    /// A plain value as Go prints it.
    private static func plainText(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .double(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        default: (try? value.json(escapingHTML: false)) ?? ""
        }
    }
}
