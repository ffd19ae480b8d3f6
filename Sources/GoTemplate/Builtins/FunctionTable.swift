package import Values

/// A function that sees the template set it is called from: `include`, `tpl`.
package struct ContextFunction: Sendable {
    let name: Text
    let parameters: [GoType]
    let result: GoType
    let body: @Sendable (Execution, [GoValue]) throws -> GoValue

    package init(
        _ name: Text, _ parameters: [GoType], returns result: GoType,
        body: @escaping @Sendable (Execution, [GoValue]) throws -> GoValue
    ) {
        self.name = name
        self.parameters = parameters
        self.result = result
        self.body = body
    }
}

/// What an identifier in a template calls.
final class Callee: Sendable {
    enum Action: Sendable {
        case function(@Sendable ([GoValue]) throws -> GoValue)
        case contextual(@Sendable (Execution, [GoValue]) throws -> GoValue)
        /// `len` takes `reflect.Value` in Go, and tells a nil from a nil in an interface.
        case length
        case and, or, call
    }

    let name: Text
    let parameters: [GoType]
    let variadic: GoType?
    let action: Action
    let traversal: Traversal

    init(_ name: Text, _ parameters: [GoType], variadic: GoType? = nil, action: Action) {
        self.name = name
        self.parameters = parameters
        self.variadic = variadic
        self.action = action
        traversal = Traversal(ofFunction: name)
    }

    convenience init(_ function: Function) {
        self.init(
            function.name, function.parameters, variadic: function.variadic, action: .function(function.body))
    }
}

/// The functions that templates can call, by name; Go's built-in ones are always among them.
package struct FunctionTable: Sendable {
    private var callees: [Text: Callee]

    /// Later functions replace earlier ones and built-in ones of the same name.
    package init(_ functions: [Function] = [], contextual: [ContextFunction] = []) {
        callees = [:]
        callees.reserveCapacity(functions.count + contextual.count + Builtins.all.count)
        for builtin in Builtins.all { callees[builtin.name] = builtin }
        for function in functions { callees[function.name] = Callee(function) }
        for function in contextual {
            callees[function.name] = Callee(function.name, function.parameters, action: .contextual(function.body))
        }
    }

    func callee(named name: Text) -> Callee? {
        callees[name]
    }
}
