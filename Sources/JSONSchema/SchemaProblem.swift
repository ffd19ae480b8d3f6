import GoTemplate
import Values

/// What an instance violates: where, what, and what that follows from.
struct SchemaProblem {
    var kind: Kind
    /// The keys and indexes that lead to the value.
    var location: [String]
    var causes: [SchemaProblem] = []

    enum Kind {
        case schema(url: String)
        /// Several problems at one place.
        case group
        /// A problem of the schema that `$ref` leads to.
        case reference
        case falseSchema
        case cycle(url: String, first: String, second: String)
        case type(got: SchemaType, want: SchemaType)
        case const(SchemaNode)
        case `enum`([SchemaNode])
        case format(got: SchemaNode, name: String, reason: String)
        /// A keyword that counts or measures: what it found and what it wants.
        case limit(String, got: String, want: String)
        case required([String])
        /// Members that must be there because another one is.
        case dependency(of: String, missing: [String])
        case additionalProperties([String])
        case additionalItems(Int)
        case propertyName(String)
        case uniqueItems(Int, Int)
        case contains
        case minContains(matched: [Int], want: Int)
        case maxContains(matched: [Int], want: Int)
        case pattern(got: String, want: String)
        /// `not`, `allOf` or `anyOf`.
        case combination(String)
        case oneOf([Int])
    }

    init(_ kind: Kind, at location: [String], causes: [SchemaProblem] = []) {
        self.kind = kind
        self.location = location
        self.causes = causes
    }

    /// The problem and its causes, a line each, indented by depth.
    var text: String {
        var lines: [String] = []
        write(to: &lines, depth: 0)
        return lines.joined(separator: "\n")
    }

    private func write(to lines: inout [String], depth: Int) {
        var depth = depth
        if !isTransparent {
            let indentation = depth == 0 ? "" : String(repeating: "  ", count: depth - 1) + "- "
            lines.append(indentation + line)
            depth += 1
        }
        for cause in causes { cause.write(to: &lines, depth: depth) }
    }

    /// A reference with a single problem behind it shows only that.
    private var isTransparent: Bool {
        if case .reference = kind { causes.count == 1 } else { false }
    }

    private var line: String {
        if case .schema(let url) = kind { return "jsonschema validation failed with \(singleQuoted(url))" }
        let pointer = location.map { "/" + escapedToken($0) }.joined()
        return "at \(singleQuoted(pointer)): \(message)"
    }

    private var message: String {
        switch kind {
        case .schema, .group, .reference: "validation failed"
        case .falseSchema: "false schema"
        case .cycle(let url, let first, let second):
            "both \(first) and \(second) resolve to \(quoted(url)) causing reference cycle"
        case .type(let got, let want):
            "got \(got.names.joined()), want \(want.names.joined(separator: " or "))"
        case .const(let want): want.isPrimitive ? "value must be \(shown(want))" : "'const' failed"
        case .enum(let want): enumMessage(want)
        case .format(let got, let name, let reason): "\(shown(got)) is not valid \(name): \(reason)"
        case .limit(let keyword, let got, let want): "\(keyword): got \(got), want \(want)"
        case .required(let names): "missing \(names.count == 1 ? "property" : "properties") \(joined(names))"
        case .dependency(let name, let missing):
            "properties \(joined(missing)) required, if \(singleQuoted(name)) exists"
        case .additionalProperties(let names): "additional properties \(joined(names)) not allowed"
        case .additionalItems(let count): "last \(EnglishNumber.text(count)) additionalItem(s) not allowed"
        case .propertyName(let name): "invalid propertyName \(singleQuoted(name))"
        case .uniqueItems(let first, let second):
            "items at \(EnglishNumber.text(first)) and \(EnglishNumber.text(second)) are equal"
        case .contains: "no items match contains schema"
        case .minContains(let matched, let want): containsMessage("min", matched, want)
        case .maxContains(let matched, let want): containsMessage("max", matched, want)
        case .pattern(let got, let want): "\(singleQuoted(got)) does not match pattern \(singleQuoted(want))"
        case .combination(let keyword): "'\(keyword)' failed"
        case .oneOf(let matched):
            matched.isEmpty
                ? "'oneOf' failed, none matched"
                : "'oneOf' failed, subschemas \(matched.map { EnglishNumber.text($0) }.joined(separator: ", ")) matched"
        }
    }

    private func enumMessage(_ want: [SchemaNode]) -> String {
        guard want.allSatisfy(\.isPrimitive) else { return "'enum' failed" }
        let values = want.map(shown).joined(separator: ", ")
        return want.count == 1 ? "value must be \(values)" : "value must be one of \(values)"
    }

    private func containsMessage(_ bound: String, _ matched: [Int], _ want: Int) -> String {
        let start = "\(bound) \(EnglishNumber.text(want)) items required to match contains schema, but "
        if matched.isEmpty { return start + "none matched" }
        let places = matched.map { String($0) }.joined(separator: " ")
        return start + "matched \(EnglishNumber.text(matched.count)) items at \(places)"
    }

    private func shown(_ node: SchemaNode) -> String {
        switch node {
        case .null: "<nil>"
        case .bool(let value): String(value)
        case .number(let text): text
        case .string(let text): singleQuoted(text)
        case .list, .map: "value"
        }
    }

    private func joined(_ names: [String]) -> String {
        names.map(singleQuoted).joined(separator: ", ")
    }
}

extension SchemaNode {
    fileprivate var isPrimitive: Bool {
        switch self {
        case .list, .map: false
        default: true
        }
    }
}

/// The text as `%q` writes it, in single quotes instead of double ones.
private func singleQuoted(_ text: String) -> String {
    let inner = quoted(text).utf8.dropFirst().dropLast()
    var result: [UInt8] = [UInt8(ascii: "'")]
    for byte in inner {
        if byte == UInt8(ascii: "\""), result.last == UInt8(ascii: "\\") { result.removeLast() }
        if byte == UInt8(ascii: "'") { result.append(UInt8(ascii: "\\")) }
        result.append(byte)
    }
    result.append(UInt8(ascii: "'"))
    return Text(result).string
}

/// A key as JSON pointers spell it.
func escapedToken(_ token: String) -> String {
    var result: [UInt8] = []
    for byte in token.utf8 {
        switch byte {
        case UInt8(ascii: "~"): result += "~0".utf8
        case UInt8(ascii: "/"): result += "~1".utf8
        default: result.append(byte)
        }
    }
    return Text(result).string
}
