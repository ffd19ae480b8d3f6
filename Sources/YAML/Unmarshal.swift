package import Values

/// An error of sigs.k8s.io/yaml's Unmarshal, with its text.
package struct UnmarshalError: Error, Equatable, CustomStringConvertible, Sendable {
    package var description: String

    init(_ error: YAMLError) {
        description = error.unmarshalDescription
    }

    init(_ value: Value, into type: String) {
        let kind =
            switch value {
            case .null: "null"
            case .bool: "bool"
            case .int, .double: "number"
            case .string: "string"
            case .list: "array"
            case .map: "object"
            }
        let problem = "json: cannot unmarshal \(kind) into Go value of type \(type)"
        description = "error unmarshaling JSON: while decoding JSON: \(problem)"
    }
}

extension Mapping {
    /// The map that a text's first document is, as sigs.k8s.io/yaml reads into `map[string]interface {}`: an empty
    /// text or null gives an empty map. This is how Helm reads a values file; errors name the map's Go type.
    package init(yaml text: String, goType: String = "map[string]interface {}") throws(UnmarshalError) {
        try self.init(yaml: Array(text.utf8), goType: goType)
    }

    package init(yaml bytes: [UInt8], goType: String = "map[string]interface {}") throws(UnmarshalError) {
        switch try Value.unmarshaled(bytes) {
        case .null: self.init()
        case .map(let map): self = map
        case let other: throw UnmarshalError(other, into: goType)
        }
    }
}

extension [Value] {
    /// The list that a text's first document is, as sigs.k8s.io/yaml reads into `[]interface {}`; null gives an empty
    /// list.
    package init(yaml bytes: [UInt8]) throws(UnmarshalError) {
        switch try Value.unmarshaled(bytes) {
        case .null: self.init()
        case .list(let elements): self = elements
        case let other: throw UnmarshalError(other, into: "[]interface {}")
        }
    }
}

extension Value {
    fileprivate static func unmarshaled(_ bytes: [UInt8]) throws(UnmarshalError) -> Value {
        do throws(YAMLError) {
            return try Value(yaml: bytes)
        } catch {
            throw UnmarshalError(error)
        }
    }
}
