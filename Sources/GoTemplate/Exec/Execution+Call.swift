import Values

/// A call in a template: who is blamed where it fails, its arguments and what was piped into it.
struct Call {
    let node: NodeNumber
    var operands: ArraySlice<Operand> = []
    var piped: Reflection?
    let dot: Reflection

    /// The same place without arguments.
    var bare: Call { hasArguments ? Call(node: node, dot: dot) : self }
    var hasArguments: Bool { !operands.isEmpty || piped != nil }
    var argumentCount: Int { operands.count + (piped == nil ? 0 : 1) }
}

// MARK: Fields and methods

extension Execution {
    /// `.a.b.c`: the last name may be a method, and gets the arguments.
    func evaluate(_ names: ArraySlice<Text>, of receiver: Reflection, _ call: Call) throws -> Reflection {
        var receiver = receiver
        let last = names.endIndex - 1
        for index in names.indices {
            receiver = try field(names[index], of: receiver, index == last ? call : call.bare)
        }
        return receiver
    }

    private func field(_ name: Text, of receiver: Reflection, _ call: Call) throws -> Reflection {
        if receiver.isNone {
            if receiver.isInterface { throw failure("nil pointer evaluating interface {}." + name) }
            guard missingKey == .error else { return .invalid }
            throw failure(format("nil data; no entry for key %q", [.string(name)]))
        }
        if let method = receiver.datum.method(name) { return try self.call(Callee(method), call) }
        switch receiver.datum {
        case .map(let map): return try entry(name, of: map, call)
        case .object(let object):
            if let reason = object.refusal(of: name) { throw failure(reason) }
            if let field = object.fields.first(where: { $0.name == name }) {
                return try value(of: field, receiver, call)
            }
        default: break
        }
        throw failure("can't evaluate field " + name + " in type " + Text(receiver.type.description))
    }

    private func entry(_ key: Text, of map: Map, _ call: Call) throws -> Reflection {
        if call.hasArguments { throw failure(key + " is not a method but has arguments") }
        let element = map.type.element
        if let value = map[key] { return Reflection(value, isInterface: element == .any) }
        if missingKey == .error { throw failure(format("map has no entry for key %q", [.string(key)])) }
        return Reflection(.zero(of: element), isInterface: element == .any)
    }

    private func value(of field: Field, _ receiver: Reflection, _ call: Call) throws -> Reflection {
        let first = field.name.withBytes { $0.first ?? 0 }
        guard !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
            throw failure(
                field.name + " is an unexported field of struct type " + Text(receiver.type.description))
        }
        if call.hasArguments { throw failure(field.name + " has arguments but cannot be invoked as function") }
        return Reflection(field.value, isInterface: field.type == .any)
    }
}

// MARK: Calls

extension Execution {
    /// Calls a function or method once the number and types of its arguments are found right.
    func call(_ callee: Callee, _ call: Call) throws -> Reflection {
        try checkCount(callee, call)
        switch callee.action {
        case .and: return try shortCircuit(call, stopsAt: false)
        case .or: return try shortCircuit(call, stopsAt: true)
        default: break
        }
        let arguments = try arguments(callee, call)
        do {
            switch callee.action {
            case .function(let body):
                if hasLargeText { try refuseLargeTexts(arguments) }
                if callee.traversal != .shallow { return Reflection(try traverse(arguments, callee.traversal, body)) }
                return Reflection(try bounded(try body(arguments)))
            case .contextual(let body):
                try spendSteps(10)
                return Reflection(try body(self, arguments))
            case .length: return Reflection(.int(try Builtins.length(of: arguments[0], isInterface: lastIsInterface)))
            case .call: return Reflection(try callValue(arguments, call))
            case .and, .or: return .invalid
            }
        } catch {
            node = call.node
            throw failure("error calling " + callee.name + ": ", cause: error)
        }
    }

    /// Refuses a result so large that a template which doubles it once more and more would use up the memory.
    private func bounded(_ result: GoValue, isEncoded: Bool = false) throws -> GoValue {
        switch result {
        case .string(let text):
            let count = text.count
            if count > limits.size {
                guard isEncoded, count <= limits.encoded else { throw tooLarge(text) }
                hasLargeText = true
            }
            if count > 1023 { try spendSteps(count >> 10) }
        case .list(let list):
            let count = list.elements.count
            if count > limits.elements { throw FunctionError(Text("a list of \(count) elements is too large")) }
            if list.depth > NestingLimit.deepestValue { throw NestingLimit.tooDeep }
            if count > 63 { try spendSteps(count >> 6) }
        case .map(let map):
            if map.depth > NestingLimit.deepestValue { throw NestingLimit.tooDeep }
        default: break
        }
        return result
    }

