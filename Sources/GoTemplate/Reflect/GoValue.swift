package import Values

/// A value inside a template: what Go's reflection would see.
///
/// Richer than `Value`: integer types stay apart, strings may hold any bytes, maps are shared
/// (`set $map "k" 1` is seen by everyone who holds the map), and objects have methods.
package enum GoValue: Sendable {
    /// Untyped nil: a missing key, `nil` in a list, a null in values.
    case none
    case bool(Bool)
    /// Signed integers of every width; `type` is int for literals, int64 for most of Sprig's results.
    case int(Int, GoType)
    /// Unsigned integers: a byte from `index "abc" 0`, a semantic version's Major.
    case uint(UInt, GoType)
    case float(Double)
    case complex(Double, Double)
    case string(Text)
    indirect case list(List)
    case map(Map)
    case object(any Object)
    indirect case function(Function)

    /// A Go int.
    package static func int(_ value: Int) -> GoValue { .int(value, .int) }
    /// A Go int64.
    package static func int64(_ value: Int) -> GoValue { .int(value, .int64) }
    /// A Go string.
    package static func string(_ value: String) -> GoValue { .string(Text(value)) }
    /// `[]interface {}`
    package static func list(_ elements: [GoValue]) -> GoValue { .list(List(elements)) }
    /// `[]string`
    package static func strings(_ elements: some Sequence<Text>) -> GoValue {
        .list(List(elements.map(GoValue.string), type: .stringSlice))
    }
    /// A new `map[string]interface {}`.
    package static func map(_ entries: [Text: GoValue]) -> GoValue { .map(Map(entries)) }
}

/// A Go slice. Templates cannot assign to an element, so a value will do; its maps are still shared.
package struct List: Sendable {
    package var elements: [GoValue]
    /// The slice's own type: `[]interface {}`, `[]string`, `[]int`, …
    package var type: GoType
    /// The methods of a defined slice type (`.Capabilities.APIVersions.Has`).
    package var methods: Methods?
    /// A nil slice differs from an empty one in `%#v`, JSON (`null`) and deepEqual.
    package var isNil: Bool
    /// How far Go's slice could grow in place: `slice` cuts beyond the length as far as that, and finds nil there,
    /// or what a `slice` before it left behind.
    package var spare = 0
    package var beyond: [GoValue] = []
    /// How many lists and maps are around its deepest element, itself counted.
    let depth: Int

    package init(_ elements: [GoValue], type: GoType = .anySlice, methods: Methods? = nil, isNil: Bool = false) {
        self.elements = elements
        self.type = type
        self.methods = methods
        self.isNil = isNil
        depth = 1 + elements.deepest
    }

    /// The content of a `[]uint8`; `nil` for a slice of anything else.
    package var bytes: [UInt8]? {
        guard case .slice(.integer(.uint8)) = type.underlying else { return nil }
        return elements.map { if case .uint(let byte, _) = $0 { UInt8(truncatingIfNeeded: byte) } else { 0 } }
    }
}

/// The methods of a defined map or slice type: the one of that name, bound to the receiver; `nil` where there is none.
package typealias Methods = @Sendable (_ receiver: GoValue, _ name: Text) -> Function?

/// A Go map with string keys: a reference, because `set`, `unset` and `merge` change it for every holder.
///
/// Rendering is single-threaded; nothing hands a map to another thread while it can change.
package final class Map: @unchecked Sendable {
    private var storage: [Text: GoValue]
    private var sorted: [Text]?
    /// Makes the entries when they are first looked at.
    private var pending: (@Sendable () -> [Text: GoValue])?
    /// The map whose entries this one shows, where Go converts a map to another type without copying it.
    private let base: Map?
    /// At least how many lists and maps are around its deepest entry, itself counted; what was set in a map below it
    /// later is not in it.
    private(set) var depth: Int
    /// The map's own type: `map[string]interface {}`, `map[string]string`, `common.Values`, …
    package let type: GoType
    /// The methods of a defined map type (`.Files.Get`, `.Values.AsMap`); they come before keys of the same name.
    package let methods: Methods?
    /// A nil map differs from an empty one in `%#v`, JSON (`null`) and deepEqual.
    package let isNil: Bool

    package init(
        _ entries: [Text: GoValue] = [:], type: GoType = .anyMap, methods: Methods? = nil, isNil: Bool = false
    ) {
        storage = entries
        base = nil
        depth = 1 + entries.values.deepest
        self.type = type
        self.methods = methods
        self.isNil = isNil
    }

    /// A map whose entries are made when they are first looked at, where its methods mostly do without them.
    package init(
        type: GoType, methods: Methods? = nil, lazily entries: @escaping @Sendable () -> [Text: GoValue]
    ) {
        storage = [:]
        base = nil
        depth = 2
        pending = entries
        self.type = type
        self.methods = methods
        isNil = false
    }

    /// The same map under another type: each sees what is set through the other.
    package init(sharing map: Map, type: GoType, methods: Methods? = nil) {
        storage = [:]
        base = map.base ?? map
        depth = map.depth
        self.type = type
        self.methods = methods
        isNil = map.isNil
    }

    deinit { NativeStack.release(&storage) }

    /// What tells Go's maps apart, whatever their types.
    var identity: ObjectIdentifier { ObjectIdentifier(base ?? self) }

    /// Whether the entries are still to be made; asking makes none.
    package var isPending: Bool { (base ?? self).pending != nil }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    /// The entries in no order; never let this order reach an output.
    package var entries: [Text: GoValue] {
        if let base { return base.entries }
        fill()
        return storage
    }

    private func fill() {
        guard let make = pending else { return }
        pending = nil
        storage = make()
    }

    /// The keys in the order of their bytes, as range and fmt visit them.
    package var keys: [Text] {
        if let base { return base.keys }
        if let sorted { return sorted }
        let keys = entries.keys.sorted()
        sorted = keys
        return keys
    }

    /// Whether the two are the same Go map, whatever their types.
    package func sharesEntries(with other: Map) -> Bool {
        identity == other.identity
    }

    /// `nil` where the key is missing, `GoValue.none` where it holds nil; setting `nil` removes the key.
    package subscript(key: Text) -> GoValue? {
        get {
            if let base { return base[key] }
            fill()
            return storage[key]
        }
        set {
            if let base {
                base[key] = newValue
                return
            }
            fill()
            let count = storage.count
            storage[key] = newValue
            if let newValue { depth = max(depth, 1 + newValue.depth) }
            if storage.count != count { sorted = nil }
        }
    }
}

