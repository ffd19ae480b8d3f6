import System
package import Values

/// One run of a template with what it calls: Go's `state`, with one output and one budget for all that it includes.
package final class Execution {
    /// The templates that can be called by name at this point; `tpl` works on a set of its own.
    package var set: TemplateSet
    let missingKey: MissingKey
    let limits: Limits
    let stack = NativeStack()
    /// The template being run.
    var tree: Tree
    /// The node that a failure would name.
    var node: NodeNumber?
    var depth = 0
    var output: [UInt8] = []
    /// The variables of all templates that are running, those of the present one from `firstVariable` on.
    var variables: [(symbol: Int, value: Reflection)] = []
    var firstVariable = 0
    /// Whether the argument evaluated last sat in an interface.
    var lastIsInterface = false
    /// Whether a function has made a text that is longer than those that functions take.
    var hasLargeText = false
    private var stepsLeft: Int
    /// Where the memory in use is looked at next.
    private var checkpoint: Int
    private var memoryAtStart: Int?
    private var outputLeft: Int
    /// How many calls of `tpl` are open.
    private var nestedTexts = 0
    /// Open includes by name, kept here for the functions that count them.
    package var openIncludes: [Text: Int] = [:]
    private let parsedTexts: ParsedTexts

    /// Go's limit of templates that call each other by `{{template}}`.
    static let deepestTemplates = 100_000

    private init(set: TemplateSet, tree: Tree, missingKey: MissingKey, limits: Limits, parsedTexts: ParsedTexts) {
        self.set = set
        self.parsedTexts = parsedTexts
        self.tree = tree
        self.missingKey = missingKey
        self.limits = limits
        stepsLeft = limits.steps
        checkpoint = max(0, limits.steps - Execution.stepsBetweenChecks)
        outputLeft = limits.output
    }

    /// What `template` of the set writes for `dot`; runs of one set may share their `parsedTexts`. Throws
    /// `ExecutionError`.
    package static func run(
        _ template: Text, of set: TemplateSet, dot: GoValue, missingKey: MissingKey = .zero, limits: Limits = Limits(),
        parsedTexts: ParsedTexts = ParsedTexts()
    ) throws -> [UInt8] {
        guard let tree = set.tree(named: template) else { throw missing(template, in: set) }
        let execution = Execution(
            set: set, tree: tree, missingKey: missingKey, limits: limits, parsedTexts: parsedTexts)
        return try execution.run(tree, dot: dot)
    }

    private static func missing(_ template: Text, in set: TemplateSet) -> ExecutionError {
        ExecutionError(
            format("template: no template %q associated with template %q", [.string(template), .string(set.name)]))
    }

    /// What another template of the set writes for `dot`, with variables, depth and place of its own.
    package func include(_ template: Text, dot: GoValue) throws -> [UInt8] {
        guard let tree = set.tree(named: template) else { throw Execution.missing(template, in: set) }
        return try run(tree, dot: dot)
    }

    private func run(_ tree: Tree, dot: GoValue) throws -> [UInt8] {
        let outer = (self.tree, node, depth, output)
        output = []
        depth = 0
        defer { (self.tree, node, depth, output) = outer }
        self.tree = tree
        node = nil
        do {
            try stack.withRoom { try enter(tree, dot: Reflection(dot)) }
        } catch is NativeStack.Exhausted {
            throw failure("templates are nested too deeply")
        }
        return output
    }

    /// Runs a text given to `tpl`: in a copy of the present set, to which it may add definitions.
    package func run(text: Text, dot: GoValue) throws -> [UInt8] {
        guard nestedTexts < limits.nestedTexts else {
            throw FunctionError(Text("more than \(limits.nestedTexts) calls of tpl within each other"))
        }
        let outer = set
        nestedTexts += 1
        defer {
            set = outer
            nestedTexts -= 1
        }
        let parsed = try parse(text)
        set.add(parsed)
        guard let main = parsed.main else { return [] }
        do {
            return try run(main, dot: dot)
        } catch {
            let text = format("error during tpl function execution for %q: ", [.string(text)])
            throw ExecutionError(text, cause: error)
        }
    }

    private func parse(_ text: Text) throws -> ParsedText {
        if let parsed = parsedTexts[text] { return parsed }
        do {
            let parsed = try ParsedText(text, name: set.name, functions: set.functions)
            parsedTexts[text] = parsed
            return parsed
        } catch {
            throw ExecutionError(format("cannot parse template %q: ", [.string(text)]), cause: error)
        }
    }

    /// Walks a template with variables of its own, `$` being its dot.
    func enter(_ tree: Tree, dot: Reflection) throws {
        let outer = (self.tree, firstVariable, variables.count)
        self.tree = tree
        firstVariable = variables.count
        variables.append((0, dot))
        defer {
            self.tree = outer.0
            firstVariable = outer.1
            variables.removeLast(variables.count - outer.2)
        }
        _ = try walk(tree.body, dot: dot)
    }
}

// MARK: Failures and budgets

extension Execution {
    /// An error at the present node, as Go's `errorf` words it.
    func failure(_ message: Text, cause: (any Error)? = nil) -> ExecutionError {
        guard let node else {
            return ExecutionError("template: " + tree.name + ": " + message, cause: cause, isPlaced: true)
        }
        let place = "template: " + tree.source.location(of: node) + ": executing "
        let name = format("%q", [.string(tree.name)])
        let context = tree.source.description(of: node)
        return ExecutionError(
            place + name + " at <" + context + ">: " + message, cause: cause, isPlaced: true)
    }

    func spendSteps(_ count: Int = 1) throws {
        stepsLeft -= count
        if stepsLeft < checkpoint { try check() }
    }

    private static let stepsBetweenChecks = 1 << 16

    private func check() throws {
        if stepsLeft < 0 {
            throw failure(Text("more than \(limits.steps) steps of loops and template calls, giving up"))
        }
        checkpoint = max(0, stepsLeft - Execution.stepsBetweenChecks)
        guard let memory = residentMemory() else { return }
        let start = memoryAtStart ?? memory
        memoryAtStart = start
        if memory - start > limits.memory {
            throw failure(Text("more than \(limits.memory >> 20) MiB of memory in use, giving up"))
        }
    }

    func spendOutput(_ count: Int) throws {
        outputLeft -= count
        if outputLeft < 0 { throw failure(Text("output is larger than \(limits.output) bytes, giving up")) }
    }

    /// Appends text to the output.
    func write(_ text: Text) throws {
        try spendOutput(text.count)
        text.withBytes { output.append(contentsOf: $0) }
    }
}
