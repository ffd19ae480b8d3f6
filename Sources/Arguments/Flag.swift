/// One flag as a table row: parsing, help, completion and manual are read from it.
package struct Flag<Request>: Sendable {
    /// What the flag does to the request.
    package enum Effect: Sendable {
        case toggle(@Sendable (inout Request, Bool) -> Void)
        case value(@Sendable (inout Request, String) throws -> Void)
    }

    /// The long name without its dashes.
    package let name: String
    package let short: Character?
    /// What the value is called in the help; `nil` for a toggle.
    package let placeholder: String?
    package let help: String
    /// The environment variable that stands in where the flag is not given.
    package let environment: String?
    /// The only values allowed, where there are only these.
    package let choices: [String]
    /// Other words for choices: `table` for `text`.
    package let synonyms: [String: String]
    /// The value meant by the bare flag; one of the choices may also stand behind it as a word of its own.
    package let implied: String?
    /// Whether `--no-name` is accepted.
    package let isNegatable: Bool
    package let isRepeatable: Bool
    package let completion: Completion
    package let effect: Effect
    /// The flags of which one must be given for this one to mean anything, by their names.
    package private(set) var needed: [String] = []

    /// The same flag, an error where none of these others is given.
    package func needing(_ names: String...) -> Flag { needing(names) }

    fileprivate func needing(_ names: [String]) -> Flag {
        var flag = self
        flag.needed = names
        return flag
    }

    /// A flag without a value.
    package static func toggle(
        _ name: String, short: Character? = nil, help: String, environment: String? = nil, negatable: Bool = false,
        _ apply: @escaping @Sendable (inout Request, Bool) -> Void
    ) -> Flag {
        Flag(
            name: name, short: short, placeholder: nil, help: help, environment: environment, choices: [],
            synonyms: [:], implied: nil, isNegatable: negatable, isRepeatable: false, completion: .nothing,
            effect: .toggle(apply))
    }

    /// A flag with a value; `apply` may throw an `InvalidValue`.
    package static func value(
        _ name: String, short: Character? = nil, _ placeholder: String, help: String, environment: String? = nil,
        choices: [String] = [], synonyms: [String: String] = [:], implied: String? = nil, repeatable: Bool = false,
        completion: Completion = .nothing,
        _ apply: @escaping @Sendable (inout Request, String) throws -> Void
    ) -> Flag {
        let words = choices.map { Candidate($0) }
        return Flag(
            name: name, short: short, placeholder: placeholder, help: help, environment: environment,
            choices: choices, synonyms: synonyms, implied: implied, isNegatable: false, isRepeatable: repeatable,
            completion: choices.isEmpty ? completion : .words { _ in words }, effect: .value(apply))
    }

    package var takesValue: Bool { placeholder != nil }

    /// The row's left half in a help page: `-f, --values FILE`.
    package var usage: String {
        let start = short.map { "-\($0), " } ?? "    "
        let long = isNegatable ? "--[no-]\(name)" : "--\(name)"
        guard let placeholder else { return start + long }
        return start + long + (implied == nil ? " \(placeholder)" : "[=\(placeholder)]")
    }

    /// The row's right half: the help, and what else the table knows.
    package var explanation: String {
        var text = help
        if !choices.isEmpty { text += " (\(choices.joined(separator: "|")))" }
        if isRepeatable { text += " (repeatable)" }
        if !needed.isEmpty { text += ", with " + needed.map { "--\($0)" }.joined(separator: " or ") }
        if let environment { text += " [$\(environment)]" }
        return text
    }
}

/// Flags that belong together, under one heading of the help.
package struct FlagGroup<Request>: Sendable {
    package let title: String
    package let flags: [Flag<Request>]

    package init(_ title: String, _ flags: [Flag<Request>]) {
        self.title = title
        self.flags = flags
    }

    /// The same flags, each an error where none of these others is given.
    package func needing(_ names: String...) -> FlagGroup {
        FlagGroup(title, flags.map { $0.needing(names) })
    }
}

/// One argument that is not a flag, as a table row.
package struct Operand<Request>: Sendable {
    package enum Count: Sendable { case one, optional, any }

    package let name: String
    package let help: String
    package let count: Count
    package let completion: Completion
    package let apply: @Sendable (inout Request, String) throws -> Void

    package init(
        _ name: String, help: String, count: Count = .one, completion: Completion = .nothing,
        _ apply: @escaping @Sendable (inout Request, String) throws -> Void
    ) {
        self.name = name
        self.help = help
        self.count = count
        self.completion = completion
        self.apply = apply
    }

    package var usage: String {
        switch count {
        case .one: name
        case .optional: "[\(name)]"
        case .any: "[\(name)…]"
        }
    }
}
