package import Values

/// Go's fmt.Sprintf.
package func format(_ format: Text, _ arguments: [Datum]) -> Text {
    var result: [UInt8] = []
    var rest = arguments[...]
    var percent = false
    for byte in format.bytes {
        if percent {
            percent = false
            if byte == UInt8(ascii: "%") {
                result.append(byte)
            } else {
                result += formatValue(rest.popFirst() ?? .none).bytes
            }
        } else if byte == UInt8(ascii: "%") {
            percent = true
        } else {
            result.append(byte)
        }
    }
    return Text(result)
}

/// The text of one operand under `%v`.
package func formatValue(_ value: Datum) -> Text {
    switch value {
    case .none: "<nil>"
    case .bool(let value): Text(String(value))
    case .int(let value, _): Text(String(value))
    case .uint(let value, _): Text(String(value))
    case .float(let value): Text(String(value))
    case .complex(let real, let imaginary): Text("(\(real)+\(imaginary)i)")
    case .string(let value): value
    case .list(let list): joined(list.elements.map(formatValue), "[", "]")
    case .map(let map):
        joined(map.keys.map { $0 + ":" + formatValue(map[$0] ?? .none) }, "map[", "]")
    case .object(let object): object.text ?? "{}"
    case .function: "0x0"
    }
}

private func joined(_ parts: [Text], _ open: Text, _ close: Text) -> Text {
    var result = open
    for (index, part) in parts.enumerated() {
        if index > 0 { result += " " }
        result += part
    }
    return result + close
}

/// Go's fmt.Sprint: operands separated by a space where neither neighbour is a string.
package func formatPrint(_ arguments: [Datum]) -> Text {
    var result: Text = ""
    var afterString = true
    for (index, argument) in arguments.enumerated() {
        let isString = if case .string = argument { true } else { false }
        if index > 0, !isString, !afterString { result += " " }
        result += formatValue(argument)
        afterString = isString
    }
    return result
}

/// Go's fmt.Sprintln: operands separated by spaces, a newline at the end.
package func formatLine(_ arguments: [Datum]) -> Text {
    var result: Text = ""
    for (index, argument) in arguments.enumerated() {
        if index > 0 { result += " " }
        result += formatValue(argument)
    }
    return result + "\n"
}
