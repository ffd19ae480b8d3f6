import Applying
import Istio
import Kubernetes
import Objects
import Planning
import SailResources
import System
import Values

/// Keeps what a run makes of the resources, and writes it into their statuses: after each component and at the end.
///
/// A class, since what the run has reached must outlive the error that ends it. One thread runs an operation.
final class ResourceReport: Sendable {
    nonisolated(unsafe) private let session: ClusterSession
    nonisolated(unsafe) private(set) var resources: [GivenResource]
    /// The IstioRevision of the Istio that the run is about, which gets a status with it.
    nonisolated(unsafe) var revision: GivenResource?
    /// Resources of the cluster that the run is not about.
    private let neighbours: [GivenResource]
    /// Why a resource was not reconciled, by its position.
    nonisolated(unsafe) private var errors: [Int: String] = [:]
    /// The components that the run has finished.
    nonisolated(unsafe) private var finished: Set<Component> = []
    /// The component at which it stopped.
    nonisolated(unsafe) private var stopped: Component?
    nonisolated(unsafe) private(set) var hasBegun = false

    init(_ session: ClusterSession, _ resources: [GivenResource], beside neighbours: [GivenResource] = []) {
        (self.session, self.resources, self.neighbours) = (session, resources, neighbours)
    }

    private var isDry: Bool { session.options.cluster.dryRun != nil }

    /// Notes why the resource at a position is not reconciled.
    func note(_ error: String, at index: Int) { errors[index] = error }

    var hasErrors: Bool { !errors.isEmpty }

    /// Takes a phase of the run; at a component's end its resource gets its status.
    func take(_ phase: Phase) {
        hasBegun = true
        guard case .ended(let component, let outcome) = phase else { return }
        if let outcome, let text = outcome.complaint {
            stopped = component
            noteError(text, of: component)
        } else {
            finished.insert(component)
        }
        guard component != .base || stopped == .base else { return }
        for index in resources.indices where resources[index].kind.components.contains(component) { write(index) }
    }

    private func noteError(_ text: String, of component: Component) {
        for index in resources.indices where resources[index].kind.components.contains(component) {
            errors[index] = text
        }
    }

    /// The run has ended, with an exit code or an error: what is left to say is written, `onlyNoted` of the resources
    /// that are wrong themselves. Answers the exit code.
    func finish(_ code: Int32, _ error: (any Error)? = nil, onlyNoted: Bool = false) -> Int32 {
        // Refused before anything was done: the user said no.
        guard !isDry, code == 0 || hasBegun || error != nil || hasErrors else { return code }
        if code != 0 && hasBegun || error != nil {
            let text = error.map { "\($0)".asOneSentence } ?? "stopped at \(stopped?.rawValue ?? "the first component")"
            for index in resources.indices where errors[index] == nil && !onlyNoted {
                if resources[index].kind.components.contains(where: finished.contains) { continue }
                errors[index] = text
            }
        }
        // The control plane's says how the others are.
        let order = resources.indices.sorted { first, second in
            let (isFirst, isSecond) = (isControlPlane(first), isControlPlane(second))
            return isFirst == isSecond ? first < second : !isFirst
        }
        writeAll(order.filter { !onlyNoted || errors[$0] != nil })
        let complains = code == 0 && error == nil && session.options.cluster.apply.waits
        guard complains || session.options.journal != nil else { return code }
        let outcomes = outcomes
        session.options.journal?.take(outcomes)
        return complains ? complain(outcomes) : code
    }

    /// Writes statuses under the operators' lock, where there is anything to write.
    private func writeAll(_ indices: [Int]) {
        let values = indices.compactMap { index in statusValue(index).map { (index: index, value: $0) } }
        let revisions = indices.compactMap(revisionStatus)
        guard
            values.contains(where: { resources[$0.index].live?["status"] != $0.value })
                || revisions.contains(where: { revision?.live?["status"] != $0 })
        else { return }
        do {
            try session.whileLocked(mesh: resources.meshNamespace) {
                for value in revisions { write(revision: value) }
                for (index, value) in values { write(value, at: index) }
            }
        } catch {
            session.ui.warn("the statuses of the resources were not written: \(error)")
        }
    }

