package import Istio
package import Patches
import Values

/// What the user asks for: which mesh, with which values.
package struct MeshRequest: Sendable {
    package var profile: String?
    /// The version that was asked for on the command line, for every component that takes part.
    package var version: String?
    /// What charts from elsewhere say that they are; counts where neither a flag nor a resource says.
    package var chartsVersion: String?
    /// What earlier runs stored for each component.
    package var storedVersions: [Component: String] = [:]
    package var platform: String?
    package var namespace: String?
    /// Namespaces that earlier runs were given as resources.
    package var storedNamespaces: [GivenNamespace] = []
    package var componentNamespaces: [Component: String] = [:]
    /// The components asked for; all where empty.
    package var components: Set<Component> = []
    package var user = UserValues()
    /// Files of patches, in the order in which they are applied.
    package var patchFiles: [PatchFile] = []
    /// Names of releases that are on the cluster already and are kept; the usual ones for the others.
    package var releaseNames: [Component: String] = [:]
    /// Namespaces of releases that are not where their component is: the Sail Operator has that of base in its own.
    package var releaseNamespaces: [Component: String] = [:]
    /// Names that charts were rendered under where these are not the releases': istioctl renders all as `istio`.
    package var instanceNames: [Component: String] = [:]
    /// The images that components keep while they have the version that these belong to.
    package var adopted: [Component: AdoptedImages] = [:]
    /// Whether charts come from elsewhere, which may have versions that the catalogue does not list.
    package var bringsCharts = false
    /// What is known of releases; the built-in catalogue where `nil`.
    package var catalogue: Catalogue?

    package init() {}
}

extension MeshRequest {
    /// The components that take part, in the order of installation.
    package var wantedComponents: [Component] {
        Component.allCases.filter { component in
            (components.isEmpty || components.contains(component)) && !user.settings.disabled.contains(component)
        }
    }

    /// The namespaces given as resources, those of this run in the place of the stored ones of the same name.
    var allNamespaces: [GivenNamespace] {
        var all = Settings()
        all.namespaces = storedNamespaces
        all.merge(user.settings)
        return all.namespaces.sorted { $0.name.precedesByBytes($1.name) }
    }

    /// Kinds of the Sail Operator that are missing among resources that speak of a whole mesh, with their components.
    package var missingResources: [(kind: String, component: Component)] {
        guard !user.settings.resources.isEmpty, components.isEmpty else { return [] }
        return SailKind.all.compactMap { kind in
            guard kind.components.isDisjoint(with: user.settings.resources) else { return nil }
            return wantedComponents.last(where: kind.components.contains).map { (kind.name, $0) }
        }
    }

    /// Throws where a flag names another namespace than the component's resource.
    package func refuseOtherNamespaces() throws(IstioError) {
        let settings = user.settings
        let pairs =
            [(Component.istiod, "--namespace", namespace, settings.namespace)]
            + Component.nodeAgents.map {
                ($0, $0.namespaceFlag, componentNamespaces[$0], settings.componentNamespaces[$0])
            }
        for (component, flag, asked, own) in pairs {
            guard let asked, let own, asked != own, let place = settings.namespacePlaces[component] else { continue }
            throw .contradiction(
                place: place, what: "spec.namespace is \(own), and \(flag) is \(asked)", remedy: "leave one of them out"
            )
        }
    }

    /// All versions that the user names, by a flag or in resources.
    package var versionNames: [String] {
        (version.map { [$0] } ?? []) + user.settings.versions.values.map(\.name)
    }

    /// Whether resources leave the version of a component to the charts.
    package var needsChartsVersion: Bool {
        wantedComponents.contains { user.settings.versions[$0] == nil }
    }

    /// The version that a component should get, by name; the catalogue's default where `nil`.
    ///
    /// From the strongest: the flag, the component's own resource, the charts, what is stored. A component that nothing
    /// speaks of follows the control plane; one whose resource names no version gets the default, as its definition
    /// has it.
    package func version(of component: Component) -> String? {
        let (stored, own) = (storedVersions[component], user.settings.versions[component]?.name)
        guard wantedComponents.contains(component) else { return stored ?? own }
        if let found = version ?? own ?? chartsVersion ?? stored { return found }
        let isIndependent = component == .istiod || user.settings.resources.contains(component)
        return isIndependent ? nil : version(of: .istiod)
    }
}
