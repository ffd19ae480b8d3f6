package import Kubernetes
internal import Objects
package import Planning
internal import Values

extension Cluster {
    /// What setting labels changes: each object as it is, and as the server says in a dry run that it would be. An object
    /// that is not there is refused.
    package func labelChanges(_ edits: [LabelEdit]) throws(APIError) -> [Change] {
        let lives = try get(edits.map(\.identity))
        return try rehearsed(
            zip(edits, lives).map { edit, live in
                if let live { return edit.change(of: live) }
                return Change(component: nil, identity: edit.identity, action: .refused("does not exist"))
            })
    }

    /// The changes of labels as the server takes them in a dry run; what it does not take is refused.
    package func rehearsed(_ changes: [Change]) throws(APIError) -> [Change] {
        var changes = changes
        let asked = changes.indices.filter { changes[$0].patch != nil && path(of: changes[$0].identity) != nil }
        let calls = asked.map { index in
            let change = changes[index]
            return APIRequest.mergePatch(
                path(of: change.identity) ?? "", change.patch ?? .null, manager: change.manager.rawValue, isDryRun: true
            ).expecting(.kinds([change.identity.kind]))
        }
        for (index, answer) in zip(asked, client.send(calls)) {
            switch answer {
            case .success(let object): changes[index].predicted = object
            case .failure(let error):
                guard let status = error.status, !error.isFatal else { throw error }
                changes[index].action = .refused(status.description)
            }
        }
        return changes
    }
}
