import ClusterState
import HelmReleases
import Meshes
import Objects
import Planning
import Values

extension DesiredState {
    /// What the plan is to be made from.
    func snapshotRequest(_ flags: ClusterOptions) -> SnapshotRequest {
        var request = SnapshotRequest(desired)
        request.previous = previous
        request.forcesConflicts = flags.apply.forcesConflicts
        request.releases = releases
        request.helmTimes = helmTimes
        request.takesOwnership = flags.takesOwnership
        return request
    }
}

extension MeshPart {
    /// The Helm release that its objects belong to.
    var releaseReference: ReleaseReference { ReleaseReference(name: releaseName, namespace: releaseNamespace) }
}

extension ReleaseHistory {
    /// The releases that are installed.
    var releases: Set<ReleaseReference> {
        Set(
            records.filter { $0.status != .uninstalled }
                .map { ReleaseReference(name: $0.name, namespace: $0.namespace) })
    }
}

/// An object's text as it is recorded: without the failurePolicy that a webhook only starts with. istiod takes that field
/// over, and a `helm rollback` to the record would stumble over it.
func recordedText(of object: MeshObject) -> Text {
    guard object.identity.kind == "ValidatingWebhookConfiguration" else { return object.text }
    let lines = object.text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let kept = lines.filter { line in
        !line.drop { $0 == UInt8(ascii: " ") }.elementsEqual("failurePolicy: Ignore".utf8)
    }
    return Text(Array(kept.joined(separator: [UInt8(ascii: "\n")])))
}
