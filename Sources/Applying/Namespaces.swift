package import ClusterState
package import Kubernetes
internal import Objects
package import Planning

/// The namespaces of a plan that are not there yet: they come before the release records that go into them, and the
/// one of the lock before the lock.
package struct Namespaces {
    private let cluster: Cluster
    private let missing: [Change]
    private let report: (String) -> Void

    /// `report` gets the name of each that was made.
    package init(_ cluster: Cluster, of plan: Plan, report: @escaping (String) -> Void) {
        self.cluster = cluster
        self.report = report
        missing = plan.changes.filter { change in
            change.identity.kind == "Namespace" && (change.action == .create || change.action.termination != nil)
        }
    }

    /// Makes the one of that name, where the plan has it; answers whether it has.
    func create(_ name: String) throws(APIError) -> Bool {
        guard let change = missing.first(where: { $0.identity.name == name }) else { return false }
        try create(change)
        return true
    }

    /// Makes all but the one of that name, which is there.
    func createOthers(than name: String) throws(APIError) {
        for change in missing where change.identity.name != name { try create(change) }
    }

    private func create(_ change: Change) throws(APIError) {
        guard let path = cluster.path(of: change.identity), let object = change.sent else { return }
        _ = try cluster.client.send(.apply(path, object, manager: change.manager.rawValue))
        report(change.identity.name)
    }
}

extension LeaseLock {
    /// Takes the lock, or answers who has it; makes the namespace that it lives in where that is missing.
    package func take(making namespaces: Namespaces) throws(APIError) -> Holder? {
        do throws(APIError) {
            return try take()
        } catch {
            guard error.isNotFound, try namespaces.create(namespace) else { throw error }
            return try take()
        }
    }

    /// Makes the plan's other namespaces, under the lock.
    package func make(_ namespaces: Namespaces) throws(APIError) {
        try namespaces.createOthers(than: namespace)
    }
}
