import ChartSources
import Charts
import Istio
import Meshes
import System
import Values

/// A version of a chart, as a source lists it or as it was fetched.
package struct ChartVersion: Sendable {
    package var chart: String
    package var version: String
    /// `sha256:…`; `nil` where the source announces none.
    package var digest: String?
    /// The path or address it was found at; `nil` for the built-in charts.
    package var origin: String?
    /// The packed chart; `nil` for a folder and for the built-in charts.
    package var archive: [UInt8]?
}

/// A chart of the cache.
package struct CachedChart: Sendable {
    package var chart: String
    package var version: String
    /// `sha256:…`
    package var digest: String
    package var source: String
    package var bytes: Int
    /// Whether the file still has the digest that it is named by.
    package var isIntact: Bool
}

/// A file of a built-in chart, by its path below the chart's folder.
package struct ChartFile: Sendable {
    package var chart: String
    package var version: String
    package var path: String
    package var text: String
}

extension OperationOptions {
    /// The versions of the wanted charts, newest first: those of --charts, else the built-in ones; `most` of each chart.
    /// Throws where a source has none of them.
    package func chartVersions(most: Int) throws -> [ChartVersion] {
        guard let fetcher = try chartFetcher() else { return try builtInVersions(most: most) }
        let listed = try fetcher.listing(chartNames)
        if listed.isEmpty {
            throw ChartFailure(
                path: charts.joined(separator: ", "),
                reason: "has none of the charts \(chartNames.joined(separator: ", ")); check --charts")
        }
        return chartNames.flatMap { name in
            listed.filter { $0.chart == name }.newestFirst.prefix(most).map {
                ChartVersion(chart: name, version: $0.version, digest: $0.digest.map(named), origin: $0.path)
            }
        }
    }

    /// A digest with its algorithm, which an index of Helm's leaves out.
    private func named(_ digest: String) -> String { digest.contains(":") ? digest : "sha256:" + digest }

    private func builtInVersions(most: Int) throws -> [ChartVersion] {
        let releases = try catalogue().releases.filter { $0.chartsVersion != nil }.prefix(most)
        return chartNames.flatMap { name in releases.map { ChartVersion(chart: name, version: $0.version) } }
    }

    /// Fetches the wanted charts of --charts in the order of the components; `nil` without --charts. `again` fetches those
    /// of the cache too, and keeps nothing. Throws where one is missing or is of another Istio.
    package func fetchedCharts(again: Bool = false) throws -> [ChartVersion]? {
        guard var fetcher = try chartFetcher() else { return nil }
        if again { (fetcher.refreshes, fetcher.keeps) = (true, false) }
        let known = Component.allCases.map(\.rawValue)
        let own = try version == nil ? fetcher.ownVersion(chartNames) : nil
        let release = try catalogue(asking: fetcher, of: version.map { [$0] } ?? [])
            .release(own ?? version, allowingOthers: true).release
        fetcher.pins = pins(of: release)
        let charts = try fetcher.charts(chartNames, of: known, version: release.version)
        for (_, chart) in charts { _ = try chart.chart.fitted(to: release, origin: chart.origin) }
        return known.compactMap { name in
            charts[name].map { chart in
                ChartVersion(
                    chart: name, version: chart.chart.metadata.version, digest: chart.digest.map { "sha256:" + $0 },
                    origin: chart.origin, archive: chart.archive)
            }
        }
    }

    /// The files of the built-in charts for the wanted version, and what a user should know of them.
    package func builtInChartFiles() throws -> (files: [ChartFile], notice: String?) {
        let release = try catalogue().release(version).release
        let files = chartNames.compactMap { Component(rawValue: $0) }.flatMap { component in
            BuiltInCharts.files(component, release).map {
                ChartFile(
                    chart: component.rawValue, version: release.version.withoutVersionPrefix, path: $0.path,
                    text: $0.text)
            }
        }
        return (files, release.chartNotice)
    }

    /// The folder of the cache of charts.
    package var cacheFolder: String { chartCache.folder }

    /// Where the cache keeps the archive with a digest in hexadecimal.
    package func cachePath(_ digest: String) -> String { "\(cacheFolder)/sha256/\(digest).tgz" }

    /// What the cache holds.
    package var cachedCharts: [CachedChart] {
        chartCache.entries().map {
            CachedChart(
                chart: $0.chart, version: $0.version, digest: "sha256:" + $0.digest, source: $0.source, bytes: $0.bytes,
                isIntact: $0.isIntact)
        }
    }

    /// Empties the cache; returns how many charts it held.
    package func clearCache() throws -> Int { try chartCache.clear() }
}
