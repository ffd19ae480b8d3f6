import Assets
package import Charts
import Values

/// The charts in this binary.
package enum BuiltInCharts {
    /// The chart of each component for a release; throws `IstioError.damagedAsset`.
    ///
    /// The chart's own version becomes the release's, as the labels on its objects say it.
    package static func charts(_ components: [Component], _ release: Release) throws(IstioError) -> [Chart] {
        var charts: [Chart] = []
        for component in components { charts.append(try chart(component, release)) }
        return charts
    }

    private static func chart(_ component: Component, _ release: Release) throws(IstioError) -> Chart {
        let folder = "charts/\(component.rawValue)"
        var loader = ChartLoader()
        do throws(ChartError) {
            let files = Assets.files(below: folder).map { ChartFile(name: $0.path, data: Text($0.text)) }
            var chart = try loader.load(try ChartFolder.files(in: files))
            let number = String(release.version.drop { $0 == "v" })
            chart.metadata.version = number
            chart.metadata.appVersion = number
            return chart
        } catch {
            throw .damagedAsset(path: folder, reason: error.description)
        }
    }
}
