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
    /// else HUB/NAME:VERSION without a variant. They count beneath the resources' own values; a resource that sets a
    /// variant gets the chart's composition.
    package func operatorImages(_ catalogue: Catalogue, _ digests: ImageDigests) throws -> [Component: AdoptedImages] {
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
                } else if !setsVariant, !release.hub.isEmpty {
                    let tag = release.version.withoutVersionPrefix
                    values.set(.string("\(release.hub)/\(image.name):\(tag)"), at: path)
                }
            }
            if !values.isEmpty { found[component] = AdoptedImages(version: release.version, values: values) }
        }
        return found
    }
}
