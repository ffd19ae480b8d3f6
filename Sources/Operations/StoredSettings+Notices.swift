import HelmReleases
import Istio
import Meshes
import Preflight
import Values

/// A run of sail that did not succeed as a whole, and after which no other run was.
struct UnfinishedRun {
    /// `upgrade`
    let purpose: String
    let version: String?
    /// Where it stopped.
    let component: Component?
    /// RFC 3339.
    let time: String
    /// What it was asked for.
    let request: Value

    /// What did not finish, and the command that goes on with it.
    var description: String {
        let aim = version.map { " to \($0)" } ?? ""
        let place = component.map { ", stopped at \($0)" } ?? ""
        let verb = purpose.isEmpty ? "run" : purpose
        let flag = purpose == "rollback" ? "" : version.map { " --version \($0)" } ?? ""
        return
            "the last \(verb)\(aim) did not finish (\(time)\(place)); to go on with it: sail \(verb)\(flag), with the "
            + "values given then; this run brings back what stood before it"
    }
}

extension StoredSettings {
    /// The newest run, where it did not succeed as a whole and Helm has not been at work since.
    var unfinished: UnfinishedRun? {
        let own = history.records.filter { $0.run != nil }
        guard let newest = own.max(by: { ($0.time, $0.run?.id ?? "") < ($1.time, $1.run?.id ?? "") }),
            let run = newest.run, !runs.counts(newest), !history.helmTimes.contains(where: { $0 > newest.time })
        else { return nil }
        let records = own.filter { $0.run?.id == run.id }
        let reached = Set(records.compactMap(\.component))
        let stop = records.first { !$0.isGood }?.component ?? run.components.first { !reached.contains($0) }
        return UnfinishedRun(
            purpose: run.purpose, version: newest.request["version"]?.string, component: stop,
            time: newest.lastDeployed, request: newest.request)
    }

    /// What the last run was asked for and `note` is not: profile, platform, and the keys of values; sorted.
    func dropped(by note: Value) -> [String] {
        guard let old = (noted ?? helms ?? attempted)?.note else { return [] }
        var found: [String] = []
        for key in ["profile", "platform"] {
            if let name = old[key]?.string, note[key]?.string != name, note[key] == nil {
                found.append("\(key) \(name)")
            }
        }
        let kept = Set(["values", "componentValues"].flatMap { leaves(note[$0], []) }.map { Text($0) })
        for section in ["values", "componentValues"] {
            for path in leaves(old[section], []) where !kept.contains(Text(path)) && !found.contains(path) {
                found.append(path)
            }
        }
        return found.sorted { $0.precedesByBytes($1) }
    }

    /// The paths of all values in a map that are no maps: `pilot.env.PILOT_X`.
    private func leaves(_ value: Value?, _ path: [String]) -> [String] {
        guard case .map(let map)? = value, !map.isEmpty else {
            return value == nil || path.isEmpty ? [] : [path.joined(separator: ".").onOneLine]
        }
        return map.flatMap { leaves($0.value, path + [$0.key]) }
    }
}

extension Pipeline {
    /// Says what a bare command would make of the run before it: an upgrade brings back what stood before one that did
    /// not finish, an installation forgets what is stored.
    func sayWhatIsLeft(_ state: DesiredState, _ history: ReleaseHistory) {
        let stored = StoredSettings(history)
        if operation.kind == .upgrade, let run = stored.unfinished, run.request != state.note {
            session.ui.warn(run.description.onOneLine)
        }
        guard operation.kind == .install, !history.records.isEmpty else { return }
        let dropped = stored.dropped(by: state.note)
        var parts: [String] = []
        let old = (stored.noted ?? stored.helms ?? stored.attempted)?.version
        if let old, let new = state.version, old != new, session.options.version == nil || !dropped.isEmpty {
            parts.append("leaves \(old) for \(new)")
        }
        if !dropped.isEmpty { parts.append("drops the stored settings " + dropped.joined(most: 8)) }
        guard !parts.isEmpty else { return }
        session.ui.warn(
            "install starts from what is given now: it \(parts.joined(separator: " and ")); sail upgrade keeps what is stored"
                .onOneLine)
    }
}
