internal import ClusterState
package import HelmReleases
package import Istio
internal import Objects
internal import Planning
internal import Values

/// A command about the mesh that is there finds its namespace itself; one that is named must be that one.
extension ClusterSession {
    /// Throws where -n names another namespace than that of the mesh, by its records, or by what runs where there are none.
    package func refuseOtherNamespace(_ history: ReleaseHistory) throws {
        guard options.namespace != nil else { return }
        if history.records.isEmpty { return try refuseOtherNamespace(cluster.workloads()) }
        let own = history.records.filter { $0.component == .istiod }
        try refuse(places: (own.isEmpty ? history.records : own).map(\.namespace))
    }

    /// The same by what runs.
    package func refuseOtherNamespace(_ workloads: [Workload]) throws {
        let own = workloads.filter { $0.component == .istiod }
        try refuse(places: (own.isEmpty ? workloads : own).map(\.identity.namespace))
    }

    private func refuse(places: [String]) throws {
        guard let named = options.namespace, !options.configured.contains("namespace"), !places.isEmpty,
            !places.contains(named)
        else { return }
        let names = Set(places).sorted { $0.precedesByBytes($1) }.joined(separator: " and ")
        throw Failures(
            failures: [Failure(nil, "no mesh in namespace \(named): it is in \(names)")],
            remedy: "give -n \(places[0]), or leave -n and SAIL_NAMESPACE out")
    }
}
