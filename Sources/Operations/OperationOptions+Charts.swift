package import ChartSources
import Charts
import HTTP
package import Istio
import Meshes
import Values

extension OperationOptions {
    /// The sources of --charts; `nil` for the built-in charts.
    package func chartFetcher() throws -> ChartFetcher? {
        if charts.isEmpty { return nil }
        var sources: [ChartSource] = []
        for text in charts { sources += try ChartSource.list(text) }
        let (environment, makeTransport, signals) = (environment, makeTransport, signals)
        var fetcher = ChartFetcher(
            sources, cache: chartCache, environment: { environment[$0] }, transport: { try makeTransport(signals) })
        (fetcher.pins, fetcher.takesPinnedOnly) = (chartPins, takesPinnedChartsOnly)
        return fetcher
    }

    /// The sources of charts without what may be secret in their addresses.
    package var sourceNames: [String] {
        get throws { try charts.flatMap { try ChartSource.list($0) }.map(\.text) }
    }

    package var chartCache: Cache {
        let environment = environment
        return Cache { environment[$0] }
    }

    /// The components asked for with -c, or all, as charts are named.
    package var chartNames: [String] { (components.isEmpty ? Component.allCases : components).map(\.rawValue) }

    /// Tells the mesh of charts from elsewhere; those that say which version they are decide it where no flag does.
    func bringCharts(to wanted: inout MeshRequest) throws {
        let fetcher = try chartFetcher()
        wanted.catalogue = try catalogue(asking: fetcher, of: wanted.versionNames)
        guard let fetcher else { return }
        wanted.bringsCharts = true
        guard wanted.version == nil, wanted.needsChartsVersion, let own = try fetcher.ownVersion(chartNames) else {
            return
        }
        wanted.chartsVersion = own.withVersionPrefix
    }

    /// The digests that the catalogue has of a release's charts, in hexadecimal.
    package func pins(of release: Release) -> [String: String] {
        release.chartDigests.mapValues { String($0.dropFirst("sha256:".count)) }
    }

    /// The catalogue, in which `v1.32-latest` is the newest version that the source of charts has of that minor.
    package func catalogue(asking fetcher: ChartFetcher?, of names: [String]) throws -> Catalogue {
        let catalogue = try catalogue()
        guard let fetcher else { return catalogue }
        let minors = Set(names.compactMap { IstioVersion($0) }.filter(\.namesNewestPatch))
        if minors.isEmpty { return catalogue }
        let offered = try fetcher.offered(chartNames).compactMap { IstioVersion($0) }.filter { $0.patch != nil }
        var newest: [String: String] = [:]
        for minor in minors.sorted() {
            let own = offered.filter { $0.minorName == minor.minorName }
            guard let best = own.filter(\.prerelease.isEmpty).max() ?? own.max() else {
                let has = Set(offered.map(\.minorName)).compactMap { IstioVersion($0) }.sorted().map(\.minorName)
                throw ChartFailure(
                    path: try sourceNames.joined(separator: ", "),
                    reason: "has no charts of Istio \(minor.minorName)"
                        + (has.isEmpty ? "" : " (it has \(has.joined(separator: ", ")))") + "; check --version")
            }
            newest[minor.latestName] = best.releaseName
        }
        return catalogue.renaming(newest)
    }

    /// Charts from where --charts says; those that no source of single charts names, and all without --charts, from
    /// the binary.
    func chartSupply() throws -> Mesh.ChartSupply {
        guard let fetcher = try chartFetcher() else { return { try BuiltInCharts.charts($0, $1) } }
        return { components, release in
            var fetcher = fetcher
            fetcher.pins.merge(pins(of: release)) { $1 }
            let found = try fetcher.charts(
                components.map(\.rawValue), of: Component.allCases.map(\.rawValue), version: release.version)
            let missing = components.filter { found[$0.rawValue] == nil }
            var builtIn = try zip(missing, BuiltInCharts.charts(missing, release)).makeIterator()
            return try components.compactMap { component in
                guard let chart = found[component.rawValue] else { return builtIn.next()?.1 }
                var fitted = try chart.chart.fitted(to: release, origin: chart.origin)
                fitted.origin = ChartOrigin(
                    place: chart.origin, digest: chart.digest ?? chart.archive.map { sha256($0) })
                return fitted
            }
        }
    }
}
