import Istio
import Values

/// Into which namespaces a mesh goes, and the values that follow from it.
struct Placement {
    /// istiod's namespace, and everyone's who has no other.
    let mesh: String
    private let others: [Component: String]

    static let standard = "istio-system"

    init(_ request: MeshRequest, user: [Layer], platform: String?) throws(IstioError) {
        let settings = request.user.settings
        let wanted = request.namespace ?? settings.namespace
        mesh = try Placement.meshNamespace(wanted, user)
        var others: [Component: String] = [:]
        if platform == "openshift" {
            // Pods of these run privileged and critical, which OpenShift allows in system namespaces only.
            for component in Component.nodeAgents { others[component] = "kube-system" }
        }
        for component in settings.resources {
            if let own = component.traits.resourceNamespace { others[component] = own }
        }
        others[.ztunnel] = Placement.trustedNamespace(settings, user) ?? others[.ztunnel]
        others.merge(settings.componentNamespaces) { $1 }
        others.merge(request.componentNamespaces) { $1 }
        self.others = others
    }

    /// Where istiod is: one answer, which each component's values must agree with.
    private static func meshNamespace(_ wanted: String?, _ user: [Layer]) throws(IstioError) -> String {
        let path = ["global", "istioNamespace"]
        var found = wanted
        for component in [.istiod] + Component.allCases {
            let layers = user.seen(by: component)
            guard let given = layers.merged.value(at: path)?.string else { continue }
            if let found, given != found {
                throw .contradiction(
                    place: ValueCheck(layers).place(of: path),
                    what: "global.istioNamespace is \(given), the namespace \(found)",
                    remedy: "leave one of them out")
            }
            found = given
        }
        return found ?? Placement.standard
    }

    /// Where an Istio resource without a ZTunnel beside it says that ztunnel is.
    private static func trustedNamespace(_ settings: Settings, _ user: [Layer]) -> String? {
        guard settings.resources.contains(.istiod), !settings.resources.contains(.ztunnel) else { return nil }
        let trusted = user.seen(by: .istiod).merged.value(at: ["pilot", "trustedZtunnelNamespace"])?.string ?? ""
        return trusted.isEmpty ? nil : trusted
    }

    func namespace(of component: Component) -> String { others[component] ?? mesh }

    /// Values that charts need to find each other: where istiod is, and which ztunnel it trusts.
    ///
    /// istiod gives certificates only to the ztunnel that its settings name; a contradiction is an error.
    func derivedLayer(over layers: [Layer], user: [Layer]) throws(IstioError) -> Layer {
        var values = Mapping()
        let isKnown = Component.allCases.allSatisfy {
            layers.seen(by: $0).merged.value(at: ["global", "istioNamespace"])?.string == mesh
        }
        if mesh != Placement.standard, !isKnown { values.set(.string(mesh), at: ["global", "istioNamespace"]) }
        let (istiod, given) = (layers.seen(by: .istiod).merged, user.seen(by: .istiod))
        try trust("trustedZtunnelNamespace", namespace(of: .ztunnel), standard: mesh, istiod, given, &values)
        let name = layers.seen(by: .ztunnel).merged.value(at: ["ztunnel", "resourceName"])?.string ?? ""
        try trust("trustedZtunnelName", name, standard: "", istiod, given, &values)
        return Layer(.derived("from where components go"), values)
    }

    private func trust(
        _ key: String, _ actual: String, standard: String, _ merged: Mapping, _ user: [Layer], _ values: inout Mapping
    ) throws(IstioError) {
        let paths = [["pilot", key], [key]]
        let given = user.merged
        for path in paths {
            guard let wanted = given.value(at: path)?.string, !wanted.isEmpty else { continue }
            let isSame = wanted == actual || (actual.isEmpty && wanted == Component.ztunnel.releaseName)
            if isSame { return }
            throw .contradiction(
                place: ValueCheck(user).place(of: path),
                what:
                    "\(path.joined(separator: ".")) is \(wanted), but ztunnel's is \(actual.isEmpty ? "ztunnel" : actual)",
                remedy: "leave it out; sail sets it to fit")
        }
        let current = paths.lazy.compactMap { merged.value(at: $0)?.string }.first { !$0.isEmpty } ?? standard
        if current != actual { values.set(.string(actual), at: ["pilot", key]) }
    }
}
