import Istio
import Preflight

extension PlannedRun {
    /// After an upgrade that had nothing to do: which newer versions there are, and how to go to them.
    var newerVersionNote: String? {
        guard operation.kind == .upgrade, let version = target.version,
            let catalogue = try? options.catalogue(of: target)
        else { return nil }
        let newer = catalogue.newer(than: version)
        guard !newer.isEmpty else { return "\(version) is the newest version that this sail knows" }
        let names = newer.map { release in
            release.version + (release.chartOrigin.map { " (charts as of its \($0))" } ?? "")
        }.joined(separator: " and ")
        let next = newer[0].version
        return "newer than \(version): \(names); sail diff --version \(next) shows the upgrade"
    }
}
