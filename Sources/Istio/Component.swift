/// One of the four charts that make up ambient mode, in the order of installation.
package enum Component: String, CaseIterable, Sendable {
    case base, istiod, cni, ztunnel
}
