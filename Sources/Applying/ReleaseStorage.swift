internal import Glibc
package import HelmReleases
package import Kubernetes
internal import System
internal import Values

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
        let secret = record.secret(now: SystemClock.now(), isNew: true)
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

    /// Marks a revision whose run died: pending, with no run working on it.
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
        let secret = record.secret(now: SystemClock.now(), isNew: false)
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

    /// Deletes records of a mesh that is no more; one that is not there any more counts as deleted.
    package func delete(_ records: [ReleaseRecord]) throws(APIError) {
        for answer in client.send(records.map { APIRequest.delete($0.path) }) {
            if case .failure(let error) = answer, !error.isNotFound { throw error }
        }
    }
}
