import Values

/// Why a text is not the YAML that was wanted, in the words of go-yaml and sigs.k8s.io/yaml.
package enum YAMLError: Error, Equatable, Sendable {
    /// The text is not YAML. go-yaml leaves the line out where it is the first.
    case syntax(line: Int?, String)
    /// The text is YAML, but has no value: an alias without anchor, a value that its tag does not allow, …
    case value(String)
    /// A collection as a key; the payload is how Go prints it.
    case invalidKey(String)
    /// The value has no JSON, such as a null key.
    case json(String)
    /// Nested deeper than JSON may be; the payload is the bracket that is one too many.
    case tooDeep(UInt8)
}

extension YAMLError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let line, let problem): "yaml: " + (line.map { "line \($0): " } ?? "") + problem
        case .value(let problem): "yaml: " + problem
        case .invalidKey(let key): "yaml: invalid map key: \(key)"
        case .json(let problem): problem
        case .tooDeep(let bracket):
            "invalid character '\(Character(Unicode.Scalar(bracket)))' exceeded max depth"
        }
    }

    /// The text as sigs.k8s.io/yaml's Unmarshal gives it.
    package var unmarshalDescription: String {
        if case .tooDeep = self { return "error unmarshaling JSON: while decoding JSON: \(self)" }
        return "error converting YAML to JSON: \(self)"
    }
}
