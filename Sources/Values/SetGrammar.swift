/// Helm's grammar of `--set…` expressions: `name=value`, separated by commas, names with `.` and `[n]`.
struct SetParser {
    private enum Limit {
        static let nestedNames = 30
        static let index = 65536
        /// Helm has none; this keeps `a[0][0][0]…` off the end of the stack.
        static let nestedLists = 1000
        /// Nor of these: elements that are there only because one behind them was set.
        static let filledElements = 1 << 20
    }

    let text: [Unicode.Scalar]
    let flag: SetFlag
    let file: Mapping.FileText
    var position = 0
    /// Names and lists within each other, of which a list within a map within a list may have any number.
    private var depth = 0
    private var filled = 0

    init(_ expression: String, _ flag: SetFlag, _ file: @escaping Mapping.FileText) {
        text = Array(expression.unicodeScalars)
        self.flag = flag
        self.file = file
    }

    /// The expression without surrounding white space where it is a JSON object.
    static func object(_ expression: String) -> String? {
        let scalars = expression.unicodeScalars
        let trimmed = scalars.drop(while: \.properties.isWhitespace)
        return trimmed.first == "{" ? String(trimmed) : nil
    }

    mutating func parse(into map: inout Mapping) throws(SetError) {
        while true {
            do throws(SetStop) {
                try parseKey(into: &map, level: 0)
            } catch {
                switch error {
                case .end: return
                case .failure(let error): throw error
                }
            }
        }
    }

    private var keyStops: String { flag == .literal ? "=[." : "=[,." }

    private mutating func parseKey(into map: inout Mapping, level: Int) throws(SetStop) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limit.nestedLists else { throw SetParser.tooDeep }
        let (name, stop) = scan(until: keyStops)
        guard let stop else {
            if name.isEmpty { throw .end }
            throw .failure("key \(SetParser.quoted(name)) has no value")
        }
        switch stop {
        case "[": try parseIndexed(name, &map, level)
        case "=": try parseValue(name, &map)
        case ".": try parseNested(name, &map, level + 1)
        default: throw .failure("key \(SetParser.quoted(name)) has no value (cannot end with ,)")
        }
    }

    private mutating func parseIndexed(_ name: String, _ map: inout Mapping, _ level: Int) throws(SetStop) {
        let index = try parseIndex()
        var list: [Value] = []
        if let existing = map[name] {
            guard case .list(let elements) = existing else { throw .mismatch(existing, wanted: "[]interface {}") }
            list = elements
        }
        defer { SetParser.set(.list(list), name, &map) }
        try parseItem(of: &list, index, level, 0)
    }

    private mutating func parseNested(_ name: String, _ map: inout Mapping, _ level: Int) throws(SetStop) {
        guard level <= Limit.nestedNames else {
            throw .failure(
                "value name nested level is greater than maximum supported nested level of \(Limit.nestedNames)")
        }
        var inner = Mapping()
        if let existing = map[name] {
            guard case .map(let entries) = existing else {
                throw .mismatch(existing, wanted: "map[string]interface {}")
            }
            inner = entries
        }
        defer { if !inner.isEmpty { SetParser.set(.map(inner), name, &map) } }
        try parseKey(into: &inner, level: level)
        if inner.isEmpty { throw .failure("key map \(SetParser.quoted(name)) has no value") }
    }

    private mutating func parseValue(_ name: String, _ map: inout Mapping) throws(SetStop) {
        switch flag {
        case .literal: SetParser.set(.string(rest()), name, &map)
        case .json: SetParser.set(try jsonValue(), name, &map)
        default:
            if position == text.count {
                SetParser.set("", name, &map)
                throw .end
            }
            SetParser.set(try plainValue(), name, &map)
        }
        if flag == .json { skipSeparator() }
    }

    /// A name's value; an empty name has none, and Helm says nothing.
    private static func set(_ value: Value, _ name: String, _ map: inout Mapping) {
        if !name.isEmpty { map[name] = value }
    }

    private mutating func parseItem(
        of list: inout [Value], _ index: Int, _ level: Int, _ depth: Int
    ) throws(SetStop) {
        guard index >= 0 else { throw .failure("negative \(index) index not allowed") }
        guard depth < Limit.nestedLists else { throw SetParser.tooDeep }
        let (rest, stop) = scan(until: "[.=")
        guard rest.isEmpty else {
            let runes = rest.unicodeScalars.map { Values.quoted(rune: $0).string }
            throw .failure("unexpected data at end of array index: [\(runes.joined(separator: " "))]")
        }
        switch stop {
        case nil: throw .end
        case "=": try set(itemValue(), index, &list)
        case "[": try parseList(in: &list, index, level, depth)
        default: try parseMap(in: &list, index, level)
        }
        if flag == .json, stop == "=" { skipSeparator() }
    }

    private mutating func itemValue() throws(SetStop) -> Value {
        switch flag {
        case .literal: .string(rest())
        case .json: try jsonValue()
        default: position == text.count ? "" : try plainValue()
        }
    }

    private mutating func parseList(
        in list: inout [Value], _ index: Int, _ level: Int, _ depth: Int
    ) throws(SetStop) {
        let next = try parseIndex()
        var inner: [Value] = []
        if index < list.count, !list[index].isNull {
            guard case .list(let elements) = list[index] else {
                throw .mismatch(list[index], wanted: "[]interface {}")
            }
            inner = elements
        }
        try parseItem(of: &inner, next, level, depth + 1)
        try set(.list(inner), index, &list)
    }

    private mutating func parseMap(in list: inout [Value], _ index: Int, _ level: Int) throws(SetStop) {
        var inner = Mapping()
        let isThere = index < list.count
        if isThere, case .map(let entries) = list[index] { inner = entries }
        // An element that is there is changed even where an error follows.
        defer { if isThere { list[index] = .map(inner) } }
        try parseKey(into: &inner, level: level)
        if !isThere { try set(.map(inner), index, &list) }
    }

    private static var tooDeep: SetStop {
        .failure("lists are nested deeper than the maximum of \(Limit.nestedLists)")
    }

    private mutating func set(_ value: Value, _ index: Int, _ list: inout [Value]) throws(SetStop) {
        guard index <= Limit.index else {
            throw .failure("index of \(index) is greater than maximum supported index of \(Limit.index)")
        }
        if index >= list.count {
            filled += index - list.count
            guard filled <= Limit.filledElements else {
                throw .failure(
                    "more than \(Limit.filledElements) list elements are left out; set them one after the other")
            }
            list += repeatElement(.null, count: index + 1 - list.count)
        }
        list[index] = value
    }
}
