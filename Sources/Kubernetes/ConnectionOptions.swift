/// What the command line says about the cluster to talk to: kubectl's flags of the same names.
package struct ConnectionOptions: Sendable, Equatable {
    package var kubeconfig: String?
    package var context: String?
    package var cluster: String?
    package var user: String?
    package var namespace: String?
    /// The user to impersonate.
    package var impersonatedUser: String?
    package var impersonatedUID: String?
    package var impersonatedGroups: [String] = []
    package var token: String?
    package var server: String?
    /// For one request, in milliseconds.
    package var requestTimeout: Int = 60_000

    package init() {}

    /// An empty flag says nothing, as with kubectl.
    var withoutBlanks: ConnectionOptions {
        var options = self
        for path in ConnectionOptions.texts where options[keyPath: path] == "" { options[keyPath: path] = nil }
        return options
    }

    private static var texts: [WritableKeyPath<ConnectionOptions, String?>] {
        [
            \.kubeconfig, \.context, \.cluster, \.user, \.namespace, \.impersonatedUser, \.impersonatedUID, \.token,
            \.server,
        ]
    }
}
