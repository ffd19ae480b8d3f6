internal import Kubernetes
internal import Objects
internal import Planning
internal import Values

/// A question to the server: how an object would be after our apply.
struct DryRun {
    var identity: ObjectReference
    var path: String
    var object: Value
    var live: Value?
    var manager: FieldManager
    var isForced: Bool

    var call: APIRequest { .apply(path, object, manager: manager.rawValue, force: isForced, isDryRun: true) }

    /// The same, with fields of other managers taken over.
    var forced: DryRun {
        var run = self
        run.isForced = true
        return run
    }
}

/// A dry run, with what came of it.
typealias Prediction = (run: DryRun, prediction: ObservedObject.Prediction)

extension Cluster {
    /// The answers to dry runs, in any order. Where others manage fields with values of the same meaning, these are sent as
    /// they are from then on.
    func predict(_ runs: [DryRun]) throws(APIError) -> [Prediction] {
        var found: [Prediction] = []
        var again: [DryRun] = []
        var contested: [(run: DryRun, conflicts: [FieldConflict])] = []
        for (run, answer) in zip(runs, client.send(runs.map(\.call))) {
            guard let conflicts = answer.conflicts else {
                found.append((run, try prediction(answer)))
                continue
            }
            let serious = conflicts.filter { !isSettledByTakeover($0, run) }
            if serious.isEmpty { again.append(run.forced) } else { contested.append((run, serious)) }
        }
        let (open, agreed) = try weigh(contested)
        found += open
        for (run, answer) in zip(again + agreed, client.send((again + agreed).map(\.call))) {
            found.append((run, try prediction(answer)))
        }
        return try withoutLeftovers(found)
    }

    /// Whether the field becomes ours by a takeover, before anything is applied.
    private func isSettledByTakeover(_ conflict: FieldConflict, _ run: DryRun) -> Bool {
        guard let live = run.live else { return false }
        let isEmbedded = helmManagers.contains(conflict.manager)
        return live.managers.contains { manager in
            guard manager.name == conflict.manager || (isEmbedded && manager.name == ManagedFieldsEntry.embeddedHelm),
                manager.isTakenOver(by: run.manager, sending: run.object)
            else { return false }
            return manager.subresource != "scale" || conflict.field == ".spec.replicas"
        }
    }

    /// Finds out by a forced dry run which of the conflicts would change anything. An object without any is asked about
    /// anew, with the live spelling of these fields; of the others the conflicts are reported with both values.
    private func weigh(
        _ contested: [(run: DryRun, conflicts: [FieldConflict])]
    ) throws(APIError) -> (open: [Prediction], agreed: [DryRun]) {
        var open: [Prediction] = []
        var agreed: [DryRun] = []
        for (item, answer) in zip(contested, client.send(contested.map(\.run.forced.call))) {
            guard let live = item.run.live, case .success(let forced) = answer else {
                let isConflict = item.run.live == nil
                open.append((item.run, isConflict ? .conflict(item.conflicts) : try prediction(answer)))
                continue
            }
            var run = item.run
            var left: [FieldConflict] = []
            for conflict in item.conflicts {
                guard let path = FieldPath(conflict.field, guides: [live, forced, run.object]) else {
                    left.append(conflict)
                    continue
                }
                let (current, wanted) = (path.value(in: live), path.value(in: forced))
                if current.isSame(as: wanted, in: run.identity) {
                    run.object = path.replacing(in: run.object, with: current)
                } else {
                    left.append(conflict.telling(current, wanted, of: run.identity))
                }
            }
            if left.isEmpty {
                // What remains can only be a takeover.
                run.isForced = run.isForced || Takeover(live: live, sending: run.object, by: run.manager) != nil
                agreed.append(run)
            } else {
                open.append((run, .conflict(left)))
            }
        }
        return (open, agreed)
    }