/// A Go struct, or a pointer to one, with exported fields and methods: `.Chart`, `.Files`, a time, a version.
package protocol Object: AnyObject, Sendable {
    /// What `%T` prints.
    var type: GoType { get }
    /// The fields in order of declaration, as fmt prints them; templates and JSON do not see those of a lower-case name.
    var fields: [Field] { get }
    /// The method of that name, bound to this object.
    func method(_ name: Text) -> Function?
    /// Why a template cannot call the method of that name; `nil` where there is none, or it can.
    func refusal(of name: Text) -> Text?
    /// The text of `String()` or `Error()`, which fmt prefers over the fields; `nil` where there is no such method.
    var text: Text? { get }
    /// What an action that ends in this object prints: its `text`, and for a field of a struct behind a pointer also
    /// a `String()` on the pointer, which printf does not see (`{{ .Capabilities.KubeVersion }}`).
    var addressedText: Text? { get }
    /// The text of `GoString()`, which fmt prefers under `%#v`; `nil` where there is no such method.
    var goSyntax: Text? { get }
    /// What `MarshalJSON` or `MarshalText` makes of the object; `nil` where its fields are encoded.
    func encoded() throws -> GoValue?
}

extension Object {
    package var fields: [Field] { [] }
    package func method(_ name: Text) -> Function? { nil }
    package func refusal(of name: Text) -> Text? { nil }
    package var text: Text? { nil }
    package var addressedText: Text? { text }
    package var goSyntax: Text? { nil }
    package func encoded() throws -> GoValue? { nil }
}

/// A field of a Go struct.
package struct Field: Sendable {
    package var name: Text
    /// The name in JSON and YAML; `nil` where the field is left out of both (`json:"-"`).
    package var key: Text?
    package var omitsEmpty: Bool
    package var type: GoType
    package var value: GoValue

    package init(_ name: Text, key: Text?, omitsEmpty: Bool = false, type: GoType, value: GoValue) {
        self.name = name
        self.key = key
        self.omitsEmpty = omitsEmpty
        self.type = type
        self.value = value
    }
}

extension GoValue {
    /// At least how many lists and maps it has within each other.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .map(let map): map.depth
        default: 0
        }
    }

    /// The dynamic Go type; `nil` for untyped nil.
    package var type: GoType? {
        switch self {
        case .none: nil
        case .bool: .bool
        case .int(_, let type), .uint(_, let type): type
        case .float: .float64
        case .complex: .complex128
        case .string: .string
        case .list(let list): list.type
        case .map(let map): map.type
        case .object(let object): object.type
        case .function(let function): function.type
        }
    }

    /// The method of that name, bound to this value: of an object, or of a defined map or slice type.
    package func method(_ name: Text) -> Function? {
        switch self {
        case .object(let object): object.method(name)
        case .map(let map): map.methods?(self, name)
        case .list(let list): list.methods?(self, name)
        case .int(let number, .named("time.Duration", _)): durationMethod(number, name)
        default: nil
        }
    }

    /// A tree of values as a template sees it: `int` becomes int64, maps become `map[string]interface {}`.
    package init(_ value: Value) {
        switch value {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int64(value)
        case .double(let value): self = .float(value)
        case .string(let value): self = .string(Text(value))
        case .list(let values):
            self = .list(.grown(values.map(GoValue.init)))
        case .map(let mapping): self = .map(Map(mapping))
        }
    }
}

extension Sequence<GoValue> {
    fileprivate var deepest: Int { reduce(0) { Swift.max($0, $1.depth) } }
}

extension Map {
    /// A new map of the given type with the same tree.
    package convenience init(_ mapping: Mapping, type: GoType = .anyMap) {
        var entries: [Text: GoValue] = [:]
        entries.reserveCapacity(mapping.count)
        for (key, value) in mapping { entries[Text(key)] = GoValue(value) }
        self.init(entries, type: type)
    }
}
