internal import ClusterState
internal import HelmReleases
package import Istio
internal import Objects
internal import Values

/// What the release records tell of a mesh, for the commands that show it.
package struct RecordedHistory: Sendable {
    let history: ReleaseHistory

    /// The runs that changed the mesh, the oldest first.
    package var runs: [RecordedRun] { history.runs.map(RecordedRun.init) }

    /// The revisions of these components, of all where none is named: by component, release and number.
    package func revisions(of components: [Component] = []) -> [RecordedRevision] {
        let wanted = components.isEmpty ? Component.allCases : components
        return history.records.filter { record in record.component.map(wanted.contains) ?? false }
            .sorted { first, second in
                let ranks = [first, second].map { $0.component ?? .base }
                return (ranks[0], first.namespace, first.name, first.revision) < (
                    ranks[1], second.namespace, second.name, second.revision
                )
            }.map(RecordedRevision.init)
    }
}

extension ClusterSession {
    /// What is recorded of the mesh; `withEnds` where a pending run is to say whether it is still at work, which takes a
    /// read of the lock. Throws where the mesh is in another namespace than the one that was named.
    package func recordedHistory(withEnds: Bool = false) throws -> RecordedHistory {
        var history = try history()
        try refuseOtherNamespace(history)
        if withEnds { history.records = try self.withEnds(of: history.records) }
        return RecordedHistory(history: history)
    }

    /// A revision of each of these components by its number, the newest where none is given; throws where there is none.
    package func recordedRevisions(of components: [Component], at number: Int?) throws -> [RecordedRevision] {
        let recorded = try recordedHistory()
        var found: [RecordedRevision] = []
        for revision in recorded.revisions(of: components) where number == nil || revision.revision == number {
            found.removeAll { $0.release == revision.release }
            found.append(revision)
        }
        guard found.isEmpty else { return found }
        throw missing(number, of: components.first, in: recorded.history.records)
    }

    /// The namespaces in which the mesh is, each with the components that are there.
    package func meshNamespaces() throws -> [String: Set<Component>] {
        let records = try history().records.filter { $0.status != .uninstalled }
        var places = records.map { (component: $0.component, namespace: $0.namespace) }
        if places.isEmpty {
            places = try cluster.workloads().map { ($0.component, $0.identity.namespace) }
        }
        var names: [String: Set<Component>] = [:]
        for case (let component?, let namespace) in places { names[namespace, default: []].insert(component) }
        return names
    }
}
