import Istio
import Values

/// What a user's values say of images: hub, tag, variant and image, for all components or for one.
///
/// The charts put them together as HUB/IMAGE:TAG-VARIANT; an image with a slash is the whole reference.
struct ImageSettings {
    private let user: [Layer]
    private let given: Mapping
    /// The user's values with profile and platform beneath them.
    private let all: Mapping

    init(user: [Layer], beneath lower: [Layer]) {
        self.user = user
        given = user.merged
        all = (lower + user).merged
    }

    /// Throws all that is wrong with images in what the components get of the user's values.
    static func check(_ user: [Layer], beneath lower: [Layer], for components: [Component]) throws(IstioErrors) {
        guard !user.isEmpty else { return }
        var faults: [IstioError] = []
        for component in components {
            let own = ImageSettings(user: user.seen(by: component), beneath: lower.seen(by: component))
            for fault in own.faults where !faults.contains(fault) { faults.append(fault) }
        }
        if !faults.isEmpty { throw IstioErrors(errors: faults) }
    }

    // MARK: - Which version a tag says

    /// The place and version that a user's values give a component's image; `nil` where they leave it to the version.
    struct Tag {
        let path: [String]
        let place: String
        /// The tag, or the whole reference.
        let text: String
        let version: IstioVersion?
        /// Whether it comes from the stored settings.
        let isStored: Bool
    }

    /// The tag of a component's image where the user's values have one.
    func tag(of component: Component) -> Tag? {
        guard !component.traits.container.isEmpty else { return nil }
        if let (path, image) = setting("image", of: component), image.contains("/") {
            return made(path, image, ImageReference(image)?.version)
        }
        guard let (path, tag) = setting("tag", of: component) else { return nil }
        return made(path, tag, ImageReference.version(ofTag: String(tag.prefix { $0 != "@" })))
    }

    private func made(_ path: [String], _ text: String, _ version: IstioVersion?) -> Tag {
        let last = user.last { $0.values.value(at: path) != nil }
        let isStored = if case .remembered? = last?.origin { true } else { false }
        return Tag(
            path: path, place: ValueCheck(user).place(of: path), text: text, version: version, isStored: isStored)
    }

    /// The user's value for a component and where it is: the component's own, else that of all.
    private func setting(_ name: String, of component: Component) -> (path: [String], text: String)? {
        for path in [[component.traits.key, name], component == .istiod ? [name] : [], ["global", name]] {
            guard !path.isEmpty, let text = given.value(at: path)?.string, !text.isEmpty else { continue }
            if name == "image", path.first == "global" { continue }
            return (path, text)
        }
        return nil
    }

    // MARK: - What cannot be an image

    /// Everything that no registry would take, or that the charts would put together wrongly, each with its place.
    var faults: [IstioError] {
        var faults: [IstioError] = []
        for section in [["global"], [], ["pilot"], ["cni"], ["ztunnel"]] {
            for name in ["hub", "tag", "variant", "image"] where !(section == ["global"] && name == "image") {
                faults += fault(at: section + [name], name).map { [$0] } ?? []
            }
        }
        for name in ["proxy", "proxy_init"] {
            faults += fault(at: ["global", name, "image"], "image").map { [$0] } ?? []
        }
        return faults
    }

    private func fault(at path: [String], _ name: String) -> IstioError? {
        guard let value = given.value(at: path), !value.isNull else { return nil }
        guard let text = value.string else { return unquoted(path, value) }
        if text.isEmpty { return nil }
        switch name {
        case "hub": return hubFault(path, text)
        case "tag": return tagFault(path, text)
        case "variant": return variantFault(path, text)
        default: return imageFault(path, text)
        }
    }

    /// `tag: 1.30` is the number 1.3 in YAML.
    private func unquoted(_ path: [String], _ value: Value) -> IstioError? {
        let number: String
        switch value {
        case .int(let whole): number = "\(whole)"
        case .double(let real):
            number = real == real.rounded() && abs(real) < 1e15 ? "\(Int(real))" : "\(real)"
        case .bool(let flag): number = "\(flag)"
        default: return nil
        }
        // 1.3 was 1.30 in the file where only that is a minor of Istio.
        let minors = (try? Catalogue.builtIn().minors.map(\.name)) ?? []
        let meant = [number, number + "0"].first(where: minors.contains) ?? number
        return error(path, "is read as \(value.isBool ? "" : "the number ")\(number)", "\"\(meant)\" in quotes")
    }

