package import Values

/// A function a template can call: a row of the function table.
///
/// The evaluator checks and converts arguments against `parameters` as Go's reflection does (wrong counts and types
/// never reach `body`): a `.int` parameter gets `.int(_, .int)`, a `.string` one `.string`, an `.any` one anything.
package struct Function: Sendable {
    package let name: Text
    package let parameters: [GoType]
    /// The element type of a last, variadic parameter.
    package let variadic: GoType?
    /// The result's static type; a function of type `any` may return whatever it likes.
    package let result: GoType
    package let body: @Sendable ([GoValue]) throws -> GoValue

    package init(
        _ name: Text, _ parameters: [GoType] = [], variadic: GoType? = nil, returns result: GoType = .any,
        body: @escaping @Sendable ([GoValue]) throws -> GoValue
    ) {
        self.name = name
        self.parameters = parameters
        self.variadic = variadic
        self.result = result
        self.body = body
    }

    package var type: GoType {
        let types = parameters.map(\.description) + (variadic.map { ["...\($0)"] } ?? [])
        return .function("func(\(types.joined(separator: ", "))) \(result)")
    }
}

/// An error that a function returns, or a panic of Go's runtime inside it: `error calling NAME: MESSAGE`.
package struct FunctionError: Error, Sendable {
    package var message: Text

    package init(_ message: Text) {
        self.message = message
    }
}
