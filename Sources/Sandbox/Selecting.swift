import Values

/// Which objects of a collection are meant: label and field selectors.
struct Selectors: Sendable {
    private enum Label: Sendable {
        case equals(String, String)
        case differs(String, String)
        case oneOf(String, [String])
        case noneOf(String, [String])
        case exists(String)
        case missing(String)
    }

    private var labels: [Label] = []
    private var fields: [(path: [String], value: String, isEqual: Bool)] = []

    /// The fields that a selector may name, beside the name and the namespace that all kinds have.
    private static let selectable: [String: Set<String>] = [
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "nodes": ["spec.unschedulable"], "namespaces": ["status.phase"], "secrets": ["type"],
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "reason",
            "type",
        ],
    ]

    /// Reads the query of a request; throws what the server answers to a selector it cannot read, or that the kind
    /// does not have.
    init(_ request: HTTPRequest, of kind: Kind) throws(Failure) {
        for text in Selectors.split(request.query["labelSelector"] ?? "") { labels.append(try Selectors.label(text)) }
        for text in (request.query["fieldSelector"] ?? "").split(separator: ",") {
            let isEqual = !text.contains("!=")
            let parts = text.split(separator: isEqual ? "=" : "!=", omittingEmptySubsequences: true)
            guard let path = parts.first.map(String.init) else { throw .badRequest("invalid field selector") }
            let known = Selectors.selectable[kind.plural] ?? []
            guard path == "metadata.name" || path == "metadata.namespace" || known.contains(path) else {
                throw .badRequest("field label not supported: \(path)")
            }
            fields.append(
                (path.split(separator: ".").map(String.init), parts.count > 1 ? String(parts[1]) : "", isEqual))
        }
    }

    func match(_ object: Value) -> Bool {
        let own = object.labels
        func value(_ key: String) -> String? { own[key]?.string }
        let hasLabels = labels.allSatisfy { label in
            switch label {
            case .equals(let key, let text): value(key) == text
            case .differs(let key, let text): value(key) != text
            case .oneOf(let key, let texts): value(key).map(texts.contains) ?? false
            case .noneOf(let key, let texts): !(value(key).map(texts.contains) ?? false)
            case .exists(let key): value(key) != nil
            case .missing(let key): value(key) == nil
            }
        }
        return hasLabels
            && fields.allSatisfy { field in
                (Selectors.text(object[along: field.path[...]], field.path) == field.value) == field.isEqual
            }
    }

    /// A field as selectors compare it; of those that are true or false, absent is false.
    private static func text(_ value: Value?, _ path: [String]) -> String {
        if let text = value?.string { return text }
        if path == ["spec", "hostNetwork"] || path == ["spec", "unschedulable"] {
            return value?.bool == true ? "true" : "false"
        }
        return ""
    }

    /// Parts between commas that are not inside parentheses.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.filter { !$0.isEmpty }
    }

    private static func label(_ text: String) throws(Failure) -> Label {
        if text.hasPrefix("!") { return .missing(String(text.dropFirst())) }
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            let parts = text.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            return isEqual ? .equals(String(parts[0]), String(parts[1])) : .differs(String(parts[0]), String(parts[1]))
        }
        let words = text.split(maxSplits: 2) { $0 == " " || $0 == "(" }.map(String.init)
        if words.count == 1 { return .exists(text) }
        let list = text.split { $0 == "(" || $0 == ")" }.last ?? ""
        let values = list.split { $0 == "," || $0 == " " }.map(String.init)
        switch words[1] {
        case "in": return .oneOf(words[0], values)
        case "notin": return .noneOf(words[0], values)
        default:
            throw .badRequest(
                "unable to parse requirement: found '\(words[1])', expected: in, notin, =, ==, !=, gt, lt")
        }
    }
}