    private func hubFault(_ path: [String], _ text: String) -> IstioError? {
        // As the charts use it, with an image behind it: a registry alone may have a port.
        let isEnded = text.hasSuffix("/")
        let fault =
            ImageReference.fault(ofRepository: text + (isEnded ? "image" : "/image"))
            ?? (isEnded ? .trailingSlash : nil)
        switch fault {
        case nil, .empty: return nil
        case .space: return error(path, "\(quoted(text)) has white space in it", quoted(text.withoutSpace))
        case .scheme:
            let rest = text.firstRange(of: "://").map { String(text[$0.upperBound...]) } ?? text
            return error(path, "\(quoted(text)) begins with a scheme", quoted(rest.withoutSlashes))
        case .trailingSlash: return error(path, "\(quoted(text)) ends with a slash", quoted(text.withoutSlashes))
        case .tag, .digest:
            let name = String(text.prefix { $0 != "@" }).withoutSlashes
            let colon = name.lastIndex(of: ":").flatMap { name[$0...].contains("/") ? nil : $0 }
            let hub = colon.map { String(name[..<$0]) } ?? name
            let rest = colon.map { String(name[$0...].dropFirst()) } ?? ""
            return error(
                path, "\(quoted(text)) has a \(text.contains("@") ? "digest" : "tag") in it",
                quoted(hub) + (rest.isEmpty ? "" : ", and \(tagName(path)): \(quoted(rest))"))
        case .upperCase: return error(path, "\(quoted(text)) has upper-case letters", quoted(text.lowerCasePath))
        case .emptyPart, .host, .character:
            return error(path, "\(quoted(text)) is no registry with a path", "such as registry.example.com:5000/istio")
        }
    }

    private func tagFault(_ path: [String], _ text: String) -> IstioError? {
        if text.contains(where: \.isWhitespace) {
            return error(path, "\(quoted(text)) has white space in it", quoted(text.withoutSpace))
        }
        if text.contains("/") {
            return error(
                path, "\(quoted(text)) is a whole image reference",
                "only the tag, or the reference as \(imageName(path))")
        }
        if text.contains("@") || ImageReference.isDigest(text) { return digestFault(path, text) }
        guard ImageReference.isTag(text) else {
            return error(path, "\(quoted(text)) is no image tag", "letters, digits, dots, hyphens and underscores")
        }
        return doubledFault(path, text)
    }

