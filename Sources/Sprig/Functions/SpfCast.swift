import GoTemplate
import Values

// The conversions of spf13/cast, which Sprig puts before all its arithmetic: what cannot be converted is 0.
extension GoValue {
    /// cast.ToInt64 (and ToInt, which differs in its type only).
    var castInteger: Int {
        switch self {
        case .int(let value, let type): GoValue.isCastable(type) ? value : 0
        case .uint(let value, .integer): Int(truncatingIfNeeded: value)
        case .float(let value): GoValue.truncate(value)
        case .bool(let value): value ? 1 : 0
        case .string(let text): GoValue.integer(text)
        default: 0
        }
    }

    /// cast.ToFloat64.
    var castFloat: Double {
        switch self {
        case .int(let value, let type): GoValue.isCastable(type) ? Double(value) : 0
        case .uint(let value, .integer): Double(value)
        case .float(let value): value
        case .bool(let value): value ? 1 : 0
        case .string(let text): GoValue.float(text)
        default: 0
        }
    }

    private static func integer(_ text: Text) -> Int {
        let (value, error) = parseInteger(withoutZeroDecimals(text), base: 0)
        return error == nil ? value : 0
    }

    private static func float(_ text: Text) -> Double {
        let (value, error) = parseFloat64(text)
        return error == nil ? value : 0
    }

    /// Defined integer types are unknown to cast, but for the two of package time.
    private static func isCastable(_ type: GoType) -> Bool {
        if case .integer = type { return true }
        return type == .month || type == .weekday
    }

    /// What the processor makes of a float64 as an int64: the smallest integer where it does not fit.
    static func truncate(_ value: Double) -> Int {
        Int(exactly: value.rounded(.towardZero)) ?? .min
    }

    /// `1.00` counts as `1`.
    private static func withoutZeroDecimals(_ text: Text) -> Text {
        let bytes = text.bytes
        guard let end = bytes.lastIndex(where: { $0 != UInt8(ascii: "0") }), end < bytes.count - 1,
            bytes[end] == UInt8(ascii: ".")
        else { return text }
        return text[0..<end]
    }
}

// Arguments whose types the evaluator has checked.
extension GoValue {
    /// A map as `map[string]interface {}`, to which Go converts a type defined over it; nil is a nil map.
    var argumentMap: Map {
        guard case .map(let map) = self else { return Map(isNil: true) }
        return map.type == .anyMap ? map : Map(sharing: map, type: .anyMap)
    }
}

extension FunctionError {
    /// What Go's runtime says of reading through nil.
    static let nilDereference = FunctionError(
        "runtime error: invalid memory address or nil pointer dereference")
}

extension GoValue {
    /// The name of reflect's Kind.
    var kind: Text {
        switch self {
        case .none: return "invalid"
        case .object(let object): return object.type.description.hasPrefix("*") ? "ptr" : "struct"
        case .function: return "func"
        default: break
        }
        switch type?.underlying {
        case .slice: return "slice"
        case .map: return "map"
        case let type?: return Text(type.description)
        case nil: return "invalid"
        }
    }
}
