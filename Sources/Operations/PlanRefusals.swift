import ClusterState
import HelmReleases
import Meshes
import Objects
import Planning
import Values

/// What stands in a plan's way because it is somebody else's: objects of other releases, fields of other managers.

let ownershipRemedy =
    "take these objects out of those releases first (helm uninstall of one would delete the mesh's), or take them over "
    + "with --take-ownership"

let conflictRemedy =
    "give the values that are there, or take the fields with --force-conflicts; sail diff shows both sides"

/// Objects that belong to a Helm release outside the mesh, each in a line.
func ownershipRefusals(of plan: Plan) -> [Failure] {
    plan.foreign.compactMap { change in
        guard case .owned(let release) = change.action else { return nil }
        return Failure(
            change.identity, "belongs to release \(release.name) in namespace \(release.namespace), by its annotations")
    }
}

/// Objects with fields that others manage with other values, each in a line; few fields are named.
func conflictRefusals(of plan: Plan) -> [Failure] {
    plan.conflicts.compactMap { change in
        guard case .conflict(let conflicts) = change.action else { return nil }
        guard conflicts.count > 3 else {
            return Failure(change.identity, conflicts.map(\.description).joined(separator: "; "))
        }
        var managers: [String] = []
        for conflict in conflicts where !managers.contains(conflict.manager) { managers.append(conflict.manager) }
        let names = managers.map { "\"\($0)\"" }.joined(separator: ", ")
        return Failure(change.identity, "\(conflicts.count) fields are managed by \(names)")
    }
}

extension DesiredState {
    /// What the plan is to be made from.
    func snapshotRequest(_ flags: ClusterOptions) -> SnapshotRequest {
        var options = SnapshotRequest(desired)
        options.previous = previous
        options.forcesConflicts = flags.apply.forcesConflicts
        options.releases = releases
        options.takesOwnership = flags.takesOwnership
        return options
    }
}

extension MeshPart {
    /// The Helm release that its objects belong to.
    var releaseReference: ReleaseReference { ReleaseReference(name: releaseName, namespace: namespace) }
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
