import GoRegexp
import GoTemplate
import Values

/// A schema made ready for validation. A class, because schemas refer to each other in circles.
final class CompiledSchema {
    let address: SchemaAddress
    var draft = SchemaDraft.latest
    /// Set for `true`, `false` and `{}`.
    var verdict: Bool?
    /// The schema of the resource (`$id`) that this one is part of.
    var resource: CompiledSchema?
    var dynamicAnchors: [Text: CompiledSchema] = [:]

    var reference: CompiledSchema?
    var recursiveReference: CompiledSchema?
    var isRecursiveAnchor = false
    var dynamicReference: (schema: CompiledSchema, anchor: String?)?
    var dynamicAnchor: String?

    var types: SchemaType?
    var const: SchemaNode?
    var `enum`: [SchemaNode]?
    var format: String?

    var minProperties: Int?
    var maxProperties: Int?
    var required: [String] = []
    var dependencies: [(name: String, rule: Dependency)] = []
    var properties: [Text: CompiledSchema] = [:]
    var patternProperties: [(pattern: SchemaPattern, schema: CompiledSchema)] = []
    var additionalProperties: Additional?
    var propertyNames: CompiledSchema?
    var dependentSchemas: [(name: String, schema: CompiledSchema)] = []
    var dependentRequired: [(name: String, names: [String])] = []
    var unevaluatedProperties: CompiledSchema?

    var minItems: Int?
    var maxItems: Int?
    var hasUniqueItems = false
    /// `items` where it is one schema for all items, before 2020-12; after it, for those behind `prefixItems`.
    var items: CompiledSchema?
    /// `prefixItems`, or `items` where it is a list.
    var prefixItems: [CompiledSchema] = []
    var additionalItems: Additional?
    var contains: CompiledSchema?
    var minContains: Int?
    var maxContains: Int?
    var unevaluatedItems: CompiledSchema?

    var minLength: Int?
    var maxLength: Int?
    var pattern: SchemaPattern?

    var minimum: ExactDecimal?
    var maximum: ExactDecimal?
    var exclusiveMinimum: ExactDecimal?
    var exclusiveMaximum: ExactDecimal?
    var multipleOf: ExactDecimal?

    var not: CompiledSchema?
    var allOf: [CompiledSchema] = []
    var anyOf: [CompiledSchema] = []
    var oneOf: [CompiledSchema] = []
    var `if`: CompiledSchema?
    var then: CompiledSchema?
    var `else`: CompiledSchema?

    /// What `dependencies` wants of an object that has the member.
    enum Dependency {
        case names([String])
        case schema(CompiledSchema)
    }

    /// What is allowed beyond the members or items that are spelled out.
    enum Additional {
        case allowed(Bool)
        case schema(CompiledSchema)
    }

    init(_ address: SchemaAddress) {
        self.address = address
    }

    var location: String { address.description }

    /// Whether every item counts as evaluated once the item keywords have passed.
    var evaluatesAllItems: Bool {
        if draft.version >= 2020 { return items != nil }
        return items != nil || additionalItems != nil
    }
}

/// A pattern and its text.
struct SchemaPattern {
    let text: String
    private let compiled: Pattern

    /// Throws the error of Go's regexp.
    init(_ text: String) throws(RegexError) {
        self.text = text
        compiled = try Pattern(Text(text))
    }

    func matches(_ text: String) -> Bool { compiled.matches(Text(text)) }
}

/// The address of a schema: a document and a JSON pointer into it.
struct SchemaAddress: Hashable, CustomStringConvertible {
    var url: String
    /// With its tokens escaped: `/$defs/a~1b`; empty for the document.
    var pointer: String

    func appending(_ tokens: String...) -> SchemaAddress {
        SchemaAddress(url: url, pointer: tokens.reduce(pointer) { $0 + "/" + escapedToken($1) })
    }

    var description: String { url + "#" + SchemaAddress.encoded(pointer) }

    /// Percent-encodes what Go's url.PathEscape does, slashes excepted.
    static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        let plain = Array("-_.~$&+=:@/".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || plain.contains(byte)
            result += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return Text(result).string
    }

    /// The pointer's tokens; `nil` where one has a `~` that stands for nothing.
    var tokens: [String]? {
        var result: [String] = []
        for part in pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
            guard let token = SchemaAddress.unescaped(part) else { return nil }
            result.append(token)
        }
        return result
    }

    private static func unescaped(_ part: Substring.UTF8View) -> String? {
        var result: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                result.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): result.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): result.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return Text(result).string
    }
}
