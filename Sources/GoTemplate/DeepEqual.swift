import Values

/// Go's reflect.DeepEqual: the same types all the way down, the same contents, nil apart from empty.
package func deepEqual(_ left: Datum, _ right: Datum) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.bool(let first), .bool(let second)): first == second
    case (.int(let first, let type), .int(let second, let other)): first == second && type == other
    case (.uint(let first, let type), .uint(let second, let other)): first == second && type == other
    case (.float(let first), .float(let second)): first == second
    case (.complex(let real, let imaginary), .complex(let other, let otherImaginary)):
        real == other && imaginary == otherImaginary
    case (.string(let first), .string(let second)): first == second
    case (.list(let first), .list(let second)): areEqual(first, second)
    case (.map(let first), .map(let second)): areEqual(first, second)
    case (.object(let first), .object(let second)): areEqual(first, second)
    default: false
    }
}

private func areEqual(_ left: List, _ right: List) -> Bool {
    left.type == right.type && left.isNil == right.isNil && left.elements.count == right.elements.count
        && zip(left.elements, right.elements).allSatisfy(deepEqual)
}

private func areEqual(_ left: Map, _ right: Map) -> Bool {
    if left.type != right.type || left.isNil != right.isNil || left.count != right.count { return false }
    // Also keeps a map that holds itself from being walked for ever.
    if left.sharesEntries(with: right) { return true }
    return left.entries.allSatisfy { key, value in right[key].map { deepEqual(value, $0) } ?? false }
}

private func areEqual(_ left: any Object, _ right: any Object) -> Bool {
    if left === right { return true }
    return left.type == right.type && left.fields.count == right.fields.count
        && zip(left.fields, right.fields).allSatisfy { deepEqual($0.value, $1.value) }
}
