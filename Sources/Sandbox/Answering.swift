import Values
import YAML

extension World {
    private static let verbs = [
        "GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "HEAD": "get",
    ]

    /// Answers everything but watches.
    mutating func answer(_ request: HTTPRequest) -> HTTPAnswer {
        tick()
        defer { tick() }
        do throws(Failure) {
            let user = try user(request)
            if let answer = plainAnswer(request) { return answer }
            guard let target = target(request.path) else {
                let parts = request.path.split(separator: "/")
                let version = "/" + parts.prefix(parts.first == "api" ? 2 : 3).joined(separator: "/")
                if plainDiscovery(version) != nil { throw .unknownResource }
                return HTTPAnswer(text: "404 page not found\n", status: 404)
            }
            try checkAccess(user, verb(request, target), target)
            let body = try body(of: request)
            let isNew = request.method == "POST" || (request.method == "PATCH" && object(target) == nil)
            let warnings = request.isWholeObject ? try checkFields(body, target, request) : []
            let value = try carryOut(request, target, body, user)
            if case .string(let text) = value { return HTTPAnswer(text: text) }
            let table = request.method == "GET" ? Table(request, target) : nil
            var answer = HTTPAnswer(table?.of(value) ?? value, status: isNew ? 201 : 200)
            answer.headers += warnings.map { "Warning: 299 - \(quoted($0))" }
            return answer
        } catch {
            return HTTPAnswer(error.value, status: error.code)
        }
    }

    /// The permission that the request needs.
    func verb(_ request: HTTPRequest, _ target: Target) -> String {
        let verb = World.verbs[request.method] ?? "get"
        guard target.name.isEmpty else { return verb }
        if verb == "get" { return request.isSet("watch") ? "watch" : "list" }
        return verb == "delete" ? "deletecollection" : verb
    }

    private func plainAnswer(_ request: HTTPRequest) -> HTTPAnswer? {
        switch request.path {
        case "/version":
            let parts = settings.version.dropFirst().split(separator: ".")
            return HTTPAnswer([
                "major": .string(String(parts.first ?? "1")), "minor": .string(String(parts.dropFirst().first ?? "0")),
                "gitVersion": .string(settings.version), "platform": "linux/amd64",
            ])
        case let path where path.hasPrefix("/openapi/"): return openAPI(request)
        case "/readyz", "/healthz", "/livez": return HTTPAnswer(text: "ok")
        case "/api", "/apis":
            let accepts = request.headers["accept"]?.contains("as=APIGroupDiscoveryList") == true
            guard accepts, settings.hasAggregatedDiscovery else { break }
            var answer = HTTPAnswer(aggregatedDiscovery(core: request.path == "/api"))
            answer.contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            return answer
        default: break
        }
        return plainDiscovery(request.path).map { HTTPAnswer($0) }
    }

    private func body(of request: HTTPRequest) throws(Failure) -> Value {
        guard !request.body.isEmpty else { return .empty }
        if Protobuf.isProtobuf(request.body) {
            if let object = Protobuf.object(request.body) { return object }
            throw Failure(
                415, "UnsupportedMediaType",
                "the API server in memory reads this kind as JSON or YAML only: write it to a file (kubectl create "
                    + "--dry-run=client -o yaml) and apply that")
        }
        do {
            if request.contentType.hasSuffix("yaml") {
                return try Value(yaml: request.body, numbers: .native)
            }
            return try Value(json: request.body, numbers: .native)
        } catch {
            throw .badRequest("the object provided is unrecognized: \(error)")
        }
    }

    private mutating func carryOut(
        _ request: HTTPRequest, _ target: Target, _ body: Value, _ user: User
    ) throws(Failure) -> Value {
        var options = WriteOptions(
            manager: request.query["fieldManager"] ?? World.manager(request.headers["user-agent"] ?? ""))
        options.isDryRun = request.query["dryRun"] == "All"
        options.force = request.isSet("force")
        if target.subresource == "log" { return .string("sandbox: no log\n") }
        switch request.method {
        case "POST":
            if target.kind.isVirtual { return review(body, target, user) }
            return shown(try create(body, target, options), target)
        case "PUT": return shown(try update(body, target, options), target)
        case "PATCH": return shown(try patch(request, target, body, options), target)
        case "DELETE" where target.name.isEmpty: return try deleteAll(request, target, body)
        case "DELETE":
            var deletion = body
            if let policy = request.query["propagationPolicy"] { deletion[at: "propagationPolicy"] = .string(policy) }
            let isDryRun = options.isDryRun || body["dryRun"] == ["All"]
            return shownDeletion(try delete(target, deletion, isDryRun: isDryRun), target)
        default:
            if target.name.isEmpty { return try list(target, request) }
            guard let object = object(target) else { throw .notFound(target.kind, target.name) }
            return shown(object, target)
        }
    }

    private func shownDeletion(_ value: Value, _ target: Target) -> Value {
        value.kind == "Status" ? value : shown(value, target)
    }

    private mutating func deleteAll(_ request: HTTPRequest, _ target: Target, _ body: Value) throws(Failure) -> Value {
        let selectors = try Selectors(request, of: target.kind)
        for object in all(target.kind.resource, namespace: target.namespace) where selectors.match(object) {
            var one = target
            one.namespace = object.namespace
            one.name = object.name
            _ = try delete(one, body, isDryRun: request.query["dryRun"] == "All")
        }
        return try list(target, request)
    }

    private mutating func patch(
        _ request: HTTPRequest, _ target: Target, _ body: Value, _ options: WriteOptions
    ) throws(Failure) -> Value {
        switch request.contentType {
        case "application/apply-patch+yaml", "application/apply-patch":
            guard request.query["fieldManager"]?.isEmpty == false else {
                let text = "Required value: is required for apply patch"
                let cause = Failure.Cause(reason: "FieldValueRequired", message: text, field: "fieldManager")
                throw Failure(
                    422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: \(text)",
                    details: ["group": "meta.k8s.io", "kind": "PatchOptions", "causes": [cause.value]])
            }
            return try apply(body, target, options)
        case "application/merge-patch+json":
            return try patch(target, options) { old, _ in mergePatched(old, body) }
        case "application/strategic-merge-patch+json":
            guard target.kind.isBuiltIn else {
                throw Failure(
                    415, "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types include: "
                        + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
            }
            return try patch(target, options) { old, shape in strategicallyPatched(old, body, shape) }
        case "application/json-patch+json":
            let operations = body.list ?? []
            return try patch(target, options) { old, _ throws(Failure) in try jsonPatched(old, operations) }
        default: throw Failure(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
        }
    }

    /// The manager of a request that names none: the first part of its agent.
    private static func manager(_ agent: String) -> String { String(agent.prefix { $0 != "/" && $0 != " " }) }
}
