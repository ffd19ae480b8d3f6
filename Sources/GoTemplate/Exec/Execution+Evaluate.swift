import Values

extension Execution {
    /// The value of a pipeline, freed from the interface it may sit in; its variables are declared or set.
    func evaluate(_ pipeline: Pipeline, dot: Reflection) throws -> Reflection {
        node = pipeline.number
        var value: Reflection?
        for command in pipeline.commands { value = try evaluate(command, dot: dot, piped: value).element }
        let result = value ?? .invalid
        for variable in pipeline.declarations {
            if pipeline.assigns { try assign(variable, result) } else { declare(variable, result) }
        }
        return result
    }

    /// The value of a command whose last argument is what was piped into it, if anything was.
    private func evaluate(_ command: Command, dot: Reflection, piped: Reflection?) throws -> Reflection {
        let operands = command.operands
        let first = operands[0]
        switch first {
        case .field(let number, let fields):
            node = number
            let call = Call(node: number, operands: operands[1...], piped: piped, dot: dot)
            return try evaluate(fields.names[...], of: dot, call)
        case .chain(let number, let chain):
            return try evaluate(
                chain, at: number, Call(node: number, operands: operands[1...], piped: piped, dot: dot))
        case .function(let number, let callee):
            node = number
            return try call(callee, Call(node: command.number, operands: operands[1...], piped: piped, dot: dot))
        case .variable(let number, let variable):
            return try evaluate(
                variable, at: number, Call(node: number, operands: operands[1...], piped: piped, dot: dot))
        case .pipeline(let pipeline):
            try refuseArguments(operands, piped)
            return try stack.withRoom { try evaluate(pipeline, dot: dot) }
        default:
            node = first.number
            try refuseArguments(operands, piped)
            return try constant(first, dot: dot)
        }
    }

    private func constant(_ operand: Operand, dot: Reflection) throws -> Reflection {
        switch operand {
        case .dot: return dot
        case .bool(_, let value): return Reflection(.bool(value))
        case .string(_, let string): return Reflection(string.value)
        case .number(_, let number): return try constant(number)
        default: throw failure("nil is not a command")
        }
    }

    private func constant(_ number: Number) throws -> Reflection {
        if let value = number.value { return Reflection(value) }
        throw failure(number.literal.text + " overflows int")
    }

    private func refuseArguments(_ operands: [Operand], _ piped: Reflection?) throws {
        if operands.count > 1 || piped != nil {
            throw failure("can't give argument to non-function " + operands[0].description)
        }
    }

    private func evaluate(_ variable: Variable, at number: NodeNumber, _ call: Call) throws -> Reflection {
        node = number
        let value = try value(of: variable)
        guard variable.fields.isEmpty else { return try evaluate(variable.fields[...], of: value, call) }
        if call.hasArguments { throw failure("can't give argument to non-function " + variable.name) }
        return value
    }

    private func evaluate(_ chain: Chain, at number: NodeNumber, _ call: Call) throws -> Reflection {
        node = number
        if case .none = chain.base {
            let text = tree.source.description(of: number)
            throw failure("indirection through explicit nil in " + text)
        }
        let base = try value(of: chain.base, dot: call.dot)
        return try evaluate(chain.names[...], of: base, call)
    }

    /// The value of an operand that is not a plain constant.
    private func value(of operand: Operand, dot: Reflection) throws -> Reflection {
        node = operand.number
        switch operand {
        case .dot: return dot
        case .field(let number, let fields):
            return try evaluate(fields.names[...], of: dot, Call(node: number, dot: dot))
        case .variable(let number, let variable):
            return try evaluate(variable, at: number, Call(node: number, dot: dot))
        case .pipeline(let pipeline): return try stack.withRoom { try evaluate(pipeline, dot: dot) }
        case .function(let number, let callee): return try call(callee, Call(node: number, dot: dot))
        case .chain(let number, let chain): return try evaluate(chain, at: number, Call(node: number, dot: dot))
        default: return try constant(operand, dot: dot)
        }
    }

    /// An argument for a parameter of the given type.
    func argument(_ operand: Operand, as type: GoType, dot: Reflection) throws -> Reflection {
        switch operand {
        case .none(let number):
            node = number
            guard type.takesNil else { throw failure("cannot assign nil to " + Text(type.description)) }
            return Reflection(.zero(of: type))
        case .bool, .number, .string:
            node = operand.number
            return Reflection(try convert(operand, to: type))
        default: return try validate(try value(of: operand, dot: dot), as: type)
        }
    }

    /// A constant as a value of the type that is asked for.
    private func convert(_ operand: Operand, to type: GoType) throws -> GoValue {
        switch (type.underlying, operand) {
        case (.any, _): return try constant(operand, dot: .invalid).datum
        case (.bool, .bool(_, let value)): return .bool(value)
        case (.string, .string(_, let string)): return string.value
        case (.float64, .number(_, let number)):
            if let value = number.literal.float { return .float(value) }
        case (.complex128, .number(_, let number)):
            if let value = number.literal.complex { return .complex(value.real, value.imaginary) }
        case (.integer(let kind), .number(_, let number)) where kind.isSigned:
            if let value = number.literal.int { return .int(value, type) }
        case (.integer, .number(_, let number)):
            if let value = number.literal.uint { return .uint(value, type) }
        default: break
        }
        throw failure(mismatch(operand, type))
    }

    private func mismatch(_ operand: Operand, _ type: GoType) -> Text {
        let expected: Text
        switch type.underlying {
        case .bool: expected = "bool"
        case .string: expected = "string"
        case .float64: expected = "float"
        case .complex128: expected = "complex"
        case .integer(let kind): expected = kind.isSigned ? "integer" : "unsigned integer"
        default: return "can't handle " + operand.description + " for arg of type " + Text(type.description)
        }
        return "expected " + expected + "; found " + operand.description
    }

    /// The value, if it can be given where the type is wanted.
    func validate(_ value: Reflection, as type: GoType) throws -> Reflection {
        if case .any = type { return value }
        if value.isInvalid {
            guard type.takesNil else { throw failure("invalid value; expected " + Text(type.description)) }
            return Reflection(.zero(of: type))
        }
        guard let actual = value.datum.type else { throw wrongType(.any, expected: type) }
        if actual.isAssignable(to: type) { return value.element }
        // A pointer is followed once.
        if case .structure(let name) = actual, case .structure(let wanted) = type, name.hasSameBytes(as: "*" + wanted) {
            return value.element
        }
        throw wrongType(actual, expected: type)
    }

    private func wrongType(_ type: GoType, expected: GoType) -> ExecutionError {
        failure(Text("wrong type for value; expected \(expected); got \(type)"))
    }
}
