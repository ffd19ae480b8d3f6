internal import TLSServer

/// How a sandbox is set up.
package struct SandboxSettings: Sendable {
    package var nodes = 3
    /// What /version answers.
    package var version = "v1.34.1"
    /// Labels of every node, `kubernetes.io/os: linux` and the host's name beside them.
    package var nodeLabels: [String: String] = [:]
    /// The kubelets' version; platforms such as k3s are recognised by it.
    package var kubeletVersion: String?
    package var nodeProvider: String?
    /// Seconds from a pod's creation until it is ready.
    package var podSeconds = 0.03
    /// Seconds that a pod takes to end.
    package var terminationSeconds = 0.02
    /// Seconds until a CRD is Established.
    package var crdSeconds = 0.05
    /// Pods with an image that contains this word never become ready.
    package var brokenImage: String?
    /// The CNI agent does not capture pods whose name contains this word.
    package var uncaptured: String?
    /// istiod does nothing about Gateways whose name contains this word.
    package var unprogrammed: String?
    /// The bundle of the Gateway API that is installed from the start, `v1.5.1`.
    package var gatewayAPI: String?
    /// Answers /api and /apis in the older form only.
    package var hasAggregatedDiscovery = true
    package var usesTLS = true
    /// How long the certificate is good; less than 0 is past.
    package var certificateDays = ServerIdentity.days
    /// 0 takes any free port.
    package var port = 0
    /// Seconds between a watch's bookmarks.
    package var bookmarkSeconds = 1.0
    /// What users other than admin may do.
    package var grants: [Grant] = []

    /// What admission says to objects by `Kind/name` or `Kind/*`: they are refused.
    package var refusals: [String: String] = [:]
    /// Pods whose image was reported missing, by uid.
    var notedPods: Set<String> = []

    package init() {}
}

/// A permission of a user: `*` is any verb, group or resource; an empty namespace all of them.
package struct Grant: Sendable {
    package var user: String
    package var verbs: [String]
    package var group: String
    package var resource: String
    package var namespace: String

    package init(user: String, verbs: [String], group: String = "*", resource: String = "*", namespace: String = "") {
        self.user = user
        self.verbs = verbs
        self.group = group
        self.resource = resource
        self.namespace = namespace
    }
}
