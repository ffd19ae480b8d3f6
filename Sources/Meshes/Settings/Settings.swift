package import Istio
package import Values

/// What a values file in the form of a Kubernetes resource says: values, and settings that sail has flags for.
package struct Settings: Sendable, Equatable {
    /// A name as a resource has it, and where.
    package struct Given: Sendable, Equatable {
        package let name: String
        package let place: String
    }

    package var profile: String?
    package var platform: String?
    /// The versions that resources ask for, each for its own component.
    package var versions: [Component: Given] = [:]
    /// The components that have a resource of their own.
    package var resources: Set<Component> = []
    /// The control plane's namespace.
    package var namespace: String?
    package var componentNamespaces: [Component: String] = [:]
    /// Where the namespaces of the Sail Operator's resources are given, istiod's too.
    package var namespacePlaces: [Component: String] = [:]
    package var disabled: Set<Component> = []
    /// Whether ztunnel takes over what its `targetRef` makes it take over of the control plane's values.
    package var ztunnelFollowsControlPlane = false
    /// What is laid over the rendered objects of components.
    package var objectSettings: [Component: ObjectSettings] = [:]
    /// Namespaces given as resources, with the metadata that they should carry.
    package var namespaces: [GivenNamespace] = []

    package init() {}

    /// Takes what the other says where it says something.
    mutating func merge(_ other: Settings) {
        profile = other.profile ?? profile
        platform = other.platform ?? platform
        versions.merge(other.versions) { $1 }
        resources.formUnion(other.resources)
        namespace = other.namespace ?? namespace
        componentNamespaces.merge(other.componentNamespaces) { $1 }
        namespacePlaces.merge(other.namespacePlaces) { $1 }
        disabled.formUnion(other.disabled)
        ztunnelFollowsControlPlane = ztunnelFollowsControlPlane || other.ztunnelFollowsControlPlane
        for (component, own) in other.objectSettings {
            objectSettings[component, default: ObjectSettings()].merge(own)
        }
        for namespace in other.namespaces {
            namespaces.removeAll { $0.name == namespace.name }
            namespaces.append(namespace)
        }
    }
}

/// A namespace that a file holds beside the mesh's resources.
package struct GivenNamespace: Sendable, Equatable {
    package let name: String
    package let labels: Mapping
    package let annotations: Mapping
    /// Where it is given.
    package let place: String

    package init(name: String, labels: Mapping, annotations: Mapping, place: String) {
        (self.name, self.labels, self.annotations, self.place) = (name, labels, annotations, place)
    }
}
