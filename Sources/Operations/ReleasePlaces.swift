import HelmReleases
import Istio
import Preflight

/// The newest place of each component's release.
func releasePlaces(_ history: ReleaseHistory) -> [ReleasePlace] {
    Component.withWorkload.compactMap { component in
        history.latest(of: component).last { $0.status != .uninstalled }
            .map { ReleasePlace(component: component, namespace: $0.namespace) }
    }
}
