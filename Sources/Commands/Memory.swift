package import Istio
package import Releases
import Values

/// What the records of a mesh say was asked for.
package struct Memory {
    private let runs: Runs
    private let history: History

    package init(_ history: History) {
        self.history = history
        runs = Runs(history)
    }

    /// The note of the last run of sail that succeeded as a whole, with what Helm has deployed since; `nil` where no run
    /// did.
    package var noted: Remembered? {
        guard let newest = newestNote(where: runs.counts),
            var memory = Remembered(request: newest.request, place: newest.place)
        else { return nil }
        for component in Component.allCases {
            guard let record = runs.newest(of: component.rawValue), record.request.isNull,
                runs.isYounger(record, thanRunOf: newest)
            else { continue }
            let ours = runs.revisions(of: component.rawValue).last { runs.counts($0) && !$0.request.isNull }
            memory.take(record.values, since: ours?.values, of: component)
            memory.place += "; " + record.place
        }
        return memory
    }

    /// The values that Helm's releases have, where istiod is one of them.
    package var helms: Remembered? {
        guard let istiod = runs.newest(of: Component.istiod.rawValue), istiod.request.isNull else { return nil }
        return Memory.values(of: Component.allCases.compactMap { runs.newest(of: $0.rawValue) })
    }

    /// The note of the newest run, which failed: all there is after a first installation that did not succeed.
    package var attempted: Remembered? {
        newestNote { _ in true }.flatMap { Remembered(request: $0.request, place: $0.place) }
    }

    /// What records of one state of the mesh say: the newest note among them, else the values that Helm has.
    static func values(of records: [Record]) -> Remembered {
        var configs: [Component: Mapping] = [:]
        for record in records {
            if let component = Component(rawValue: record.chartName) { configs[component] = record.values.values }
        }
        let istiod = records.first { $0.chartName == Component.istiod.rawValue }
        var memory = Remembered(configs: configs, place: "Helm's release \(istiod?.name ?? "istiod")")
        memory.version = istiod.map { "v" + $0.appVersion.drop { $0 == "v" } }
        return memory
    }

    private func newestNote(where isMeant: (Record) -> Bool) -> Record? {
        history.records.filter { $0.request["values"]?.map != nil && isMeant($0) }
            .max { ($0.time, $0.run?.id ?? "") < ($1.time, $1.run?.id ?? "") }
    }
}

/// What a run notes beside its records, so that the next one remembers it.
struct Note {
    var profile: String?
    var platform: String?
    var version: String?
    var values: Mapping

    var value: Mapping {
        var note = Mapping()
        if let profile { note["profile"] = .string(profile) }
        if let version { note["version"] = .string(version) }
        note["values"] = .map(values)
        if let platform { note["platform"] = .string(platform) }
        return note
    }
}

extension Record {
    var place: String { "release \(name), revision \(revision)" }

    var values: HelmValues { HelmValues(config.map ?? Mapping(), version: appVersion) }

    /// The name that the pods of the manifest are labelled with.
    var instanceName: String? {
        let label = "app.kubernetes.io/instance: "
        for line in manifest.utf8.split(separator: UInt8(ascii: "\n")) {
            let text = line.drop { $0 == UInt8(ascii: " ") }
            guard text.starts(with: label.utf8) else { continue }
            return String(decoding: text.dropFirst(label.utf8.count).filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
        return nil
    }
}
