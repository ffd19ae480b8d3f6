import ClusterState
import HelmReleases
package import Kubernetes
package import Preflight

extension OperationOptions {
    /// What every plan begins with, so that it costs one round trip.
    package func firstReads(_ kind: RunKind?) -> [APIRequest] {
        var calls = [Client.recordHeads]
        if platform == nil { calls.append(Cluster.oneNode) }
        let places = [namespace ?? "istio-system"] + componentNamespaces.values.sorted()
        if let kind { calls += Cluster.factCalls(kind, in: places) }
        return calls
    }
}
