package import HelmReleases
import Istio
package import Meshes
import Patches
package import Values

/// What the records of a mesh say was asked for.
package struct StoredSettings {
    let runs: OperationHistory
    let history: ReleaseHistory

    package init(_ history: ReleaseHistory) {
        self.history = history
        runs = OperationHistory(history)
    }

    /// The note of the last run of sail that succeeded as a whole, with what Helm has deployed since; `nil` where no run
    /// did.
    package var noted: Remembered? {
        guard let newest = runs.newestNote(where: runs.counts),
            var memory = Remembered(request: newest.request, place: newest.place)
        else { return nil }
        for component in Component.allCases {
            guard let record = runs.newest(of: component), record.request.isNull,
                runs.isYounger(record, thanRunOf: newest)
            else { continue }
            let ours = runs.revisions(of: component).last { runs.counts($0) && !$0.request.isNull }
            memory.take(record.values, since: ours?.values, of: component)
            memory.place += "; " + record.place
        }
        return memory
    }

    /// The values that Helm's releases have, where istiod is one of them.
    package var helms: Remembered? {
        guard let istiod = runs.newest(of: .istiod), istiod.request.isNull else { return nil }
        return StoredSettings.values(of: Component.allCases.compactMap { runs.newest(of: $0) })
    }

    /// The note of the newest run, which failed: all there is after a first installation that did not succeed.
    package var attempted: Remembered? {
        runs.newestNote { _ in true }.flatMap { Remembered(request: $0.request, place: $0.place) }
    }

    /// What records of one state of the mesh say: the newest note among them, else the values that Helm has.
    static func values(of records: [ReleaseRecord]) -> Remembered {
        var configs: [Component: Mapping] = [:]
        for record in records {
            if let component = record.component { configs[component] = record.values.values }
        }
        let istiod = records.first { $0.component == .istiod }
        var memory = Remembered(configs: configs, place: "Helm's release \(istiod?.name ?? "istiod")")
        func version(_ record: ReleaseRecord) -> String { record.appVersion.withVersionPrefix }
        memory.version = istiod.map(version)
        for record in records {
            if let component = record.component { memory.versions[component] = version(record) }
        }
        return memory
    }
}

extension Remembered {
    /// What a run stores beside its records, so that the next one renders the same mesh.
    package init(_ mesh: Mesh) {
        self.init(place: "")
        profile = mesh.profile
        platform = mesh.platform
        version = mesh.versions[.istiod] ?? mesh.release.version
        versions = mesh.versions
        adopted = mesh.adopted
        namespaces = mesh.givenNamespaces
        unvalidatedValues = mesh.unvalidatedValues
        objectSettings = mesh.objectSettings.mapValues(\.fields)
        patchFiles = mesh.patchFiles.map { StoredPatchFile(name: $0.name, content: $0.content) }
        guard mesh.isDividedByComponent else {
            values = mesh.userValues
            return
        }
        for component in Component.allCases { ownValues[component] = mesh.userValues(of: component) }
    }

    /// As it is stored; what differs from component to component only where it does.
    package var note: Mapping {
        var note = Mapping()
        if let profile { note["profile"] = .string(profile) }
        if let version { note["version"] = .string(version) }
        var shared = values
        for component in Component.allCases {
            let name = component.rawValue
            if let own = versions[component], own != version { note.set(.string(own), at: ["versions", name]) }
            if !ownValues.isEmpty { shared.merge(ownValues[component] ?? Mapping()) }
        }
        note["values"] = .map(shared)
        for component in Component.allCases {
            if let images = adopted[component] { note.set(images.value, at: ["adoptedImages", component.rawValue]) }
        }
        for component in Component.allCases where !ownValues.isEmpty {
            var whole = values
            whole.merge(ownValues[component] ?? Mapping())
            note.set(.map(whole), at: ["componentValues", component.rawValue])
        }
        if let platform { note["platform"] = .string(platform) }
        for namespace in namespaces {
            note.set(
                ["labels": .map(namespace.labels), "annotations": .map(namespace.annotations)],
                at: ["namespaces", namespace.name])
        }
        note.merge(sources.note)
        if !unvalidatedValues.isEmpty { note["unvalidatedValues"] = .map(unvalidatedValues) }
        for component in Component.allCases {
            if let own = objectSettings[component] {
                note.set(.map(own), at: ["objectSettings", component.rawValue])
            }
        }
        if !patchFiles.isEmpty { note["patches"] = .list(patchFiles.map(\.note)) }
        for (flag, command) in commands.sorted(by: { $0.key.precedesByBytes($1.key) }) {
            note.set(command.note, at: ["commands", flag])
        }
        return note
    }
}

extension ReleaseRecord {
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
