import Istio
import Values

/// The layers of values beneath the user's: version, profile, compatibility version, platform.
///
/// sail's charts get them as values. Official charts have them inside, and only get their names.
struct LowerLayers {
    private let release: Release
    private let profile: String
    private let platform: String?
    private let user: [Layer]
    private let profiles: Profiles

    init(_ minor: Minor, _ release: Release, profile: String, platform: String?, user: [Layer]) {
        self.release = release
        self.profile = profile
        self.platform = platform.flatMap { $0.isEmpty ? nil : $0 }
        self.user = user
        profiles = Profiles(minor)
    }

    /// Throws for names that sail's charts would need and sail does not know.
    func layers(wanted: Set<Component>, ours: Set<Component>) throws(IstioError) -> [Layer] {
        let others = wanted.subtracting(ours)
        if others.isEmpty { return try own() }
        let named = named.only(for: others)
        return ours.isEmpty ? [named] : try own().map { $0.only(for: ours) } + [named]
    }

    /// What official charts with these names do by themselves, as far as sail knows it.
    var known: [Layer] { (try? own()) ?? [named] }

    private func own() throws(IstioError) -> [Layer] {
        var layers = [
            versionLayer,
            try profiles.layer(profile: profile),
        ]
        if let compatibility = user.merged["compatibilityVersion"] {
            let place = ValueCheck(user).place(of: ["compatibilityVersion"])
            layers.append(try profiles.layer(compatibility: compatibility.plainText, place: place))
        }
        if let platform { layers.append(try profiles.layer(platform: platform, version: release.version)) }
        return layers
    }

    /// The version, and the registry that a user's catalogue gives for it.
    private var versionLayer: Layer {
        var values: Mapping = ["istioVersion": .string(release.version)]
        if let hub = release.pinnedHub { values.set(.string(hub), at: ["global", "hub"]) }
        return Layer(.version(release.version), values)
    }

    private var named: Layer {
        var values: Mapping = ["profile": .string(profile)]
        if let hub = release.pinnedHub { values.set(.string(hub), at: ["global", "hub"]) }
        if let platform, profiles.isForCharts(platform: platform) {
            values.set(.string(platform), at: ["global", "platform"])
        }
        return Layer(.profile(profile), values)
    }
}

extension Value {
    /// A scalar as one would write it: `1.29` for the number too.
    fileprivate var plainText: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        default: ""
        }
    }
}
