import Foundation
import Kubernetes
import Meshes
import Operations
import Planning
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// A user whose messages are read while the controller runs on another thread.
private final class SharedUI: OperationUI {
    let lines = Mutex<[String]>([])
    let questions = Mutex(0)

    func note(_ message: String) { lines.withLock { $0.append(message) } }
    func warn(_ message: String) { note(message) }
    func warn(logged line: String) { note(line) }
    func fail(_ message: String) { note(message) }
    func fail(_ error: any Error) { note("\(error)") }
    func show(_ preview: RunPreview, as form: PlanForm) throws {}
    func summarize(_ preview: RunPreview) {}
    func report(_ result: RunResult) {}
    func show(_ objects: [MeshObject]) throws {}
    func confirm(_ question: String) throws -> Bool { confirmAlways(question) }

    func confirmAlways(_ question: String) -> Bool {
        questions.withLock { $0 += 1 }
        return true
    }

    var canAsk: Bool { true }
    func progress() -> any ProgressReport { Silence() }

    private final class Silence: ProgressReport {
        func take(_ progress: Planning.Progress) {}
        func tick() {}
        func close() {}
    }
}

/// A controller on a thread of this process, and the cluster that it works on.
final class ControllerBench {
    let mesh: ResourceBench
    let controller: Running

    var bench: Bench { mesh.bench }
    var sandbox: Sandbox { bench.sandbox }

    /// What one controller said, and how it ended.
    final class Running: @unchecked Sendable {
        private let ui = SharedUI()
        private let signals = ScriptedSignals()
        private let ended = DispatchSemaphore(value: 0)
        private(set) var code: Int32?
        private(set) var error: (any Error)?

        init(_ options: OperationOptions, serving addresses: ControllerAddresses) {
            var options = options
            (options.ui, options.signals) = (ui, signals)
            let settled = options
            let thread = Thread { [self] in
                do { code = try Controller.run(settled, serving: addresses) } catch { self.error = error }
                ended.signal()
            }
            thread.stackSize = 16 << 20
            thread.start()
        }

        /// Ends it as SIGTERM does; answers the exit code.
        @discardableResult func stop() -> Int32? {
            signals.come()
            return end()
        }

        /// Waits for its end.
        func end() -> Int32? {
            guard ended.wait(timeout: .now() + 60) == .success else {
                Issue.record("the controller has not ended")
                return nil
            }
            ended.signal()
            return code
        }

        /// Its lines without their times.
        var lines: [String] {
            ui.lines.withLock { $0 }.map { String($0.dropFirst("2026-11-27T15:43:14Z ".count)) }
        }

        /// How often it asked something.
        var questions: Int { ui.questions.withLock { $0 } }

        var text: String { lines.joined(separator: "\n") }
    }

    init(
        _ mesh: ResourceBench, environment: [String: String] = [:],
        serving addresses: ControllerAddresses = ControllerAddresses(),
        _ change: (inout OperationOptions) -> Void = { _ in }
    ) {
        self.mesh = mesh
        controller = Running(
            mesh.bench.options {
                $0.version = nil
                $0.environment = environment
                change(&$0)
            }, serving: addresses)
    }

    deinit { if controller.code == nil, controller.error == nil { controller.stop() } }

    /// Waits until something is so.
    func until(_ what: String, _ isSo: () throws -> Bool) rethrows {
        for _ in 0..<1200 {
            if try isSo() { return }
            usleep(25_000)
        }
        Issue.record("waited in vain until \(what):\n\(controller.text)")
    }

    func untilHealthy(_ kinds: [String] = ["Istio", "IstioCNI", "ZTunnel"]) {
        until("\(kinds) are healthy") {
            kinds.allSatisfy { kind in
                let resource = mesh.resource(kind)
                return resource?["status"]?["state"] == "Healthy"
                    && resource?["status"]?["observedGeneration"] == resource?["metadata"]?["generation"]
            }
        }
    }

    /// Waits until no turn has come for a while: the events of what was written are over.
    func untilQuiet() {
        var last = -1
        until("it is quiet") {
            let now = controller.lines.count + sandbox.writes.filter { !$0.path.contains("/leases/") }.count
            defer { last = now }
            usleep(400_000)
            return now == last
        }
    }

    /// How many turns it had for a resource.
    func turns(_ kind: String, name: String = "default") -> Int {
        controller.lines.count { $0.hasPrefix("\(kind) \(name): reconciled") }
    }
}
