// Sprig: Masterminds/sprig v3.3.0 as Helm 4.2.3 exposes it, with semver v3.5.0, goutils v1.1.1, spf13/cast v1.7.0,
// shopspring/decimal v1.4.0, and Go 1.26's net/url, net/netip and crypto/x509 as far as its functions show them.
// Vectors: Tests/Fixtures/vectors/sprig.jsonl (SprigTests; GoRegexpTests for those of regular expressions).

package import GoTemplate

/// Sprig's functions as Helm exposes them, put together from one table per theme.
package enum Sprig {
    /// A new theme adds its row here; a later row wins over an earlier one of the same name.
    private static let themes: [[Function]] = [
        SprigStrings.functions,
        SprigCase.functions,
        SprigRegex.functions,
        SprigSemver.functions,
        SprigURL.functions,
        SprigPaths.functions,
        SprigEncoding.functions,
        SprigCrypto.functions,
        SprigRandom.functions,
        SprigNetwork.functions,
        SprigMath.functions,
        SprigTypes.functions,
        SprigFlow.functions,
        SprigLists.functions,
        SprigDicts.functions,
        SprigDates.functions,
        SprigJSON.functions,
    ]

    package static let functions: [Function] = Array(themes.joined())
}
