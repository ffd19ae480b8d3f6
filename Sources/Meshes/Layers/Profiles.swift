import Assets
package import Istio
package import Values

/// The profiles of one Istio minor: the one that makes the mesh ambient, and those of the platforms.
package struct Profiles: Sendable {
    /// A profile's name, what it is, and its file.
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let isPlatform: Bool
        /// The comment that the file begins with.
        package let summary: String
        let path: String
    }

    package static let ambient = "ambient"

    package let entries: [Entry]
    private let minor: Minor

    package init(_ minor: Minor) {
        self.minor = minor
        let platforms = minor.platforms.sorted { $0.name.precedesByBytes($1.name) }
        let files = [(name: Profiles.ambient, file: minor.profile)] + platforms
        entries = files.enumerated().map { index, file in
            let path = "profiles/" + file.file
            return Entry(name: file.name, isPlatform: index > 0, summary: leadingComment(path), path: path)
        }
    }

    /// The profile's or platform's text.
    package func text(of name: String) throws(IstioError) -> String {
        let entry = try entry(name)
        guard let text = Assets.text(at: entry.path) else {
            throw .damagedAsset(path: entry.path, reason: "is not there")
        }
        return text
    }

    package func values(of name: String) throws(IstioError) -> Mapping {
        try builtInValue(at: entry(name).path).map ?? Mapping()
    }

    private func entry(_ name: String) throws(IstioError) -> Entry {
        if let entry = entries.first(where: { $0.name == name }) { return entry }
        let names = entries.map(\.name)
        throw .unknownProfile(name, nearest: nearest(to: name, among: names), known: names)
    }

    /// The layer of `--profile`; platforms are not taken here.
    func layer(profile name: String) throws(IstioError) -> Layer {
        let known = entries.filter { !$0.isPlatform }.map(\.name)
        guard known.contains(name) else {
            if entries.contains(where: { $0.name == name }) {
                throw .contradiction(
                    place: "--profile \(name)", what: "\(name) is a platform",
                    remedy: "give it with --platform \(name)")
            }
            throw .unknownProfile(name, nearest: nearest(to: name, among: known), known: known)
        }
        var values = try values(of: name)
        values["profile"] = .string(name)
        return Layer(.profile(name), values)
    }

    /// Whether a platform's name goes to the charts as `global.platform`.
    ///
    /// Istio's charts refuse a platform that they have no settings for, such as eks: its name is sail's alone. A name that
    /// sail does not know may be one of newer charts.
    func isForCharts(platform name: String) -> Bool {
        (try? values(of: name).isEmpty) != true
    }

    /// The layer of `--platform`, with its name where that is for the charts.
    func layer(platform name: String, version: String) throws(IstioError) -> Layer {
        let known = entries.filter(\.isPlatform).map(\.name)
        guard known.contains(name) else {
            throw .unknownPlatform(name, nearest: nearest(to: name, among: known), known: known, version: version)
        }
        var values = try values(of: name)
        if isForCharts(platform: name) { values.set(.string(name), at: ["global", "platform"]) }
        return Layer(.platform(name), values)
    }

    /// The layer of `compatibilityVersion`.
    func layer(compatibility version: String, place: String) throws(IstioError) -> Layer {
        guard minor.compatibilityVersions.contains(version) else {
            let known = minor.compatibilityVersions.joined(separator: ", ")
            throw .wrongValue(
                place: place, path: "compatibilityVersion", expected: "one of " + known, found: "\"\(version)\"")
        }
        let all = try builtInValue(at: "profiles/compatibility.yaml")
        return Layer(.compatibility(version), all[path: minor.name, version]?.map ?? Mapping())
    }
}

/// The comment lines that a file begins with, as one text.
private func leadingComment(_ path: String) -> String {
    let text = Assets.text(at: path) ?? ""
    let lines = text.split(separator: "\n").prefix { $0.utf8.first == UInt8(ascii: "#") }
    return lines.map { String($0.dropFirst().drop { $0 == " " }) }.joined(separator: " ")
}
