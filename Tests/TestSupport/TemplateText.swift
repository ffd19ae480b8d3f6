package import GoTemplate
package import Values

/// Renders a text as a template named `t`, or gives the message of its error.
package func rendered(
    _ text: String, _ values: Value = .null, missingKey: MissingKey = .zero, functions: [Function] = [],
    limits: Limits = Limits()
) -> String {
    do {
        var set = TemplateSet(name: "t", functions: FunctionTable(functions))
        try set.parse(Text(text), name: "t")
        let output = try Execution.run("t", of: set, dot: GoValue(values), missingKey: missingKey, limits: limits)
        return Text(output).string
    } catch {
        return messageText(error).string
    }
}
