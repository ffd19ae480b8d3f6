import Istio
import Values

/// A version that a flag, a resource or charts ask for, and where.
struct AskedVersion {
    let name: String
    let place: String
    /// Whether it is only that of the charts.
    var isCharts = false
}

extension MeshRequest {
    /// The version that a component is asked to have now: by the flag, by its own resource, or by the charts.
    func askedVersion(of component: Component) -> AskedVersion? {
        if let version { return AskedVersion(name: version, place: "--version") }
        if let own = user.settings.versions[component] {
            return AskedVersion(name: own.name, place: "spec.version at \(own.place)")
        }
        return chartsVersion.map { AskedVersion(name: $0, place: "the version of --charts", isCharts: true) }
    }
}

/// The release of a component whose image the user's values name: what runs is what the image is, whatever was asked for.
extension Catalogue {
    /// The release that fits the version in the tag; `nil` where the values leave the image to the version, or name a
    /// tag without one.
    ///
    /// `asked` is the version that a flag or a resource asks for, with its place; a tag of another version is an error.
    /// Charts from elsewhere name theirs, and may be used with images of another patch.
    func taggedRelease(
        _ component: Component, _ images: ImageSettings, asked: AskedVersion?, stored: String?,
        allowingOthers: Bool
    ) throws(IstioError) -> (minor: Minor, release: Release)? {
        guard let tag = images.tag(of: component), let version = tag.version else { return nil }
        if let asked {
            let wanted = try release(asked.name, allowingOthers: allowingOthers)
            if let own = IstioVersion(wanted.release.version),
                own.agrees(with: version) || (asked.isCharts && own.minors(aheadOf: version) == 0)
            {
                return wanted
            }
            throw tag.contradiction(asked.place, wanted.release.version)
        }
        if let stored, let own = IstioVersion(stored), own.agrees(with: version),
            let found = try? release(stored, allowingOthers: allowingOthers)
        {
            return found
        }
        return try nearest(to: version, tag, allowingOthers: allowingOthers)
    }

    /// The listed release with these numbers; where only the minor tells, its newest; for a patch that is not listed, one
    /// made like the newest.
    private func nearest(
        to version: IstioVersion, _ tag: ImageSettings.Tag, allowingOthers: Bool
    ) throws(IstioError) -> (minor: Minor, release: Release) {
        guard let minor = minors.first(where: { $0.name == version.minorName }), let newest = minor.releases.first
        else {
            if allowingOthers, version.patch != nil {
                return try release(version.releaseName, allowingOthers: true)
            }
            let known = minors.map(\.name).joined(separator: ", ")
            throw .contradiction(
                place: tag.place,
                what: "\(tag.name) is \(tag.text), and there are no charts for Istio \(version.minorName)",
                remedy: "use images of Istio \(known), or bring charts with --charts")
        }
        guard let patch = version.patch else { return (minor, newest) }
        if let listed = minor.releases.first(where: { IstioVersion($0.version)?.patch == patch }) {
            return (minor, listed)
        }
        return (minor, minor.unlisted(patch) ?? newest)
    }
}

extension ImageSettings.Tag {
    var name: String { path.joined(separator: ".") }

    /// The error for a version that was asked for beside a tag of another one.
    func contradiction(_ place: String, _ version: String) -> IstioError {
        let number = version.withoutVersionPrefix
        let isReference = path.last == "image"
        let remedy =
            isStored
            ? "add --set \(name)=\(isReference ? "with that version" : number), or --set \(name)=null for the version's own image"
            : "leave one of them out, or take the \(isReference ? "image" : "tag") of \(number)"
        return .contradiction(
            place: self.place, what: "\(name) is \(text), and \(place) is \(version)", remedy: remedy)
    }
}
