package import Kubernetes
package import Objects
package import Planning
internal import Values

extension Cluster {
    /// Asks the server how each desired object is and, where that does not tell, how it would be after our apply (dry
    /// run), and how those are that earlier runs applied. One round of requests where nothing is to be done, two where
    /// something may be, three where earlier installers are taken over from.
    ///
    /// `forcesConflicts` predicts an apply that overrules other managers. Throws the first error that says nothing can be
    /// done here; what the server refuses for one object becomes that object's prediction.
    package func snapshot(
        _ desired: [Desired], previous: [(component: String, identity: Identity)] = [], forcesConflicts: Bool = false
    ) throws(APIError) -> Snapshot {
        var observations = try observe(desired)
        let namespaces = namespacesToCome(desired, observations)
        var asked: [Question] = []
        for item in desired {
            // What will only exist after this very run cannot be asked about.
            guard let observation = observations[item.identity], case .unknown = observation.prediction,
                let path = path(of: item.identity), !namespaces.contains(item.identity.namespace)
            else { continue }
            asked.append(
                Question(
                    identity: item.identity, path: path, object: observation.sent, live: observation.live,
                    isForced: forcesConflicts))
        }
        for (identity, prediction) in try predict(asked) { observations[identity]?.prediction = prediction }
        return Snapshot(observations: observations, previous: try stillThere(previous, besides: desired))
    }

    /// The live objects. Of one that is settled only the status is kept, so that a mesh's worth of definitions need not
    /// be in memory at once.
    private func observe(_ desired: [Desired]) throws(APIError) -> [Identity: Observation] {
        var observations: [Identity: Observation] = [:]
        for item in desired {
            observations[item.identity] = Observation(live: nil, sent: item.object, prediction: .unknown)
        }
        try get(desired.map(\.identity)) { index, live in
            let object = sent(desired[index].object, live: live)
            let isSettled = isSettled(object, live: live)
            observations[desired[index].identity] = Observation(
                live: isSettled ? ["status": live["status"] ?? .null] : live, sent: object,
                prediction: isSettled ? .settled : .unknown)
        }
        return observations
    }

    private struct Question {
        var identity: Identity
        var path: String
        var object: Value
        var live: Value?
        var isForced: Bool

        var call: Call { call(forced: isForced) }

        /// The same, whoever has the fields: for what was found to be an earlier installer's before.
        var forced: Call { call(forced: true) }

        private func call(forced: Bool) -> Call {
            .apply(path, object, manager: Manager.sail, force: forced, isDryRun: true)
        }
    }

    private func namespacesToCome(_ desired: [Desired], _ observations: [Identity: Observation]) -> Set<String> {
        let missing = desired.map(\.identity).filter { $0.kind == "Namespace" && observations[$0]?.live == nil }
        return Set(missing.map(\.name))
    }

    private func predict(_ questions: [Question]) throws(APIError) -> [Identity: Observation.Prediction] {
        var predictions: [Identity: Observation.Prediction] = [:]
        var again: [Question] = []
        for (question, answer) in zip(questions, client.send(questions.map(\.call))) {
            if let conflicts = answer.conflicts, let live = question.live,
                conflicts.allSatisfy({ conflict in
                    (helmManagers.contains(conflict.manager) && live.isInstaller("helm"))
                        || live.isInstaller(conflict.manager)
                })
            {
                var forced = question
                forced.isForced = true
                again.append(forced)
            } else {
                predictions[question.identity] = try prediction(answer)
            }
        }
        for (question, answer) in zip(again, client.send(again.map(\.call))) {
            predictions[question.identity] = try prediction(answer)
        }
        try predictLeftovers(questions, &predictions)
        return predictions
    }

    /// Where an earlier installer's own fields will go, the server is asked once more how it fills what is then missing.
    private func predictLeftovers(
        _ questions: [Question], _ predictions: inout [Identity: Observation.Prediction]
    ) throws(APIError) {
        var rest = questions
        for attempt in 1...Cluster.attempts where !rest.isEmpty {
            var asked: [Question] = []
            var calls: [Call] = []
            for question in rest {
                guard let call = leftoverCall(question, predictions[question.identity]) else { continue }
                asked.append(question)
                calls.append(call)
            }
            rest = []
            for (question, answer) in zip(asked, client.send(calls)) {
                let isOutdated = answer.isConflict && attempt < Cluster.attempts
                if isOutdated { rest.append(question) }
                if !isOutdated { predictions[question.identity] = try prediction(answer) }
            }
            // Somebody wrote in between, as controllers do into an object's status: what would be is asked anew.
            for (question, answer) in zip(rest, client.send(rest.map(\.forced))) {
                predictions[question.identity] = try prediction(answer)
            }
        }
    }

    private static let attempts = 4

    private func leftoverCall(_ question: Question, _ prediction: Observation.Prediction?) -> Call? {
        guard let live = question.live, case .object(let predicted) = prediction else { return nil }
        let leftovers = Takeover.leftovers(live: live, predicted: predicted)
        guard !leftovers.isEmpty else { return nil }
        return Call(
            .update, question.path, query: [("fieldManager", Manager.sail), ("dryRun", "All")],
            body: Array(((try? leftovers.removed(from: predicted).json()) ?? "{}").utf8))
    }

    private func prediction(_ answer: Result<Value, APIError>) throws(APIError) -> Observation.Prediction {
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

    private func stillThere(
        _ previous: [(component: String, identity: Identity)], besides desired: [Desired]
    ) throws(APIError) -> [(component: String, identity: Identity, live: Value)] {
        let wanted = Set(desired.map(\.identity.withoutVersion))
        let rest = previous.filter { !wanted.contains($0.identity.withoutVersion) }
        return zip(rest, try get(rest.map(\.identity))).compactMap { item, live in
            live.map { (item.component, item.identity, $0) }
        }
    }
}

extension Result<Value, APIError> {
    /// Whether the object is another one than what was sent was made from.
    var isConflict: Bool {
        guard case .failure(let error) = self else { return false }
        return error.isConflict && conflicts == nil
    }

    /// The fields that others own, where the answer is such a conflict.
    var conflicts: [FieldConflict]? {
        guard case .failure(let error) = self, let status = error.status, status.code == 409 else { return nil }
        let causes = status.causes.filter { $0.reason == "FieldManagerConflict" }
        guard !causes.isEmpty else { return nil }
        return causes.map { cause in
            FieldConflict(manager: cause.message.quotedName ?? "another manager", field: cause.field)
        }
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

extension Value {
    fileprivate func isInstaller(_ name: String) -> Bool {
        managers.contains { $0.name == name && $0.isInstaller }
    }
}
