package import Istio

/// A kind of the group sailoperator.io.
package struct ResourceKind: Sendable {
    package var name: String
    package var plural: String
    package var shortNames: [String] = []
    package var versions: [ResourceVersion]
    package var versionScope: VersionRule.Scope
    package var text: String

    /// The API group of all of them.
    package static let group = "sailoperator.io"

    package var definitionName: String { "\(plural).\(ResourceKind.group)" }

    package func version(_ name: String) -> ResourceVersion? { versions.first { $0.name == name } }

    /// The version that resources are stored in.
    package var storedVersion: ResourceVersion { versions[0] }
}

/// A version of a kind: the object of its resources, and the columns of `kubectl get`.
package struct ResourceVersion: Sendable {
    package var name: String
    /// The object of the table.
    package var type: String
    package var columns: [Column]
    package var isDeprecated = false

    /// A column of `kubectl get`.
    package struct Column: Sendable {
        package var name: String
        package var path: String
        package var text: String

        fileprivate init(_ name: String, _ path: String, _ text: String) {
            (self.name, self.path, self.text) = (name, path, text)
        }
    }
}

extension ResourceVersion.Column {
    fileprivate static let namespace = Self("Namespace", ".spec.namespace", "the namespace of the component")
    fileprivate static let profile = Self("Profile", ".spec.profile", "the profile that was asked for")
    fileprivate static let valuesProfile = Self("Profile", ".spec.values.profile", "the profile in the values")
    fileprivate static let ready = Self(
        "Ready", #".status.conditions[?(@.type=="Ready")].status"#, "whether all pods are ready")
    fileprivate static let inUse = Self(
        "In use", #".status.conditions[?(@.type=="InUse")].status"#, "whether workloads refer to it")
    fileprivate static let state = Self("Status", ".status.state", "Healthy, or why not")
    fileprivate static let version = Self("Version", ".spec.version", "the version that was asked for")
    fileprivate static let revision = Self("Revision", ".status.istioRevision", "the revision that it refers to")
    fileprivate static let age = Self("Age", ".metadata.creationTimestamp", "the time since it was created")
    fileprivate static let revisions = [
        Self("Revisions", ".status.revisions.total", "the number of revisions"),
        Self("Ready", ".status.revisions.ready", "the number of revisions that are ready"),
        Self("In use", ".status.revisions.inUse", "the number of revisions that workloads refer to"),
        Self("Active Revision", ".status.activeRevisionName", "the revision that new workloads get"),
    ]
}

extension ResourceKind {
    private static let all72 = VersionRule.Scope(takesOld: true, takesLatest: true)

    package static let istio = ResourceKind(
        name: "Istio", plural: "istios",
        versions: [
            ResourceVersion(
                name: "v1", type: "Istio",
                columns: [.namespace, .profile] + ResourceVersion.Column.revisions + [.state, .version, .age])
        ], versionScope: all72,
        text: "The control plane of a mesh: istiod, and the definitions and permissions it needs.")

    package static let cni = ResourceKind(
        name: "IstioCNI", plural: "istiocnis",
        versions: [
            ResourceVersion(
                name: "v1", type: "IstioCNI", columns: [.namespace, .profile, .ready, .state, .version, .age])
        ], versionScope: all72, text: "The node agent that redirects the traffic of pods.")

    package static let ztunnel = ResourceKind(
        name: "ZTunnel", plural: "ztunnels",
        versions: [
            ResourceVersion(
                name: "v1", type: "ZTunnel", columns: [.namespace, .ready, .state, .version, .revision, .age]),
            ResourceVersion(
                name: "v1alpha1", type: "ZTunnelAlpha",
                columns: [.namespace, .valuesProfile, .ready, .state, .version, .age], isDeprecated: true),
        ], versionScope: VersionRule.Scope(takesOld: false, takesLatest: true),
        text: "The node proxy of ambient mode.")

    package static let revision = ResourceKind(
        name: "IstioRevision", plural: "istiorevisions", shortNames: ["istiorev"],
        versions: [
            ResourceVersion(
                name: "v1", type: "IstioRevision",
                columns: [.namespace, .valuesProfile, .ready, .state, .inUse, .version, .age])
        ], versionScope: VersionRule.Scope(takesOld: true, takesLatest: false),
        text: "One control plane of several. The Sail Operator makes it from an Istio resource.")

    package static let tag = ResourceKind(
        name: "IstioRevisionTag", plural: "istiorevisiontags", shortNames: ["istiorevtag"],
        versions: [
            ResourceVersion(name: "v1", type: "IstioRevisionTag", columns: [.state, .inUse, .revision, .age])
        ], versionScope: all72, text: "Another name for a revision, for the injection of sidecars.")

    /// The components that a resource of the kind speaks for; base goes with istiod.
    package var components: [Component] {
        switch name {
        case ResourceKind.istio.name: [.istiod, .base]
        case ResourceKind.cni.name: [.cni]
        case ResourceKind.ztunnel.name: [.ztunnel]
        default: []
        }
    }

    /// Whether it speaks for istiod.
    package var isControlPlane: Bool { components.contains(.istiod) }

    /// The namespace of its component where a resource names none.
    package var defaultNamespace: String { components.first?.traits.resourceNamespace ?? "istio-system" }

    /// The kinds by which a mesh is asked for, in the order of their components.
    package static let ofMesh = [istio, cni, ztunnel]

    /// All kinds, those that speak for a component of the mesh first.
    package static let all = [istio, cni, ztunnel, revision, tag]

    /// The kind of a name, as resources write it.
    package static func named(_ name: String) -> ResourceKind? { all.first { $0.name == name } }
}
