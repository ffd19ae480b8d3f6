/// One of the four charts that make up ambient mode, in the order of installation.
package enum Component: String, CaseIterable, Sendable {
    case base, istiod, cni, ztunnel
}

/// What differs from component to component.
package struct ComponentTraits: Sendable {
    /// The Helm release that a new installation gets.
    package let release: String
    /// The key of the user's values that is this component's own; istiod's is all that is nobody else's.
    package let key: String
    /// The same component in IstioOperator's `components:`.
    package let operatorKey: String
    /// Whether it runs beside system pods on OpenShift, where other namespaces may not have privileged pods.
    package let isNodeAgent: Bool
    /// Where the Sail Operator's resource of this component puts it, if it has one of its own.
    package var resourceNamespace: String?
    /// The container whose image is the component; empty where it has no pods.
    package let container: String
    let summary: String
}

extension Component {
    private static let table: [Component: ComponentTraits] = [
        .base: ComponentTraits(
            release: "istio-base", key: "base", operatorKey: "base", isNodeAgent: false, container: "",
            summary: "custom resource definitions and cluster-wide objects"),
        .istiod: ComponentTraits(
            release: "istiod", key: "pilot", operatorKey: "pilot", isNodeAgent: false, container: "discovery",
            summary: "the control plane"),
        .cni: ComponentTraits(
            release: "istio-cni", key: "cni", operatorKey: "cni", isNodeAgent: true, resourceNamespace: "istio-cni",
            container: "install-cni",
            summary: "the node agent that redirects pods' traffic"),
        .ztunnel: ComponentTraits(
            release: "ztunnel", key: "ztunnel", operatorKey: "ztunnel", isNodeAgent: true, resourceNamespace: "ztunnel",
            container: "istio-proxy",
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
    /// The key of a user's values that is the component's own: `pilot` for istiod.
    package var valuesKey: String { traits.key }
}
