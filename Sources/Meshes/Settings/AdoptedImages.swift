package import Istio
package import Values

/// The images that an installer derived from one version of a component: the Sail Operator names whole references, without
/// a variant or by digest. They are no user's values, and count while the component has that version.
package struct AdoptedImages: Sendable, Equatable {
    /// `v1.30.3`
    package var version: String
    /// As in a values file.
    package var values: Mapping

    package init(version: String, values: Mapping) {
        self.version = version
        self.values = values
    }

    /// From what `value` made.
    init?(_ value: Value?) {
        guard let version = value?["version"]?.string, let values = value?["values"]?.map else { return nil }
        self.init(version: version, values: values)
    }

    /// As it is stored.
    package var value: Value { ["version": .string(version), "values": .map(values)] }
}

extension Component {
    /// Where a values file has whole references of the images that a component runs or gives out.
    package var imagePaths: [[String]] {
        switch self {
        case .base: []
        case .istiod: [["pilot", "image"], ["global", "proxy", "image"], ["global", "proxy_init", "image"]]
        case .cni, .ztunnel: [[traits.key, "image"]]
        }
    }

    /// Values by which a user chooses images, so that nothing is to be derived.
    private var choices: [[String]] {
        [["global", "hub"], ["global", "tag"], [traits.key, "hub"], [traits.key, "tag"]]
    }

    /// Whether these values of a user's choose the image at a path: by themselves, or with a registry or a tag.
    package func choosesImage(at path: [String], _ values: Mapping) -> Bool {
        (choices + [path]).contains { values.value(at: $0).map { $0 != .null && $0 != "" } ?? false }
    }
}

extension Mesh {
    /// The layers of images that still count, beneath the user's values.
    static func adoptedLayers(
        _ adopted: [Component: AdoptedImages], user: [Layer], _ versions: ComponentVersions, _ wanted: [Component]
    ) -> [Layer] {
        wanted.compactMap { component in
            guard let images = adopted[component], images.version == versions.choice(of: component).release.version
            else { return nil }
            let given = user.seen(by: component).merged
            var values = Mapping()
            for path in component.imagePaths where !component.choosesImage(at: path, given) {
                if let image = images.values.value(at: path) { values.set(image, at: path) }
            }
            guard !values.isEmpty else { return nil }
            return Layer(.derived("as \(images.version) was installed"), values).only(for: [component])
        }
    }
}

extension Remembered {
    /// Takes the image that a component runs for one that its installer derived from the version, unless the values choose
    /// it; values that only repeat it are the installer's too, and go.
    package mutating func adopt(_ image: String, at path: [String], of component: Component) {
        guard let version = allVersions[component], image.contains("/") else { return }
        if values.value(at: path)?.string == image { values.removeValue(at: path[...]) }
        if ownValues[component]?.value(at: path)?.string == image {
            ownValues[component]?.removeValue(at: path[...])
        }
        var given = values
        given.merge(ownValues[component] ?? Mapping())
        guard !component.choosesImage(at: path, given) else { return }
        var images = adopted[component] ?? AdoptedImages(version: version, values: Mapping())
        images.values.set(.string(image), at: path)
        adopted[component] = images
    }
}

extension Mapping {
    /// Without the value at the end of a path, and without the maps on the way that are then empty.
    fileprivate mutating func removeValue(at path: ArraySlice<String>) {
        guard let first = path.first else { return }
        guard path.count > 1, case .map(var inner)? = self[first] else {
            self[first] = nil
            return
        }
        inner.removeValue(at: path.dropFirst())
        self[first] = inner.isEmpty ? nil : .map(inner)
    }
}
