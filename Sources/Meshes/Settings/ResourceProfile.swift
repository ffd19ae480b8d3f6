/// A profile as IstioOperator and the Sail Operator's resources name it.
struct ResourceProfile {
    let name: String

    init(_ name: String) {
        self.name = name
    }

    /// The profiles that the Sail Operator's definitions know.
    static let known = [
        "ambient", "default", "demo", "empty", "external", "openshift", "openshift-ambient", "preview", "remote",
        "stable",
    ]

    /// The profile of an ambient mesh on a platform.
    static func ambient(on platform: String?) -> ResourceProfile {
        ResourceProfile(platform == "openshift" ? "openshift-ambient" : Profiles.ambient)
    }

    static let remedy = "write ambient, or openshift-ambient on OpenShift"

    /// Profiles that put a mesh's control plane elsewhere.
    private static let remote = ["external", "remote"]

    var platform: String? { name.hasPrefix("openshift") ? "openshift" : nil }

    /// Whether it adds nothing but a platform to the charts' own values.
    var isPlain: Bool { ["default", "openshift"].contains(name) }

    /// Why sail does not take it, and what to write; `nil` for the ambient ones and for unknown names.
    var refusal: String? {
        if ["ambient", "openshift-ambient"].contains(name) { return nil }
        if ResourceProfile.remote.contains(name) {
            return "profile \(name) is for a control plane outside this cluster, and sail installs one in it; "
                + ResourceProfile.remedy
        }
        guard ResourceProfile.known.contains(name) || name == "minimal" else { return nil }
        return "profile \(name) makes a mesh of sidecars, and sail installs ambient mode; " + ResourceProfile.remedy
    }
}
