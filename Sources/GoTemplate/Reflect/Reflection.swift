import Values

/// A value as Go's reflection holds it: it may sit in an interface, and a nil inside one is not the same as none.
struct Reflection {
    var datum: GoValue
    /// Whether the static type is `interface {}`: an element of a map or list, a variable of a range.
    var isInterface: Bool

    init(_ datum: GoValue, isInterface: Bool = false) {
        self.datum = datum
        self.isInterface = isInterface
    }

    static let invalid = Reflection(.none)

    var isNone: Bool {
        if case .none = datum { true } else { false }
    }

    /// No value at all, not even a nil.
    var isInvalid: Bool { isNone && !isInterface }
    var isNilInterface: Bool { isNone && isInterface }

    /// The type that messages about the value name.
    var type: GoType { isInterface ? .any : datum.type ?? .any }

    /// The value without the interface around it.
    var element: Reflection { Reflection(datum) }
}

extension GoValue {
    /// Whether a condition takes the value for true: anything but the zero of its type and what is empty.
    package var isTrue: Bool {
        switch self {
        case .none: false
        case .bool(let value): value
        case .int(let value, _): value != 0
        case .uint(let value, _): value != 0
        case .float(let value): value != 0
        case .complex(let real, let imaginary): real != 0 || imaginary != 0
        case .string(let text): !text.isEmpty
        case .list(let list): !list.elements.isEmpty
        case .map(let map): !map.isEmpty
        case .object, .function: true
        }
    }

    /// The zero value of a type, `.none` for interfaces.
    package static func zero(of type: GoType) -> GoValue {
        switch type.underlying {
        case .bool: .bool(false)
        case .integer(let kind): kind.isSigned ? .int(0, type) : .uint(0, type)
        case .float64: .float(0)
        case .complex128: .complex(0, 0)
        case .string: .string("")
        case .slice: .list(List([], type: type, isNil: true))
        case .map: .map(Map(type: type, isNil: true))
        case .any, .structure, .function, .named: .none
        }
    }
}

extension GoType {
    /// Whether nil can be given where this type is wanted.
    var takesNil: Bool {
        switch underlying {
        case .any, .slice, .map, .function: true
        case .structure(let name): name.utf8.first == UInt8(ascii: "*")
        default: false
        }
    }

    var isNamed: Bool {
        switch self {
        case .slice, .map, .function: false
        default: true
        }
    }

    /// Go's assignability: the same type, or the same underlying one where at least one of the two has no name.
    func isAssignable(to type: GoType) -> Bool {
        if self == type || type == .any { return true }
        return (!isNamed || !type.isNamed) && underlying == type.underlying
    }

    /// The type of a list's or map's elements.
    package var element: GoType {
        switch underlying {
        case .slice(let element), .map(let element): element
        default: .any
        }
    }
}
