/// How a version is written: releases with a `v` (`v1.30.3`), charts and images without one (`1.30.3`).
extension String {
    /// `v1.30.3` for `1.30.3` and for `v1.30.3`.
    package var withVersionPrefix: String { "v" + withoutVersionPrefix }

    /// `1.30.3` for `v1.30.3`; text without the prefix stays.
    package var withoutVersionPrefix: String { String(drop { $0 == "v" }) }
}

extension IstioVersion {
    /// The release as Istio calls it: `v1.30.3-rc.1`.
    package var releaseName: String { "v" + description }

    /// The name for the newest patch of the minor: `v1.30-latest`.
    package var latestName: String { IstioVersion.latestName(ofMinor: minorName) }

    /// `v1.30-latest` for `1.30`.
    package static func latestName(ofMinor minor: String) -> String { "v\(minor)-latest" }
}
