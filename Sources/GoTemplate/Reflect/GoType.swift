/// A Go type as templates can meet one: what `typeOf` prints and what a function's parameter accepts.
package enum GoType: Hashable, Sendable {
    /// `interface {}`
    case any
    case bool
    /// A signed or unsigned integer type, by its Go name: int, int64, uint8, …
    case integer(IntegerType)
    case float64
    case complex128
    case string
    indirect case slice(GoType)
    indirect case map(GoType)
    /// A defined type over another: `common.Values` over `map[string]interface {}`, `time.Duration` over int64.
    indirect case named(String, underlying: GoType)
    /// A struct or a pointer to one, by the name `%T` prints: `*chart.Metadata`, `time.Time`.
    indirect case structure(String)
    /// A function value, by its signature.
    indirect case function(String)

    package static let int = GoType.integer(.int)
    package static let int64 = GoType.integer(.int64)
    package static let anySlice = GoType.slice(.any)
    package static let stringSlice = GoType.slice(.string)
    /// `map[string]interface {}`; maps are keyed by strings throughout.
    package static let anyMap = GoType.map(.any)

    /// The type with its names taken off, as reflect's Kind sees it.
    package var underlying: GoType {
        if case .named(_, let type) = self { type.underlying } else { self }
    }
}

/// Go's integer types of fixed and of machine width.
package enum IntegerType: String, Sendable {
    case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64

    package var isSigned: Bool {
        switch self {
        case .int, .int8, .int16, .int32, .int64: true
        default: false
        }
    }
}

extension GoType: CustomStringConvertible {
    /// Go's spelling, as `%T` prints it.
    package var description: String {
        switch self {
        case .any: "interface {}"
        case .bool: "bool"
        case .integer(let type): type.rawValue
        case .float64: "float64"
        case .complex128: "complex128"
        case .string: "string"
        case .slice(let element): "[]\(element)"
        case .map(let element): "map[string]\(element)"
        case .named(let name, _): name
        case .structure(let name): name
        case .function(let signature): signature
        }
    }
}
