/// The labels and annotations of Istio that more than one part of it reads (1.30); those of waypoints alone are
/// `WaypointLabel`'s.
package enum IstioLabel {
    /// On a namespace or pod: `ambient` enrols it, `none` keeps a pod out.
    package static let mode = "istio.io/dataplane-mode"
    package static let ambient = "ambient"
    package static let none = "none"
    /// Annotation that the CNI agent gives a captured pod: `enabled`.
    package static let redirection = "ambient.istio.io/redirection"
    /// Annotation of a pod that got a sidecar.
    package static let sidecar = "sidecar.istio.io/status"
    /// On a namespace: `enabled` injects sidecars.
    package static let injection = "istio-injection"
    /// On istiod and on config: the revision that it is of; on a namespace: injects sidecars of that revision.
    package static let revision = "istio.io/rev"
    /// On the webhook of a tag: its name.
    package static let tag = "istio.io/tag"
    /// On pods and Services that a controller made for a Gateway: the controller's name.
    package static let managed = "gateway.istio.io/managed"
    /// On the same: the Gateway's name.
    package static let gatewayName = "gateway.networking.k8s.io/gateway-name"
}
