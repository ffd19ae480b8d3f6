import Applying
import Istio
import Kubernetes
import Planning
import System
import Values

/// The check command of the user's: run after each component that changed and after each batch of ztunnel's nodes.
extension PlannedRun {
    /// Makes the check of --check-command; `nil` where none is given, or the operation makes none.
    func runCheck(_ report: @escaping (Progress) -> Void) throws -> RunCheck? {
        guard operation.runsCheckCommand, let command = try options.command(.checkCommand) else { return nil }
        let path = try options.path(of: command, .checkCommand)
        return { point in
            let place = point.place
            report(.note("  check command \(command.name) after \(place)"))
            let program = Subprocess(path, command.arguments, environment: environment(at: point))
            do throws(Subprocess.Failure) {
                let seconds = max(1, point.remaining / 1000)
                let result = try program.run(seconds: seconds) { session.client.heartbeat?() }
                guard result.status != 0 else { return .passed }
                let lines = lastLines(result.output) + lastLines(result.errors)
                let said = lines.map { "\n  | \($0)" }.joined()
                return .failed(
                    Failure(
                        nil, "check command \(command.name) ended with exit code \(result.status) after \(place)\(said)"
                    ))
            } catch {
                if case .interrupted = error { return .interrupted }
                let reason = error.reason { "within the \($0) s that were left of --timeout" }
                return .failed(Failure(nil, "check command \(command.name) \(reason) after \(place)"))
            }
        }
    }

    /// The last lines that a program printed, as they may reach a terminal.
    private func lastLines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes.suffix(1 << 16), as: UTF8.self).split(whereSeparator: \.isNewline).suffix(5)
            .map { String($0.prefix(500)).onOneLine }
    }

    /// What the command is told, as docs/cluster.md lists it.
    private func environment(at point: CheckPoint) -> [(name: String, value: String)] {
        let version = target.images.versions[point.component]?.releaseName ?? target.version ?? ""
        var variables = [
            ("SAIL_OPERATION", "\(operation.kind)"), ("SAIL_COMPONENT", point.component.rawValue),
            ("SAIL_VERSION", version), ("SAIL_NAMESPACE", target.namespace),
            ("SAIL_NODES", point.nodeNames), ("SAIL_NODE_COUNT", String(point.nodes.count)),
            ("SAIL_BATCH", point.batch.map { String($0.number) } ?? ""),
            ("SAIL_BATCHES", point.batch.map { String($0.count) } ?? ""),
            ("SAIL_CONTEXT", session.client.connection.name),
        ]
        if let file = options.cluster.connection.kubeconfig { variables.append(("KUBECONFIG", file)) }
        return variables
    }
}

extension CheckPoint {
    /// `istiod`, `ztunnel batch 2 of 5 (node-a, node-b)`
    fileprivate var place: String {
        guard let batch else { return component.rawValue }
        return "\(component) batch \(batch.number) of \(batch.count) (\(nodes.joined(most: 5)))"
    }

    /// Names with commas between them; empty where there are more than a variable can hold.
    fileprivate var nodeNames: String {
        let text = nodes.joined(separator: ",")
        return text.utf8.count <= 100_000 ? text : ""
    }
}
