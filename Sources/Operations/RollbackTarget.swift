import Applying
package import HelmReleases
package import Istio
import Meshes
import Objects
import Planning
import Values
import YAML

extension ClusterSession {
    /// The mesh as its records of an earlier revision say.
    package func earlierTarget(_ history: ReleaseHistory) throws -> DesiredState {
        let runs = OperationHistory(history)
        let components = Component.allCases.filter { !runs.revisions(of: $0).isEmpty }
        let chosen = try options.revision.map { try state(at: $0, runs, components) } ?? runs.before(of: components)
        let missing = components.filter { chosen[$0] == nil }
        guard missing.isEmpty else {
            let names = missing.compactMap { runs.revisions(of: $0).last?.name }
            throw Failures(
                failures: names.map { Failure(nil, "release \($0) has no earlier revision that succeeded") },
                remedy: "sail uninstall removes the mesh")
        }
        let records = components.compactMap { chosen[$0] }
        ui.note(
            "rolling back to "
                + records.map { "\($0.chartName) revision \($0.revision) (\($0.appVersion))" }.joined(separator: ", "))
        return try target(records, history)
    }

    /// The records, where one that is pending says whether anybody is still at work on it.
    package func withEnds(of records: [ReleaseRecord]) throws -> [ReleaseRecord] {
        guard records.contains(where: { $0.status.isPending && !$0.request.isNull }) else { return records }
        let namespace = records.last { $0.component == .istiod }?.namespace ?? records[0].namespace
        let holder = try LeaseLock(client, namespace: namespace).holderNow()
        return records.map { record in
            guard record.status.isPending, !record.request.isNull else { return record }
            var record = record
            record.description = holder.map { "under way: \($0.name), since \($0.since)" } ?? "sail died in this run"
            return record
        }
    }

    /// The mesh as it was at a revision of istiod's release.
    private func state(at revision: Int, _ runs: OperationHistory, _ components: [Component]) throws -> [Component:
        ReleaseRecord]
    {
        let revisions = runs.revisions(of: .istiod)
        if let istiod = revisions.first(where: { $0.revision == revision }) {
            return runs.records(with: istiod, of: components)
        }
        throw missing(revision, of: .istiod, in: revisions)
    }

    /// What to say of a revision, of a component or of any at all, that is not among these records.
    package func missing(_ revision: Int?, of component: Component?, in records: [ReleaseRecord]) -> Failures {
        let own = component.map { component in records.filter { $0.component == component } } ?? records
        guard !records.isEmpty else {
            return Failures(
                failures: [Failure(nil, "this cluster has no release records of a mesh")],
                remedy: "sail status shows whether a mesh runs; sail adopt takes over one that something else installed"
            )
        }
        let name = component?.rawValue ?? "the mesh"
        guard let revision, !own.isEmpty else {
            let others = Set(records.compactMap(\.component)).sorted().map(\.rawValue).joined(separator: ", ")
            return Failures(
                failures: [Failure(nil, "\(name) has no release records; there are some of \(others)")],
                remedy: "name one of these, or leave COMPONENT out")
        }
        let known = Set(own.map(\.revision)).sorted().map(String.init).joined(separator: ", ")
        return Failures(
            failures: [Failure(nil, "\(name) has no revision \(revision) (it has \(known))")],
            remedy: "choose one of these; sail history \(component?.rawValue ?? "istiod") says what each was")
    }

    /// The mesh as those records say, one of each component; `history` tells what was applied since.
    func target(_ records: [ReleaseRecord], _ history: ReleaseHistory) throws -> DesiredState {
        guard let istiod = records.first(where: { $0.component == .istiod }) else {
            throw missing(nil, of: .istiod, in: history.records)
        }
        let desired = try records.flatMap { record in
            try identified(record.manifest).map { text, identity in
                Desired(
                    component: record.component, identity: identity,
                    object: try Value(yaml: Array(text.utf8), numbers: .native),
                    release: ReleaseReference(name: record.name, namespace: record.namespace))
            }
        }
        let note = note(records)
        return DesiredState(
            namespace: istiod.namespace, version: istiod.appVersion.withVersionPrefix,
            desired: desired.inRecordedOrder,
            previous: options.earlierObjects(records, history),
            contents: records.compactMap(\.content), note: note, platform: note["platform"]?.string,
            releases: history.releases, helmTimes: history.helmTimes,
            places: releasePlaces(history))
    }

    /// What is noted for records of one state: their own note where all have the same, else the newest among them, with
    /// the values that Helm gave the others.
    private func note(_ records: [ReleaseRecord]) -> Value {
        let own = StoredSettings(ReleaseHistory(records: records))
        var note = (own.noted ?? own.attempted ?? StoredSettings.values(of: records)).note
        for record in records {
            guard let name = record.instanceName, name != record.name else { continue }
            note.set(.string(name), at: ["instances", record.chartName])
        }
        return .map(note)
    }
}

extension [Desired] {
    /// Components in the order of installation, each in the order in which kinds are applied.
    fileprivate var inRecordedOrder: [Desired] {
        Component.allCases.flatMap { component in
            filter { $0.component == component }.inApplyOrder(\.identity)
        }
    }
}

extension ReleaseRecord {
    fileprivate var content: ReleaseContent? {
        component.map { component in
            ReleaseContent(
                component: component, name: name, namespace: namespace, chart: chart, config: config,
                manifest: manifest, notes: notes)
        }
    }
}
