internal import Values

/// What the API server says of fields that the charts of Istio themselves render, for all clusters: its user can change
/// nothing about it.
private let chartsOwnNotices: [(field: String, reason: String)] = [
    // istio-cni's pods name no AppArmor profile but by this annotation, up to 1.29 always, later where it is asked for.
    ("container.apparmor.security.beta.kubernetes.io/install-cni", "deprecated since")
]

/// The API server's notices without those about fields that Istio's own charts render.
func withoutChartsOwn(_ notices: [String]) -> [String] {
    notices.filter { notice in
        !chartsOwnNotices.contains { notice.contains($0.field) && notice.contains($0.reason) }
    }
}
