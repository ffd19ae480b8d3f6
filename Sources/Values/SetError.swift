/// Why a `--set…` expression was refused, in the words of Helm's strvals.
package struct SetError: Error, Equatable, CustomStringConvertible, Sendable {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// What stops the parser: an error, or the end of the expression, which is one only to those who still wait for
/// something (Go: io.EOF).
enum SetStop: Error {
    case end
    case failure(SetError)

    static func failure(_ text: String) -> SetStop { .failure(SetError(text)) }

    /// The panic of a Go type assertion, as the parser reports it.
    static func mismatch(_ value: Value, wanted: String) -> SetStop {
        let type =
            switch value {
            case .null: "nil"
            case .bool: "bool"
            case .int: "int64"
            case .double: "float64"
            case .string: "string"
            case .list: "[]interface {}"
            case .map: "map[string]interface {}"
            }
        return .failure("unable to parse key: interface conversion: interface {} is \(type), not \(wanted)")
    }
}
