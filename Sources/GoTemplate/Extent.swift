import Values

/// How deep and how large a tree of values is, found without recursion: a map may hold itself, and lists that share
/// their elements can be far larger when they are written out than in memory.
struct Extent {
    private(set) var depth = 0
    private(set) var count = 0

    /// Beyond these a value is not written out or copied; Go's JSON decoder allows the same depth.
    static let deepest = 10_000
    static let largest = 16_000_000
    /// From here on a function that follows the values needs a stack of its own.
    static let deep = 200

    /// A shorter text cannot be so deep that reading it needs a stack of its own.
    static let longText = 1_000

    var isTooDeep: Bool { depth > Extent.deepest }
    var isTooLarge: Bool { count > Extent.largest }

    init(of values: some Collection<Datum>) {
        var open: [(value: Datum, depth: Int)] = []
        for value in values where value.isContainer { open.append((value, 1)) }
        while let (value, depth) = open.popLast(), !isTooDeep, !isTooLarge {
            self.depth = max(self.depth, depth)
            switch value {
            case .list(let list):
                count += list.elements.count
                for element in list.elements where element.isContainer { open.append((element, depth + 1)) }
            case .map(let map):
                count += map.count
                for element in map.entries.values where element.isContainer { open.append((element, depth + 1)) }
            default: break
            }
        }
    }

    /// How deep a template may stack up values, each step of which is looked at anew.
    private static let deepestResult = 2_000

    /// Whether a value has grown so deep that even letting go of it would use up the stack. Follows one path only.
    static func isTooDeep(_ value: Datum) -> Bool {
        var value = value
        var seen: Set<ObjectIdentifier> = []
        for depth in 1...Extent.deepestResult {
            if depth > Extent.deep, case .map(let map) = value, !seen.insert(ObjectIdentifier(map)).inserted {
                return false
            }
            guard let next = value.firstContainer else { return false }
            value = next
        }
        return true
    }
}

extension Datum {
    fileprivate var isContainer: Bool {
        switch self {
        case .list: true
        // Looking into `.Files` would make a value of each byte of each file, in one run of three by the order of keys.
        case .map(let map): !map.isPending
        default: false
        }
    }

    /// A list or map in this one, if there is any.
    fileprivate var firstContainer: Datum? {
        switch self {
        case .list(let list): list.elements.first { $0.isContainer }
        case .map(let map) where !map.isPending: map.entries.values.first { $0.isContainer }
        default: nil
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
    /// Reads a text into a tree, which may be as deep as the text allows.
    case reading

    private static let byName: [Text: Traversal] = {
        let whole: [Text] = [
            "print", "println", "printf", "html", "js", "urlquery", "toString", "quote", "squote", "cat", "join",
            "toStrings", "deepCopy", "mustDeepCopy", "sortAlpha", "toToml", "mustToToml",
        ]
        let encoding: [Text] = [
            "toJson", "mustToJson", "toRawJson", "mustToRawJson", "toPrettyJson", "mustToPrettyJson", "toYaml",
            "mustToYaml", "toYamlPretty",
        ]
        let reading: [Text] = [
            "fromJson", "mustFromJson", "fromJsonArray", "fromYaml", "fromYamlArray", "fromToml",
        ]
        var table: [Text: Traversal] = [:]
        for name in whole { table[name] = .whole }
        for name in encoding { table[name] = .encoding }
        for name in reading { table[name] = .reading }
        return table
    }()

    init(ofFunction name: Text) {
        self = Traversal.byName[name] ?? .shallow
    }
}
