import Foundation
import HTTP
import Kubernetes
import Operations
import Sandbox
import TestSupport
import Testing
import Values

/// What the controller serves and tells: health, metrics, Events.
@Suite struct ControllerServingTests {
    private func get(_ url: String, token: String? = nil, method: String = "GET") throws -> (status: Int, body: String)
    {
        let headers = token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        let request = Request(method, url, headers: headers, security: Security(isInsecure: true), proxy: "")
        let response = try CurlTransport().perform(request).get()
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    private func port(_ run: ControllerBench, _ what: String) throws -> Int {
        run.until("it serves \(what)") { run.controller.text.contains("\(what): ") }
        let line = run.controller.lines.first { $0.hasPrefix("\(what): ") } ?? ""
        return try #require(line.split(separator: " ").last.flatMap { Int($0) })
    }

    @Test func healthIsServedInPlainHTTP() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh, serving: ControllerAddresses(health: "127.0.0.1:0"))
        let port = try port(run, "health")
        for path in ["/healthz", "/readyz"] {
            let answer = try get("http://127.0.0.1:\(port)\(path)")
            #expect(answer.status == 200)
            #expect(answer.body == "ok")
        }
        #expect(try get("http://127.0.0.1:\(port)/metrics").status == 404)
        #expect(try get("http://127.0.0.1:\(port)/healthz", method: "POST").status == 405)
        // Many at a time, and some that say nothing.
        for _ in 0..<100 { #expect(try get("http://127.0.0.1:\(port)/healthz").status == 200) }
    }

    // Behaviour 79: what the API server says decides.
    @Test func metricsNeedATokenAndTLS() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh, serving: ControllerAddresses(metrics: "127.0.0.1:0"))
        let port = try port(run, "metrics")
        #expect(try get("https://127.0.0.1:\(port)/metrics").status == 401)
        #expect(try get("https://127.0.0.1:\(port)/other", token: "a").status == 404)
        #expect(throws: (any Error).self) { try get("http://127.0.0.1:\(port)/metrics") }
        #expect(try get("https://127.0.0.1:\(port)/metrics", token: "a").status == 401)
        #expect(try get("https://127.0.0.1:\(port)/metrics", token: Sandbox.viewerToken).status == 403)
        let answer = try get("https://127.0.0.1:\(port)/metrics", token: Sandbox.adminToken)
        #expect(answer.status == 200)
        #expect(answer.body.contains("controller_runtime_reconcile_total"))
    }

    // Behaviour 79: a role that grants the path is enough.
    @Test func aRoleLetsAUserReadTheMetrics() throws {
        let mesh = try ResourceBench()
        let access = "/apis/rbac.authorization.k8s.io/v1"
        let role: Value = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": ["name": "metrics"],
            "rules": [["nonResourceURLs": ["/metrics"], "verbs": ["get"]]],
        ]
        let binding: Value = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": ["name": "metrics"],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "metrics"],
            "subjects": [["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "viewer"]],
        ]
        _ = try mesh.bench.client.send(.create(access + "/clusterroles", role))
        _ = try mesh.bench.client.send(.create(access + "/clusterrolebindings", binding))
        let run = ControllerBench(mesh, serving: ControllerAddresses(metrics: "127.0.0.1:0"))
        let port = try port(run, "metrics")
        #expect(try get("https://127.0.0.1:\(port)/metrics", token: Sandbox.viewerToken).status == 200)
    }

    @Test func anAddressThatIsNoneIsAnError() throws {
        let mesh = try ResourceBench()
        for address in ["8081", "host:99999", "[::1:80", "256.1.1.1:80", ""] {
            #expect(throws: (any Error).self, "\(address)") {
                try Controller.run(mesh.bench.options(), serving: ControllerAddresses(health: address))
            }
        }
    }

    @Test func eventsTellWhatHappened() throws {
        let mesh = try ResourceBench()
        let run = ControllerBench(mesh)
        try mesh.createMesh()
        run.untilHealthy()
        try mesh.patch("ZTunnel", ["spec": ["targetRef": ["kind": "Istio", "name": "none"]]])
        func events() throws -> [String] {
            try mesh.bench.client.list("/api/v1/namespaces/default/events").items.compactMap { event in
                guard event["source"]?["component"] == "sail" else { return nil }
                #expect(event["involvedObject"]?["uid"]?.string?.isEmpty == false)
                return ["type", "reason", "message"].compactMap { event[$0]?.string }.joined(separator: " ")
                    + " " + (event["involvedObject"]?["kind"]?.string ?? "")
            }
        }
        try run.until("the Events are there") {
            let all = try events()
            return ["Normal Reconciled created 9 objects IstioCNI", "Normal Healthy all pods are ready ZTunnel"]
                .allSatisfy(
                    all.contains)
                && all.contains { $0.hasPrefix("Warning ValidationError") && $0.hasSuffix("ZTunnel") }
        }
        let before = try events().count
        run.untilQuiet()
        #expect(try events().count - before <= 2)
    }
}
