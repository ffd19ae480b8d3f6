import Values

/// A `Status` of failure as the API server words it.
struct Failure: Error, Sendable {
    var code: Int
    var reason: String
    var message: String
    var details: Mapping?

    init(_ code: Int, _ reason: String, _ message: String, details: Mapping? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    var value: Value {
        var map: Mapping = [
            "kind": "Status", "apiVersion": "v1", "metadata": .empty, "status": "Failure", "message": .string(message),
        ]
        if !reason.isEmpty { map["reason"] = .string(reason) }
        if let details { map["details"] = .map(details) }
        map["code"] = .int(code)
        return .map(map)
    }

    struct Cause {
        var reason: String
        var message: String
        var field: String

        var value: Value { ["reason": .string(reason), "message": .string(message), "field": .string(field)] }
    }
}

extension Failure {
    static func details(_ name: String, _ kind: Kind) -> Mapping {
        var map: Mapping = ["name": .string(name)]
        if !kind.group.isEmpty { map["group"] = .string(kind.group) }
        map["kind"] = .string(kind.plural)
        return map
    }

    static func notFound(_ kind: Kind, _ name: String) -> Failure {
        Failure(404, "NotFound", "\(kind.resource) \"\(name)\" not found", details: details(name, kind))
    }

    static let unknownResource = Failure(
        404, "NotFound", "the server could not find the requested resource", details: Mapping())

    static func exists(_ kind: Kind, _ name: String) -> Failure {
        Failure(409, "AlreadyExists", "\(kind.resource) \"\(name)\" already exists", details: details(name, kind))
    }

    static func conflict(_ kind: Kind, _ name: String, _ text: String) -> Failure {
        Failure(
            409, "Conflict", "Operation cannot be fulfilled on \(kind.resource) \"\(name)\": \(text)",
            details: details(name, kind))
    }

    static func badRequest(_ message: String) -> Failure { Failure(400, "BadRequest", message) }

    static func forbidden(_ kind: Kind, _ name: String, _ text: String) -> Failure {
        let object = name.isEmpty ? kind.resource : "\(kind.resource) \"\(name)\""
        var details = details(name, kind)
        if name.isEmpty { details["name"] = nil }
        return Failure(403, "Forbidden", "\(object) is forbidden: \(text)", details: details)
    }

    /// An object that validation refuses, with its causes.
    static func invalid(_ kind: Kind, _ name: String, _ causes: [Cause]) -> Failure {
        let texts = causes.map { "\($0.field): \($0.message)" }
        let list = texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
        let title = kind.group.isEmpty ? kind.name : "\(kind.name).\(kind.group)"
        var details: Mapping = [:]
        if !name.isEmpty { details["name"] = .string(name) }
        if !kind.group.isEmpty { details["group"] = .string(kind.group) }
        details["kind"] = .string(kind.name)
        details["causes"] = .list(causes.map(\.value))
        return Failure(422, "Invalid", "\(title) \"\(name)\" is invalid: \(list)", details: details)
    }

    static func expired(_ message: String) -> Failure { Failure(410, "Expired", message) }

    static let rejected = Failure(
        422, "Invalid", "the server rejected our request due to an error in our request", details: Mapping())
}
