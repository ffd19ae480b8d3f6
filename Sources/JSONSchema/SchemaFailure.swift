import Values

/// Why a schema itself cannot be used; the texts are those of the library that Helm uses.
enum SchemaFailure: Error {
    case notJSON(String)
    /// The schema at that address breaks the rules for schemas.
    case againstMetaSchema(url: String, reason: String)
    case pointerNotFound(String)
    case invalidPointer(String)
    case anchorNotFound(reference: String, url: String)
    case loading(url: String, reason: String)
    case duplicateAnchor(name: String, url: String, first: String, second: String)
    case duplicateID(id: String, url: String, first: String, second: String)
    case unparsableURL(String, reason: String)
    case invalidPattern(pattern: String, url: String, reason: String)
    case metaSchemaCycle(String)
}

extension SchemaFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .notJSON(let reason): reason
        case .againstMetaSchema(let url, let reason): "\(quoted(url)) is not valid against metaschema: \(reason)"
        case .pointerNotFound(let url): "json-pointer in \(quoted(url)) not found"
        case .invalidPointer(let url): "invalid json-pointer \(quoted(url))"
        case .anchorNotFound(let reference, let url):
            "anchor in \(quoted(reference)) not found in schema \(quoted(url))"
        case .loading(let url, let reason): "failing loading \(quoted(url)): \(reason)"
        case .duplicateAnchor(let name, let url, let first, let second):
            "duplicate anchor \(quoted(name)) in \(quoted(url)) at \(quoted(first)) and \(quoted(second))"
        case .duplicateID(let id, let url, let first, let second):
            "duplicate id \(quoted(id)) in \(quoted(url)) at \(quoted(first)) and \(quoted(second))"
        case .unparsableURL(let url, let reason): "error in parsing \(quoted(url)): \(reason)"
        case .invalidPattern(let pattern, let url, let reason):
            "invalid regex \(quoted(pattern)) at \(quoted(url)): \(reason)"
        case .metaSchemaCycle(let url): "cycle in resolving $schema in \(quoted(url))"
        }
    }
}
