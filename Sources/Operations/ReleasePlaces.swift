import HelmReleases
import Preflight

/// The newest place of each component's release.
func releasePlaces(_ history: ReleaseHistory) -> [ReleasePlace] {
    ["istiod", "cni", "ztunnel"].compactMap { component in
        history.latest(ofChart: component).last { $0.status != .uninstalled }
            .map { ReleasePlace(component: component, namespace: $0.namespace) }
    }
}
