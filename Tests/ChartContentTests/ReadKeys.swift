import Values

@testable import GoTemplate

/// What templates read of `.Values`, told from their syntax: an execution that knows paths instead of values, takes
/// every branch, and every element of a list or map as one.
final class ReadKeys {
    /// What an expression may stand for.
    indirect enum Thing {
        /// What has `.Values`.
        case context
        /// A part of the values; `*` is an element of a list or map.
        case path([String])
        case key(String)
        case dict([String: [Thing]])
        case list([[Thing]])
        /// A section without some of its keys.
        case section(String, without: [String])
    }

    /// Paths that are read with all that is below them.
    private(set) var whole: Set<[String]> = []
    /// Paths of which it is only asked whether they are there, or which are gone through.
    private(set) var touched: Set<[String]> = []
    /// Paths that the templates make themselves.
    private(set) var made: Set<[String]> = []
    /// Sections that are laid over the root, each with the keys that are not.
    private(set) var sections: [String: [String]] = [:]

    private let trees: [Text: Tree]
    private var variables: [String: [Thing]] = [:]
    private var visited: Set<String> = []

    /// Reads all that these templates read; `texts` by name, those that begin with `_` only define others.
    init(_ texts: [(name: String, text: String)], functions: FunctionTable) throws {
        var all: [Text: Tree] = [:]
        for (name, text) in texts {
            let parsed = try ParsedText(Text(text), name: Text(name), functions: functions)
            all.merge(parsed.trees) { $1.isEmpty ? $0 : $1 }
        }
        trees = all
        for (name, _) in texts where !name.hasPrefix("_") { visit(Text(name), [.context]) }
    }

    private func visit(_ name: Text, _ dot: [Thing]) {
        guard let tree = trees[name], visited.insert("\(name.string) \(dot)").inserted else { return }
        let outer = variables
        variables = ["$": dot]
        walk(tree.body, dot)
        variables = outer
    }

    // MARK: statements

    private func walk(_ nodes: [Node], _ dot: [Thing]) {
        for node in nodes {
            switch node {
            case .action(_, let pipeline):
                let found = evaluate(pipeline, dot)
                if pipeline.declarations.isEmpty { read(found) } else { assign(pipeline, [found]) }
            case .conditional(let branch):
                let found = evaluate(branch.pipeline, dot)
                assign(branch.pipeline, [found])
                touch(found)
                walk(branch.body + (branch.otherwise ?? []), dot)
            case .with(let branch):
                let found = evaluate(branch.pipeline, dot)
                assign(branch.pipeline, [found])
                touch(found)
                walk(branch.body, found)
                walk(branch.otherwise ?? [], dot)
            case .range(let branch):
                let found = evaluate(branch.pipeline, dot)
                touch(found)
                let (keys, elements) = (found.flatMap(keys), found.flatMap(elements))
                assign(branch.pipeline, branch.pipeline.declarations.count == 2 ? [keys, elements] : [elements])
                walk(branch.body, elements)
                walk(branch.otherwise ?? [], dot)
            case .template(let invocation):
                visit(invocation.name, invocation.pipeline.map { evaluate($0, dot) } ?? [])
            case .text, .breakLoop, .continueLoop: break
            }
        }
    }

    private func assign(_ pipeline: Pipeline, _ things: [[Thing]]) {
        for (variable, found) in zip(pipeline.declarations, things) {
            let name = variable.name.string
            variables[name] = pipeline.assigns ? (variables[name] ?? []) + found : found
        }
    }

    private func keys(_ thing: Thing) -> [Thing] {
        if case .dict(let entries) = thing { entries.keys.map(Thing.key) } else { [] }
    }

    private func elements(_ thing: Thing) -> [Thing] {
        switch thing {
        case .path(let path): [.path(path + ["*"])]
        case .dict(let entries): entries.values.flatMap { $0 }
        case .list(let items): items.flatMap { $0 }
        case .context, .key, .section: []
        }
    }

    // MARK: expressions

    private func evaluate(_ pipeline: Pipeline, _ dot: [Thing]) -> [Thing] {
        var result: [Thing]?
        for command in pipeline.commands {
            let final = result.map { [$0] } ?? []
            guard let first = command.operands.first else { continue }
            let arguments = command.operands.dropFirst().map { evaluate($0, dot) } + final
            if case .function(_, let callee) = first {
                result = call(callee.name.string, arguments)
            } else {
                arguments.forEach(read)
                result = evaluate(first, dot)
            }
        }
        return result ?? []
    }

