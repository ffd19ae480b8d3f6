import Values

/// Makes a document's value from its events in one pass; nesting is kept on the heap, so depth costs no stack.
///
/// go-yaml works in three passes: it builds nodes, decodes them, then converts to JSON. A later pass's error is shown
/// only where the earlier ones found none; so errors are kept here, the first of each kind, until the document's end.
struct Composer {
    /// A collection whose end has not been seen.
    struct Frame {
        var isMap: Bool
        var mark: Mark
        var anchor: String?
        /// Whose the anchor is, should a node within take the same name.
        var anchorOwner = 0
        /// The nodes decoded when it began.
        var count: Int
        /// How deep the values in it are nested.
        var depth = 0
        var list: [Value] = []
        var map = Mapping()
        /// A map's key that waits for its value.
        var key: Key?
        var places: Places?
        var keyPlaces: [String: Mark] = [:]
        /// The entries whose keys have no place in JSON, of equal keys the last one.
        var unsupported: [(key: Scalar, value: Node)] = []
        /// Whether an error of that kind was found before it began; an error of its own replaces those within it.
        var isAfterError = false
        /// What Go prints of the elements or entries, and the order of entries; only where it was asked for.
        var goTexts: [GoSyntax.Entry] = []
    }

    enum Key {
        case name(String, Mark)
        case merge
        /// A key that has no place in JSON; its error is already noted or needs the value too.
        case unsupported(Scalar)
        case invalid
    }

    /// What an anchor stands for; `value` is `nil` while its collection is still open.
    struct Anchor {
        var value: Node?
        /// The nodes that decoding it takes.
        var count: Int
        var owner = 0
    }

    /// A value with what go-yaml would still know of its node.
    struct Node {
        var value: Value
        var mark: Mark
        var depth = 0
        /// A scalar's meaning where it may become a key.
        var scalar: Scalar?
        /// A scalar `<<` that asks for a merge.
        var isMerge = false
        /// A list written out, not one behind an alias.
        var isLiteralList = false
        var places: Places?
        /// What Go prints of it under `%#v`; only where it was asked for.
        var goText = ""
    }

    let parser: EventParser
    let options: ReadingOptions
    /// Whether to note how Go prints values, which only the error of a collection as a key wants to know.
    let printsGoSyntax: Bool
    var frames: [Frame] = []
    var anchors: [String: Anchor] = [:]
    var anchorOwners = 0
    var root: Node?
    var duplicates: [DuplicateKey] = []
    /// Nodes decoded so far, and those of them that came from aliases.
    var decodeCount = 1
    var aliasCount = 0
    var valueError: YAMLError?
    var jsonError: YAMLError?
    var depthError: YAMLError?
    var hasNonFinite = false
    /// Whether the error shows a value as Go prints it, which takes `printsGoSyntax`.
    private(set) var showsValue = false

    static let maximumDepth = 10000

    init(_ parser: EventParser, _ options: ReadingOptions, printsGoSyntax: Bool = false) {
        self.parser = parser
        self.options = options
        self.printsGoSyntax = printsGoSyntax
    }

