import ChartSources
import Charts
import HTTP
import Istio

extension Request {
    /// The sources of --charts; `nil` for the built-in charts.
    func chartFetcher() throws -> ChartFetcher? {
        if charts.isEmpty { return nil }
        var sources: [ChartSource] = []
        for text in charts { sources += try ChartSource.list(text) }
        let environment = environment
        return ChartFetcher(
            sources, cache: chartCache, environment: { environment[$0] }, transport: { try CurlTransport() })
    }

    var chartCache: Cache {
        let environment = environment
        return Cache { environment[$0] }
    }

    /// The components asked for with -c, or all, as charts are named.
    var chartNames: [String] { (components.isEmpty ? Component.allCases : components).map(\.rawValue) }

    /// Tells the mesh of charts from elsewhere; those that say which version they are decide it where no flag does.
    func bringCharts(to wanted: inout MeshRequest) throws {
        guard let fetcher = try chartFetcher() else { return }
        wanted.bringsCharts = true
        guard wanted.version == nil, wanted.needsChartsVersion, let own = try fetcher.ownVersion(chartNames) else {
            return
        }
        wanted.chartsVersion = "v" + own
    }

    /// Charts from where --charts says; those that no source of single charts names, and all without --charts, from
    /// the binary.
    func chartSupply() throws -> Mesh.ChartSupply {
        guard let fetcher = try chartFetcher() else { return { try BuiltInCharts.charts($0, $1) } }
        return { components, release in
            let found = try fetcher.charts(
                components.map(\.rawValue), of: Component.allCases.map(\.rawValue), version: release.version)
            let missing = components.filter { found[$0.rawValue] == nil }
            var builtIn = try zip(missing, BuiltInCharts.charts(missing, release)).makeIterator()
            return try components.compactMap { component in
                guard let chart = found[component.rawValue] else { return builtIn.next()?.1 }
                return try chart.chart.fitted(to: release, origin: chart.origin)
            }
        }
    }
}
