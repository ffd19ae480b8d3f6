import Foundation
import Glibc
import HTTP
import Kubernetes
import System
import Values

/// Files and variables in memory.
func processEnvironment(
    _ files: [String: String], _ environment: [String: String] = [:], isInteractive: Bool = false
) -> ProcessEnvironment {
    var processEnvironment = ProcessEnvironment(
        environment: { environment[$0] }, read: { files[$0].map { Array($0.utf8) } }, isInteractive: isInteractive)
    processEnvironment.exists = { files[$0] != nil || $0.hasSuffix("forbidden") }
    return processEnvironment
}

/// A connection by a kubeconfig at /k/config and flags.
func connection(
    _ config: String, files: [String: String] = [:], environment: [String: String] = [:],
    _ change: (inout ConnectionOptions) -> Void = { _ in }
) throws -> Connection {
    var options = ConnectionOptions()
    options.kubeconfig = "/k/config"
    change(&options)
    return try Connection(options, processEnvironment(files.merging(["/k/config": config]) { $1 }, environment))
}

/// A kubeconfig with one context, cluster and user, whose bodies are YAML's flow maps.
func config(cluster: String = "", user: String = "token: t", context: String = "") -> String {
    let more = cluster.isEmpty ? "" : ", " + cluster
    return """
        clusters: [{name: c, cluster: {server: "https://c.example:6443"\(more)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: x, context: {cluster: c, user: u\(context.isEmpty ? "" : ", " + context)}}]
        current-context: x
        """
}

/// A transport that answers as a test wants, and remembers what it was asked.
final class ScriptedTransport: Transport {
    private(set) var requests: [HTTP.Request] = []
    private let respond: (HTTP.Request) -> Result<Response, TransportError>

    init(_ respond: @escaping (HTTP.Request) -> Result<Response, TransportError> = { _ in .success(.json("{}")) }) {
        self.respond = respond
    }

    func perform(_ requests: [HTTP.Request]) -> [Result<Response, TransportError>] {
        self.requests += requests
        return requests.map(respond)
    }

    func stream(_ request: HTTP.Request, receive: ([UInt8]) -> Bool) -> Result<Response, TransportError> {
        requests.append(request)
        let answer = respond(request)
        guard case .success(let response) = answer, response.status == 200 else { return answer }
        _ = receive(response.body)
        return .success(Response(status: 200, headers: response.headers))
    }
}

extension Response {
    static func json(_ text: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> Response {
        Response(
            status: status, headers: [("content-type", "application/json")] + headers, body: Array(text.utf8))
    }
}

extension HTTP.Request {
    /// All values of a header.
    func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
    var authorization: String? { values("Authorization").first }
}

extension Client {
    convenience init(
        _ connection: Connection, _ transport: any Transport, _ around: ProcessEnvironment = processEnvironment([:])
    ) {
        self.init(connection, around, transport: transport, userAgent: "test/1")
    }
}

/// The headers of a request by that kubeconfig.
func sent(
    _ config: String, files: [String: String] = [:], _ change: (inout ConnectionOptions) -> Void = { _ in }
) throws -> HTTP.Request {
    let transport = ScriptedTransport()
    let client = Client(try connection(config, files: files, change), transport, processEnvironment(files))
    _ = try client.send(.get("/api"))
    guard let request = transport.requests.first else { throw Missing() }
    return request
}

struct Missing: Error {}

/// The text of the error that a body throws.
func message(_ body: () throws -> some Any) -> String {
    do {
        _ = try body()
        return "no error"
    } catch {
        return String(describing: error)
    }
}

/// A folder that goes with the test.
final class Folder {
    let path = NSTemporaryDirectory() + "kubernetes-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, mode)
        return file
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
}

func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
