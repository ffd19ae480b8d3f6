import ChartSources
import Charts
import Istio
import Meshes
import Planning
import Values

extension OperationOptions {
    /// The sources of this run, to be stored; those of components that take no part stay as they were stored.
    func sources(of mesh: Mesh, after stored: StoredSources?) throws -> StoredSources {
        var sources = StoredSources()
        if let given = givenCatalogue {
            sources.catalogue = StoredSources.OfCatalogue(
                source: given.source, digest: given.file.digest, isPublic: given.isPublic)
        }
        let origins = mesh.parts.compactMap { part in part.chart.origin.map { (part.component, $0) } }
        let isWhole = mesh.parts.count == Component.allCases.count
        if origins.isEmpty {
            guard !isWhole, let stored else { return sources }
            (sources.charts, sources.chartsArePublic) = (stored.charts, stored.chartsArePublic)
            sources.digests = stored.digests.filter { component, _ in !mesh.parts.contains { $0.component == component }
            }
            return sources
        }
        let all = try charts.flatMap { try ChartSource.list($0) }
        sources.charts = all.map(\.text)
        sources.chartsArePublic = all.allSatisfy { $0.isAddress && !$0.hasLogin }
        if !isWhole, let stored, stored.charts == sources.charts { sources.digests = stored.digests }
        for (component, origin) in origins { sources.digests[component] = origin.digest }
        return sources
    }

    /// Takes the stored sources where this run names none: an address with the digests that it had, and nothing else.
    ///
    /// Nothing is fetched without a digest. What is not taken is said, with the flag that gives it again.
    mutating func reuse(_ stored: StoredSources, of versions: [Component: String]) throws {
        if givenCatalogue == nil, let catalogue = stored.catalogue { try reuse(catalogue) }
        guard charts.isEmpty, !stored.charts.isEmpty else { return }
        let text = stored.charts.joined(separator: ",")
        let remedy = "give --charts \(text) to take them from there"
        let sources = (try? stored.charts.flatMap { try ChartSource.list($0) }) ?? []
        guard stored.chartsArePublic, !sources.isEmpty, sources.allSatisfy({ $0.isAddress && !$0.hasLogin }) else {
            ui.warn("the charts of the last run came from \(text), which is not taken again by itself; \(remedy)")
            return
        }
        let wanted = components.isEmpty ? Component.allCases : components
        guard !stored.digests.isEmpty else {
            ui.warn("no digest is stored of the charts of the last run, from \(text); \(remedy)")
            return
        }
        if let version, let other = try changedVersion(version, wanted, versions) {
            ui.warn("the stored charts from \(text) are of \(other), not of \(version); \(remedy)")
            return
        }
        charts = stored.charts
        takesPinnedChartsOnly = true
        for (component, digest) in stored.digests { chartPins[component.rawValue] = digest }
    }

    /// The stored version of a component where the one asked for is another; `nil` where all are the same.
    private func changedVersion(
        _ version: String, _ wanted: [Component], _ versions: [Component: String]
    ) throws -> String? {
        let release = try? catalogue().release(version, allowingOthers: true).release
        return wanted.lazy.compactMap { versions[$0] }.first { $0 != release?.version }
    }

    private mutating func reuse(_ stored: StoredSources.OfCatalogue) throws {
        let remedy = "give --catalogue \(stored.source) to use it"
        guard stored.isPublic, isPublicAddress(stored.source) else {
            ui.warn(
                "the catalogue of the last run came from \(stored.source), which is not read again by itself; \(remedy)"
            )
            return
        }
        let given = try catalogue(at: stored.source)
        guard given.file.digest == stored.digest else {
            throw Failures(
                failures: [
                    Failure(
                        nil, "\(stored.source): the catalogue has changed since the last run, which stored its digest")
                ], remedy: "give --catalogue \(stored.source) to take it as it is now")
        }
        givenCatalogue = given
    }
}
