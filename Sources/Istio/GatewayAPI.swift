internal import Values

/// Which bundles of the Gateway API go with which Istio.
package enum GatewayAPI {
    /// The bundle that the first release of each minor was tested with, by go.mod of istio/istio at its tag and
    /// tests/integration/pilot/testdata/gateway-api-crd.yaml there; of 1.31 at 1.31.0-rc.0. Patches moved on: 1.28.7 and
    /// 1.29.3 to v1.4.1.
    private static let bundles: [(minor: String, bundle: String)] = [
        ("1.31", "v1.6.0"), ("1.30", "v1.5.1"), ("1.29", "v1.4.0"), ("1.28", "v1.4.0"), ("1.27", "v1.3.0"),
        ("1.26", "v1.3.0"), ("1.25", "v1.2.1"), ("1.24", "v1.2.0"),
    ]

    /// The bundle of the Istio that is installed by default.
    package static let ofDefault = "v1.5.1"

    /// The bundle that a minor, `1.30`, was tested with; that of the default one for one that is not known.
    package static func bundle(forMinor minor: String?) -> String {
        bundles.first { $0.minor.hasSameBytes(as: minor ?? "") }?.bundle ?? ofDefault
    }

    /// Whether a bundle is older than another one by its numbers; not where one of them is no version.
    package static func isOlder(_ bundle: String, than other: String) -> Bool {
        guard let (first, second) = numbers(bundle).flatMap({ first in numbers(other).map { (first, $0) } }) else {
            return false
        }
        return first.lexicographicallyPrecedes(second)
    }

    /// Whether a text is a bundle's version: `v1.5.1`.
    package static func isVersion(_ bundle: String) -> Bool { numbers(bundle) != nil }

    /// `[1, 5, 1]` of `v1.5.1` and of `v1.5.1-rc.1`.
    private static func numbers(_ bundle: String) -> [Int]? {
        let core = bundle.withoutVersionPrefix.prefix { $0 != "-" && $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        let known = parts.compactMap(\.self)
        return known.count == 3 && parts.count == 3 ? known : nil
    }
}
