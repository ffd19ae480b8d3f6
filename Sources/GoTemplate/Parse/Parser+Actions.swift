import Values

extension Parser {
    /// What follows an opening brace pair.
    func action() throws -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .blockKeyword: return .node(try block())
        case .breakKeyword, .continueKeyword: return .node(try loopControl(token.kind))
        case .elseKeyword: return try elseControl()
        case .endKeyword:
            _ = try expect(.rightDelimiter, in: "end")
            return .end
        case .ifKeyword, .withKeyword, .rangeKeyword: return .node(try branch(token.kind))
        case .templateKeyword: return .node(try template())
        default:
            backUp()
            let offset = peek().range.lowerBound
            let pipeline = try pipeline(in: "command", until: .rightDelimiter)
            return .node(.action(source.add(ActionText(pipeline: pipeline), at: offset), pipeline))
        }
    }

    private func loopControl(_ kind: Token.Kind) throws -> Node {
        let text: Text = kind == .breakKeyword ? "{{break}}" : "{{continue}}"
        let token = nextNonSpace()
        guard token.kind == .rightDelimiter else { throw unexpected(token, in: text) }
        guard state.rangeDepth > 0 else { throw failure(text + " outside {{range}}") }
        return kind == .breakKeyword ? .breakLoop : .continueLoop
    }

    private func elseControl() throws -> Item {
        let following = peekNonSpace().kind
        // `{{else if` and `{{else with` leave the second word for the branch that they belong to.
        if following != .ifKeyword, following != .withKeyword { _ = try expect(.rightDelimiter, in: "else") }
        return .otherwise
    }

    private func branch(_ keyword: Token.Kind) throws -> Node {
        guard openBranches < Parser.mostOpenBranches else { throw failure("too deeply nested") }
        openBranches += 1
        defer { openBranches -= 1 }
        let context: Text = keyword == .ifKeyword ? "if" : keyword == .withKeyword ? "with" : "range"
        let variables = state.variables.count
        defer { state.variables.removeSubrange(variables...) }
        let pipeline = try pipeline(in: context, until: .rightDelimiter)
        if keyword == .rangeKeyword { state.rangeDepth += 1 }
        let (body, end) = try itemList()
        if keyword == .rangeKeyword { state.rangeDepth -= 1 }
        var otherwise: [Node]?
        if case .otherwise = end { otherwise = try elseBody(of: keyword) }
        let number = source.add(Unprinted(), at: source.nodes[pipeline.number].offset)
        let branch = Branch(number, pipeline, body, otherwise)
        switch keyword {
        case .ifKeyword: return .conditional(branch)
        case .withKeyword: return .with(branch)
        default: return .range(branch)
        }
    }

    private func elseBody(of keyword: Token.Kind) throws -> [Node] {
        if keyword != .rangeKeyword, peek().kind == keyword {
            _ = next()
            return [try stack.withRoom { try branch(keyword) }]
        }
        let (body, end) = try itemList()
        guard case .end = end else { throw failure("expected end; found " + end.delimiter) }
        return body
    }

    /// `{{block "name" pipeline}} … {{end}}`: defines and calls at once.
    private func block() throws -> Node {
        let token = nextNonSpace()
        let name = try templateName(token, in: "block clause")
        let pipeline = try pipeline(in: "block clause", until: .rightDelimiter)
        let end = try defineBlock(name)
        guard case .end = end else { throw failure("unexpected " + end.delimiter + " in block clause") }
        return invocation(name, pipeline, at: token)
    }

    /// A block's body has variables and loops of its own; what it ends with is for the caller to judge.
    private func defineBlock(_ name: Text) throws -> Item {
        let outer = state
        state = State()
        defer { state = outer }
        let (body, end) = try itemList()
        if case .end = end { try add(Tree(name: name, source: source, body: body)) }
        return end
    }

    private func template() throws -> Node {
        let token = nextNonSpace()
        let name = try templateName(token, in: "template clause")
        if nextNonSpace().kind == .rightDelimiter { return invocation(name, nil, at: token) }
        backUp()
        return invocation(name, try pipeline(in: "template clause", until: .rightDelimiter), at: token)
    }

    private func invocation(_ name: Text, _ pipeline: Pipeline?, at token: Token) -> Node {
        let invocation = Invocation(name, pipeline)
        invocation.number = source.add(invocation, at: token.range.lowerBound)
        return .template(invocation)
    }

    private func templateName(_ token: Token, in context: Text) throws -> Text {
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: context) }
        return try unquoted(token)
    }
}
