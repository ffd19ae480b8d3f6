import Archives
internal import Glibc
package import Istio
internal import Objects
package import Values

/// One revision of a release as Helm keeps it: a Secret `sh.helm.release.v1.NAME.vN` of type helm.sh/release.v1.
///
/// `config` holds the values the chart was rendered with beside its own; `request` what the user asked sail for
/// (profile, platform, version, values as given), null in what Helm made.
package struct ReleaseRecord: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        case unknown, deployed, uninstalled, superseded, failed, uninstalling
        case pendingInstall = "pending-install"
        case pendingUpgrade = "pending-upgrade"
        case pendingRollback = "pending-rollback"

        package var isPending: Bool {
            [.pendingInstall, .pendingUpgrade, .pendingRollback, .uninstalling].contains(self)
        }
    }

    package var name: String
    package var namespace: String
    package var revision: Int
    package var status: Status
    /// RFC 3339, as Helm writes times.
    package var firstDeployed: String
    package var lastDeployed: String
    package var description: String
    package var notes: String
    /// The chart as Helm stores it: metadata, templates, values, schema, files.
    package var chart: Value
    package var config: Value
    package var manifest: String
    package var hooks: Value
    package var request: Value
    /// The run of sail that made the record; `nil` in what Helm made.
    package var run: OperationID?
    /// When sail had done with it, in seconds since 1970; `nil` where that is not known.
    package var ended: Int?
    /// As it was read, where it was: what this version of sail does not know stays when its status changes.
    private var original = Original()

    package init(
        name: String, namespace: String, revision: Int, status: Status, firstDeployed: String, lastDeployed: String,
        description: String, notes: String = "", chart: Value, config: Value, manifest: String,
        hooks: Value = .list([]), request: Value = .null, run: OperationID? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.revision = revision
        self.status = status
        self.firstDeployed = firstDeployed
        self.lastDeployed = lastDeployed
        self.description = description
        self.notes = notes
        self.chart = chart
        self.config = config
        self.manifest = manifest
        self.hooks = hooks
        self.request = request
        self.run = run
    }

    package var chartName: String { chart["metadata"]?["name"]?.string ?? "" }
    /// The component whose chart it is; `nil` for releases that are no part of a mesh.
    package var component: Component? { Component(rawValue: chartName) }
    package var chartVersion: String { chart["metadata"]?["version"]?.string ?? "" }
    package var appVersion: String { chart["metadata"]?["appVersion"]?.string ?? "" }
    package var secretName: String { ReleaseRecord.secretName(name, revision) }
    /// Whether a run of sail made it of the Sail Operator's resources.
    package var isOfResources: Bool { run?.purpose == "reconcile" }
    /// Where the API has it.
    package var path: String { ReleaseRecord.path(namespace, secretName) }

    static func path(_ namespace: String, _ secretName: String) -> String {
        "/api/v1/namespaces/\(namespace)/secrets/\(secretName)"
    }

    /// What the names of all records begin with.
    static let namePrefix = "sh.helm.release.v1."

    package static func secretName(_ name: String, _ revision: Int) -> String {
        "\(namePrefix)\(name).v\(revision)"
    }
}

/// A release's JSON as its writer left it; not part of what a record says.
private struct Original: Sendable, Equatable {
    var release: Mapping?

    /// The release with another status and description, the only fields that are ever changed afterwards.
    func changed(_ status: ReleaseRecord.Status, _ description: String) -> Value? {
        guard var release, var info = release["info"]?.map else { return nil }
        info["status"] = .string(status.rawValue)
        info["description"] = .string(description)
        release["info"] = .map(info)
        return .map(release)
    }

    static func == (_: Original, _: Original) -> Bool { true }
}

/// Why a release Secret cannot be used; it is named and left alone.
package struct RecordFault: Error, Equatable, Sendable, CustomStringConvertible {
    var kind = "Secret"
    /// Its namespace and name.
    package var secret: String
    package var reason: String

    package var description: String { "\(kind) \(secret): \(reason); left as it is" }

    /// The number that the Secret's name takes up in a release; 0 where it is another's.
    func revision(of name: String, in namespace: String) -> Int {
        let start = namespace + "/" + ReleaseRecord.secretName(name, 0).dropLast()
        guard secret.hasPrefix(start) else { return 0 }
        let number = Int(secret.dropFirst(start.count)) ?? 0
        return ReleaseRecord.revisions.contains(number) ? number : 0
    }
}

// MARK: - The Secret

extension ReleaseRecord {
    static let secretType = "helm.sh/release.v1"
    private static let maximumJSON = 64 << 20
    /// The numbers that revisions can have: there must be room for the next ones.
    fileprivate static let revisions = 1...(1 << 40)

