package import ClusterState
internal import Glibc
package import Istio
package import Kubernetes
internal import Objects
package import Planning
internal import System
internal import Values

/// Carries out a plan, component by component; the only writer of a mesh's objects.
///
/// CRDs come first and are waited for; within a component the order is the plan's; webhooks wait until their Deployment
/// is available; a component's deletions are last, when all its new objects exist. Each component is ready before the
/// next one starts, and the first failure ends the run.
package struct Applier {
    private let cluster: Cluster
    private let options: ApplyOptions
    private let report: (Progress) -> Void
    private let end: Int
    private let check: RunCheck?
    /// The API groups of the objects that are written.
    private var groups: Set<String> = []

    /// `check` is made after each component that changes, and after each batch of ztunnel's nodes.
    package init(
        _ cluster: Cluster, _ options: ApplyOptions, check: RunCheck? = nil, report: @escaping (Progress) -> Void
    ) {
        self.cluster = cluster
        self.options = options
        self.check = check
        self.report = report
        end = SystemClock.monotonic() + options.timeout
    }

    /// `record` is called at each component's beginning and end; an error it answers ends the run like any other.
    /// `components` have their turn even where nothing changes, so that they are recorded.
    package func apply(_ plan: Plan, components all: [Component] = [], record: (Phase) -> APIError? = { _ in nil })
        -> Outcome
    {
        var run = self
        run.groups = Set(plan.changes.filter { $0.sent != nil }.map(\.identity.group))
        return run.applyAll(plan, components: all, record: record)
    }

    private func applyAll(_ plan: Plan, components all: [Component], record: (Phase) -> APIError?) -> Outcome {
        var components = all
        for change in plan.changes where !components.contains(change.turn) { components.append(change.turn) }
        for component in components {
            let changes = plan.changes.filter { $0.turn == component }
            if let error = record(.began(component: component)) {
                return .failed([Failure(nil, error.description)], component: component)
            }
            let stop = applyComponent(component, changes)
            if let error = record(.ended(component: component, stop)) {
                return .failed([Failure(nil, error.description)], component: component)
            }
            if let stop { return stop }
        }
        return .done
    }

    private func applyComponent(_ component: Component, _ changes: [Change]) -> Outcome? {
        let kept = changes.filter { $0.action != .delete }
        report(.started(component: component, changes: changes.count { $0.action != .unchanged }))
        for stage in stages(kept) {
            if cluster.client.isInterrupted() { return .interrupted(component: component) }
            let failures = write(stage.filter { $0.action != .unchanged })
            if !failures.isEmpty { return .failed(failures, component: component) }
            if cluster.client.isInterrupted() { return .interrupted(component: component) }
            if options.waits || stage.contains(where: isNeeded) {
                if let stop = wait(for: stage.filter { !isRolledByUs($0) }, component) { return stop }
            }
        }
        for change in kept where isRolledByUs(change) {
            if let stop = roll(change) { return stop }
        }
        if let stop = delete(changes.filter { $0.action == .delete }) { return stop }
        if let stop = checkEnd(of: component, changes) { return stop }
        report(.finished(component: component))
        return nil
    }

    /// Whether the run has objects of this definition: they are refused until the server has accepted it.
    private func isNeeded(_ change: Change) -> Bool {
        guard change.identity.kind == "CustomResourceDefinition", change.action != .unchanged else { return false }
        let name = change.identity.name
        let group = name.firstIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
        return groups.contains(group)
    }

    /// A rollout in batches replaces the pods itself, so the DaemonSet is not waited for before.
    private func isRolledByUs(_ change: Change) -> Bool {
        guard case .batch = options.rollout else { return false }
        return change.component == .ztunnel && change.identity.kind == "DaemonSet"
    }

    private func roll(_ change: Change) -> Outcome? {
        guard case .batch(let size) = options.rollout else { return nil }
        var rollout = ZtunnelRollout(cluster, change.identity, options, size: size) { report(.note("  " + $0)) }
        rollout.check = check
        do throws(APIError) {
            return try rollout.run().map { .failed([$0], component: change.turn) }
        } catch {
            if case .interrupted = error { return .interrupted(component: change.turn) }
            return .failed([Failure(change.identity, error.description)], component: change.turn)
        }
    }

    /// The user's own check of a component that has changed; after a rollout in batches each of these was checked.
    private func checkEnd(of component: Component, _ changes: [Change]) -> Outcome? {
        guard let check, changes.contains(where: { $0.action != .unchanged }), !changes.contains(where: isRolledByUs)
        else { return nil }
        var point = CheckPoint(component: component, remaining: max(0, end - SystemClock.monotonic()))
        do throws(APIError) {
            for change in changes where change.identity.kind == "DaemonSet" && change.action != .delete {
                guard let set = try cluster.get([change.identity]).first ?? nil else { continue }
                point.nodes += try cluster.pods(selectedBy: set, in: change.identity.namespace).compactMap {
                    $0["spec"]?["nodeName"]?.string
                }
            }
        } catch {
            if case .interrupted = error { return .interrupted(component: component) }
            return .failed([Failure(nil, error.description)], component: component)
        }
        point.nodes = Set(point.nodes).sorted { $0.precedesByBytes($1) }
        switch check(point) {
        case .passed: return nil
        case .failed(let failure): return .failed([failure], component: component)
        case .interrupted: return .interrupted(component: component)
        }
    }

    /// The steps between which there is a gate: namespaces, CRDs, everything, webhooks.
    private func stages(_ changes: [Change]) -> [[Change]] {
        let groups = [UInt8](0...3).map { stage in changes.filter { Applier.stage($0.identity.kind) == stage } }
        return groups.filter { !$0.isEmpty }
    }

    private static func stage(_ kind: String) -> UInt8 {
        switch kind {
        case "Namespace": 0
        case "CustomResourceDefinition": 1
        case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "ValidatingAdmissionPolicyBinding": 3
        default: 2
        }
    }

    /// Sends changes: objects of one step together, in the plan's order. Nothing is waited for.
    package func write(_ changes: [Change]) -> [Failure] {
        var rest = changes[...]
        while let first = rest.first {
            let step = applyStep(ofKind: first.identity.kind)
            let batch = Array(rest.prefix { applyStep(ofKind: $0.identity.kind) == step })
            rest = rest.dropFirst(batch.count)
            let failures = writeBatch(batch)
            if !failures.isEmpty { return failures }
        }
        return []
    }

    private func writeBatch(_ batch: [Change]) -> [Failure] {
        if batch.contains(where: { cluster.path(of: $0.identity) == nil }) {
            // Kinds whose CRD this run has just brought.
            do throws(APIError) { try cluster.rediscover() } catch { return [Failure(nil, error.description)] }
        }
        var failures = takeOver(batch)
        guard failures.isEmpty else { return failures }
        var sent: [Change] = []
        var calls: [APIRequest] = []
        for change in batch where change.action != .takeOver {
            guard change.sent != nil || change.patch != nil else { continue }
            guard let path = cluster.path(of: change.identity) else {
                failures.append(
                    Failure(
                        change.identity,
                        "this cluster does not serve \(change.identity.apiVersion) \(change.identity.kind)"))
                continue
            }
            sent.append(change)
            calls.append(request(change, path))
        }
        guard failures.isEmpty else { return failures }
        for (change, answer) in zip(sent, cluster.client.send(calls)) {
            switch answer {
            case .success: report(.applied(change))
            case .failure(.interrupted): break
            case .failure(let error): failures.append(Failure(change.identity, error.description))
            }
        }
        return failures
    }

    private func request(_ change: Change, _ path: String) -> APIRequest {
        if let patch = change.patch { return .mergePatch(path, patch, manager: change.manager.rawValue) }
        return .apply(
            path, change.sent ?? .null, manager: change.manager.rawValue, force: options.forcesConflicts)
    }

    /// Takes over earlier installers' fields, where the object has not changed since it was read.
    private func takeOver(_ batch: [Change]) -> [Failure] {
        var calls: [APIRequest] = []
        var taken: [Change] = []
        for change in batch {
            guard let takeover = change.takeover, let live = change.live, let path = cluster.path(of: change.identity)
            else { continue }
            taken.append(change)
            calls.append(Applier.handover(path, live, takeover))
        }
        return zip(taken, cluster.client.send(calls)).compactMap { change, answer in
            switch answer {
            case .success:
                if change.action == .takeOver { report(.applied(change)) }
                return nil
            case .failure(.interrupted): return nil
            case .failure: return takeOverAgain(change)
            }
        }
    }

    /// A rollout under way changes an object's status, and with it the version that was looked at.
    private func takeOverAgain(_ change: Change) -> Failure? {
        for _ in 0..<5 {
            do throws(APIError) {
                guard let live = try cluster.get([change.identity])[0], let path = cluster.path(of: change.identity),
                    change.live.map(comparable) == comparable(live)
                else { break }
                guard let takeover = Takeover(live: live, sending: change.sent ?? live, by: change.manager) else {
                    return nil
                }
                _ = try cluster.client.send(Applier.handover(path, live, takeover))
                if change.action == .takeOver { report(.applied(change)) }
                return nil
            } catch {
                if case .interrupted = error { return nil }
                guard let code = error.status?.code, code == 409 || code == 422 else {
                    return Failure(change.identity, error.description)
                }
            }
        }
        return Failure(change.identity, "changed since the plan was made; run the command again")
    }

    private static func handover(_ path: String, _ live: Value, _ takeover: Takeover) -> APIRequest {
        .jsonPatch(
            path,
            [
                [
                    "op": "test", "path": "/metadata/resourceVersion",
                    "value": live.metadata.resourceVersion.map(Value.string) ?? .null,
                ],
                ["op": "replace", "path": "/metadata/managedFields", "value": takeover.managedFields],
            ])
    }

    /// Deletes objects one after the other; answers what stopped it. Nothing is waited for.
    package func delete(_ deletions: [Change]) -> Outcome? {
        for change in deletions {
            if cluster.client.isInterrupted() { return .interrupted(component: change.turn) }
            guard let path = cluster.path(of: change.identity) else { continue }
            let uid = change.live?.metadata.uid
            do throws(APIError) {
                _ = try cluster.client.send(.delete(path, uid: uid))
                report(.applied(change))
            } catch {
                if error.isNotFound { continue }
                return .failed([Failure(change.identity, error.description)], component: change.turn)
            }
        }
        return nil
    }

    private func wait(for changes: [Change], _ component: Component) -> Outcome? {
        var waiter = Waiter(cluster, end: end) { identity, readiness in
            report(
                readiness.isReady
                    ? .ready(component: component, identity: identity, readiness)
                    : .waiting(component: component, identity: identity, readiness))
        }
        waiter.reportSlow = { report(.slow(identity: $0, $1)) }
        do throws(APIError) {
            let failures = try waiter.wait(for: changes.map(\.identity))
            if failures.isEmpty { return nil }
            if cluster.client.isInterrupted() { return .interrupted(component: component) }
            return .failed(failures, component: component)
        } catch {
            if case .interrupted = error { return .interrupted(component: component) }
            return .failed([Failure(nil, error.description)], component: component)
        }
    }
}

extension Change {
    /// The component with which it has its turn; what belongs to none is applied before all.
    var turn: Component { component ?? .base }
}
