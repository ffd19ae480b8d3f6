import Values

/// How a list of nodes ended.
enum Flow {
    case through
    case breaksLoop
    case continuesLoop
}

extension Execution {
    /// Runs nodes in order, until one leaves the loop that they belong to.
    func walk(_ nodes: [Node], dot: Reflection) throws -> Flow {
        for node in nodes {
            switch node {
            case .text(let range):
                try spendOutput(range.count)
                let bytes = tree.source.bytes
                bytes.withUnsafeBufferPointer { output.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
            case .action(let number, let pipeline):
                let value = try evaluate(pipeline, dot: dot)
                if pipeline.declarations.isEmpty { try print(value.datum, at: number) }
            case .conditional(let branch):
                let flow = try walkBranch(branch, dot: dot, setsDot: false)
                if flow != .through { return flow }
            case .with(let branch):
                let flow = try walkBranch(branch, dot: dot, setsDot: true)
                if flow != .through { return flow }
            case .range(let branch):
                let flow = try stack.withRoom { try walkRange(branch, dot: dot) }
                if flow != .through { return flow }
            case .template(let invocation): try walkTemplate(invocation, dot: dot)
            case .breakLoop: return .breaksLoop
            case .continueLoop: return .continuesLoop
            }
        }
        return .through
    }

    private func walkBranch(_ branch: Branch, dot: Reflection, setsDot: Bool) throws -> Flow {
        let mark = variables.count
        defer { variables.removeLast(variables.count - mark) }
        let value = try evaluate(branch.pipeline, dot: dot)
        if value.datum.isTrue {
            return try stack.withRoom { try walk(branch.body, dot: setsDot ? value : dot) }
        }
        guard let otherwise = branch.otherwise else { return .through }
        return try stack.withRoom { try walk(otherwise, dot: dot) }
    }

    private func walkTemplate(_ invocation: Invocation, dot: Reflection) throws {
        node = invocation.number
        guard let tree = set.tree(named: invocation.name) else {
            throw failure(format("template %q not defined", [.string(invocation.name)]))
        }
        if depth == Execution.deepestTemplates {
            throw failure(Text("exceeded maximum template depth (\(Execution.deepestTemplates))"))
        }
        try spendSteps(10)
        let value = try invocation.pipeline.map { try evaluate($0, dot: dot) } ?? .invalid
        let place = node
        depth += 1
        try stack.withRoom { try enter(tree, dot: value) }
        depth -= 1
        node = place
    }

    /// Writes a value as an action prints it.
    private func print(_ value: GoValue, at number: NodeNumber) throws {
        node = number
        switch value {
        case .string(let text): try write(text)
        case .none: try write("<no value>")
        case .object(let object): try write(object.addressedText ?? formatValue(value))
        case .function(let function):
            let action = tree.source.description(of: number)
            throw failure("can't print " + action + " of type " + Text(function.type.description))
        case .list, .map: try write(text(of: value))
        default: try write(formatValue(value))
        }
    }

    /// The text of a tree of values, once it is known to have an end.
    private func text(of value: GoValue) throws -> Text {
        let extent = NestingLimit(of: CollectionOfOne(value))
        try spendSteps(extent.count >> 2)
        if extent.isTooDeep { throw failure("can't print a value that is nested too deeply") }
        if extent.isTooLarge { throw failure("can't print a value that is too large") }
        return extent.depth <= NestingLimit.deep ? formatValue(value) : try stack.onNewStack { formatValue(value) }
    }
}

// MARK: Variables

extension Execution {
    func declare(_ variable: Variable, _ value: Reflection) {
        variables.append((variable.symbol, value))
    }

    private func position(of variable: Variable) throws -> Int {
        var index = variables.count - 1
        while index >= firstVariable {
            if variables[index].symbol == variable.symbol { return index }
            index -= 1
        }
        throw failure("undefined variable: " + variable.name)
    }

    func assign(_ variable: Variable, _ value: Reflection) throws {
        variables[try position(of: variable)].value = value
    }

    func value(of variable: Variable) throws -> Reflection {
        variables[try position(of: variable)].value
    }
}
