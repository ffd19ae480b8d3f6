internal import Objects
package import Values

/// The image that a component runs, or would run, and which version of Istio that is.
package struct ComponentImage: Sendable, Hashable {
    package let component: Component
    /// As the container names it.
    package let image: String
    /// The version in the image's tag; `nil` for a tag without one, and for a digest alone.
    package let version: IstioVersion?
    /// The version that the pods' label names, which is the chart's.
    package let labelled: IstioVersion?

    /// From the template of a workload, or from a pod; `nil` where it has no container.
    package init?(_ component: Component, pod: Value) {
        let containers = pod["spec"]?["containers"]?.list ?? []
        let own = containers.first { $0["name"]?.string == component.traits.container } ?? containers.first
        guard let image = own?["image"]?.string else { return nil }
        self.component = component
        self.image = image
        version = ImageReference(image)?.version
        labelled = pod.metadata.label("app.kubernetes.io/version").flatMap { IstioVersion($0) }
    }

    /// The version that version skew is judged by: the image's, or the label's where the image has none.
    package var judged: IstioVersion? { version ?? labelled }

    /// What runs, for people: the version, else the tag or the digest.
    package var shown: String {
        if let version { return version.description }
        let reference = ImageReference(image)
        if let tag = reference?.tag { return tag }
        // Long enough to tell two apart.
        return reference?.digest.map { String($0.prefix(19)) } ?? image
    }
}

/// A component's workload of a set of rendered or recorded objects.
package struct RenderedImages: Sendable {
    /// In the order of the components; base has none.
    package let images: [ComponentImage]

    /// From the objects of a mesh, each with its component.
    package init(_ objects: some Sequence<(component: Component?, kind: String, object: Value)>) {
        images = objects.compactMap { component, kind, object in
            guard kind == "Deployment" || kind == "DaemonSet", let component,
                let template = object["spec"]?["template"]
            else { return nil }
            return ComponentImage(component, pod: template)
        }.sorted { $0.component < $1.component }
    }

    /// What the rules of versions go by, by component.
    package var versions: [Component: IstioVersion] {
        Dictionary(images.compactMap { image in image.judged.map { (image.component, $0) } }) { first, _ in first }
    }

    /// What would run, in a few words; `release` is the version where no component has an image.
    package func summary(release: String) -> String {
        versionSummary(images.map { ($0.component, [$0.shown]) }) ?? release
    }

    /// What would run beside what is left as it runs; `release` is the version where no component has an image.
    package func summary(over live: [Workload], release: String) -> String {
        let parts = Component.allCases.compactMap { component -> (Component, [String])? in
            if let own = images.first(where: { $0.component == component }) { return (component, [own.shown]) }
            let left = live.first { $0.component == component }?.versions ?? []
            return left.isEmpty ? nil : (component, left)
        }
        return versionSummary(parts) ?? release
    }
}

/// `v1.30.3` where all components run that version, else each with its own: `istiod 1.30.3, ztunnel 1.29.6 and 1.30.3`;
/// `nil` for none.
func versionSummary(_ parts: [(component: Component, versions: [String])]) -> String? {
    guard let first = parts.first else { return nil }
    if let only = first.versions.first, IstioVersion(only) != nil, parts.count > 1,
        parts.allSatisfy({ $0.versions == [only] })
    {
        return only.withVersionPrefix
    }
    return parts.map { "\($0.component) \($0.versions.joined(separator: " and "))" }.joined(separator: ", ")
}
