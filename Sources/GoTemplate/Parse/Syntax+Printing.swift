import Values

private func append(_ text: Text, to result: inout [UInt8]) {
    text.withBytes { result.append(contentsOf: $0) }
}

/// A node that is not read to its end yet, or one that no message quotes.
struct Unprinted: Printable {
    func print(into result: inout [UInt8]) {}
}

struct ActionText: Printable {
    let pipeline: Pipeline

    func print(into result: inout [UInt8]) {
        append("{{", to: &result)
        pipeline.print(into: &result)
        append("}}", to: &result)
    }
}

extension Invocation: Printable {
    func print(into result: inout [UInt8]) {
        append(format("{{template %q", [.string(name)]), to: &result)
        if let pipeline {
            append(" ", to: &result)
            pipeline.print(into: &result)
        }
        append("}}", to: &result)
    }
}

extension Pipeline: Printable {
    func print(into result: inout [UInt8]) {
        for (index, variable) in declarations.enumerated() {
            if index > 0 { append(", ", to: &result) }
            variable.print(into: &result)
        }
        if !declarations.isEmpty { append(assigns ? " = " : " := ", to: &result) }
        for (index, command) in commands.enumerated() {
            if index > 0 { append(" | ", to: &result) }
            command.print(into: &result)
        }
    }
}

extension Command: Printable {
    func print(into result: inout [UInt8]) {
        for (index, operand) in operands.enumerated() {
            if index > 0 { append(" ", to: &result) }
            operand.printInParentheses(into: &result)
        }
    }
}

extension Variable: Printable {
    func print(into result: inout [UInt8]) {
        append(name, to: &result)
        printFields(fields, into: &result)
    }
}

private func printFields(_ names: [Text], into result: inout [UInt8]) {
    for name in names {
        append(".", to: &result)
        append(name, to: &result)
    }
}

extension Operand: Printable {
    func print(into result: inout [UInt8]) {
        switch self {
        case .dot: append(".", to: &result)
        case .none: append("nil", to: &result)
        case .bool(_, let value): append(value ? "true" : "false", to: &result)
        case .number(_, let number): append(number.literal.text, to: &result)
        case .string(_, let string): append(string.quoted, to: &result)
        case .field(_, let fields): printFields(fields.names, into: &result)
        case .variable(_, let variable): variable.print(into: &result)
        case .chain(_, let chain):
            chain.base.printInParentheses(into: &result)
            printFields(chain.names, into: &result)
        case .function(_, let callee): append(callee.name, to: &result)
        case .pipeline(let pipeline): pipeline.print(into: &result)
        }
    }

    /// A pipeline within a command or a chain has parentheses, alone it has none.
    fileprivate func printInParentheses(into result: inout [UInt8]) {
        guard case .pipeline(let pipeline) = self else { return print(into: &result) }
        append("(", to: &result)
        pipeline.print(into: &result)
        append(")", to: &result)
    }

    /// The text of `String()`.
    var description: Text {
        var result: [UInt8] = []
        print(into: &result)
        return Text(result)
    }
}
