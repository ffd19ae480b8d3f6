// GoTemplate: text/template with text/template/parse, and what templates see of fmt, reflect, strconv, time and
// encoding/json, as Go 1.26 has them, with which Helm 4.2.3 is built.
// Vectors: Tests/Fixtures/vectors/lang.jsonl (GoTemplateTests).

package import Values

/// Templates that can call each other by name, with the functions they share.
///
/// A value: a copy can take further definitions without the original seeing them, as Go's Clone.
package struct TemplateSet {
    /// The name in messages about templates that are missing.
    package let name: Text
    package let functions: FunctionTable
    private var trees: [Text: Tree] = [:]

    package init(name: Text, functions: FunctionTable) {
        self.name = name
        self.functions = functions
    }

    /// Parses a text and adds it under `name`, with what it defines. A definition replaces an earlier one of the
    /// same name, unless it is empty. Throws `ParseError`.
    package mutating func parse(_ text: Text, name: Text) throws {
        add(try ParsedText(text, name: name, functions: functions))
    }

    /// Adds a text's templates, as `parse` does.
    package mutating func add(_ text: ParsedText) {
        for (name, tree) in text.trees where trees[name] == nil || !tree.isEmpty { trees[name] = tree }
    }

    mutating func remove(_ name: Text) {
        trees[name] = nil
    }

    func tree(named name: Text) -> Tree? {
        trees[name]
    }
}

/// A text that is parsed, and can be added to any set with the same functions.
package struct ParsedText {
    let trees: [Text: Tree]
    /// The template of the whole text.
    let main: Tree?

    /// Throws `ParseError`.
    package init(_ text: Text, name: Text, functions: FunctionTable) throws {
        do {
            trees = try Parser.parse(text, name: name, functions: functions)
        } catch is NativeStack.Exhausted {
            throw ParseError(message: "template: " + name + ": too deeply nested")
        }
        main = trees[name]
    }
}

/// Texts given to `tpl`, parsed once each for all runs of a set: charts put one text through `tpl` in many templates.
package final class ParsedTexts {
    private var texts: [Text: ParsedText] = [:]
    /// Bytes of text that may still be kept; the others are parsed each time.
    private var room = 8 << 20

    package init() {}

    subscript(text: Text) -> ParsedText? {
        get { texts[text] }
        set {
            guard text.count <= room else { return }
            room -= text.count
            texts[text] = newValue
        }
    }
}

/// What a missing key of a map gives, Go's option `missingkey`.
package enum MissingKey: Sendable {
    /// The zero value of the map's elements: nil for most.
    case zero
    /// An error.
    case error
}

/// What a render may use up before it is taken for a runaway.
package struct Limits: Sendable {
    /// Bytes written, the results of `include` and `tpl` counted each time.
    package var output = 1 << 27
    /// Iterations of loops, and calls of templates, each of which counts for ten; large results of functions count too.
    package var steps = 30_000_000
    /// Bytes of a text that a function returns.
    package var size = Limits.text
    /// The same for what writes a value as JSON or YAML, which grows with the square of its depth. Such a text can be
    /// printed and measured, and nothing else.
    package var encoded = 1 << 28
    /// Elements of a list that a function returns.
    package var elements = 1 << 22
    /// Bytes of memory by which the process may grow.
    package var memory = Limits.standardMemory
    /// Calls of `tpl` within each other.
    package var nestedTexts = 5_000

    package init() {}

    // Without optimisation each template within another takes several times as much of the stack.
    #if DEBUG
        private static let standardMemory = 4 << 30
    #else
        private static let standardMemory = 640 << 20
    #endif

    /// The longest text that any function makes; where it would be longer, the function refuses before it makes it.
    package static let text = 1 << 24
}
