internal import Applying
package import Preflight

/// One way of changing a mesh: a row of the table whose rows `Pipeline` carries out.
package struct Operation: Sendable {
    /// Where the state that the cluster is to reach comes from.
    package enum Source: Sendable {
        /// The options; with what earlier runs stored, where an installed mesh is changed.
        case options(remembering: Bool)
        /// The release records of an earlier revision.
        case records
        /// Nothing is wanted: all that was recorded goes.
        case nothing
    }

    /// The operation as the table of checks names it.
    package let kind: RunKind
    let source: Source
    /// How release records name it; `nil` where the run ends with their deletion.
    let purpose: ReleaseRecorder.Purpose?
    /// Whether every revision is read, or those that the next run builds on.
    let readsAllRevisions: Bool
    /// Whether there must be a mesh already.
    let needsMesh: Bool
    /// Whether the user's own check is made after each component and each batch.
    var runsCheckCommand = false

    /// Whether -n says where the mesh is to be; else it says where it is.
    var takesNamespace: Bool {
        if case .options = source { return true }
        return false
    }

    /// Whether resources of the cluster say what is wanted.
    var readsResources: Bool { kind == .reconcile }

    /// Whether the whole mesh goes.
    var isRemoval: Bool { purpose == nil }

    /// Install the mesh, or apply changed values.
    package static let install = Operation(
        kind: .install, source: .options(remembering: false), purpose: .install, readsAllRevisions: false,
        needsMesh: false, runsCheckCommand: true)
    /// Bring an installed mesh to another version or other values.
    package static let upgrade = Operation(
        kind: .upgrade, source: .options(remembering: true), purpose: .upgrade, readsAllRevisions: false,
        needsMesh: true, runsCheckCommand: true)
    /// Take over a mesh that something else installed.
    package static let adopt = Operation(
        kind: .adopt, source: .options(remembering: true), purpose: .adopt, readsAllRevisions: true, needsMesh: true)
    /// Bring the mesh back to an earlier revision.
    package static let rollback = Operation(
        kind: .rollback, source: .records, purpose: .rollback, readsAllRevisions: true, needsMesh: true)
    /// Bring the mesh to what the Sail Operator's resources ask for.
    package static let reconcile = Operation(
        kind: .reconcile, source: .options(remembering: false), purpose: .reconcile, readsAllRevisions: false,
        needsMesh: false, runsCheckCommand: true)
    /// Remove the mesh.
    package static let uninstall = Operation(
        kind: .uninstall, source: .nothing, purpose: nil, readsAllRevisions: true, needsMesh: false)
}