    /// Where an earlier installer's own fields will go, the server is asked once more how it fills what is then missing.
    private func withoutLeftovers(_ found: [Prediction]) throws(APIError) -> [Prediction] {
        var found = found
        var rest = Array(found.indices)
        for attempt in 1...Cluster.attempts where !rest.isEmpty {
            var asked: [Int] = []
            var calls: [APIRequest] = []
            for index in rest {
                guard let call = leftoverCall(found[index]) else { continue }
                asked.append(index)
                calls.append(call)
            }
            rest = []
            for (index, answer) in zip(asked, client.send(calls)) {
                if answer.isOutdated, attempt < Cluster.attempts {
                    rest.append(index)
                } else {
                    found[index].prediction = try prediction(answer)
                }
            }
            // The object was written in between, as controllers write its status: the dry run is repeated.
            for (index, answer) in zip(rest, client.send(rest.map { found[$0].run.forced.call })) {
                found[index].prediction = try prediction(answer)
            }
        }
        return found
    }

    private static let attempts = 4

    private func leftoverCall(_ item: Prediction) -> APIRequest? {
        let run = item.run
        guard let live = run.live, case .object(let predicted) = item.prediction else { return nil }
        let leftovers = Takeover.leftovers(live: live, predicted: predicted, sending: run.object, by: run.manager)
        guard !leftovers.isEmpty else { return nil }
        return APIRequest(
            .update, run.path, query: [("fieldManager", run.manager.rawValue), ("dryRun", "All")],
            body: Array(((try? leftovers.removed(from: predicted).json()) ?? "{}").utf8))
    }

    private func prediction(_ answer: Result<Value, APIError>) throws(APIError) -> ObservedObject.Prediction {
        switch answer {
        case .success(let object): return .object(recognised(object))
        case .failure(let error):
            if let conflicts = answer.conflicts { return .conflict(conflicts) }
            guard let status = error.status, !error.isFatal else { throw error }
            // The object's kind or namespace will come with this run.
            if status.code == 404 { return .unknown }
            return .refused(status.description)
        }
    }
}

extension Result<Value, APIError> {
    /// Whether the object is another one than what was sent was made from.
    fileprivate var isOutdated: Bool {
        guard case .failure(let error) = self else { return false }
        return error.isConflict && conflicts == nil
    }

    /// The fields that others own, where the answer is such a conflict.
    fileprivate var conflicts: [FieldConflict]? {
        guard case .failure(let error) = self, let status = error.status, status.code == 409 else { return nil }
        let causes = status.causes.filter { $0.reason == "FieldManagerConflict" }
        guard !causes.isEmpty else { return nil }
        return causes.map { cause in
            FieldConflict(manager: cause.message.quotedName ?? "another manager", field: cause.field)
        }
    }
}

extension FieldConflict {
    /// The conflict with the values on both sides; a Secret's are masked.
    fileprivate func telling(_ live: Value?, _ wanted: Value?, of identity: ObjectReference) -> FieldConflict {
        guard identity.kind != "Secret" else { return self }
        return FieldConflict(manager: manager, field: field, values: Values(live: live, wanted: wanted))
    }
}

extension Value? {
    /// Whether two fields of an object have the same meaning: the server has completed and spelled both; an empty map or
    /// list is none, and descriptions say nothing to a machine.
    fileprivate func isSame(as other: Value?, in identity: ObjectReference) -> Bool {
        if identity.kind == "CustomResourceDefinition", self?.withoutDescriptions == other?.withoutDescriptions {
            return true
        }
        func isNothing(_ value: Value?) -> Bool {
            guard let value else { return true }
            return value.isNull || value.map?.isEmpty == true || value.list?.isEmpty == true
        }
        return self == other || (isNothing(self) && isNothing(other))
    }
}

extension String {
    /// `helm` of `conflict with "helm" using apps/v1`: the one place where the API names the manager.
    fileprivate var quotedName: String? {
        guard let start = firstIndex(of: "\"") else { return nil }
        let rest = self[index(after: start)...]
        return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
    }
}
