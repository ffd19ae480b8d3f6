package import Values

/// What the patch releases of one Istio minor have in common.
package struct Minor: Sendable {
    /// `1.30`
    package private(set) var name: String
    /// The oldest and newest Kubernetes minor that it supports: `1.32`; empty where not known.
    package private(set) var kubernetes: (least: String, most: String)
    /// The last day of support: `2027-01-31`; not announced but expected where `isExpected`; empty where not known.
    package private(set) var endOfLife: String
    package let isExpected: Bool
    /// The file below profiles/ that makes the mesh ambient.
    package let profile: String
    /// Platforms with their files below profiles/.
    package let platforms: [(name: String, file: String)]
    package let compatibilityVersions: [String]
    /// Newest first.
    package let releases: [Release]
    /// What differs from the minor before, with the value that keeps the old behaviour.
    package private(set) var changes: [BehaviourChange]
    /// The newest release with charts in the binary; `nil` where the charts must come from elsewhere.
    package private(set) var chartsVersion: String?
    /// Whether a catalogue says anything of it: its Kubernetes versions, its end of life, what it changes.
    package private(set) var isKnown = true
    /// The registry that a user's catalogue gives for all releases.
    let pinnedHub: String?

    /// The newest release that is no prerelease, or the newest of all.
    package var newest: Release? {
        releases.first { $0.number?.prerelease.isEmpty == true } ?? releases.first
    }

    /// Another minor, of which nothing is known but that it has these profiles.
    func renamed(_ name: String) -> Minor {
        var other = self
        other.name = name
        (other.kubernetes, other.endOfLife, other.changes) = (("", ""), "", [])
        (other.chartsVersion, other.isKnown) = (nil, false)
        return other
    }

    /// A patch after all that are listed, which the newest charts of the minor serve; `nil` for other versions.
    func laterPatch(_ number: IstioVersion) -> Release? {
        guard chartsVersion != nil, number.prerelease.isEmpty, let patch = number.patch, let last = newest?.number,
            number > last
        else { return nil }
        return unlisted(patch)
    }

    /// A patch that is not listed, made like the newest; `nil` where nothing is listed.
    package func unlisted(_ patch: Int) -> Release? {
        newest.map { newest in
            Release(
                version: "\(name).\(patch)".withVersionPrefix, hub: newest.hub, pinnedHub: newest.pinnedHub,
                chartOrigin: newest.chartOrigin, chartsVersion: chartsVersion)
        }
    }

    /// The release whose patch is nearest.
    func nearest(to number: IstioVersion) -> Release? {
        guard number.minorName == name, let patch = number.patch else { return newest }
        return releases.min { abs(($0.number?.patch ?? 0) - patch) < abs(($1.number?.patch ?? 0) - patch) }
    }

    init(_ value: Value, builtIn: Value?, hub: String?) {
        name = value["minor"]?.string ?? ""
        kubernetes = (value[path: "kubernetes", "min"]?.string ?? "", value[path: "kubernetes", "max"]?.string ?? "")
        endOfLife = value["endOfLife"]?.string ?? ""
        isExpected = value["expected"]?.bool ?? false
        profile = value["profile"]?.string ?? ""
        platforms = (value["platforms"]?.map ?? Mapping()).map { ($0.key, $0.value.string ?? "") }
        compatibilityVersions = (value["compatibilityVersions"]?.list ?? []).compactMap(\.string)
        let own = builtIn?["releases"]?.list ?? []
        chartsVersion = own.first?["version"]?.string
        releases = (value["releases"]?.list ?? []).map { Release($0, builtIn: own, hub: hub) }
        changes = (value["changes"]?.list ?? []).map {
            BehaviourChange(
                text: $0["what"]?.string ?? "", key: $0[path: "keep", "key"]?.string,
                value: $0[path: "keep", "value"])
        }
        pinnedHub = hub
    }
}

/// One patch release of Istio: `v1.30.3`, and the registry with its images.
package struct Release: Sendable, Equatable {
    package let version: String
    /// Empty where it is not known.
    package var hub = ""
    /// The registry that a user's catalogue gives, which the charts do not know of by themselves.
    package var pinnedHub: String?
    /// What sail's charts for it were written from, where that is not the release itself: `release candidate`.
    package var chartOrigin: String?
    /// The release whose built-in charts serve this one; `nil` where its charts must come from elsewhere.
    package var chartsVersion: String?
    /// The SHA-256 that a chart's archive must have, by the chart's name.
    package var chartDigests: [String: String] = [:]
    /// The digest of an image by its name and tag: `pilot:1.30.3-distroless`.
    package var imageDigests: [String: String] = [:]
    /// Whether a catalogue lists it.
    package var isListed = false

    package var number: IstioVersion? { IstioVersion(version) }

    /// What a user must know of the built-in charts; `nil` where they are the release's own.
    package var chartNotice: String? {
        guard let chartsVersion, let charts = IstioVersion(chartsVersion), let number else { return nil }
        let origin = chartOrigin.map { ", as of the \($0)" } ?? ""
        if charts.agrees(with: number) { return chartOrigin.map { "the charts of \(version) are as of the \($0)" } }
        return "\(version) came after this sail: it is rendered from the charts of \(chartsVersion)\(origin), with the "
            + "images and labels of \(version); --charts SOURCE takes its own charts"
    }
}

extension Release {
    fileprivate init(_ value: Value, builtIn: [Value], hub: String?) {
        version = value["version"]?.string ?? ""
        pinnedHub = value["pinnedHub"]?.string ?? hub
        let charts = Release.charts(for: version, among: builtIn)
        self.hub = pinnedHub ?? value["hub"]?.string ?? charts?["hub"]?.string ?? ""
        chartOrigin = value["charts"]?.string ?? charts?["charts"]?.string
        chartsVersion = charts?["version"]?.string
        chartDigests = Release.texts(value["chartDigests"])
        imageDigests = Release.texts(value["imageDigests"])
        isListed = true
    }

    /// The built-in release of the same number, or the newest.
    private static func charts(for version: String, among builtIn: [Value]) -> Value? {
        if let own = builtIn.first(where: { $0["version"]?.string == version }) { return own }
        let patch = IstioVersion(version)?.patch
        return builtIn.first { $0["version"]?.string.flatMap { IstioVersion($0) }?.patch == patch } ?? builtIn.first
    }

    private static func texts(_ value: Value?) -> [String: String] {
        Dictionary((value?.map ?? Mapping()).map { ($0.key, $0.value.string ?? "") }) { first, _ in first }
    }
}

/// What a user must know before an upgrade, and the value that keeps the old behaviour.
package struct BehaviourChange: Sendable, Equatable {
    package let text: String
    package let key: String?
    package let value: Value?
}

extension BehaviourChange {
    /// The flag that keeps the old behaviour; `nil` where there is no way.
    package var flag: String? {
        guard let key, let value else { return nil }
        // A shell takes quotes away, and a bare false would be a bool.
        if let text = value.string { return "--set-string \(key)=\(text)" }
        return "--set \(key)=\((try? value.json()) ?? "")"
    }

    /// How to keep the old behaviour, to follow the text; empty where there is no way.
    package var remedy: String { flag.map { "; keep the old behaviour with " + $0 } ?? "" }
}
