import ChartSources
import ClusterState
package import Istio
import Meshes
import Values

/// The versions of one minor: built in, offered by a source of charts, and running on the cluster.
package struct OfferedMinor: Sendable {
    package let minor: IstioVersion
    /// The version of the built-in charts, `v1.30.3`.
    package var builtIn: String?
    package var offered: IstioVersion?
    /// What runs on the cluster, oldest first.
    package var running: [IstioVersion] = []
}

/// The versions of all minors, newest first.
package struct OfferedVersions: Sendable {
    package var minors: [OfferedMinor]
    /// Why it is not known what runs on the cluster; `nil` where it is.
    package var clusterFault: String?
}

extension OperationOptions {
    /// Where Istio publishes its charts.
    package static let officialCharts = "https://istio-release.storage.googleapis.com/charts"

    /// A row for each minor that is known, runs, or is offered by --charts and not older than all known ones; newest
    /// first. Throws where the source does not answer; a cluster that does not is a note.
    package func offeredVersions() throws -> OfferedVersions {
        let offered = try chartFetcher()?.offered(chartNames) ?? []
        var rows: [OfferedMinor] = try catalogue().minors.compactMap { minor in
            IstioVersion(minor.name).map { OfferedMinor(minor: $0, builtIn: minor.chartsVersion) }
        }
        let oldest = rows.map(\.minor).min()
        func index(_ version: IstioVersion) -> Int {
            if let index = rows.firstIndex(where: { $0.minor.minorName == version.minorName }) { return index }
            rows.append(OfferedMinor(minor: IstioVersion(major: version.major, minor: version.minor, patch: nil)))
            return rows.count - 1
        }
        for version in offered.compactMap({ IstioVersion($0) }) where version.patch != nil {
            if let oldest, version < oldest { continue }
            let row = index(version)
            rows[row].offered = newer(rows[row].offered, version)
        }
        let (running, fault) = runningVersions()
        for version in running where version.patch != nil {
            let row = index(version)
            if !rows[row].running.contains(version) { rows[row].running.append(version) }
        }
        for row in rows.indices { rows[row].running.sort() }
        return OfferedVersions(minors: rows.sorted { $0.minor > $1.minor }, clusterFault: fault)
    }

    /// A release before any prerelease, then the newer one.
    private func newer(_ one: IstioVersion?, _ other: IstioVersion) -> IstioVersion {
        guard let one else { return other }
        if one.prerelease.isEmpty != other.prerelease.isEmpty { return one.prerelease.isEmpty ? one : other }
        return max(one, other)
    }

    /// What runs on the cluster; nothing, and a note, where that cannot be read.
    private func runningVersions() -> (versions: [IstioVersion], fault: String?) {
        do {
            let workloads = try ClusterSession(self).cluster.workloads()
            return (workloads.flatMap(\.versions).compactMap { IstioVersion($0) }, nil)
        } catch {
            let reason = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            ui.note("what runs is not known: \(reason)")
            return ([], reason)
        }
    }
}
