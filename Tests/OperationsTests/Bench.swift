import Foundation
import HTTP
import Istio
import Kubernetes
import Meshes
import Operations
import Planning
import Sandbox
import System
import TestSupport
import Values

/// A user made of a script: takes what is said, and answers questions in turn.
final class ScriptedUI: OperationUI, @unchecked Sendable {
    /// `note: …`, `warning: …`, `error: …`, in order.
    private(set) var lines: [String] = []
    private(set) var plans: [(form: PlanForm, preview: RunPreview)] = []
    /// What was shown right above each question.
    private(set) var summaries: [RunPreview] = []
    private(set) var results: [RunResult] = []
    private(set) var objects: [MeshObject] = []
    private(set) var questions: [String] = []
    /// The answers to come; yes after the last.
    var answers: [Bool] = []
    var canAsk = true
    /// Called at each question.
    var onQuestion: () -> Void = {}
    /// Called with each line.
    var onLine: (String) -> Void = { _ in }

    func note(_ message: String) { add("note: " + message) }
    func warn(_ message: String) { add("warning: " + message) }
    func warn(logged line: String) { add("warning: " + line) }
    func fail(_ message: String) { add("error: " + message) }
    func fail(_ error: any Error) { add("error: \(error)") }
    func show(_ preview: RunPreview, as form: PlanForm) throws { plans.append((form, preview)) }
    func summarize(_ preview: RunPreview) { summaries.append(preview) }
    func report(_ result: RunResult) { results.append(result) }
    func show(_ objects: [MeshObject]) throws { self.objects = objects }
    func confirm(_ question: String) throws -> Bool { confirmAlways(question) }

    func confirmAlways(_ question: String) -> Bool {
        questions.append(question)
        onQuestion()
        return answers.isEmpty ? true : answers.removeFirst()
    }

    func progress() -> any ProgressReport { Progress(self) }

    var text: String { lines.joined(separator: "\n") }

    private func add(_ line: String) {
        lines.append(line)
        onLine(line)
    }

    /// Progress as lines: `progress: applied ConfigMap istio-system/istio`.
    private final class Progress: ProgressReport {
        private let ui: ScriptedUI

        init(_ ui: ScriptedUI) { self.ui = ui }

        func take(_ progress: Planning.Progress) {
            switch progress {
            case .started(let component, _): ui.add("progress: started \(component)")
            case .applied(let change): ui.add("progress: applied \(change.identity)")
            case .waiting(_, let identity, _): ui.add("progress: waiting for \(identity)")
            case .ready(_, let identity, _): ui.add("progress: ready \(identity)")
            case .finished(let component): ui.add("progress: finished \(component)")
            case .slow(let identity, let pod): ui.add("progress: slow \(identity): \(pod?.node ?? "")")
            case .note(let text): ui.add("progress: \(text)")
            }
        }

        func tick() {}

        func close() {}
    }
}

/// Signals that come when a test says so.
final class ScriptedSignals: Signals, @unchecked Sendable {
    private(set) var hasListened = false
    private var hasCome = false
    private var isMasked = false

    func come() { hasCome = true }
    func listen() { hasListened = true }
    var areAsking: Bool { hasCome && !isMasked }
    var happened: Bool { hasCome }
    var exitCode: Int32 { 130 }

    func masked<Result>(_ body: () -> Result) -> Result {
        isMasked = true
        defer { isMasked = false }
        return body()
    }
}

/// A cluster in memory, and operations on it in this process.
final class Bench {
    let cluster: TestCluster
    let client: Client
    var sandbox: Sandbox { cluster.sandbox.unsafelyUnwrapped }
    /// The user of the last operation.
    private(set) var ui = ScriptedUI()

    init(_ change: (inout SandboxSettings) -> Void = { _ in }) throws {
        var settings = SandboxSettings()
        (settings.podSeconds, settings.terminationSeconds, settings.crdSeconds) = (0, 0, 0)
        change(&settings)
        cluster = try TestCluster(.sandbox, settings)
        client = try cluster.client()
    }

    static let old = "v1.29.6"
    static let new = "v1.30.3"

    func options(_ change: (inout OperationOptions) -> Void = { _ in }) -> OperationOptions {
        ui = ScriptedUI()
        var options = OperationOptions(ui: ui, environment: [:], userAgent: "test/1") { path throws(FileFailure) in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw FileFailure(reason: "is not there")
            }
            return Array(data)
        }
        options.signals = ScriptedSignals()
        options.cluster.connection.kubeconfig = cluster.kubeconfig
        options.cluster.allowsEndOfLife = true
        options.cluster.apply.timeout = 20_000
        options.version = Bench.new
        change(&options)
        return options
    }

    /// Runs an operation; `change` sets its options.
    @discardableResult
    func run(_ operation: Operations.Operation, _ change: (inout OperationOptions) -> Void = { _ in }) throws -> Int32 {
        let options = options(change)
        return try Pipeline.run(operation, options)
    }

    /// The message of the error that an operation ends with.
    func failure(_ operation: Operations.Operation, _ change: (inout OperationOptions) -> Void = { _ in }) -> String {
        do {
            return "exit code \(try run(operation, change))"
        } catch {
            return "\(error)"
        }
    }

    /// `istiod 1 deployed`, sorted.
    func revisions() throws -> [String] {
        try client.list("/api/v1/secrets", Selection(labels: "owner=helm")).items.map { secret in
            let labels = secret["metadata"]?["labels"]
            return ["name", "version", "status"].map { labels?[$0]?.string ?? "?" }.joined(separator: " ")
        }.sorted()
    }

    /// `POST /apis/…/leases` of all requests that wrote since the last `forgetRequests`.
    func writes() -> [String] { sandbox.writes.map { "\($0.method) \($0.path)" } }

    func object(_ path: String) -> Value? { sandbox.object(path) }
}

/// The lock's Lease, and ztunnel's DaemonSet.
let leasePath = "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/sail"
let ztunnelPath = "/apis/apps/v1/namespaces/istio-system/daemonsets/ztunnel"
