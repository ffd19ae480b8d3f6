import Foundation
import HTTP
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// `sail reconcile --watch` as a process, on clusters in memory and real ones. Numbers are those of the operator's
/// behaviours.
@Suite struct ControllerClusterTests {
    private static let all = ["Istio", "IstioCNI", "ZTunnel"]
    private static let istiod = "/apis/apps/v1/namespaces/istio-system/deployments/istiod"
    private static let ztunnel = "/apis/apps/v1/namespaces/ztunnel/daemonsets/ztunnel"

    /// Waits until the resources are healthy as they are now.
    private func waitUntilHealthy(_ resources: Resources, _ program: Program) throws {
        try resources.wait(for: "health", program) {
            try Self.all.allSatisfy { kind in
                let resource = try resources.mesh.object(resources.path(kind))
                return resource[path: "status", "state"] == "Healthy"
                    && resource[path: "status", "observedGeneration"] == resource[path: "metadata", "generation"]
            }
        }
    }

    private func create(_ resources: Resources, version: String) throws {
        try resources.create("ZTunnel", ["version": .string(version)])
        try resources.create("IstioCNI", ["version": .string(version), "profile": "ambient"])
        try resources.create("Istio", ["version": .string(version), "profile": "ambient"])
    }

    private func patch(_ resources: Resources, _ path: String, _ patch: Value) throws {
        _ = try resources.mesh.client.send(.mergePatch(path, patch, manager: "test"))
    }

    // Behaviours 17, 49, 63, 71, 72, 73 and 75.
    @Test(arguments: ClusterKind.available) func aMeshIsMadeUpgradedAndEnded(kind: ClusterKind) throws {
        let resources = try Resources(kind)
        let mesh = resources.mesh
        let program = try mesh.start("reconcile --watch --allow-end-of-life")
        try create(resources, version: Mesh.old)
        try waitUntilHealthy(resources, program)
        for kind in Self.all.reversed() {
            try patch(resources, resources.path(kind), ["spec": ["version": .string(Mesh.new)]])
        }
        try resources.wait(for: "the upgrade", program) {
            let image = try mesh.object(Self.ztunnel)[path: "spec", "template", "spec", "containers"]?.list?.first?[
                "image"]
            return image?.string?.contains(":1.30.3") == true
        }
        try waitUntilHealthy(resources, program)
        for kind in Self.all.reversed() { _ = try mesh.client.send(.delete(resources.path(kind))) }
        try resources.wait(for: "the end of the resources", program) {
            Self.all.allSatisfy { (try? mesh.object(resources.path($0))) == nil }
        }
        #expect(throws: (any Error).self) { try mesh.object(Self.ztunnel) }
        #expect(throws: (any Error).self) { try mesh.object(Self.istiod) }
        program.signal(SIGTERM)
        let run = program.end()
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.split(separator: "\n").last?.contains("ends: asked to by a signal") == true)
        #expect(run.output == "")
        #expect(!run.messages.contains("\u{1B}"))
    }

    // Behaviours 81 and 34: a process that dies leaves the Lease, and the one that waited goes on.
    @Test(arguments: ClusterKind.available) func anotherOneGoesOnWhereOneIsKilled(kind: ClusterKind) throws {
        let resources = try Resources(kind)
        let mesh = resources.mesh
        let first = try mesh.start("reconcile --watch")
        try resources.wait(for: "the first to work", first) { first.messages.contains("works: holds the Lease") }
        let second = try mesh.start("reconcile --watch")
        try resources.wait(for: "the second to wait", second) { second.messages.contains("waits: ") }
        try create(resources, version: Mesh.new)
        try resources.wait(for: "istiod", first) { (try? mesh.object(Self.istiod)) != nil }
        first.signal(SIGKILL)
        _ = first.end()
        try waitUntilHealthy(resources, second)
        #expect(second.messages.contains("works: holds the Lease"))
        try patch(resources, Self.ztunnel, ["spec": ["template": ["metadata": ["labels": ["mine": "yes"]]]]])
        let image: Value = ["op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "other:1"]
        _ = try mesh.client.send(.jsonPatch(Self.ztunnel, [image], manager: "kubectl-set"))
        try resources.wait(for: "the image to be put back", second) {
            let found = try mesh.object(Self.ztunnel)[path: "spec", "template", "spec", "containers"]?.list?.first?[
                "image"]
            return found?.string?.contains(":1.30.3") == true
        }
        try waitUntilHealthy(resources, second)
        second.signal(SIGINT)
        #expect(second.end().code == 0)
    }

    // Behaviour 79: a real API server says who may read them.
    @Test(.enabled(if: ClusterKind.available.contains(.live))) func metricsAreForThoseWhoMayGetThem() throws {
        let resources = try Resources(.live)
        let program = try resources.mesh.start("reconcile --watch --metrics-addr 127.0.0.1:0")
        try resources.wait(for: "the metrics", program) { program.messages.contains("works: holds the Lease") }
        let line = program.messages.split(separator: "\n").first { $0.contains("metrics: https on port ") } ?? ""
        let port = line.split(separator: " ").last ?? ""
        func status(_ token: String) throws -> Int {
            let request = HTTP.Request(
                "GET", "https://127.0.0.1:\(port)/metrics", headers: [("Authorization", "Bearer \(token)")],
                security: Security(isInsecure: true), proxy: "")
            return try CurlTransport().perform(request).get().status
        }
        #expect(try status(Sandbox.adminToken) == 200)
        #expect(try status(Sandbox.viewerToken) == 403)
        #expect(try status("nobody") == 401)
        program.signal(SIGTERM)
        #expect(program.end().code == 0)
    }

    @Test func whatOneRunIsAskedForIsRefused() throws {
        for flag in ["-f mesh.yaml", "--dry-run", "-o json", "--rollback-on-failure"] {
            let run = try Program(
                "reconcile --watch \(flag)".split(separator: " ").map(String.init), kubeconfig: "/none"
            ).end()
            #expect(run.code == 2)
            #expect(run.messages.contains("it takes no \(flag.prefix { $0 != " " })"), "\(run.messages)")
        }
    }
}

extension Resources {
    /// Waits until something is so; shows what the program said where it does not come.
    fileprivate func wait(for what: String, _ program: Program, _ condition: () throws -> Bool) throws {
        for _ in 0..<900 {
            if try condition() { return }
            usleep(100_000)
        }
        Issue.record("waited in vain for \(what):\n\(program.messages)")
    }
}
