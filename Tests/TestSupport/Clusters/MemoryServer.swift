package import HTTP
package import Kubernetes
import System
package import Values

/// An API server of the kind that records and locks need: objects by path, create, merge patch, update, delete, list.
///
/// It can die after a number of requests, as a run does that is killed.
package final class MemoryServer: Transport {
    /// What it holds, by path.
    package private(set) var objects: [String: Value] = [:]
    /// The requests so far: `GET /api/v1/secrets`.
    package private(set) var sent: [String] = []
    private var counter = 0
    /// From then on every request fails as if nobody were there.
    package var lastRequest = Int.max
    /// Called before each answer.
    package var onRequest: () -> Void = {}

    package init() {}

    /// Stores an object under a new resourceVersion.
    package func put(_ path: String, _ object: Value) {
        counter += 1
        guard case .map(var map) = object else { return }
        var metadata = map["metadata"]?.map ?? Mapping()
        metadata["resourceVersion"] = .string(String(counter))
        let parts = path.split(separator: "/").map(String.init)
        if metadata["name"] == nil { metadata["name"] = .string(parts.last ?? "") }
        if map["kind"] == nil { map["kind"] = .string(MemoryServer.kinds[parts.dropLast().last ?? ""] ?? "Thing") }
        map["metadata"] = .map(metadata)
        objects[path] = .map(map)
    }

    /// Answers one batch.
    package func perform(_ requests: [HTTP.Request]) -> [Result<Response, TransportError>] {
        requests.map { request in
            onRequest()
            guard sent.count < lastRequest else { return .failure(.cancelled(url: request.url)) }
            let path = String(request.url.dropFirst("https://memory".count).prefix { $0 != "?" })
            sent.append("\(request.method) \(path)")
            return .success(
                answer(request.method, path, (try? Value(json: request.body ?? [], numbers: .native)) ?? .null))
        }
    }

    /// There are no watches.
    package func stream(_ request: HTTP.Request, receive: ([UInt8]) -> Bool) -> Result<Response, TransportError> {
        .failure(.cancelled(url: request.url))
    }

    private static let kinds = ["secrets": "Secret", "configmaps": "ConfigMap", "leases": "Lease"]

    private func answer(_ method: String, _ path: String, _ body: Value) -> Response {
        let live = objects[path]
        switch method {
        case "GET":
            if let live { return ok(live) }
            guard path.hasSuffix("secrets") || path.hasSuffix("configmaps") || path.hasSuffix("leases") else {
                return status(404, "NotFound")
            }
            let everywhere = ["/api/v1/secrets": "/secrets/", "/api/v1/configmaps": "/configmaps/"]
            let inside = everywhere[path] ?? path + "/"
            let kind = MemoryServer.kinds[path.split(separator: "/").last.map(String.init) ?? ""] ?? ""
            let items = objects.keys.sorted().filter { $0.contains(inside) }.compactMap { objects[$0] }
            return ok(["kind": .string(kind + "List"), "items": .list(items)])
        case "POST":
            let name = path + "/" + (body["metadata"]?["name"]?.string ?? "")
            if objects[name] != nil { return status(409, "AlreadyExists") }
            put(name, body)
            return ok(objects[name] ?? .null)
        case "PATCH", "PUT":
            guard let live else { return status(404, "NotFound") }
            let version = body["metadata"]?["resourceVersion"]
            if let version, version != live["metadata"]?["resourceVersion"] { return status(409, "Conflict") }
            put(path, method == "PUT" ? body : merged(live, body))
            return ok(objects[path] ?? .null)
        default:
            objects[path] = nil
            return ok(["kind": "Status", "status": "Success"])
        }
    }

    private func merged(_ old: Value, _ patch: Value) -> Value {
        guard case .map(let changes) = patch else { return patch }
        var map = old.map ?? Mapping()
        for (key, value) in changes { map[key] = value.isNull ? Value?.none : merged(map[key] ?? .null, value) }
        return .map(map)
    }

    private func ok(_ value: Value) -> Response { Response(status: 200, body: Array(((try? value.json()) ?? "").utf8)) }

    private func status(_ code: Int, _ reason: String) -> Response {
        let value: Value = [
            "kind": "Status", "code": .int(code), "reason": .string(reason), "message": .string(reason),
        ]
        return Response(status: code, body: Array(((try? value.json()) ?? "").utf8))
    }
}

extension MemoryServer {
    /// A client of this server.
    package func client() throws -> Client {
        let kubeconfig = """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://memory"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """
        let processEnvironment = ProcessEnvironment(
            environment: { $0 == "KUBECONFIG" ? "/config" : nil },
            read: { $0 == "/config" ? Array(kubeconfig.utf8) : nil }, isInteractive: false)
        return Client(
            try Connection(ConnectionOptions(), processEnvironment), processEnvironment, transport: self,
            userAgent: "test")
    }
}
