import Values

/// Go's reflect.DeepEqual: the same types all the way down, the same contents, nil apart from empty.
package func deepEqual(_ left: GoValue, _ right: GoValue) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.bool(let first), .bool(let second)): first == second
    case (.int(let first, let type), .int(let second, let other)): first == second && type == other
    case (.uint(let first, let type), .uint(let second, let other)): first == second && type == other
    case (.float(let first), .float(let second)): first == second
    case (.complex(let real, let imaginary), .complex(let other, let otherImaginary)):
        real == other && imaginary == otherImaginary
    case (.string(let first), .string(let second)): first == second
    case (.list, .list), (.map, .map), (.object, .object):
        (try? DeepComparison().areEqual(left, right)) ?? false
    default: false
    }
}

/// The comparison of two trees, which may hold themselves.
private final class DeepComparison {
    /// Two maps that are being compared, further up or elsewhere: taken for equal, as Go does.
    private struct Pair: Hashable {
        let left: ObjectIdentifier
        let right: ObjectIdentifier
    }

    private var visited: Set<Pair> = []
    private var depth = 0
    private lazy var stack = NativeStack()

    /// How deep comparisons go before they watch for pairs seen before and for the end of the stack.
    private static let watched = 64

    /// Throws where even a large stack is used up.
    func areEqual(_ left: GoValue, _ right: GoValue) throws -> Bool {
        switch (left, right) {
        case (.list(let first), .list(let second)): try descend { try areEqual(first, second) }
        case (.map(let first), .map(let second)): try descend { try areEqual(first, second) }
        case (.object(let first), .object(let second)): try descend { try areEqual(first, second) }
        default: deepEqual(left, right)
        }
    }

    private func descend(_ compare: () throws -> Bool) throws -> Bool {
        depth += 1
        defer { depth -= 1 }
        return depth < DeepComparison.watched ? try compare() : try stack.withRoom(compare)
    }

    private func areEqual(_ left: List, _ right: List) throws -> Bool {
        guard left.type == right.type, left.isNil == right.isNil, left.elements.count == right.elements.count else {
            return false
        }
        for (first, second) in zip(left.elements, right.elements) where try !areEqual(first, second) { return false }
        return true
    }

    private func areEqual(_ left: Map, _ right: Map) throws -> Bool {
        if left.type != right.type || left.isNil != right.isNil || left.count != right.count { return false }
        if left.sharesEntries(with: right) { return true }
        if depth >= DeepComparison.watched {
            let pair = Pair(left: left.identity, right: right.identity)
            if !visited.insert(pair).inserted { return true }
        }
        for (key, value) in left.entries {
            guard let other = right[key], try areEqual(value, other) else { return false }
        }
        return true
    }

    private func areEqual(_ left: any Object, _ right: any Object) throws -> Bool {
        if left === right { return true }
        let (first, second) = (left.fields, right.fields)
        guard left.type == right.type, first.count == second.count else { return false }
        for (one, other) in zip(first, second) where try !areEqual(one.value, other.value) { return false }
        return true
    }
}
