import Foundation
import Kubernetes
import Operations
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// Fifty clients that create and edit the resources at once, and what the controller makes of it.
@Suite struct ManyClientsTests {
    private static let kinds = ["ZTunnel", "IstioCNI", "Istio"]

    /// What each client does: it creates all resources that are not there yet, each in another order, and edits them.
    private func act(_ mesh: ResourceBench, _ number: Int) throws {
        let client = try mesh.bench.cluster.client()
        for offset in 0..<3 {
            let kind = Self.kinds[(number + offset) % 3]
            var spec: Mapping = ["version": .string(number % 2 == 0 ? "v1.30.2" : "v1.30.3")]
            if kind != "ZTunnel" { spec["profile"] = "ambient" }
            let resource: Value = [
                "apiVersion": "sailoperator.io/v1", "kind": .string(kind), "metadata": ["name": "default"],
                "spec": .map(spec),
            ]
            _ = try? client.send(.create(mesh.path(kind), resource, manager: "client-\(number)"))
            let key = ["ZTunnel": "ztunnel", "IstioCNI": "cni", "Istio": "pilot"][kind] ?? ""
            let values: Value = .map([key: ["env": ["CLIENT": .string("\(number)")]]])
            _ = try client.send(
                .mergePatch(mesh.path(kind) + "/default", ["spec": ["values": values]], manager: "client-\(number)"))
        }
    }

    @Test func theMeshConvergesAndNoObjectIsWrittenMoreOftenThanItChanged() throws {
        let mesh = try ResourceBench { $0.podSeconds = 0.05 }
        let run = ControllerBench(mesh)
        run.until("it works") { run.controller.text.contains("works: holds the Lease") }
        mesh.bench.sandbox.forgetRequests()
        let failures = Mutex<[String]>([])
        let ended = DispatchSemaphore(value: 0)
        nonisolated(unsafe) let shared = mesh
        for number in 0..<50 {
            Thread {
                do { try act(shared, number) } catch { failures.withLock { $0.append("\(error)") } }
                ended.signal()
            }.start()
        }
        for _ in 0..<50 { ended.wait() }
        #expect(failures.withLock { $0 } == [])
        // Whatever came first, the versions are brought together, one resource after the other, in the wrong order.
        for kind in Self.kinds { try mesh.patch(kind, ["spec": ["version": "v1.30.3"]]) }
        run.untilHealthy()
        run.untilQuiet()
        let workloads = [(ztunnel, "ZTunnel", "ztunnel"), (agent, "IstioCNI", "cni"), (istiod, "Istio", "pilot")]
        let applies = mesh.bench.sandbox.writes.filter {
            $0.method == "PATCH" && $0.query["fieldManager"] == "helm" && $0.query["dryRun"] == nil
        }
        let counts = Dictionary(grouping: applies, by: \.path).mapValues(\.count)
        for (path, kind, key) in workloads {
            let resource = try #require(mesh.resource(kind))
            #expect(
                mesh.environment(path, "CLIENT") == resource[path: "spec", "values", key, "env", "CLIENT"]?.string)
            #expect(mesh.tag(path) == "1.30.3")
            #expect((counts[path] ?? 0) <= (resource["metadata"]?["generation"]?.int ?? 0), "\(path)")
        }
        // The others change with the version alone.
        for (path, count) in counts where !workloads.contains(where: { $0.0 == path }) {
            #expect(count <= 3, "\(path)")
        }
        mesh.bench.sandbox.forgetRequests()
        sleep(5)
        let others = mesh.bench.sandbox.requests.filter {
            !$0.path.contains("/leases/sail-operator-lock") && $0.query["watch"] == nil
        }
        #expect(others.map(\.path) == [])
    }
}
