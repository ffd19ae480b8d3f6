internal import Istio
package import Kubernetes
internal import Objects
internal import Values

/// What a release Secret's metadata tells of a record without its content.
private struct RecordHead {
    var namespace: String
    var release: String
    var revision: Int
    var status: ReleaseRecord.Status
    var secretName: String
    var created: String
    /// Who wrote the Secret, by name.
    var managers: Set<String>

    /// `nil` for what is no release Secret, or does not say who wrote it.
    init?(_ secret: Value) {
        guard let metadata = secret["metadata"], let labels = metadata["labels"],
            let namespace = metadata["namespace"]?.string, let secretName = metadata["name"]?.string,
            let release = labels["name"]?.string, let revision = labels["version"]?.string.flatMap({ Int($0) }),
            let status = labels["status"]?.string.flatMap(ReleaseRecord.Status.init),
            secretName == ReleaseRecord.secretName(release, revision),
            let created = metadata["creationTimestamp"]?.string,
            let entries = metadata["managedFields"]?.list, !entries.isEmpty
        else { return nil }
        self.namespace = namespace
        self.release = release
        self.revision = revision
        self.status = status
        self.secretName = secretName
        self.created = created
        managers = Set(entries.compactMap { $0["manager"]?.string })
    }

    var key: String { namespace + "/" + release }
    var path: String { ReleaseRecord.path(namespace, secretName) }

    /// Whether the metadata says all that counts of a revision that is over: that it is, and whose it was.
    var isEnough: Bool { status == .superseded && (managers == ["sail"] || !managers.contains("sail")) }

    /// The record without its content: what pruning and the times of Helm's work need.
    func record(chart: Value) -> ReleaseRecord {
        let isSails = managers == ["sail"]
        return ReleaseRecord(
            name: release, namespace: namespace, revision: revision, status: status, firstDeployed: created,
            lastDeployed: created, description: "", chart: ["metadata": ["name": chart["metadata"]?["name"] ?? .null]],
            config: .map(Mapping()), manifest: "", request: isSails ? .map(Mapping()) : .null)
    }
}

extension Client {
    private static let secrets = "/api/v1/secrets"
    private static let recorded = Selection(labels: "owner=helm")

    /// The first call of `recentHistory`, for `prefetch`.
    package static var recordHeads: APIRequest { firstPage(secrets, recorded, accept: metadataOnly) }

    /// The releases of all components as far as the next run needs them: one list of metadata, and the contents of the
    /// newest records, and of those that failed. Where these do not tell a plain story (the newest revision of each is
    /// deployed, by a run of sail that succeeded as a whole, and none is pending), all are read.
    package func recentHistory() throws(APIError) -> ReleaseHistory {
        let heads = try recordHeads()
        guard let heads, let history = try recent(heads) else { return try history(namespace: nil) }
        return history
    }

    /// `nil` where the server does not tell enough by metadata.
    private func recordHeads() throws(APIError) -> [RecordHead]? {
        var heads: [RecordHead] = []
        let path = Client.secrets
        for secret in try list(path, Client.recorded, accept: Client.metadataOnly).items {
            guard secret.metadata.name.hasPrefix(ReleaseRecord.namePrefix) else { continue }
            guard let head = RecordHead(secret) else { return nil }
            heads.append(head)
        }
        return heads
    }

    /// `nil` where the story is not plain.
    private func recent(_ heads: [RecordHead]) throws(APIError) -> ReleaseHistory? {
        let releases = Dictionary(grouping: heads, by: \.key).mapValues { $0.sorted { $0.revision < $1.revision } }
        let keys = releases.keys.sorted()
        guard let newest = try contents(keys.compactMap { releases[$0]?.last }) else { return nil }
        var records: [ReleaseRecord] = []
        for (key, newest) in zip(keys, newest) where newest.component != nil {
            let own = releases[key] ?? []
            guard newest.status == .deployed, !newest.request.isNull else { return nil }
            guard own.dropLast().allSatisfy({ [.superseded, .failed].contains($0.status) }) else { return nil }
            guard let others = try contents(own.dropLast().filter { !$0.isEnough }) else { return nil }
            records += own.dropLast().filter(\.isEnough).map { $0.record(chart: newest.chart) } + others + [newest]
        }
        var history = ReleaseHistory(records: records)
        history.isRecent = true
        history.sort()
        let runs = OperationHistory(history)
        return Component.allCases.allSatisfy { history.latest(of: $0).allSatisfy(runs.counts) } ? history : nil
    }

    /// The records in the order of `heads`; `nil` where one is not there any more, or cannot be read.
    private func contents(_ heads: [RecordHead]) throws(APIError) -> [ReleaseRecord]? {
        var records: [Int: ReleaseRecord] = [:]
        var failure: APIError?
        send(heads.map { APIRequest.get($0.path).expecting(.kinds(["Secret"])) }) { index, answer in
            switch answer {
            case .success(let secret):
                guard secret["type"]?.string == ReleaseRecord.secretType else { return }
                records[index] = try? ReleaseRecord(secret: secret)
            case .failure(let error): if !error.isNotFound { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
        let found = heads.indices.compactMap { records[$0] }
        return found.count == heads.count ? found : nil
    }
}
