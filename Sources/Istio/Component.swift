/// One of the four charts that make up ambient mode, in the order of installation.
package enum Component: String, CaseIterable, Sendable {
    case base, istiod, cni, ztunnel
}

extension Component: CustomStringConvertible, Comparable {
    /// `istiod`, as charts, flags and people call it.
    package var description: String { rawValue }

    /// The order of installation.
    package static func < (first: Component, second: Component) -> Bool { first.rank < second.rank }

    private var rank: Int { Component.allCases.firstIndex(of: self) ?? 0 }
}

/// How the workload of a component is found on a cluster.
package struct WorkloadKind: Sendable {
    /// `Deployment`
    package let kind: String
    /// Where the API serves it: `/apis/apps/v1/deployments`.
    package let path: String
    /// The labels that every installer gives it.
    package let labels: String
}

/// What differs from component to component.
package struct ComponentTraits: Sendable {
    /// The Helm release that a new installation gets.
    package let release: String
    /// The key of the component's own section in the user's values; istiod also gets all keys outside the other
    /// sections.
    package let key: String
    /// The same component in IstioOperator's `components:`.
    package let operatorKey: String
    /// Whether it runs beside system pods on OpenShift, where other namespaces may not have privileged pods.
    package let isNodeAgent: Bool
    /// Where the Sail Operator's resource of this component puts it, if it has one of its own.
    package var resourceNamespace: String?
    /// The container whose image is the component; empty where it has no pods.
    package let container: String
    /// Its Deployment or DaemonSet; `nil` where it has none.
    var workload: WorkloadKind?
    /// The flag that says into which namespace it goes.
    var namespaceFlag = "--namespace"
    let summary: String
}

extension Component {
    private static let table: [Component: ComponentTraits] = [
        .base: ComponentTraits(
            release: "istio-base", key: "base", operatorKey: "base", isNodeAgent: false, container: "",
            summary: "custom resource definitions and cluster-wide objects"),
        .istiod: ComponentTraits(
            release: "istiod", key: "pilot", operatorKey: "pilot", isNodeAgent: false, container: "discovery",
            workload: WorkloadKind(kind: "Deployment", path: "/apis/apps/v1/deployments", labels: "app=istiod"),
            summary: "the control plane"),
        .cni: ComponentTraits(
            release: "istio-cni", key: "cni", operatorKey: "cni", isNodeAgent: true, resourceNamespace: "istio-cni",
            container: "install-cni",
            workload: WorkloadKind(
                kind: "DaemonSet", path: "/apis/apps/v1/daemonsets", labels: "k8s-app=istio-cni-node"),
            namespaceFlag: "--cni-namespace",
            summary: "the node agent that redirects pods' traffic"),
        .ztunnel: ComponentTraits(
            release: "ztunnel", key: "ztunnel", operatorKey: "ztunnel", isNodeAgent: true, resourceNamespace: "ztunnel",
            container: "istio-proxy",
            workload: WorkloadKind(
                kind: "DaemonSet", path: "/apis/apps/v1/daemonsets", labels: "app.kubernetes.io/name=ztunnel"),
            namespaceFlag: "--ztunnel-namespace",
            summary: "the node proxy that encrypts pods' traffic"),
    ]

    /// Its row of the table.
    package var traits: ComponentTraits {
        // The table has a row for every case: see the test `everyComponentHasItsTraits`.
        Component.table[self]
            ?? ComponentTraits(
                release: rawValue, key: rawValue, operatorKey: rawValue, isNodeAgent: false, container: "",
                summary: "")
    }

    package var releaseName: String { traits.release }
    package var summary: String { traits.summary }
    /// How its Deployment or DaemonSet is found; `nil` for base, which has none.
    package var workload: WorkloadKind? { traits.workload }
    /// `--ztunnel-namespace`
    package var namespaceFlag: String { traits.namespaceFlag }
    /// The components that have a workload.
    package static let withWorkload = allCases.filter { $0.workload != nil }
    /// The components that run on every node.
    package static let nodeAgents = allCases.filter(\.traits.isNodeAgent)
    /// The key of a user's values that is the component's own: `pilot` for istiod.
    package var valuesKey: String { traits.key }
}
