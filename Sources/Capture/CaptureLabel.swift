/// The labels and annotations that decide about ambient mode (Istio 1.30).
package enum CaptureLabel {
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
    /// On a namespace: injects sidecars of this revision.
    package static let revision = "istio.io/rev"
    /// On pods that a controller made for a Gateway.
    package static let gateway = "gateway.networking.k8s.io/gateway-name"
}
