import Assets
package import Charts
package import Istio
import Values

/// The charts in this binary.
package enum BuiltInCharts {
    /// The chart of each component for a release; throws `IstioError.damagedAsset`, or `noCharts` for a release that
    /// the binary has no charts for.
    package static func charts(_ components: [Component], _ release: Release) throws(IstioError) -> [Chart] {
        var charts: [Chart] = []
        if release.chartsVersion == nil, !components.isEmpty {
            let known = try Catalogue.builtIn()
            throw .noCharts(
                release.version, nearest: known.minors.lazy.compactMap(\.chartsVersion).first ?? known.defaultVersion,
                known: known.chartedVersions)
        }
        for component in components { charts.append(try chart(component, release)) }
        return charts
    }

    private static func chart(_ component: Component, _ release: Release) throws(IstioError) -> Chart {
        let folder = "charts/\(component.rawValue)"
        var loader = ChartLoader()
        do throws(ChartError) {
            let files = Assets.files(below: folder).map { ChartFile(name: $0.path, data: Text($0.text)) }
            return try loader.load(try ChartFolder.files(in: files), values: values(of: folder)).stamped(release)
        } catch {
            throw .damagedAsset(path: folder, reason: error.description)
        }
    }

    /// What the chart's values.yaml holds, its numbers as Helm reads them; `nil` where that is to be found out.
    private static func values(of folder: String) -> Mapping? {
        Assets.json(at: folder + "/values.yaml").flatMap { try? Value(json: $0) }?.map
    }

    /// The files of a component's chart, as text by path, made to say that release by themselves.
    package static func files(_ component: Component, _ release: Release) -> [(path: String, text: String)] {
        let number = release.version.withoutVersionPrefix
        let lines = [
            "Chart.yaml": ["version: ": "version: \(number)", "appVersion: ": "appVersion: \(number)"],
            "values.yaml": ["istioVersion: ": "istioVersion: \(release.version)"],
        ]
        return Assets.files(below: "charts/\(component.rawValue)").map { file in
            if component == .base, file.path.hasPrefix("crds/") {
                return (
                    file.path, definition(Text(file.text), ofMinor: release.number?.minor ?? 0)?.string ?? file.text
                )
            }
            guard let replaced = lines[file.path] else { return file }
            let text = file.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                replaced.first { line.hasPrefix($0.key) }.map { $0.value[...] } ?? line
            }
            return (file.path, text.joined(separator: "\n"))
        }
    }
}

extension Chart {
    /// Whether this is sail's own chart, which serves every release, chosen by a value; the official ones serve one.
    package var servesEveryRelease: Bool { values["istioVersion"] != nil }

    /// The chart with its own version as the release's, as the labels on its objects say it.
    fileprivate func stamped(_ release: Release) -> Chart {
        var chart = self
        chart.metadata.version = release.version.withoutVersionPrefix
        chart.metadata.appVersion = chart.metadata.version
        return name == Component.base.rawValue ? chart.withDefinitions(ofMinor: release.number?.minor ?? 0) : chart
    }

    /// The chart as it serves this release; `origin` names it in the error for a chart of another one.
    package func fitted(to release: Release, origin: String) throws(IstioError) -> Chart {
        if servesEveryRelease { return stamped(release) }
        let own = metadata.version.withoutVersionPrefix
        guard own.hasSameBytes(as: release.version.withoutVersionPrefix) else {
            throw .contradiction(
                place: origin, what: "this is \(name) \(metadata.version), and \(release.version) is wanted",
                remedy: "give --version \(own.withVersionPrefix), or charts of that version")
        }
        return self
    }
}
