package import Values

/// A text that is no template: `template: FILE:LINE: MESSAGE`.
package struct ParseError: Error {
    package let message: Text
}

/// One named template: a whole file, a `define` or a `block`.
final class Tree {
    let name: Text
    let source: Source
    let body: [Node]

    init(name: Text, source: Source, body: [Node]) {
        self.name = name
        self.source = source
        self.body = body
    }

    /// Whether there is nothing but white space; such a definition never replaces another one.
    var isEmpty: Bool {
        body.allSatisfy { node in
            guard case .text(let range) = node else { return false }
            return Text(trimmingSpace: source.bytes[range]).isEmpty
        }
    }
}

/// Turns a text into templates; errors come in the order and words of Go's text/template/parse.
final class Parser {
    let source: Source
    let functions: FunctionTable
    let stack: NativeStack
    private var lexer: Lexer
    var state = State()
    private(set) var definitions: [Text: Tree] = [:]
    private var symbols: [Text: Int] = ["$": 0]

    /// `if`, `with` and `range` within each other; releasing the tree takes a piece of the stack for each.
    var openBranches = 0
    static let mostOpenBranches = 30_000

    /// Go nests parentheses no deeper.
    static let deepestParentheses = 10_000

    /// What each definition starts afresh.
    struct State {
        /// The token last read, and up to two more that were put back.
        var token = Token(kind: .error, range: 0..<0, place: -1)
        var second = Token(kind: .error, range: 0..<0, place: -1)
        var third = Token(kind: .error, range: 0..<0, place: -1)
        var pending = 0
        /// Where the action being read starts; `nil` outside.
        var actionPlace: Int?
        var rangeDepth = 0
        var parentheses = 0
        var variables = [0]
    }

    private init(name: Text, bytes: [UInt8], functions: FunctionTable, stack: NativeStack) {
        source = Source(name: name, bytes: bytes)
        self.functions = functions
        self.stack = stack
        lexer = Lexer(source)
    }

    /// All templates in `text`, the whole of it under `name` among them.
    static func parse(_ text: Text, name: Text, functions: FunctionTable) throws -> [Text: Tree] {
        let parser = Parser(name: name, bytes: text.bytes, functions: functions, stack: NativeStack())
        try parser.parseSource()
        return parser.definitions
    }

    func failure(_ message: Text) -> ParseError {
        ParseError(message: "template: \(source.name):\(source.line(at: state.token.place)): " + message)
    }

    /// The number that stands for a variable's name in this source.
    func symbol(_ name: Text) -> Int {
        if let symbol = symbols[name] { return symbol }
        symbols[name] = symbols.count
        return symbols.count - 1
    }
}

// MARK: Tokens

extension Parser {
    func next() -> Token {
        guard state.pending > 0 else {
            state.token = lexer.next()
            return state.token
        }
        state.pending -= 1
        switch state.pending {
        case 0: return state.token
        case 1: return state.second
        default: return state.third
        }
    }

    func backUp() {
        state.pending += 1
    }

    /// Puts back `first`, which came before the token last read.
    func backUp(_ first: Token) {
        state.second = first
        state.pending = 2
    }

    func backUp(_ first: Token, _ second: Token) {
        state.second = second
        state.third = first
        state.pending = 3
    }

    func peek() -> Token {
        let token = next()
        backUp()
        return token
    }

    func nextNonSpace() -> Token {
        while true {
            let token = next()
            if token.kind != .space { return token }
        }
    }

    func peekNonSpace() -> Token {
        let token = nextNonSpace()
        backUp()
        return token
    }

    func expect(_ kind: Token.Kind, in context: Text) throws -> Token {
        let token = nextNonSpace()
        guard token.kind == kind else { throw unexpected(token, in: context) }
        return token
    }

    func unexpected(_ token: Token, in context: Text) -> ParseError {
        guard token.kind == .error, let description = lexer.failureMessage else {
            return failure("unexpected " + token.description(in: source) + " in " + context)
        }
        guard let action = state.actionPlace.map(source.line(at:)), action != source.line(at: token.place) else {
            return failure(description)
        }
        let endsInAction = description.bytes.suffix(7).elementsEqual(" action".utf8)
        let place = " started at \(source.name):\(action)"
        return failure(description + (endsInAction ? "" : " in action") + Text(place))
    }
}

// MARK: Definitions

/// What ends a list of nodes, or goes on with it.
enum Item {
    case node(Node)
    case end
    case otherwise

    var delimiter: Text {
        if case .end = self { "{{end}}" } else { "{{else}}" }
    }
}

extension Parser {
    private func parseSource() throws {
        var body: [Node] = []
        while peek().kind != .end {
            if peek().kind == .leftDelimiter {
                let delimiter = next()
                if nextNonSpace().kind == .defineKeyword {
                    try define()
                    continue
                }
                backUp(delimiter)
            }
            let item = try textOrAction()
            guard case .node(let node) = item else { throw failure("unexpected " + item.delimiter) }
            body.append(node)
        }
        try add(Tree(name: source.name, source: source, body: body))
    }

    /// Adds a template of this source; a second one that holds anything is an error, an empty one counts for nothing.
    func add(_ tree: Tree) throws {
        if let earlier = definitions[tree.name], !earlier.isEmpty {
            if tree.isEmpty { return }
            throw failure(format("template: multiple definition of template %q", [.string(tree.name)]))
        }
        definitions[tree.name] = tree
    }

    /// `{{define "name"}} … {{end}}`, the keyword being read.
    private func define() throws {
        let outer = state
        state = State()
        defer { state = outer }
        let token = nextNonSpace()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: "define clause") }
        let name = try unquoted(token)
        _ = try expect(.rightDelimiter, in: "define clause")
        let (body, end) = try itemList()
        guard case .end = end else { throw failure("unexpected " + end.delimiter + " in define clause") }
        try add(Tree(name: name, source: source, body: body))
    }

    func unquoted(_ token: Token) throws -> Text {
        do {
            return try unquote(source.bytes[token.range])
        } catch {
            throw failure(error.message)
        }
    }

    /// Nodes up to an `{{end}}` or `{{else}}`, and which of the two it was.
    func itemList() throws -> (body: [Node], end: Item) {
        var body: [Node] = []
        while peekNonSpace().kind != .end {
            let item = try stack.withRoom { try textOrAction() }
            guard case .node(let node) = item else { return (body, item) }
            body.append(node)
        }
        throw failure("unexpected EOF")
    }

    private func textOrAction() throws -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .text: return .node(.text(token.range))
        case .leftDelimiter:
            state.actionPlace = token.place
            defer { state.actionPlace = nil }
            return try action()
        default: throw unexpected(token, in: "input")
        }
    }
}

extension Text {
    /// The bytes without Unicode white space at both ends, as Go's bytes.TrimSpace.
    init(trimmingSpace bytes: ArraySlice<UInt8>) {
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        var trimmed = bytes.drop(while: isSpace)
        while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
        if trimmed.allSatisfy({ $0 < 0x80 }) {
            self.init(trimmed)
        } else {
            let scalars = String(decoding: trimmed, as: UTF8.self).unicodeScalars
            self.init(scalars.allSatisfy { $0.properties.isWhitespace } ? "" : String(scalars))
        }
    }
}
