package import Objects
package import Values

/// An object that should be on the cluster, with the component that wants it.
package struct Desired: Sendable {
    package var component: String
    package var identity: Identity
    package var object: Value

    package init(component: String, identity: Identity, object: Value) {
        self.component = component
        self.identity = identity
        self.object = object
    }
}

/// What the cluster says of one object: how it is, and how it would be after our apply.
package struct Observation: Sendable {
    package enum Prediction: Sendable {
        /// The server's answer to the dry-run apply.
        case object(Value)
        case conflict([FieldConflict])
        case refused(String)
        /// Not asked, since what the object needs is not there yet: its namespace, its CRD.
        case unknown
        /// The object is already as our apply would leave it: see `isSettled`.
        case settled
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
    package var observations: [Identity: Observation]
    /// Objects that earlier runs applied and that are on the cluster still, with their component.
    package var previous: [(component: String, identity: Identity, live: Value)]

    package init(
        observations: [Identity: Observation] = [:],
        previous: [(component: String, identity: Identity, live: Value)] = []
    ) {
        self.observations = observations
        self.previous = previous
    }
}
