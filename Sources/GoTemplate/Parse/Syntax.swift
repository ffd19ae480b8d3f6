import Values

/// A step of a template.
enum Node {
    case text(Range<Int>)
    case action(NodeNumber, Pipeline)
    case conditional(Branch)
    case with(Branch)
    case range(Branch)
    case template(Invocation)
    case breakLoop
    case continueLoop
}

/// `if`, `with` and `range`
final class Branch {
    let number: NodeNumber
    let pipeline: Pipeline
    let body: [Node]
    let otherwise: [Node]?

    init(_ number: NodeNumber, _ pipeline: Pipeline, _ body: [Node], _ otherwise: [Node]?) {
        self.number = number
        self.pipeline = pipeline
        self.body = body
        self.otherwise = otherwise
    }
}

/// `{{template "name" pipeline}}`
final class Invocation {
    var number: NodeNumber = 0
    let name: Text
    let pipeline: Pipeline?

    init(_ name: Text, _ pipeline: Pipeline?) {
        self.name = name
        self.pipeline = pipeline
    }
}

/// `$x, $y := command | command`
final class Pipeline {
    var number: NodeNumber = 0
    var assigns = false
    var declarations: [Variable] = []
    var commands: [Command] = []
}

/// A function, method or value with its arguments; the first operand says which.
final class Command {
    var number: NodeNumber = 0
    var operands: [Operand] = []
}

/// An operand of a command.
enum Operand {
    case dot(NodeNumber)
    case none(NodeNumber)
    case bool(NodeNumber, Bool)
    case number(NodeNumber, Number)
    case string(NodeNumber, StringConstant)
    case field(NodeNumber, Fields)
    case variable(NodeNumber, Variable)
    case chain(NodeNumber, Chain)
    case function(NodeNumber, Callee)
    case pipeline(Pipeline)

    var number: NodeNumber {
        switch self {
        case .dot(let number), .none(let number), .bool(let number, _), .number(let number, _),
            .string(let number, _), .field(let number, _), .variable(let number, _), .chain(let number, _),
            .function(let number, _):
            number
        case .pipeline(let pipeline): pipeline.number
        }
    }
}

final class Number {
    let literal: NumberLiteral
    /// The value where no type is asked for: int, float64 or complex128; `nil` where it overflows int.
    let value: GoValue?

    init(_ literal: NumberLiteral) {
        self.literal = literal
        if let complex = literal.complex {
            value = .complex(complex.real, complex.imaginary)
        } else if let float = literal.float, literal.looksLikeFloat {
            value = .float(float)
        } else {
            value = literal.int.map { .int($0) }
        }
    }
}

final class StringConstant {
    let quoted: Text
    let value: GoValue

    init(quoted: Text, value: Text) {
        self.quoted = quoted
        self.value = .string(value)
    }
}

/// `.a.b.c`
final class Fields {
    let names: [Text]

    init(_ names: [Text]) {
        self.names = names
    }
}

/// `$x` or `$x.a.b`
final class Variable {
    /// `$x`
    let name: Text
    /// The number of this name among the variables of its source; 0 is `$`.
    let symbol: Int
    let fields: [Text]

    init(name: Text, symbol: Int, fields: [Text]) {
        self.name = name
        self.symbol = symbol
        self.fields = fields
    }
}

/// `(pipeline).a.b`
final class Chain {
    let base: Operand
    let names: [Text]

    init(_ base: Operand, _ names: [Text]) {
        self.base = base
        self.names = names
    }
}
