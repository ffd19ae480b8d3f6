import ChartSources
import ClusterState
import HelmReleases
import Istio
import Meshes
import Operations
import Terminal
import Values

/// `sail versions --remote`: what a source of charts offers, beside what is built in and what runs.
func listRemoteVersions(_ request: Request) throws -> Int32 {
    var request = request
    if request.charts.isEmpty { request.charts = [officialCharts] }
    guard let fetcher = try request.options.chartFetcher() else { return 1 }
    let rows = try request.remoteVersions(try fetcher.offered(request.options.chartNames))
    let table = Table(["MINOR", "BUILT IN", "OFFERED", "RUNS"], rows: rows.map(\.cells))
    let source = try request.options.sourceNames.joined(separator: ", ")
    return try request.print(
        Output(table.text(width: request.console.width, style: request.console.style) + "offered by \(source)\n") {
            ["source": .string(source), "minors": .list(rows.map(\.value))]
        })
}

/// Where Istio publishes its charts.
private let officialCharts = "https://istio-release.storage.googleapis.com/charts"

/// The versions of one minor.
private struct VersionRow {
    let minor: IstioVersion
    var builtIn: String?
    var offered: IstioVersion?
    /// What runs on the cluster, oldest first.
    var running: [IstioVersion] = []

    var cells: [String] {
        let runs = running.map(\.releaseName).joined(separator: ", ")
        return [minor.minorName, builtIn ?? "-", offered?.releaseName ?? "-", runs.isEmpty ? "-" : runs]
    }

    var value: Value {
        var map: Mapping = ["minor": .string(minor.minorName)]
        if let builtIn { map["builtIn"] = .string(builtIn) }
        if let offered { map["offered"] = .string(offered.releaseName) }
        map["running"] = .list(running.map { .string($0.releaseName) })
        return .map(map)
    }
}

extension Request {
    /// A row for each minor that is known, runs, or is offered and not older than all known ones; newest first.
    fileprivate func remoteVersions(_ offered: [String]) throws -> [VersionRow] {
        let catalogue = try options.catalogue()
        var rows: [VersionRow] = catalogue.minors.compactMap { minor in
            IstioVersion(minor.name).map { VersionRow(minor: $0, builtIn: minor.chartsVersion) }
        }
        let oldest = rows.map(\.minor).min()
        func index(_ version: IstioVersion) -> Int {
            if let index = rows.firstIndex(where: { $0.minor.minorName == version.minorName }) { return index }
            rows.append(VersionRow(minor: IstioVersion(major: version.major, minor: version.minor, patch: nil)))
            return rows.count - 1
        }
        for version in offered.compactMap({ IstioVersion($0) }) where version.patch != nil {
            if let oldest, version < oldest { continue }
            let row = index(version)
            rows[row].offered = newer(rows[row].offered, version)
        }
        for version in running() where version.patch != nil {
            let row = index(version)
            if !rows[row].running.contains(version) { rows[row].running.append(version) }
        }
        for row in rows.indices { rows[row].running.sort() }
        return rows.sorted { $0.minor > $1.minor }
    }

    /// A release before any prerelease, then the newer one.
    private func newer(_ one: IstioVersion?, _ other: IstioVersion) -> IstioVersion {
        guard let one else { return other }
        if one.prerelease.isEmpty != other.prerelease.isEmpty { return one.prerelease.isEmpty ? one : other }
        return max(one, other)
    }

    /// What runs on the cluster; nothing, and a word about it, where there is none to be read.
    private func running() -> [IstioVersion] {
        do {
            return try ClusterSession(self.options).cluster.workloads().flatMap(\.versions).compactMap {
                IstioVersion($0)
            }
        } catch {
            for line in messageLines("\(error)").prefix(1) { console.note("what runs is not known: \(line)") }
            return []
        }
    }
}
