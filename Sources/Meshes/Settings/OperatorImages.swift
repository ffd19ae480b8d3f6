package import Istio
internal import Values

/// The image references that a Sail Operator is given for its versions, in the format of its properties file:
/// `images.v1_30_3.ztunnel=registry.example.com/ztunnel@sha256:…`.
package struct ImageDigests: Sendable, Equatable {
    /// By version (`v1.30.3`) and name (`istiod`, `proxy`, `cni`, `ztunnel`).
    private var references: [String: [String: String]] = [:]

    package init() {}

    /// What is wrong with a line.
    package struct Fault: Error, Sendable, Equatable {
        package var line: Int
        package var problem: String
    }

    private static let names = ["istiod", "proxy", "cni", "ztunnel"]

    /// Reads the file. Keys that do not begin with `images.` are of others, and passed over.
    package init(_ text: String) throws(Fault) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard !line.isEmpty, line.first != "#", line.first != "!", line.hasPrefix("images.") else { continue }
            guard let mark = line.firstIndex(of: "=") else {
                throw Fault(line: index + 1, problem: "has no =; write images.v1_30_3.ztunnel=REFERENCE")
            }
            let key = line[..<mark].split(separator: ".").map(ImageDigests.trimmed)
            let value = ImageDigests.unquoted(ImageDigests.trimmed(line[line.index(after: mark)...]))
            guard key.count == 3, ImageDigests.names.contains(key[2]) else {
                throw Fault(
                    line: index + 1,
                    problem: "is not known; write images.VERSION.NAME, where NAME is istiod, proxy, cni or ztunnel")
            }
            guard ImageReference(value) != nil, value.contains("/") else {
                throw Fault(line: index + 1, problem: "\"\(value)\" is no whole reference of an image")
            }
            references[key[1].replacing("_", with: "."), default: [:]][key[2]] = value
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The downward API writes the values of annotations in quotes.
    private static func unquoted(_ text: String) -> String {
        text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
    }

    fileprivate func reference(_ version: String, _ name: String) -> String? { references[version]?[name] }
}

extension Component {
    /// The images at `imagePaths`: their names in a registry, and in the operator's properties.
    fileprivate var operatorImages: [(name: String, key: String)] {
        switch self {
        case .base: []
        case .istiod: [("pilot", "istiod"), ("proxyv2", "proxy"), ("proxyv2", "proxy")]
        case .cni: [("install-cni", "cni")]
        case .ztunnel: [("ztunnel", "ztunnel")]
        }
    }
}

extension MeshRequest {
    /// The images of the components that resources speak for, as the Sail Operator references them: those of the digests,
    /// else those that an installer left of the same version, else HUB/NAME:VERSION without a variant. They count beneath
    /// the resources' own values; a resource that sets a variant gets the chart's composition.
    package func operatorImages(
        _ catalogue: Catalogue, _ digests: ImageDigests, keeping kept: [Component: AdoptedImages]
    ) throws -> [Component: AdoptedImages] {
        var found: [Component: AdoptedImages] = [:]
        for component in Component.allCases where user.settings.resources.contains(component) {
            let (_, release) = try catalogue.release(version(of: component), allowingOthers: true)
            let given = user.resolvedLayers.seen(by: component).merged
            let variants = [["global", "variant"], [component.traits.key, "variant"]]
            let setsVariant = variants.contains { given.value(at: $0)?.string.map { !$0.isEmpty } ?? false }
            var values = Mapping()
            for (path, image) in zip(component.imagePaths, component.operatorImages) {
                if let reference = digests.reference(release.version, image.key) {
                    values.set(.string(reference), at: path)
                } else if !setsVariant, let own = kept[component], own.version.hasSameBytes(as: release.version),
                    let image = own.values.value(at: path)
                {
                    values.set(image, at: path)
                } else if !setsVariant, !release.hub.isEmpty {
                    values.set(.string(release.operatorImage(image.name)), at: path)
                }
            }
            if !values.isEmpty { found[component] = AdoptedImages(version: release.version, values: values) }
        }
        return found
    }

    /// Names the releases of the control plane as the Sail Operator does, which finds them by their names; those that are
    /// there already keep theirs.
    package mutating func nameReleasesAsOperator(baseIn namespace: String?) {
        guard user.settings.resources.contains(.istiod) else { return }
        for component in [Component.istiod, .base] {
            releaseNames[component] = "default-\(component.rawValue)"
        }
        if let namespace { releaseNamespaces[.base] = namespace }
    }

    /// What runs of a component with a resource, as images that stay while the version does: with all that an operator
    /// gave it, else where it differs from an operator's image in the variant alone. `given` are images that the component
    /// gives out, by their paths.
    package func imagesLeft(
        of component: Component, running image: ComponentImage, byOperator: Bool,
        given: [(path: [String], image: String)], _ catalogue: Catalogue
    ) throws -> AdoptedImages? {
        let (_, release) = try catalogue.release(version(of: component), allowingOthers: true)
        guard let path = component.imagePaths.first, let name = component.operatorImages.first?.name,
            let version = IstioVersion(release.version), image.judged == version
        else { return nil }
        var values = Mapping()
        if byOperator {
            guard image.image.contains("/") else { return nil }
            values.set(.string(image.image), at: path)
            for (path, image) in given { values.set(.string(image), at: path) }
            return AdoptedImages(version: release.version, values: values)
        }
        let plain = release.operatorImage(name)
        guard image.image.hasPrefix(plain + "-"), !image.image.contains("@") else { return nil }
        for (path, own) in zip(component.imagePaths, component.operatorImages) {
            values.set(.string(release.operatorImage(own.name) + image.image.dropFirst(plain.count)), at: path)
        }
        return AdoptedImages(version: release.version, values: values)
    }
}

extension Release {
    /// `HUB/NAME:VERSION`, as the Sail Operator references an image.
    fileprivate func operatorImage(_ name: String) -> String { "\(hub)/\(name):\(version.withoutVersionPrefix)" }
}
