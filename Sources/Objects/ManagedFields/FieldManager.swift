/// The name under which sail applies an object, which the API server keeps beside each field.
package enum FieldManager: String, Sendable {
    /// Helm's own name, for every object of the four charts: `helm upgrade` and `helm rollback` meet no manager but
    /// themselves, whichever of the two wrote last.
    case helm
    /// For what sail adds by itself: the lock, namespaces and their labels, waypoints.
    case sail
}

/// A Helm release by its name and namespace, as the annotations of its objects write them.
package struct ReleaseReference: Hashable, Sendable, CustomStringConvertible {
    package var name: String
    package var namespace: String

    package init(name: String, namespace: String) {
        self.name = name
        self.namespace = namespace
    }

    /// `istio-system/istiod`
    package var description: String { "\(namespace)/\(name)" }
}
