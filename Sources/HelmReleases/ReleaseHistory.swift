internal import Glibc
package import Istio
package import Kubernetes
internal import Objects
internal import System
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
        records.filter(\.request.isNull).compactMap { RFC3339.seconds($0.lastDeployed) }
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

    /// The newest record of each release of a component, the release that was last written to at the end.
    package func latest(of component: Component) -> [ReleaseRecord] {
        var newest: [String: ReleaseRecord] = [:]
        for record in records where record.component == component {
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
    /// The records that Helm keeps in ConfigMaps with HELM_DRIVER=configmap, in all namespaces.
    package func configMapHistory() throws(APIError) -> ReleaseHistory {
        var history = ReleaseHistory()
        for map in try list("/api/v1/configmaps", Selection(labels: "owner=helm")).items {
            guard map.metadata.name.hasPrefix(ReleaseRecord.namePrefix) else { continue }
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
