import GoTemplate
import Sprig
import Testing
import Values

/// Calls a function of Sprig's tables the way the evaluator does once it has checked the arguments.
func sprig(_ name: Text, _ arguments: GoValue...) throws -> GoValue {
    let function = try #require(Sprig.functions.last { $0.name == name }, "no function \(name)")
    return try function.body(arguments)
}

/// The text that a call prints, or the error's message.
func printed(_ name: Text, _ arguments: GoValue...) throws -> String {
    let function = try #require(Sprig.functions.last { $0.name == name }, "no function \(name)")
    do {
        return formatValue(try function.body(arguments)).string
    } catch let error as FunctionError {
        return error.message.string
    }
}

extension GoValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
}
