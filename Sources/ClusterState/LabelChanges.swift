package import Kubernetes
internal import Objects
package import Planning
internal import Values

extension Cluster {
    /// What setting labels changes: each object as it is, and as the server says in a dry run that it would be. An object
    /// that is not there is refused.
    package func labelChanges(_ edits: [LabelEdit]) throws(APIError) -> [Change] {
        let lives = try get(edits.map(\.identity))
        var changes = zip(edits, lives).map { edit, live in
            var change = Change(component: nil, identity: edit.identity, action: .unchanged, live: live)
            change.manager = .sail
            change.patch = live.flatMap { edit.patch(for: $0) }
            if live == nil { change.action = .refused("does not exist") }
            return change
        }
        let asked = changes.indices.filter { changes[$0].patch != nil && path(of: changes[$0].identity) != nil }
        let calls = asked.map { index in
            let change = changes[index]
            return APIRequest.mergePatch(
                path(of: change.identity) ?? "", change.patch ?? .null, manager: change.manager.rawValue, isDryRun: true
            ).expecting(.kinds([change.identity.kind]))
        }
        for (index, answer) in zip(asked, client.send(calls)) {
            switch answer {
            case .success(let object):
                changes[index].action = .change
                changes[index].predicted = object
            case .failure(let error):
                guard let status = error.status, !error.isFatal else { throw error }
                changes[index].action = .refused(status.description)
            }
        }
        return changes
    }
}