    private func isControlPlane(_ index: Int) -> Bool { resources[index].kind.isControlPlane }

    /// Says which resources are not healthy although the run went well; the exit code is 1 then.
    private func complain(_ outcomes: [ResourceOutcome]) -> Int32 {
        var code: Int32 = 0
        for (resource, outcome) in zip(resources, outcomes) {
            guard let complaint = outcome.complaint else { continue }
            session.ui.fail("\(resource.identity): \(complaint)")
            code = 1
        }
        return code
    }

    private func status(_ index: Int) -> ResourceStatus {
        ResourceHealth(session: session).status(of: resources[index], error: errors[index]) { agentStates }
    }

    /// The states of the node agents' resources by their kinds: those of the run as they are found, others as they say.
    private var agentStates: [String: String] {
        var states: [String: String] = [:]
        for neighbour in neighbours { states[neighbour.kind.name] = neighbour.live?["status"]?["state"]?.string ?? "" }
        for index in resources.indices where !isControlPlane(index) {
            states[resources[index].kind.name] = status(index).state
        }
        return states
    }

    /// What the run made of the resources, for its result.
    var outcomes: [ResourceOutcome] {
        resources.indices.map { index in
            let status = status(index)
            return ResourceOutcome(
                kind: resources[index].kind.name, name: resources[index].name, state: status.state,
                complaint: status.complaint)
        }
    }

    private func write(_ index: Int) {
        if let value = revisionStatus(index) { write(revision: value) }
        if let value = statusValue(index) { write(value, at: index) }
    }

    /// What the status of the IstioRevision is to be where the resource is its Istio.
    private func revisionStatus(_ index: Int) -> Value? {
        guard isControlPlane(index), let revision, let live = revision.live else { return nil }
        let status = ResourceHealth(session: session).status(
            ofRevision: revision, of: resources[index], error: errors[index]
        ) { agentStates }
        return status.value(replacing: live["status"], now: RFC3339.text(SystemClock.now()))
    }

    private func write(revision value: Value) {
        guard let known = revision, let live = known.live else { return }
        revision?.live = write(value, of: known, live)
    }

    /// What the status of a resource is to be now; `nil` for one that is not on the cluster.
    private func statusValue(_ index: Int) -> Value? {
        resources[index].live.map {
            status(index).value(replacing: $0["status"], now: RFC3339.text(SystemClock.now()))
        }
    }

    private func write(_ value: Value, at index: Int) {
        guard let live = resources[index].live else { return }
        resources[index].live = write(value, of: resources[index], live)
    }

    /// Answers the resource as it is then; `nil` where it is deleted.
    private func write(_ value: Value, of resource: GivenResource, _ live: Value) -> Value? {
        do throws(APIError) {
            return try ResourceStatusWriter(session.cluster).write(value, of: resource.identity, live: live)
        } catch {
            if error.isNotFound { return nil }
            session.ui.warn("\(resource.identity): its status could not be written: \(error)")
            return live
        }
    }
}

/// What a run made of a resource.
package struct ResourceOutcome: Sendable {
    package var kind: String
    package var name: String
    /// Healthy, or the reason of the first condition that does not hold.
    package var state: String
    /// That condition in words.
    package var complaint: String?
}

extension Outcome {
    /// Why a component's turn did not end well.
    fileprivate var complaint: String? {
        switch self {
        case .done: nil
        case .interrupted: "interrupted"
        case .failed(let failures, _): failures.map(\.description).joined(separator: "\n").asOneSentence
        }
    }
}

extension String {
    /// The text in one line of a bounded length, as a condition's message has it.
    var asOneSentence: String {
        let lines = split(separator: "\n").map { line in String(line.drop { $0 == " " }) }
        return String(lines.joined(separator: "; ").prefix(1000)).onOneLine
    }
}
