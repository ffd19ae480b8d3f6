/// A kind that a server serves, as discovery describes it (meta/v1's APIResource with its group and version).
package struct APIResource: Sendable, Hashable {
    package var group: String
    package var version: String
    package var kind: String
    /// The plural in paths: `deployments`.
    package var name: String
    package var isNamespaced: Bool
    package var verbs: [String]

    package init(
        group: String, version: String, kind: String, name: String, isNamespaced: Bool, verbs: [String] = []
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        self.name = name
        self.isNamespaced = isNamespaced
        self.verbs = verbs
    }

    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}
