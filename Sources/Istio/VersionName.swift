internal import Values

extension IstioVersion {
    /// The release as Istio calls it: `v1.30.3-rc.1`.
    package var releaseName: String { description.withVersionPrefix }

    /// The name for the newest patch of the minor: `v1.30-latest`.
    package var latestName: String { IstioVersion.latestName(ofMinor: minorName) }

    /// `v1.30-latest` for `1.30`.
    package static func latestName(ofMinor minor: String) -> String { "\(minor)-latest".withVersionPrefix }
}
