internal import Objects
internal import Values

/// What the body of a successful answer must be; another one is an error, never an empty answer.
package enum Expectation: Sendable, Equatable {
    /// Any JSON object.
    case object
    /// A JSON object of one of these kinds.
    case kinds([String])
    /// A JSON object with these fields, each of them text that is not empty.
    case fields([String])
    /// A list of the objects of the collection that the path names, such as a PodList for `…/pods`.
    case list
    /// Whatever comes: the log of a container.
    case anything

    /// Why `value` is not what was asked for at `path`; `nil` where it is.
    func complaint(_ value: Value, path: String) -> String? {
        switch self {
        case .anything: return nil
        case .object: return value.map == nil ? "an object was expected, not \(value.shape)" : nil
        case .kinds(let kinds):
            let kind = value["kind"]?.string
            let isExpected = value.map != nil && kinds.contains { $0 == kind }
            return isExpected ? nil : "\(kinds.joined(separator: " or ")) was expected, not \(value.shape)"
        case .fields(let names):
            let missing = names.filter { value[$0]?.string?.isEmpty ?? true }
            return missing.isEmpty ? nil : "\(missing.joined(separator: " and ")) were expected, not \(value.shape)"
        case .list: return listComplaint(value, resource: path.split(separator: "/").last.map(String.init) ?? "")
        }
    }

    private func listComplaint(_ value: Value, resource: String) -> String? {
        let wanted = "a list of \(resource)"
        guard let kind = value["kind"]?.string, kind.hasSuffix("List"), Expectation.holds(kind, resource) else {
            return "\(wanted) was expected, not \(value.shape)"
        }
        switch value["items"] {
        // What Go writes for a list without items.
        case .null?: break
        case .list(let items)?:
            let isNamed = items.allSatisfy { !$0.metadata.name.isEmpty }
            if !isNamed { return "\(wanted) was expected; an item has no metadata.name" }
        case let other: return "\(wanted) was expected; its items are \(other.map(\.shape) ?? "missing")"
        }
        switch value["metadata"]?["continue"] {
        case nil, .null?, .string?: return nil
        case let other: return "\(wanted) was expected; metadata.continue is \(other.map(\.shape) ?? "missing")"
        }
    }

    /// Whether `PodList` may be the list of `pods`. A plural begins as its kind does, but for the kind's last letter
    /// (`policies`).
    private static func holds(_ kind: String, _ resource: String) -> Bool {
        if kind == "PartialObjectMetadataList" || kind == "List" { return true }
        return resource.hasPrefix(kind.dropLast("List".count).lowercased().dropLast())
    }
}

extension Value {
    /// What a value is, in a few words that hold no text of a server's.
    fileprivate var shape: String {
        switch self {
        case .null: return "null"
        case .bool: return "a boolean"
        case .int, .double: return "a number"
        case .string: return "text"
        case .list: return "an array"
        case .map(let map):
            guard let kind = map["kind"]?.string, !kind.isEmpty, kind.count < 64,
                kind.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
            else { return "an object without a kind" }
            return "an object of kind \(kind)"
        }
    }
}