    private func tooLarge(_ text: Text) -> FunctionError {
        FunctionError(Text("a text of \(text.count) bytes is too large"))
    }

    /// Functions on texts may need many times the memory of what they are given.
    private func refuseLargeTexts(_ arguments: [GoValue]) throws {
        for case .string(let text) in arguments where text.count > limits.size { throw tooLarge(text) }
    }

    /// Calls a function that follows its arguments to their leaves: they must end somewhere, and deep ones need room.
    private func traverse(
        _ arguments: [GoValue], _ traversal: Traversal, _ body: ([GoValue]) throws -> GoValue
    ) throws -> GoValue {
        switch traversal {
        case .costly:
            try spendSteps(limits.steps / 200)
            return try bounded(try body(arguments))
        case .reading:
            guard case .string(let text) = arguments.first, text.count > NestingLimit.longText else {
                return try body(arguments)
            }
            try spendSteps(text.count >> 6)
            return try stack.onNewStack { try bounded(try body(arguments)) }
        default: break
        }
        let extent = NestingLimit(of: arguments, isIndented: traversal == .indenting)
        try spendSteps(extent.count >> 2)
        let isEncoded = traversal != .whole
        if extent.depth <= NestingLimit.deep, !extent.isTooLarge {
            return try bounded(try body(arguments), isEncoded: isEncoded)
        }
        if extent.isTooDeep, traversal == .whole { throw NestingLimit.tooDeep }
        if extent.isTooLarge, !extent.isTooDeep || traversal == .whole { throw NestingLimit.tooLarge }
        return try stack.onNewStack { try bounded(try body(arguments), isEncoded: isEncoded) }
    }

    private func checkCount(_ callee: Callee, _ call: Call) throws {
        let wanted = callee.parameters.count
        let count = call.argumentCount
        guard callee.variadic != nil else {
            if count == wanted { return }
            throw failure("wrong number of args for " + callee.name + Text(": want \(wanted) got \(count)"))
        }
        // Go counts what was piped in when it compares, but not in the message.
        if count < wanted {
            let given = call.operands.count
            throw failure("wrong number of args for " + callee.name + Text(": want at least \(wanted) got \(given)"))
        }
    }

    private func arguments(_ callee: Callee, _ call: Call) throws -> [GoValue] {
        var result: [GoValue] = []
        result.reserveCapacity(call.argumentCount)
        for operand in call.operands {
            let type = callee.type(ofParameter: result.count)
            let value = try argument(operand, as: type, dot: call.dot)
            lastIsInterface = value.isInterface
            result.append(value.datum)
        }
        if let piped = call.piped {
            lastIsInterface = piped.isInterface
            result.append(try validate(piped, as: callee.type(ofParameter: result.count)).datum)
        }
        return result
    }

    /// `and` and `or` evaluate no more arguments than they need.
    private func shortCircuit(_ call: Call, stopsAt truth: Bool) throws -> Reflection {
        var value = Reflection.invalid
        for operand in call.operands {
            value = try argument(operand, as: .any, dot: call.dot)
            if value.datum.isTrue == truth { return value }
        }
        return call.piped ?? value
    }

    /// The built-in `call`: a function that is itself a value.
    private func callValue(_ arguments: [GoValue], _ call: Call) throws -> GoValue {
        let name = call.operands.first?.description ?? formatValue(arguments[0].shown)
        guard let type = arguments[0].type else { throw FunctionError("call of nil") }
        guard case .function(let function) = arguments[0] else {
            throw FunctionError("non-function " + name + " of type " + Text(type.description))
        }
        let given = arguments.dropFirst()
        let wanted = function.parameters.count
        guard given.count == wanted || given.count > wanted && function.variadic != nil else {
            let least = function.variadic == nil ? "" : "at least "
            throw FunctionError(
                "wrong number of args for " + name + Text(": got \(given.count) want \(least)\(wanted)"))
        }
        let callee = Callee(function)
        return try function.body(
            given.enumerated().map { index, datum in
                do {
                    return try prepare(datum, for: callee.type(ofParameter: index))
                } catch let error as FunctionError {
                    throw FunctionError(Text("arg \(index): ") + error.message)
                }
            })
    }
}

extension Callee {
    fileprivate func type(ofParameter index: Int) -> GoType {
        index < parameters.count ? parameters[index] : variadic ?? .any
    }
}
