import Values

/// An image as a container names it: `registry.example.com:5000/istio/pilot:1.30.3-distroless@sha256:…`.
package struct ImageReference: Sendable, Equatable {
    /// All before tag and digest: `registry.example.com:5000/istio/pilot`.
    package let repository: String
    package let tag: String?
    /// `sha256:…`
    package let digest: String?

    /// `nil` for a text that no container runtime takes.
    package init?(_ text: String) {
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        } else {
            digest = nil
        }
        // A colon before the last slash belongs to the registry's port.
        let name = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        if let colon = rest[name...].firstIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        repository = String(rest)
        guard ImageReference.fault(ofRepository: repository) == nil, tag.map(ImageReference.isTag) ?? true,
            digest.map(ImageReference.isDigest) ?? true
        else { return nil }
    }

    /// The version in the tag: `1.30.3` of `1.30.3-distroless`; `nil` where there is no tag or none in it.
    package var version: IstioVersion? { tag.flatMap { ImageReference.version(ofTag: $0) } }

    /// What Istio's builds put behind a tag for another base image.
    package static let variants = ["distroless", "debug"]

    /// The version that a tag begins with, without the variant behind it; `nil` for a tag of another form: `latest`.
    package static func version(ofTag tag: String) -> IstioVersion? { IstioVersion(split(tag: tag).tag) }

    /// A tag and the variants that it ends with: `1.30.3-distroless` is `1.30.3` and `[distroless]`.
    package static func split(tag: String) -> (tag: String, variants: [String]) {
        var rest = tag
        var found: [String] = []
        while let variant = variants.first(where: { rest.hasSuffix("-" + $0) }),
            rest.utf8.count > variant.utf8.count + 1
        {
            found.insert(variant, at: 0)
            rest = String(rest.dropLast(variant.count + 1))
        }
        return (rest, found)
    }

    /// At most 128 letters, digits, `_`, `.` and `-`, the first neither dot nor hyphen.
    package static func isTag(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 128, isWord(first) else { return false }
        return bytes.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    /// `ALGORITHM:HEX`; of sha256, which every registry uses, exactly 64 digits.
    package static func isDigest(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].first, isLower(first) else { return false }
        guard parts[1].allSatisfy({ isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }) else {
            return false
        }
        return parts[0].elementsEqual("sha256".utf8) ? parts[1].count == 64 : parts[1].count >= 32
    }

    /// What is wrong with a registry and path; `nil` where it can precede a tag.
    package static func fault(ofRepository text: String) -> RepositoryFault? {
        if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) { return .space }
        if text.contains("://") { return .scheme }
        if text.contains("@") { return .digest }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty != false { return text.isEmpty ? .empty : .trailingSlash }
        if parts.contains("") { return .emptyPart }
        let hasHost = parts.count > 1 && (parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost")
        for (index, part) in parts.enumerated() {
            if index == 0, hasHost {
                if !isHost(part) { return .host }
                continue
            }
            if part.contains(":") { return .tag }
            if part.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) { return .upperCase }
            if !isPath(part) { return .character }
        }
        return nil
    }

    /// Why a text is no registry with a path.
    package enum RepositoryFault: Sendable, Equatable {
        case empty, space, scheme, digest, tag, trailingSlash, emptyPart, host, upperCase, character
    }

    private static func isHost(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if text.hasPrefix("[") { return text.utf8.allSatisfy { isWord($0) || "[]:.".utf8.contains($0) } }
        guard parts.count <= 2, !parts[0].isEmpty else { return false }
        if parts.count == 2, !(1...5).contains(parts[1].utf8.count) || !parts[1].utf8.allSatisfy(isDigit) {
            return false
        }
        return parts[0].utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    /// Lower-case letters and digits, with separators between them.
    private static func isPath(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isPlain(first), isPlain(last) else {
            return false
        }
        return text.utf8.allSatisfy { isPlain($0) || "._-".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isPlain(_ byte: UInt8) -> Bool { isDigit(byte) || isLower(byte) }
    private static func isWord(_ byte: UInt8) -> Bool {
        isPlain(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
    }
}