    private func evaluate(_ operand: Operand, _ dot: [Thing]) -> [Thing] {
        switch operand {
        case .dot: dot
        case .field(_, let fields): descend(dot, fields.names)
        case .variable(_, let variable): descend(variables[variable.name.string] ?? [], variable.fields)
        case .chain(_, let chain): descend(evaluate(chain.base, dot), chain.names)
        case .pipeline(let pipeline): evaluate(pipeline, dot)
        case .string(_, let constant):
            if case .string(let text) = constant.value { [.key(text.string)] } else { [] }
        case .function(_, let callee): call(callee.name.string, [])
        case .none, .bool, .number: []
        }
    }

    private func descend(_ things: [Thing], _ names: [Text]) -> [Thing] {
        names.reduce(things) { things, name in things.flatMap { entry($0, name.string) } }
    }

    private func entry(_ thing: Thing, _ name: String) -> [Thing] {
        switch thing {
        case .context: name == "Values" ? [.path([])] : []
        case .path(let path): [.path(path + [name])]
        case .dict(let entries): entries[name] ?? []
        case .key, .list, .section: []
        }
    }

    /// The entries of maps under names that are known.
    private func entries(_ maps: [Thing], _ names: [Thing]) -> [Thing] {
        texts(names).flatMap { text in maps.flatMap { entry($0, text) } }
    }

    private func texts(_ names: [Thing]) -> [String] {
        names.compactMap { name -> String? in
            guard case .key(let text) = name else { return nil }
            return text
        }
    }

    // MARK: functions

    private func call(_ name: String, _ arguments: [[Thing]]) -> [Thing] {
        let first = arguments.first ?? []
        let rest = arguments.dropFirst()
        switch name {
        case "and", "or", "default", "coalesce", "valueOrDefault": return arguments.flatMap { $0 }
        case "not", "empty", "kindIs", "kindOf", "isset": arguments.forEach(touch)
        case "ternary":
            touch(arguments.last ?? [])
            return arguments.dropLast().flatMap { $0 }
        case "include":
            for case .key(let template) in first { visit(Text(template), arguments.last ?? []) }
        case "get": return entries(first, arguments.last ?? [])
        case "index": return rest.reduce(first) { $1.isEmpty ? $0.flatMap(elements) : entries($0, $1) }
        case "hasKey": touch(entries(first, arguments.last ?? []))
        case "set":
            for case .path(let path) in entries(first, arguments.count > 1 ? arguments[1] : []) { made.insert(path) }
            read(arguments.last ?? [])
            return first
        case "unset": return first
        case "dict": return [dictionary(arguments)]
        case "list": return [.list(arguments)]
        case "append": return first + [.list(Array(rest))]
        case "first", "last": return first.flatMap { items(of: $0, name) }
        case "initial", "rest": return first
        case "pick", "omit": return without(first, Array(rest))
        case "merge", "mergeOverwrite": return merged(first, Array(rest))
        default: arguments.forEach(read)
        }
        return []
    }

    private func dictionary(_ arguments: [[Thing]]) -> Thing {
        var result: [String: [Thing]] = [:]
        for start in stride(from: 0, to: arguments.count - 1, by: 2) {
            for case .key(let name) in arguments[start] { result[name] = arguments[start + 1] }
        }
        return .dict(result)
    }

    private func items(of thing: Thing, _ end: String) -> [Thing] {
        guard case .list(let items) = thing else { return elements(thing) }
        return (end == "first" ? items.first : items.last) ?? []
    }

    /// All values without a few are shown and not read; a section without a few is laid over them.
    private func without(_ maps: [Thing], _ names: [[Thing]]) -> [Thing] {
        maps.flatMap { map -> [Thing] in
            guard case .path(let path) = map else { return [map] }
            if path.isEmpty { return [] }
            let dropped = texts(names.flatMap { $0 })
            return path.count == 1 ? [.section(path[0], without: dropped)] : [map]
        }
    }

    private func merged(_ target: [Thing], _ others: [[Thing]]) -> [Thing] {
        for case .path([]) in target {
            for case .section(let name, let dropped) in others.flatMap({ $0 }) { sections[name] = dropped }
            return target
        }
        return target + others.flatMap { $0 }
    }

    private func read(_ things: [Thing]) {
        for thing in things {
            switch thing {
            case .path(let path): whole.insert(path)
            case .dict(let entries): entries.values.forEach(read)
            case .list(let items): items.forEach(read)
            case .context, .key, .section: break
            }
        }
    }

    private func touch(_ things: [Thing]) {
        for case .path(let path) in things { touched.insert(path) }
    }
}