    /// Reads a Secret: base64 (the API's), base64 (Helm's), gzip, JSON.
    package init(secret: Value) throws(RecordFault) {
        let data = secret["data"]?["release"]?.string.map { decodeBase64($0) ?? [] }
        try self.init(data.map { String(decoding: $0, as: UTF8.self) }, of: secret, kind: "Secret")
    }

    /// Reads a ConfigMap of Helm's driver of that name: base64, gzip, JSON.
    package init(configMap: Value) throws(RecordFault) {
        try self.init(configMap["data"]?["release"]?.string, of: configMap, kind: "ConfigMap")
    }

    private init(_ text: String?, of object: Value, kind: String) throws(RecordFault) {
        let namespace = object.metadata.namespace
        let title = namespace + "/" + object.metadata.name
        func fault(_ reason: String) -> RecordFault { RecordFault(kind: kind, secret: title, reason: reason) }
        guard let text else { throw fault("holds no release") }
        guard !text.isEmpty, let packed = decodeBase64(text), !packed.isEmpty else {
            throw fault("is not base64, perhaps cut short")
        }
        // Helm 2 and the first of Helm 3 stored JSON as it is.
        let json: [UInt8]
        if packed.starts(with: [0x1F, 0x8B, 0x08]) {
            guard let text = gunzip(packed, limit: ReleaseRecord.maximumJSON) else {
                throw fault("is damaged gzip, perhaps cut short")
            }
            json = text
        } else {
            json = packed
        }
        guard let value = try? Value(json: json, numbers: .native), value.map != nil else {
            throw fault("is not a release of Helm 3 or 4")
        }
        guard let name = value["name"]?.string, let revision = value["version"]?.int, let info = value["info"] else {
            throw fault("has no name, version or info")
        }
        guard ReleaseRecord.revisions.contains(revision) else {
            throw fault("has revision \(revision), which no release reaches")
        }
        guard value["chart"]?["metadata"]?["name"]?.string != nil else { throw fault("has no chart") }
        let key = object.metadata.name
        // A copy under another revision's name would hide that its number is taken.
        if key.hasPrefix(ReleaseRecord.namePrefix), key != ReleaseRecord.secretName(name, revision) {
            throw fault("holds revision \(revision) of release \(name), which is not what its name says")
        }
        self.init(
            name: name, namespace: value["namespace"]?.string ?? namespace, revision: revision,
            status: info["status"]?.string.flatMap(Status.init) ?? .unknown,
            firstDeployed: info["first_deployed"]?.string ?? "", lastDeployed: info["last_deployed"]?.string ?? "",
            description: info["description"]?.string ?? "", notes: info["notes"]?.string ?? "",
            chart: value["chart"] ?? .null, config: value["config"] ?? .map(Mapping()),
            manifest: value["manifest"]?.string ?? "", hooks: value["hooks"] ?? .list([]))
        original.release = value.map
        takeNote()
    }

    /// The Secret as Helm itself would have written it.
    ///
    /// `now` in seconds since 1970; `isNew` tells a first write from a change, which Helm labels apart.
    package func secret(now: Int, isNew: Bool) -> Value {
        let data: Mapping = ["release": .string(base64(Array(packed(jsonText).utf8)))]
        let labels: Value = [
            "name": .string(name), "owner": "helm", "status": .string(status.rawValue),
            "version": .string(String(revision)), isNew ? "createdAt" : "modifiedAt": .string(String(now)),
        ]
        return [
            "apiVersion": "v1", "kind": "Secret", "type": .string(ReleaseRecord.secretType),
            "metadata": ["name": .string(secretName), "namespace": .string(namespace), "labels": labels],
            "data": .map(data),
        ]
    }

    /// What a Secret would have to hold beyond what it can, in bytes; 0 where the record fits.
    package var excess: Int {
        let text = jsonText
        // Packing takes away more than base64 adds, or next to nothing: what is small enough need not be packed.
        guard text.count > ReleaseRecord.maximumData / 3 * 2 else { return 0 }
        return max(0, packed(text).utf8.count - ReleaseRecord.maximumData)
    }

    /// What the API server allows in a Secret's data.
    private static let maximumData = 1 << 20

    private var jsonText: [UInt8] { Array(((try? json.json(escapingHTML: false)) ?? "{}").utf8) }

    private func packed(_ text: [UInt8]) -> String { base64(gzip(text)) }

    private var json: Value {
        if let known = original.changed(status, description) { return known }
        let info: Value = [
            "first_deployed": .string(firstDeployed), "last_deployed": .string(lastDeployed), "deleted": "",
            "description": .string(description), "status": .string(status.rawValue), "notes": .string(notes),
        ]
        // Server-side apply as the method: Helm goes on with it under the name that sail applies under, its own.
        return [
            "name": .string(name), "info": info, "chart": notedChart, "config": config, "manifest": .string(manifest),
            "hooks": hooks, "version": .int(revision), "namespace": .string(namespace), "apply_method": "ssa",
        ]
    }
}
