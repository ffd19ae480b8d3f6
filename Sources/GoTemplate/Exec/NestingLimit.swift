import Values

/// How deep and how large a tree of values is, found without recursion: a map may hold itself, and lists that share
/// their elements can be far larger when they are written out than in memory.
package struct NestingLimit {
    private(set) var depth = 0
    private(set) var count = 0
    /// Bytes that the texts take, and the indentation of each element where there is one.
    private(set) var size = 0

    /// Beyond these a value is not written out or copied; Go's JSON decoder allows the same depth.
    package static let deepest = 10_000
    /// Beyond these the stack may be too small even to release the value.
    static let deepestValue = 30_000
    private static let largest = 16_000_000
    private static let largestSize = 1 << 27
    /// From here on a function that follows the values needs a stack of its own.
    package static let deep = 200

    /// A shorter text cannot be so deep that reading it needs a stack of its own.
    package static let longText = 1_000

    var isTooDeep: Bool { depth > NestingLimit.deepest }
    var isTooLarge: Bool { count > NestingLimit.largest || size > NestingLimit.largestSize }

    init(of values: some Collection<GoValue>, isIndented: Bool = false) {
        var open: [(value: GoValue, depth: Int)] = []
        for value in values { note(value, 1, &open) }
        while let (value, depth) = open.popLast(), !isTooDeep, !isTooLarge {
            self.depth = max(self.depth, depth)
            switch value {
            case .list(let list):
                add(list.elements.count, at: isIndented ? depth : 0)
                for element in list.elements { note(element, depth + 1, &open) }
            case .map(let map):
                add(map.count, at: isIndented ? depth : 0)
                for element in map.entries.values { note(element, depth + 1, &open) }
            default: break
            }
        }
    }

    private mutating func add(_ elements: Int, at depth: Int) {
        count += elements
        size += elements * 2 * depth
    }

    private mutating func note(_ value: GoValue, _ depth: Int, _ open: inout [(value: GoValue, depth: Int)]) {
        if case .string(let text) = value {
            size += text.count
        } else if value.isContainer {
            open.append((value, depth))
        }
    }

    /// Why a function cannot follow a tree to its leaves; `nil` where it can.
    package static func problem(of value: GoValue) -> FunctionError? {
        guard value.isContainer else { return nil }
        let extent = NestingLimit(of: CollectionOfOne(value))
        return extent.isTooDeep ? tooDeep : extent.isTooLarge ? tooLarge : nil
    }

    package static let tooDeep = FunctionError("the value is nested too deeply")
    package static let tooLarge = FunctionError("the value is too large")
}

extension GoValue {
    /// What a message shows: the value, or its type where it holds itself or has no end that is worth waiting for.
    package var shown: GoValue {
        NestingLimit.problem(of: self) == nil ? self : .string(type?.description ?? "nil")
    }

    /// Throws where a tree is so deep or large, or holds itself, that it cannot be written out.
    package func requireEnd() throws {
        if let problem = NestingLimit.problem(of: self) { throw problem }
    }

    fileprivate var isContainer: Bool {
        switch self {
        case .list: true
        // Looking into `.Files` would make a value of each byte of each file, in one run of three by the order of keys.
        case .map(let map): !map.isPending
        default: false
        }
    }
}

/// What a function does with the trees that it is given.
enum Traversal: Sendable {
    /// Looks at the top only, or guards itself.
    case shallow
    /// Writes or copies the whole; Go would crash on a map that holds itself.
    case whole
    /// Writes the whole, and knows what to answer where a map holds itself.
    case encoding
    /// The same with a line for each element, indented.
    case indenting
    /// Reads a text into a tree, which may be as deep as the text allows.
    case reading
    /// Takes so much time that few calls of it are allowed.
    case costly

    private static let byName: [Text: Traversal] = {
        let names: [Traversal: [Text]] = [
            .whole: [
                "print", "println", "printf", "html", "js", "urlquery", "toString", "quote", "squote", "cat", "join",
                "toStrings", "deepCopy", "mustDeepCopy", "sortAlpha", "toToml", "mustToToml", "toYamlPretty",
                "toDecimal",
            ],
            .encoding: ["toJson", "mustToJson", "toRawJson", "mustToRawJson"],
            .indenting: ["toPrettyJson", "mustToPrettyJson", "toYaml", "mustToYaml"],
            .reading: ["fromJson", "mustFromJson", "fromJsonArray", "fromYaml", "fromYamlArray", "fromToml"],
            .costly: [
                "genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey",
                "genSignedCert", "genSignedCertWithKey", "bcrypt", "htpasswd", "derivePassword",
            ],
        ]
        var table: [Text: Traversal] = [:]
        for (traversal, names) in names { for name in names { table[name] = traversal } }
        return table
    }()

    init(ofFunction name: Text) {
        self = Traversal.byName[name] ?? .shallow
    }
}
