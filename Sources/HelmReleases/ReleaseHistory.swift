internal import Glibc
package import Kubernetes
internal import Values

/// The revisions of a mesh's releases on a cluster, and what could not be read of them.
package struct ReleaseHistory: Sendable {
    /// By name and revision, oldest first.
    package var records: [ReleaseRecord]
    package var faults: [RecordFault]
    /// Whether revisions that are over have no content: see `recentHistory`.
    package var isRecent = false
    package init(records: [ReleaseRecord] = [], faults: [RecordFault] = []) {
        self.records = records
        self.faults = faults
    }

    /// When Helm itself was at work: the times of the revisions that carry no note of sail's, in seconds since 1970.
    package var helmTimes: [Int] {
        records.filter(\.request.isNull).compactMap { secondsSince1970($0.lastDeployed) }
    }

    /// The revisions of one release, oldest first.
    package func revisions(of name: String, in namespace: String) -> [ReleaseRecord] {
        records.filter { $0.name == name && $0.namespace == namespace }
    }

    /// The number of a release's next revision; those of Secrets that cannot be read are taken too.
    package func nextRevision(of name: String, in namespace: String) -> Int {
        let own = revisions(of: name, in: namespace).map(\.revision)
        return (own + faults.map { $0.revision(of: name, in: namespace) }).reduce(0, max) + 1
    }

    /// The newest record of each release whose chart has that name, the release that was last written to at the end.
    package func latest(ofChart chart: String) -> [ReleaseRecord] {
        var newest: [String: ReleaseRecord] = [:]
        for record in records where record.chartName == chart {
            newest[record.namespace + "/" + record.name] = record
        }
        return newest.values.sorted { first, second in
            (first.time, first.namespace, first.name) < (second.time, second.namespace, second.name)
        }
    }

    /// Whether a release has one deployed revision, and none that a dead run left pending.
    package func isTidy(_ name: String, in namespace: String) -> Bool {
        let own = revisions(of: name, in: namespace)
        return own.count { $0.status == .deployed } == 1 && !own.contains { $0.status.isPending }
    }

    /// The newest deployed record of a release, on which an upgrade builds; a failed one where none ever was.
    package func base(of name: String, in namespace: String) -> ReleaseRecord? {
        let own = revisions(of: name, in: namespace)
        return own.last { $0.status == .deployed } ?? own.last { $0.status == .superseded } ?? own.last
    }
}

extension Client {
    /// All release records in a namespace (all namespaces where `nil`), by one paged list of Secrets.
    package func history(namespace: String?) throws(APIError) -> ReleaseHistory {
        let path = namespace.map { "/api/v1/namespaces/\($0)/secrets" } ?? "/api/v1/secrets"
        let listing = try list(path, Selection(labels: "owner=helm"))
        var history = ReleaseHistory()
        for secret in listing.items where secret["type"]?.string == ReleaseRecord.secretType {
            do throws(RecordFault) {
                history.records.append(try ReleaseRecord(secret: secret))
            } catch {
                history.faults.append(error)
            }
        }
        history.sort()
        return history
    }
}

extension ReleaseHistory {
    mutating func sort() {
        records.sort { ($0.namespace, $0.name, $0.revision) < ($1.namespace, $1.name, $1.revision) }
    }
}

extension Client {
    /// The records that Helm keeps in ConfigMaps where it is told to (HELM_DRIVER=configmap), in all namespaces.
    package func configMapHistory() throws(APIError) -> ReleaseHistory {
        var history = ReleaseHistory()
        for map in try list("/api/v1/configmaps", Selection(labels: "owner=helm")).items {
            guard map["metadata"]?["name"]?.string?.hasPrefix(ReleaseRecord.namePrefix) == true else { continue }
            do throws(RecordFault) {
                history.records.append(try ReleaseRecord(configMap: map))
            } catch {
                history.faults.append(error)
            }
        }
        history.sort()
        return history
    }
}

/// Writes the record of one release's run: pending before the first write, deployed or failed after the last.
package struct ReleaseStorage {
    private let client: Client
    /// How many revisions are kept; 0 keeps all.
    private let maximum: Int

    package init(_ client: Client, maximum: Int = 10) {
        self.client = client
        self.maximum = maximum
    }

    /// Records the beginning. A revision that another run took meanwhile is a conflict, and an error.
    package func begin(_ record: ReleaseRecord) throws(APIError) {
        let path = "/api/v1/namespaces/\(record.namespace)/secrets"
        let secret = record.secret(now: Int(time(nil)), isNew: true)
        do throws(APIError) {
            _ = try client.send(.repeatedCreate(path, secret, manager: "sail"))
        } catch {
            // An answer that was lost on the way: the Secret is there, and it is ours.
            guard error.isConflict,
                try client.send(.get(record.path).expecting(.kinds(["Secret"])))["data"] == secret["data"]
            else { throw error }
        }
    }

    /// Records how it ended; on success the revisions before are superseded. The oldest ones go, except for `keeping`.
    ///
    /// In Helm's order: a run that dies in between leaves no revision deployed, which the next one sets right, and
    /// never two.
    package func end(_ record: ReleaseRecord, earlier: [ReleaseRecord], keeping: Int? = nil) throws(APIError) {
        if record.status == .deployed {
            for var old in earlier where old.revision != record.revision && old.status == .deployed {
                old.status = .superseded
                try update(old)
            }
        }
        try update(record)
        try prune(earlier, besides: record, keeping)
    }

    /// Marks a revision whose run died: pending, and nobody is at work on it.
    package func abandon(_ record: ReleaseRecord) throws(APIError) {
        var record = record
        record.status = .failed
        record.description = "the run died before its end (\(record.description))"
        try update(record)
    }

    /// Marks the last revision of a release as uninstalled, whose objects another release has now.
    package func close(_ record: ReleaseRecord, _ reason: String) throws(APIError) {
        var record = record
        record.status = .uninstalled
        record.description = reason
        try update(record)
    }

    private func update(_ record: ReleaseRecord) throws(APIError) {
        let secret = record.secret(now: Int(time(nil)), isNew: false)
        var patch: Mapping = ["data": secret["data"] ?? .null]
        patch["metadata"] = ["labels": secret["metadata"]?["labels"] ?? .null]
        _ = try client.send(.mergePatch(record.path, .map(patch), manager: "sail"))
    }

    /// The oldest revisions beyond the maximum go, never one that is deployed.
    private func prune(_ earlier: [ReleaseRecord], besides record: ReleaseRecord, _ kept: Int?) throws(APIError) {
        let excess = earlier.count + 1 - maximum
        guard maximum > 0, excess > 0 else { return }
        let spare = earlier.filter { old in
            old.revision != kept && (record.status == .deployed || old.status != .deployed)
        }
        for old in spare.sorted(by: { $0.revision < $1.revision }).prefix(excess) {
            do throws(APIError) {
                _ = try client.send(.delete(old.path))
            } catch {
                guard error.isNotFound else { throw error }
            }
        }
    }
}
