package import Values

/// One request to the API server: a verb, a path and what goes with it.
package struct APIRequest: Sendable {
    package enum Verb: String, Sendable {
        case get = "GET"
        case create = "POST"
        case patch = "PATCH"
        case update = "PUT"
        case delete = "DELETE"
    }

    package var verb: Verb
    /// From the server's root: `/apis/apps/v1/namespaces/istio-system/deployments/istiod`.
    package var path: String
    package var query: [(name: String, value: String)]
    package var body: [UInt8]?
    package var contentType: String
    package var accept: String
    /// What the body of a successful answer must be.
    package var expectation = Expectation.object
    /// Whether `metadata.managedFields`, the larger half of most objects, is left out of the answer.
    package var omitsManagedFields = false

    package init(
        _ verb: Verb, _ path: String, query: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        contentType: String = "application/json", accept: String = "application/json"
    ) {
        self.verb = verb
        self.path = path
        self.query = query
        self.body = body
        self.contentType = contentType
        self.accept = accept
    }

    /// A create that may be sent twice: it leaves nothing behind, or the caller takes AlreadyExists for what it may be,
    /// an answer that was lost.
    package var isRepeatableCreate = false
    /// How often it is sent at most.
    package var attempts = Client.attempts

    /// Whether sending it again after a broken connection does no harm: everything but most creates.
    var isRepeatable: Bool { verb != .create || isRepeatableCreate }
}

extension APIRequest {
    package static func get(_ path: String, query: [(name: String, value: String)] = []) -> APIRequest {
        APIRequest(.get, path, query: query)
    }

    /// The same call, whose answer must be what `expectation` says.
    package func expecting(_ expectation: Expectation) -> APIRequest {
        var call = self
        call.expectation = expectation
        return call
    }

    /// The same call, whose answer must be an object of the kind of the one that is sent.
    private func expectingKind(of object: Value) -> APIRequest {
        guard let kind = object["kind"]?.string else { return self }
        return expecting(.kinds([kind]))
    }

    /// Server-side apply: the object as JSON, with the field manager.
    package static func apply(
        _ path: String, _ object: Value, manager: String, force: Bool = false, isDryRun: Bool = false
    ) -> APIRequest {
        var query = [(name: "fieldManager", value: manager)]
        if force { query.append(("force", "true")) }
        if isDryRun { query.append(("dryRun", "All")) }
        return APIRequest(.patch, path, query: query, body: object.bytes, contentType: "application/apply-patch+yaml")
            .expectingKind(of: object)
    }

    package static func create(
        _ path: String, _ object: Value, manager: String? = nil, isDryRun: Bool = false
    ) -> APIRequest {
        APIRequest(.create, path, query: writeQuery(manager, isDryRun), body: object.bytes).expectingKind(of: object)
    }

    /// A create that is sent again after a broken connection or a server error.
    package static func repeatedCreate(_ path: String, _ object: Value, manager: String? = nil) -> APIRequest {
        var call = create(path, object, manager: manager)
        call.isRepeatableCreate = true
        return call
    }

    package static func update(_ path: String, _ object: Value, manager: String? = nil) -> APIRequest {
        APIRequest(.update, path, query: writeQuery(manager, false), body: object.bytes).expectingKind(of: object)
    }

    /// RFC 6902 operations.
    package static func jsonPatch(_ path: String, _ operations: [Value], manager: String? = nil) -> APIRequest {
        APIRequest(
            .patch, path, query: writeQuery(manager, false), body: Value.list(operations).bytes,
            contentType: "application/json-patch+json")
    }

    package static func mergePatch(
        _ path: String, _ patch: Value, manager: String? = nil, isDryRun: Bool = false
    ) -> APIRequest {
        APIRequest(
            .patch, path, query: writeQuery(manager, isDryRun), body: patch.bytes,
            contentType: "application/merge-patch+json")
    }

    /// `uid` guards against deleting a successor of the object that was looked at, `version` (its resourceVersion)
    /// against deleting what was written since.
    package static func delete(
        _ path: String, uid: String? = nil, version: String? = nil, propagation: String = "Background"
    ) -> APIRequest {
        var options: Mapping = [
            "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": .string(propagation),
        ]
        var preconditions = Mapping()
        if let uid { preconditions["uid"] = .string(uid) }
        if let version { preconditions["resourceVersion"] = .string(version) }
        if !preconditions.isEmpty { options["preconditions"] = .map(preconditions) }
        return APIRequest(.delete, path, body: Value.map(options).bytes)
    }

    private static func writeQuery(_ manager: String?, _ isDryRun: Bool) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let manager { query.append(("fieldManager", manager)) }
        if isDryRun { query.append(("dryRun", "All")) }
        return query
    }
}

extension Value {
    /// The value as JSON bytes; numbers that JSON has no form for cannot come from YAML or JSON.
    fileprivate var bytes: [UInt8] {
        var writer = JSONWriter(escapingHTML: false)
        do {
            try writer.value(self)
        } catch {
            preconditionFailure("a number that JSON cannot hold reached a request body")
        }
        return writer.bytes
    }
}
