import GoTemplate
import Values

/// A table while it is read: a reference, because `[a]` and `[a.b]` go on with it.
final class TOMLTable {
    var entries: [Text: TOMLNode] = [:]

    var map: Map { Map(entries.mapValues(\.datum)) }

    /// Sets a value under a path of tables, which are made where they are missing.
    func set(
        _ value: TOMLNode, _ path: [Text], _ name: Text, orFail failure: (Text) -> TOMLError, _ context: [Text]
    ) throws(TOMLError) {
        var table = self
        for part in path {
            switch table.entries[part] {
            case nil:
                let inner = TOMLTable()
                table.entries[part] = .table(inner)
                table = inner
            case .table(let inner)?: table = inner
            default: throw failure(Text(Array(context.map(\.bytes).joined(separator: [0x20]))))
            }
        }
        table.entries[name] = value
    }
}

/// What a key stands for.
enum TOMLNode {
    case value(GoValue)
    case array([TOMLNode])
    case table(TOMLTable)
    /// An array of tables, `[[a]]`.
    case tables([TOMLTable])

    var datum: GoValue {
        switch self {
        case .value(let datum): datum
        case .array(let nodes): .list(nodes.map(\.datum))
        case .table(let table): .map(table.map)
        case .tables(let tables): .list(List(tables.map { .map($0.map) }, type: .slice(.anyMap)))
        }
    }

    var isArray: Bool {
        if case .array = self { true } else { false }
    }

    /// The table that further keys go to.
    var last: TOMLTable? {
        switch self {
        case .table(let table): table
        case .tables(let tables): tables.last
        default: nil
        }
    }
}

/// The tables of a document and which of their keys may still be defined.
struct TOMLTables {
    let root = TOMLTable()
    /// The table that keys go to, and the last key read.
    var context: [Text] = []
    var key: Text = ""
    /// The line of the last key.
    var line = 1
    private static let maximumDepth = 2000
    private var implicit: Set<Text> = []
    private var arrays: Set<Text> = []

    /// The full name of the last key, as errors give it.
    var current: Text {
        if key.isEmpty { return TOMLKey.text(context) }
        return context.isEmpty ? key : TOMLKey.text(context) + "." + key
    }

    func failure(_ message: Text) -> TOMLError {
        TOMLError(line: line, key: current, message: message)
    }

    /// Notes a table that is there only because of what it holds, so that it may be defined later.
    mutating func markImplicit(_ key: [Text]) {
        implicit.insert(TOMLKey.text(key))
    }

    mutating func setType(_ key: Text, isArray: Bool) {
        let name = TOMLKey.text(key.isEmpty ? context.isEmpty ? [""] : context : context + [key])
        if isArray { arrays.insert(name) } else { arrays.remove(name) }
    }

    /// Makes a table, or one more in an array of tables, the one that keys go to.
    mutating func open(_ key: [Text], isArray: Bool) throws(TOMLError) {
        guard let name = key.last else { return }
        // BurntSushi has no bound; this one keeps the tables off the end of the stack.
        guard key.count <= TOMLTables.maximumDepth else { throw failure("tables are nested too deeply") }
        var table = root
        var path: [Text] = []
        for part in key.dropLast() {
            path.append(part)
            if table.entries[part] == nil {
                markImplicit(path)
                table.entries[part] = .table(TOMLTable())
            }
            guard let next = table.entries[part]?.last else {
                throw failure("Key '" + TOMLKey.text(path) + "' was already created as a hash.")
            }
            table = next
        }
        context = path
        if isArray {
            switch table.entries[name] {
            case nil: table.entries[name] = .tables([TOMLTable()])
            case .tables(var tables)?:
                // Remove the entry first, so that its list grows in place.
                table.entries[name] = .tables([])
                tables.append(TOMLTable())
                table.entries[name] = .tables(tables)
            default:
                throw failure("Key '" + TOMLKey.text(key) + "' was already created and cannot be used as an array.")
            }
        } else {
            try set(name, .table(TOMLTable()))
        }
        context.append(name)
    }

    /// Sets a key of the current table, which must be new or only implicit so far.
    mutating func set(_ name: Text, _ value: TOMLNode) throws(TOMLError) {
        var table = root
        var path: [Text] = []
        for part in context {
            path.append(part)
            guard let next = table.entries[part]?.last else {
                throw failure("Key '" + TOMLKey.text(path) + "' has already been defined.")
            }
            table = next
        }
        let full = TOMLKey.text(path + [name])
        guard table.entries[name] != nil else {
            table.entries[name] = value
            return
        }
        let isImplicit = implicit.remove(full) != nil
        guard isImplicit else { throw failure("Key '" + full + "' has already been defined.") }
        if arrays.contains(full) { table.entries[name] = value }
    }
}
