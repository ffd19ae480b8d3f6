package import Istio
package import Objects
package import Values

/// An object that should be on the cluster, with the component that wants it.
package struct Desired: Sendable {
    /// `nil` for an object that was read from a file, which belongs to none.
    package var component: Component?
    package var identity: ObjectReference
    package var object: Value
    /// The Helm release that the object belongs to; `nil` for what sail adds by itself.
    package var release: ReleaseReference?
    /// What changed it after its chart made it: `patch ztunnel.yaml`.
    package var changedBy: [String] = []

    package init(component: Component?, identity: ObjectReference, object: Value, release: ReleaseReference? = nil) {
        self.component = component
        self.identity = identity
        self.object = object
        self.release = release
    }

    /// The name under which it is applied.
    package var manager: FieldManager { release == nil ? .sail : .helm }
}

/// What the cluster says of one object: how it is, and how it would be after our apply.
package struct ObservedObject: Sendable {
    package enum Prediction: Sendable {
        /// The server's answer to the dry-run apply.
        case object(Value)
        case conflict([FieldConflict])
        case refused(String)
        /// Not asked, since what the object needs is not there yet: its namespace, its CRD.
        case unknown
        /// The object is already as our apply would leave it: see `isSettled`.
        case settled
        /// The object is being deleted: ours can only come after it.
        case terminating(Termination)

        /// The object as it would be, where the server has told.
        var object: Value? { if case .object(let object) = self { object } else { nil } }
    }

    package var live: Value?
    package var sent: Value
    package var prediction: Prediction

    package init(live: Value?, sent: Value, prediction: Prediction) {
        self.live = live
        self.sent = sent
        self.prediction = prediction
    }
}

/// The part of a cluster that a plan is about, as of one moment.
package struct Snapshot: Sendable {
    package var observations: [ObjectReference: ObservedObject]
    /// Objects that earlier runs applied and that are on the cluster still, with their component.
    package var previous: [(component: Component, identity: ObjectReference, live: Value)]
    /// The releases of the mesh, whose objects are its own.
    package var releases: Set<ReleaseReference> = []
    /// Whether objects of other releases are taken over too (`--take-ownership`).
    package var takesOwnership = false

    package init(
        observations: [ObjectReference: ObservedObject] = [:],
        previous: [(component: Component, identity: ObjectReference, live: Value)] = []
    ) {
        self.observations = observations
        self.previous = previous
    }
}