    mutating func compose() throws(YAMLError) -> Document {
        while root == nil { try take(try parser.next()) }
        // The document's end belongs to it; an error there is an error of the document.
        _ = try parser.next()
        showsValue = valueError == nil && jsonError != nil
        if let error = valueError ?? jsonError { throw error }
        let value = root?.value ?? .null
        if hasNonFinite, let number = value.firstNonFinite {
            throw .json(JSONError.unsupportedNumber(number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf").description)
        }
        if let depthError { throw depthError }
        return Document(value: value, places: root?.places, duplicates: duplicates)
    }

    private mutating func take(_ event: Event) throws(YAMLError) {
        switch event.kind {
        case .scalar: takeScalar(event)
        case .alias: try takeAlias(event)
        case .sequenceStart, .mappingStart: open(event)
        case .sequenceEnd, .mappingEnd: close()
        default: break
        }
    }

    private mutating func takeScalar(_ event: Event) {
        countNodes(1)
        if case .merge? = frames.last?.key { noteBadMerge() }
        var node = scalarNode(event)
        if options.recordsPlaces { node.places = Places(value: Place(event.start)) }
        if let anchor = event.anchor { anchors[anchor] = Anchor(value: node, count: 1) }
        add(node)
    }

    private mutating func takeAlias(_ event: Event) throws(YAMLError) {
        guard let name = event.anchor, let anchor = anchors[name] else {
            throw .value("unknown anchor '\(event.anchor ?? "")' referenced")
        }
        guard var node = anchor.value else {
            note(.value("anchor '\(name)' value contains itself"))
            add(Node(value: .null, mark: event.start))
            return
        }
        countNodes(1)
        aliasCount = adding(aliasCount, anchor.count)
        countNodes(anchor.count)
        node.mark = event.start
        node.isLiteralList = false
        node.isMerge = false
        if options.recordsPlaces { node.places?.value = Place(event.start) }
        if frames.count + node.depth > Composer.maximumDepth {
            noteDepth(isMap: node.value.map != nil)
            node.value = .null
            node.depth = 0
        }
        add(node)
    }

    private mutating func open(_ event: Event) {
        var frame = Frame(
            isMap: event.kind == .mappingStart, mark: event.start, anchor: event.anchor, count: decodeCount)
        frame.isAfterError = jsonError != nil
        if options.recordsPlaces { frame.places = Places(value: Place(event.start)) }
        countNodes(1)
        if let anchor = event.anchor {
            anchorOwners += 1
            frame.anchorOwner = anchorOwners
            anchors[anchor] = Anchor(value: nil, count: 0, owner: anchorOwners)
        }
        frames.append(frame)
        if frames.count > Composer.maximumDepth { noteDepth(isMap: frame.isMap) }
    }

    private mutating func close() {
        guard let frame = frames.popLast() else { return }
        if let (key, value) = frame.unsupported.first, !frame.isAfterError {
            jsonError = .json(unsupportedKey(key, value))
        }
        var node = Node(
            value: frame.isMap ? .map(frame.map) : .list(frame.list), mark: frame.mark, depth: frame.depth + 1,
            isLiteralList: !frame.isMap, places: frame.places)
        if printsGoSyntax { node.goText = GoSyntax.text(frame.goTexts, isMap: frame.isMap) }
        if frames.count >= Composer.maximumDepth {
            node.value = .null
            node.depth = 0
        }
        if let anchor = frame.anchor, anchors[anchor]?.owner == frame.anchorOwner {
            anchors[anchor] = Anchor(value: node, count: decodeCount - frame.count)
        }
        add(node)
    }
}

/// Errors that wait for the document's end, and the bound on what aliases may add.
extension Composer {
    mutating func note(_ error: YAMLError) {
        if valueError == nil { valueError = error }
    }

    private mutating func noteDepth(isMap: Bool) {
        if depthError == nil { depthError = .tooDeep(isMap ? UInt8(ascii: "{") : UInt8(ascii: "[")) }
    }

    private func adding(_ first: Int, _ second: Int) -> Int {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? Int.max : sum
    }

    /// Counts decoded nodes, and refuses documents that consist of aliases for the most part, by go-yaml's measure:
    /// 99 in 100 nodes up to 400,000, falling to 10 in 100 at 4,000,000.
    private mutating func countNodes(_ count: Int) {
        decodeCount = adding(decodeCount, count)
        guard aliasCount > 100, decodeCount > 1000 else { return }
        let progress = (Double(decodeCount) - 400_000) / 3_600_000
        let allowed = 0.99 - 0.89 * min(max(progress, 0), 1)
        if Double(aliasCount) / Double(decodeCount) > allowed {
            note(.value("document contains excessive aliasing"))
        }
    }
}

extension Value {
    /// The first number that JSON cannot spell, in the order in which Go would print the value.
    fileprivate var firstNonFinite: Double? {
        switch self {
        case .double(let number): return number.isFinite ? nil : number
        case .list(let elements):
            for element in elements { if let found = element.firstNonFinite { return found } }
            return nil
        case .map(let map):
            for (_, value) in map.sorted { if let found = value.firstNonFinite { return found } }
            return nil
        default: return nil
        }
    }
}
