package import Values

/// A selector of labels as kubectl's -l has it: `app=istiod,tier!=x,env in (a, b),!canary`.
package struct LabelSelector: Sendable, Equatable {
    private enum Requirement: Equatable {
        case oneOf(String, [String])
        case noneOf(String, [String])
        case exists(String)
        case missing(String)
    }

    private let requirements: [Requirement]

    package init(_ text: String) throws(PatchError) {
        var requirements: [Requirement] = []
        for part in LabelSelector.parts(text) { requirements.append(try LabelSelector.requirement(part)) }
        if requirements.isEmpty { throw PatchError("the selector is empty") }
        self.requirements = requirements
    }

    /// Whether an object's labels are those that are asked for.
    package func matches(_ labels: Mapping) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .oneOf(let key, let values): labels[key]?.string.map(values.contains) ?? false
            case .noneOf(let key, let values): !(labels[key]?.string.map(values.contains) ?? false)
            case .exists(let key): labels[key] != nil
            case .missing(let key): labels[key] == nil
            }
        }
    }

    /// Parts between commas that are not inside parentheses, without the white space around them.
    private static func parts(_ text: String) -> [String] {
        var parts: [[UInt8]] = [[]]
        var depth = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth = max(0, depth - 1) }
            if byte == UInt8(ascii: ","), depth == 0 { parts.append([]) } else { parts[parts.count - 1].append(byte) }
        }
        return parts.map { trimmed(String(decoding: $0, as: UTF8.self)) }
    }

    private static func requirement(_ text: String) throws(PatchError) -> Requirement {
        if text.hasPrefix("!") { return .missing(try key(text.dropFirst())) }
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            let parts = text.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let (key, value) = (try key(parts[0]), trimmed(parts[1]))
            return isEqual ? .oneOf(key, [value]) : .noneOf(key, [value])
        }
        let words = text.split(maxSplits: 1) { $0 == " " || $0 == "(" }
        guard words.count == 2, let open = text.firstIndex(of: "("), text.hasSuffix(")") else {
            return .exists(try key(text))
        }
        let values = text[text.index(after: open)...].dropLast()
            .split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
        let head = trimmed(text[..<open]).split(separator: " ").map(String.init)
        guard head.count == 2 else { throw PatchError("\"\(text.onOneLine)\" is no requirement of a selector") }
        switch head[1] {
        case "in": return .oneOf(try key(head[0]), values)
        case "notin": return .noneOf(try key(head[0]), values)
        default: throw PatchError("\"\(head[1].onOneLine)\" is not in or notin")
        }
    }

    private static func key(_ text: some StringProtocol) throws(PatchError) -> String {
        let key = trimmed(text)
        let isKey = !key.isEmpty && key.utf8.allSatisfy { $0 > 0x20 && !Array("()=!,".utf8).contains($0) }
        guard isKey else { throw PatchError("\"\(key.onOneLine)\" is no label") }
        return key
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var words = Substring(String(text))
        while words.first?.isWhitespace == true { words.removeFirst() }
        while words.last?.isWhitespace == true { words.removeLast() }
        return String(words)
    }
}
