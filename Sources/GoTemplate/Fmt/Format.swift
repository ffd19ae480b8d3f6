package import Values

/// Go's fmt.Sprintf.
package func format(_ format: Text, _ arguments: [GoValue]) -> Text {
    var formatter = Formatter()
    format.withBytes { formatter.format($0, arguments) }
    return Text(formatter.output)
}

/// The text of one operand under `%v`, as fmt.Sprint gives it.
package func formatValue(_ value: GoValue) -> Text {
    switch value {
    case .none: return "<nil>"
    case .string(let text): return text
    case .bool(let value): return value ? "true" : "false"
    case .int(let value, .integer), .int(let value, .any): return Text(String(value))
    default: break
    }
    var formatter = Formatter()
    formatter.print(value, UInt32(ascii: "v"))
    return Text(formatter.output)
}

/// Go's fmt.Sprint: a space between two operands of which neither is a string.
package func formatPrint(_ arguments: [GoValue]) -> Text {
    if arguments.count == 1 { return formatValue(arguments[0]) }
    var formatter = Formatter()
    var afterString = true
    for argument in arguments {
        let isString = if case .string = argument { true } else { false }
        if !isString, !afterString { formatter.output.append(UInt8(ascii: " ")) }
        formatter.print(argument, UInt32(ascii: "v"))
        afterString = isString
    }
    return Text(formatter.output)
}

/// Go's fmt.Sprintln: a space between operands, a newline at the end.
package func formatLine(_ arguments: [GoValue]) -> Text {
    var formatter = Formatter()
    for (index, argument) in arguments.enumerated() {
        if index > 0 { formatter.output.append(UInt8(ascii: " ")) }
        formatter.print(argument, UInt32(ascii: "v"))
    }
    formatter.output.append(UInt8(ascii: "\n"))
    return Text(formatter.output)
}
