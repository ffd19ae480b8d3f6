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
