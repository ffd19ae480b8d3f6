package import Objects

/// Something that stops working, or works otherwise, once pods are captured.
package struct CaptureHazard: Sendable, Equatable {
    /// What kind of thing it is.
    package enum Kind: String, Sendable {
        case networkPolicy = "network-policy"
        case probes
        case authorization
        case authentication
        case podSecurity = "pod-security"
        case cni
        /// Something that could not be read, so that nothing is known of it.
        case unknown
    }

    package var kind: Kind
    /// The object that it is about; `nil` for a setting of the cluster.
    package var object: ObjectReference?
    package var message: String
    package var remedy: String?

    package init(_ kind: Kind, _ object: ObjectReference? = nil, _ message: String, remedy: String? = nil) {
        (self.kind, self.object, self.message, self.remedy) = (kind, object, message, remedy)
    }

    /// `NetworkPolicy shop/web: admits …`
    package var text: String { object.map { "\($0): \(message)" } ?? message }
}
