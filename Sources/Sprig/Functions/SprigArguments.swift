import GoTemplate
import Values

/// Arguments by position, for function bodies whose parameter types the evaluator has checked already.
extension [GoValue] {
    func text(_ index: Int) -> Text {
        if case .string(let text) = self[index] { text } else { formatValue(self[index]) }
    }

    func integer(_ index: Int) -> Int {
        switch self[index] {
        case .int(let value, _): value
        case .uint(let value, _): Int(truncatingIfNeeded: value)
        default: 0
        }
    }
}

extension Function {
    /// A row for a function from one string to a string.
    static func onText(_ name: Text, _ body: @escaping @Sendable (Text) throws -> Text) -> Function {
        Function(name, [.string], returns: .string) { .string(try body($0.text(0))) }
    }

    /// A row for a function from two strings to a string.
    static func onTexts(_ name: Text, _ body: @escaping @Sendable (Text, Text) throws -> Text) -> Function {
        Function(name, [.string, .string], returns: .string) { .string(try body($0.text(0), $0.text(1))) }
    }

    /// A row for a test of two strings.
    static func testing(_ name: Text, _ body: @escaping @Sendable (Text, Text) throws -> Bool) -> Function {
        Function(name, [.string, .string], returns: .bool) { .bool(try body($0.text(0), $0.text(1))) }
    }

    /// A row for a function from an int and a string to a string.
    static func onCount(_ name: Text, _ body: @escaping @Sendable (Int, Text) throws -> Text) -> Function {
        Function(name, [.int, .string], returns: .string) { .string(try body($0.integer(0), $0.text(1))) }
    }
}

/// The text that Sprig makes of any value: strings and bytes as they are, everything else as `%v`.
func sprigText(_ value: GoValue) -> Text {
    switch value {
    case .string(let text): text
    case .list(let list): list.bytes.map { Text($0) } ?? formatValue(value)
    default: formatValue(value)
    }
}

/// The texts that Sprig makes of a list, without its nils; anything else is a list of one, nil of none.
func sprigTexts(_ value: GoValue) -> [Text] {
    switch value {
    case .none: return []
    case .list(let list):
        return list.elements.compactMap { element in
            if case .none = element { nil } else { sprigText(element) }
        }
    default: return [sprigText(value)]
    }
}