    /// A digest is of one image: it cannot be all components', and nothing can be put behind it.
    private func digestFault(_ path: [String], _ text: String) -> IstioError? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        let isWhole = parts.count == 2 && ImageReference.isTag(parts[0]) && ImageReference.isDigest(parts[1])
        if isWhole, path.first != "global", path.count == 2, variant(for: path).isEmpty { return nil }
        let reason =
            path.first == "global"
            ? "is a digest, and each component's image has its own"
            : isWhole
                ? "is a digest, and the variant \(quoted(variant(for: path))) would be put behind it"
                : "is no tag"
        return error(
            path, "\(quoted(text)) \(reason)",
            "the whole reference as \(imageName(path)), such as registry.example.com/istio/IMAGE:1.30.3@sha256:…")
    }

    /// The variant would be put behind a tag that ends with one already.
    private func doubledFault(_ path: [String], _ text: String) -> IstioError? {
        let (plain, variants) = ImageReference.split(tag: text)
        guard let last = variants.last else { return nil }
        let behind = variant(for: path)
        if variants.count == 1, behind.isEmpty { return nil }
        let composed = text + (behind.isEmpty ? "" : "-" + behind)
        let section = path.dropLast().first.map { $0 + "." } ?? ""
        let own = last == behind && variants.allSatisfy { $0 == behind }
        return error(
            path, "\(quoted(text)) makes the image tag \(composed): variants are set apart from the tag",
            quoted(plain) + (own ? "" : ", and \(section)variant: \(quoted(last))"))
    }

    /// What is put behind the tag at that path.
    private func variant(for path: [String]) -> String {
        let own = path.count > 1 && path[0] != "global" ? all.value(at: [path[0], "variant"])?.string : nil
        // ztunnel's chart takes its own empty variant for none, the others for one that is not set.
        if let own, !own.isEmpty || path[0] == Component.ztunnel.traits.key { return own }
        return all.value(at: ["global", "variant"])?.string ?? ""
    }

    private func variantFault(_ path: [String], _ text: String) -> IstioError? {
        let plain = String(text.withoutSpace.drop { $0 == "-" || $0 == ":" })
        if plain != text { return error(path, "\(quoted(text)) is no variant of an image", quoted(plain)) }
        guard ImageReference.isTag(text) else {
            return error(path, "\(quoted(text)) is no variant of an image", "such as distroless or debug")
        }
        let parts = text.split(separator: "-").map(String.init)
        if let first = parts.first, parts.count > 1, Set(parts).count < parts.count {
            return error(path, "\(quoted(text)) has a variant twice", quoted(first))
        }
        return nil
    }

    private func imageFault(_ path: [String], _ text: String) -> IstioError? {
        if text == "auto" { return nil }
        if text.contains(where: \.isWhitespace) {
            return error(path, "\(quoted(text)) has white space in it", quoted(text.withoutSpace))
        }
        if text.contains("://") {
            let rest = text.firstRange(of: "://").map { String(text[$0.upperBound...]) } ?? text
            return error(path, "\(quoted(text)) begins with a scheme", quoted(rest))
        }
        if text.contains("/") { return referenceFault(path, text) }
        if text.contains(":") || text.contains("@") {
            return error(
                path, "\(quoted(text)) is neither a name nor a whole reference",
                "only the name, with hub and tag apart, or the registry before it")
        }
        guard ImageReference.fault(ofRepository: text) == nil else {
            return error(path, "\(quoted(text)) is no name of an image", quoted(text.lowerCasePath))
        }
        return nil
    }

    /// A whole reference that cannot be one.
    private func referenceFault(_ path: [String], _ text: String) -> IstioError? {
        if let reference = ImageReference(text) {
            guard let tag = reference.tag, ImageReference.split(tag: tag).variants.count > 1 else { return nil }
            let (plain, variants) = ImageReference.split(tag: tag)
            return error(
                path, "\(quoted(text)) has two variants in its tag",
                quoted("\(reference.repository):\(plain)-\(variants[0])"))
        }
        let name = String(text.prefix { $0 != "@" })
        if ImageReference(name) != nil, let digest = text.split(separator: "@").dropFirst().first {
            let bare = String(digest.prefix { $0 != "-" })
            if ImageReference.isDigest(bare) {
                return error(
                    path, "\(quoted(text)) has a variant behind its digest", quoted("\(name)@\(bare)"))
            }
        }
        if ImageReference(text.lowerCasePath) != nil {
            return error(path, "\(quoted(text)) has upper-case letters", quoted(text.lowerCasePath))
        }
        return error(
            path, "\(quoted(text)) is no image reference", "such as registry.example.com:5000/istio/pilot:1.30.3")
    }

    // MARK: - Messages

    private func error(_ path: [String], _ what: String, _ right: String) -> IstioError {
        .contradiction(
            place: ValueCheck(user).place(of: path), what: "\(path.joined(separator: ".")) \(what)",
            remedy: "write \(right)")
    }

    private func quoted(_ text: String) -> String { "\"\(text)\"" }

    private func tagName(_ path: [String]) -> String { (path.dropLast() + ["tag"]).joined(separator: ".") }

    /// The key that takes a whole reference: of the section, or of each component.
    private func imageName(_ path: [String]) -> String {
        switch path.first {
        case "cni", "ztunnel": "\(path[0]).image"
        case "global": "pilot.image, cni.image and ztunnel.image"
        default: "pilot.image"
        }
    }
}

extension Value {
    fileprivate var isBool: Bool { if case .bool = self { true } else { false } }
}

extension String {
    fileprivate var withoutSpace: String { filter { !$0.isWhitespace } }

    fileprivate var withoutSlashes: String {
        var text = self[...]
        while text.last == "/" { text = text.dropLast() }
        return String(text)
    }

    /// In lower case up to the tag, which may have upper-case letters.
    fileprivate var lowerCasePath: String {
        let slash = lastIndex(of: "/") ?? startIndex
        let end = self[slash...].firstIndex { $0 == ":" || $0 == "@" } ?? endIndex
        return self[..<end].lowercased() + self[end...]
    }
}
