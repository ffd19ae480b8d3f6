import Values

extension Parser {
    /// `$x := command | command`, up to and with the token `end`.
    func pipeline(in context: Text, until end: Token.Kind) throws -> Pipeline {
        let pipeline = Pipeline()
        pipeline.number = source.add(pipeline, at: peekNonSpace().range.lowerBound)
        while try declaration(of: pipeline, in: context) {}
        while true {
            let token = nextNonSpace()
            if token.kind == end { break }
            guard token.kind.startsOperand else { throw unexpected(token, in: context) }
            backUp()
            pipeline.commands.append(try command())
        }
        try check(pipeline, in: context)
        return pipeline
    }

    /// Reads `$x :=`, `$x =` or `$x,` if one is there; whether another declaration may follow.
    private func declaration(of pipeline: Pipeline, in context: Text) throws -> Bool {
        let variable = peekNonSpace()
        guard variable.kind == .variable else { return false }
        _ = next()
        // "$x foo" is distinguished from "$x :=" only by the second token after the variable.
        let adjacent = peek()
        let following = peekNonSpace()
        if following.kind == .assign || following.kind == .declare {
            pipeline.assigns = following.kind == .assign
            _ = nextNonSpace()
            declare(variable, in: pipeline)
            return false
        }
        if following.kind == .character, source.bytes[following.range.lowerBound] == UInt8(ascii: ",") {
            _ = nextNonSpace()
            declare(variable, in: pipeline)
            return try expectsSecondVariable(pipeline, in: context)
        }
        if adjacent.kind == .space { backUp(variable, adjacent) } else { backUp(variable) }
        return false
    }

    private func declare(_ token: Token, in pipeline: Pipeline) {
        let name = source.text(token.range)
        let variable = Variable(name: name, symbol: symbol(name), fields: [])
        pipeline.declarations.append(variable)
        state.variables.append(variable.symbol)
    }

    private func expectsSecondVariable(_ pipeline: Pipeline, in context: Text) throws -> Bool {
        guard context == "range", pipeline.declarations.count < 2 else {
            throw failure("too many declarations in " + context)
        }
        switch peekNonSpace().kind {
        case .variable, .rightDelimiter, .rightParenthesis: return true
        default: throw failure("range can only initialize variables")
        }
    }

    private func check(_ pipeline: Pipeline, in context: Text) throws {
        if pipeline.commands.isEmpty { throw failure("missing value for " + context) }
        for (index, command) in pipeline.commands.enumerated().dropFirst() {
            switch command.operands.first {
            case .bool?, .dot?, .none?, .number?, .string?:
                throw failure(Text("non executable command in pipeline stage \(index + 1)"))
            default: break
            }
        }
    }

    /// Operands up to a pipe, which is read, or the end of the pipeline, which is not.
    private func command() throws -> Command {
        let command = Command()
        command.number = source.add(command, at: peekNonSpace().range.lowerBound)
        while true {
            _ = peekNonSpace()
            if let operand = try operand() { command.operands.append(operand) }
            let token = next()
            if token.kind == .space { continue }
            if token.kind == .rightDelimiter || token.kind == .rightParenthesis {
                backUp()
            } else if token.kind != .pipe {
                throw unexpected(token, in: "operand")
            }
            break
        }
        if command.operands.isEmpty { throw failure("empty command") }
        return command
    }

    /// A term and the fields that follow it; `nil` where the next token is no operand.
    private func operand() throws -> Operand? {
        guard let term = try term() else { return nil }
        let first = peek()
        guard first.kind == .field else { return term }
        var names: [Text] = []
        while peek().kind == .field { names.append(fieldName(next())) }
        let offset = first.range.lowerBound
        switch term {
        case .field(_, let fields):
            return register(at: offset) { .field($0, Fields(fields.names + names)) }
        case .variable(_, let variable):
            let chained = Variable(name: variable.name, symbol: variable.symbol, fields: names)
            return register(at: offset) { .variable($0, chained) }
        case .bool, .string, .number, .none, .dot:
            throw failure(format("unexpected . after term %q", [.string(term.description)]))
        default:
            return register(at: offset) { .chain($0, Chain(term, names)) }
        }
    }

    private func fieldName(_ token: Token) -> Text {
        source.text(token.range.lowerBound + 1..<token.range.upperBound)
    }

    private func register(at offset: Int, _ make: (NodeNumber) -> Operand) -> Operand {
        let operand = make(source.nextNumber)
        _ = source.add(operand, at: offset)
        return operand
    }

    private func term() throws -> Operand? {
        let token = nextNonSpace()
        let offset = token.range.lowerBound
        switch token.kind {
        case .identifier:
            let name = source.text(token.range)
            guard let callee = functions.callee(named: name) else {
                throw failure(format("function %q not defined", [.string(name)]))
            }
            return register(at: offset) { .function($0, callee) }
        case .dot: return register(at: offset) { .dot($0) }
        case .nilKeyword: return register(at: offset) { .none($0) }
        case .variable: return try variable(token)
        case .field: return register(at: offset) { .field($0, Fields([fieldName(token)])) }
        case .bool:
            let value = token.range.count == 4
            return register(at: offset) { .bool($0, value) }
        case .characterConstant, .complex, .number: return try number(token)
        case .leftParenthesis: return try parenthesis()
        case .string, .rawString:
            let string = StringConstant(quoted: source.text(token.range), value: try unquoted(token))
            return register(at: offset) { .string($0, string) }
        default:
            backUp()
            return nil
        }
    }

    private func variable(_ token: Token) throws -> Operand {
        let name = source.text(token.range)
        let symbol = symbol(name)
        guard state.variables.contains(symbol) else {
            throw failure(format("undefined variable %q", [.string(name)]))
        }
        return register(at: token.range.lowerBound) { .variable($0, Variable(name: name, symbol: symbol, fields: [])) }
    }

    private func number(_ token: Token) throws -> Operand {
        do {
            let number = Number(try NumberLiteral(source.text(token.range), kind: token.kind))
            return register(at: token.range.lowerBound) { .number($0, number) }
        } catch {
            throw failure(error.message)
        }
    }

    private func parenthesis() throws -> Operand {
        guard state.parentheses < Parser.deepestParentheses else { throw failure("max expression depth exceeded") }
        state.parentheses += 1
        defer { state.parentheses -= 1 }
        return .pipeline(
            try stack.withRoom { try pipeline(in: "parenthesized pipeline", until: .rightParenthesis) })
    }
}

extension Token.Kind {
    fileprivate var startsOperand: Bool {
        switch self {
        case .bool, .characterConstant, .complex, .dot, .field, .identifier, .number, .nilKeyword, .rawString,
            .string, .variable, .leftParenthesis:
            true
        default: false
        }
    }
}
