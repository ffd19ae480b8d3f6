import Values

/// The kinds of values that can be compared; integers are so whatever their width and sign.
private enum Comparable {
    case bool(Bool)
    case complex(Double, Double)
    case int(Int)
    case float(Double)
    case string(Text)
    case uint(UInt)

    init?(_ datum: GoValue) {
        switch datum {
        case .bool(let value): self = .bool(value)
        case .complex(let real, let imaginary): self = .complex(real, imaginary)
        case .int(let value, _): self = .int(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .uint(let value, _): self = .uint(value)
        default: return nil
        }
    }
}

private let badComparison = FunctionError("invalid type for comparison")

private func incompatible(_ left: GoValue, _ right: GoValue) -> FunctionError {
    let types = [left, right].map { Text($0.type?.description ?? "<nil>") }
    return FunctionError("incompatible types for comparison: " + types[0] + " and " + types[1])
}

extension Builtins {
    /// `eq a b c`: whether a is b or c.
    static func isEqual(_ value: GoValue, toAny others: ArraySlice<GoValue>) throws -> Bool {
        if others.isEmpty { throw FunctionError("missing argument for comparison") }
        for other in others where try isEqual(value, other) { return true }
        return false
    }

    private static func isEqual(_ left: GoValue, _ right: GoValue) throws -> Bool {
        switch (Comparable(left), Comparable(right)) {
        case (.bool(let first), .bool(let second)): return first == second
        case (.complex(let real, let imaginary), .complex(let otherReal, let otherImaginary)):
            return real == otherReal && imaginary == otherImaginary
        case (.int(let first), .int(let second)): return first == second
        case (.float(let first), .float(let second)): return first == second
        case (.string(let first), .string(let second)): return first == second
        case (.uint(let first), .uint(let second)): return first == second
        case (.int(let first), .uint(let second)): return first >= 0 && UInt(first) == second
        case (.uint(let first), .int(let second)): return second >= 0 && first == UInt(second)
        case (nil, nil): return try areSame(left, right)
        default:
            // A value and a nil are merely different.
            if left.type == nil || right.type == nil { return false }
            throw incompatible(left, right)
        }
    }

    /// Compares values that only nil can be compared with, and objects by identity.
    private static func areSame(_ left: GoValue, _ right: GoValue) throws -> Bool {
        guard let leftType = left.type, let rightType = right.type else { return left.isNil == right.isNil }
        guard hasSameKind(left, right) else {
            throw FunctionError(
                format(
                    "non-comparable types %s: %s, %s: %v",
                    [left.shown, .string(leftType.description), .string(rightType.description), right.shown]))
        }
        if left.isNil || right.isNil { return left.isNil == right.isNil }
        if case .object(let first) = left, case .object(let second) = right { return first === second }
        throw FunctionError(
            format("non-comparable type %s: %s", [right.shown, .string(rightType.description)]))
    }

    private static func hasSameKind(_ left: GoValue, _ right: GoValue) -> Bool {
        switch (left, right) {
        case (.list, .list), (.map, .map), (.object, .object), (.function, .function): true
        default: false
        }
    }

    static func isLess(_ left: GoValue, _ right: GoValue) throws -> Bool {
        guard let first = Comparable(left), let second = Comparable(right) else { throw badComparison }
        switch (first, second) {
        case (.int(let first), .int(let second)): return first < second
        case (.float(let first), .float(let second)): return first < second
        case (.string(let first), .string(let second)): return first < second
        case (.uint(let first), .uint(let second)): return first < second
        case (.int(let first), .uint(let second)): return first < 0 || UInt(first) < second
        case (.uint(let first), .int(let second)): return second >= 0 && first < UInt(second)
        case (.bool, .bool), (.complex, .complex): throw badComparison
        default: throw incompatible(left, right)
        }
    }

    static func isLessOrEqual(_ left: GoValue, _ right: GoValue) throws -> Bool {
        try isLess(left, right) || isEqual(left, right)
    }
}

extension GoValue {
    /// Whether this is nil, of a type or of none.
    fileprivate var isNil: Bool {
        switch self {
        case .none: true
        case .list(let list): list.isNil
        case .map(let map): map.isNil
        default: false
        }
    }
}
