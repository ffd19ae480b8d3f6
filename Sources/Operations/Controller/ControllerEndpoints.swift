import ClusterState
import Kubernetes
import TLSServer
import Values

/// Where the controller serves its health and its metrics; `nil` or `0` is nowhere.
package struct ControllerAddresses: Sendable {
    package var health: String?
    package var metrics: String?

    package init(health: String? = nil, metrics: String? = nil) { (self.health, self.metrics) = (health, metrics) }
}

/// The servers of the controller: health in plain HTTP, metrics over TLS for those whom the API server lets read them.
struct ControllerEndpoints {
    private(set) var health: Endpoint?
    private(set) var metrics: Endpoint?
    private let verdicts = Verdicts()
    private var text: () -> String = { "" }

    /// What the API server said of a token, for a while. A class, since both servers' answers look at it.
    private final class Verdicts {
        /// By the token's digest, until when.
        var known: [String: (verdict: AccessVerdict, until: Int)] = [:]

        static let lifetime = 60_000
        static let most = 1000

        func verdict(_ token: String, now: Int) -> AccessVerdict? {
            known[Verdicts.key(token)].flatMap { $0.until > now ? $0.verdict : nil }
        }

        func keep(_ verdict: AccessVerdict, _ token: String, now: Int) {
            if known.count >= Verdicts.most { known = [:] }
            known[Verdicts.key(token)] = (verdict, now + Verdicts.lifetime)
        }

        private static func key(_ token: String) -> String { base64(SHA256.hash(Array(token.utf8))) }
    }

    /// Opens what is asked for; `text` are the metrics.
    mutating func open(_ addresses: ControllerAddresses, now: @escaping () -> Int, text: @escaping () -> String) throws
    {
        self.text = text
        if let address = addresses.health, address != "0" {
            health = try Endpoint(address, tls: nil, now: now) { request in
                ["/healthz", "/readyz", "/livez"].contains(request.path)
                    ? .ok : EndpointAnswer(status: 404, body: "not found\n")
            }
        }
        guard let address = addresses.metrics, address != "0" else { return }
        let tls = try TLSContext(try ServerIdentity("sail", days: 3650))
        metrics = try Endpoint(address, tls: tls, now: now) { [verdicts] request in
            guard request.path == "/metrics" else { return EndpointAnswer(status: 404, body: "not found\n") }
            guard let token = request.token else { return ControllerEndpoints.answer(.unknown, text) }
            return verdicts.verdict(token, now: now()).map { ControllerEndpoints.answer($0, text) }
        }
    }

    var all: [Endpoint] { [health, metrics].compactMap { $0 } }

    /// What is said of them at the start.
    var lines: [String] {
        [health.map { "health: http on port \($0.port)" }, metrics.map { "metrics: https on port \($0.port)" }]
            .compactMap { $0 }
    }

    /// Asks the API server about the tokens of requests that wait for their answers.
    func answerHeld(_ cluster: Cluster, now: Int) {
        guard let metrics, metrics.hasHeld else { return }
        metrics.answerHeld { request in
            guard let token = request.token else { return ControllerEndpoints.answer(.unknown, text) }
            do throws(APIError) {
                let verdict = try cluster.mayRead("/metrics", token: token)
                verdicts.keep(verdict, token, now: now)
                return ControllerEndpoints.answer(verdict, text)
            } catch {
                return EndpointAnswer(status: 500, body: "the API server could not be asked\n")
            }
        }
    }

    private static func answer(_ verdict: AccessVerdict, _ text: () -> String) -> EndpointAnswer {
        switch verdict {
        case .allowed: EndpointAnswer(status: 200, body: text(), type: "text/plain; version=0.0.4; charset=utf-8")
        case .unknown: EndpointAnswer(status: 401, body: "unauthorized\n")
        case .forbidden: EndpointAnswer(status: 403, body: "forbidden\n")
        }
    }
}
