internal import HelmReleases
internal import Istio
internal import Objects
package import Values
internal import YAML

/// One revision of a component's release as the commands show it.
package struct RecordedRevision: Sendable {
    let record: ReleaseRecord

    package var component: String { record.chartName }
    package var revision: Int { record.revision }
    package var version: String { record.appVersion }
    package var status: String { record.status.rawValue }
    /// `istio-system/istiod`
    package var release: String { "\(record.namespace)/\(record.name)" }
    package var namespace: String { record.namespace }
    /// Whether the release has the name that sail gives it.
    package var hasUsualName: Bool { record.component?.releaseName == record.name }

    /// As `manifest diff` takes it: `istiod@3`.
    package var sideName: String { "\(component)@\(revision)" }

    /// `2026-11-24 12:10`: Helm keeps nanoseconds and its own zone.
    package var time: String { record.time > 0 ? shortTime(record.time) : record.lastDeployed }

    /// What was done, and by whom: sail's own descriptions begin with its name.
    package var description: String { record.request.isNull ? "Helm: \(record.description)" : record.description }

    /// The values that the chart was rendered with.
    package var values: Value { record.config }

    package var manifest: String { record.manifest }

    /// The objects of its manifest.
    package func objects() throws -> [Value] {
        try identified(record.manifest).map { text, _ in try Value(yaml: Array(text.utf8), numbers: .native) }
    }

    /// The revision for programs.
    package var summary: Value {
        .map(
            which.adding("version", .string(version)).adding("status", .string(status))
                .adding("time", .string(record.lastDeployed)).adding("by", .string(record.author.lowercased()))
                .adding("description", .string(record.description)))
    }

    /// Which component's revision it is.
    package var which: Mapping {
        [
            "component": .string(component), "release": .string(record.name), "namespace": .string(namespace),
            "revision": .int(revision),
        ]
    }

    /// All but the chart and the manifest.
    package var details: Mapping {
        var map = summary.map ?? Mapping()
        map["chart"] = .string("\(component)-\(record.chartVersion)")
        map["firstDeployed"] = .string(record.firstDeployed)
        if let run = record.run { map["run"] = .string(run.id) }
        if !record.request.isNull { map["asked"] = record.request }
        map["values"] = record.config
        if !record.notes.isEmpty { map["notes"] = .string(record.notes) }
        return map
    }
}

extension Mapping {
    /// The mapping with one more key.
    package func adding(_ key: String, _ value: Value) -> Mapping {
        var map = self
        map[key] = value
        return map
    }
}
