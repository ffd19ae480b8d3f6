internal import Glibc
package import Kubernetes
package import Objects
internal import Planning
package import Values

/// What an uninstallation takes away, in the order in which it goes.
package struct Removal: Sendable {
    package var component: String
    package var identity: Identity
    package var live: Value

    package init(component: String, identity: Identity, live: Value) {
        self.component = component
        self.identity = identity
        self.live = live
    }
}

/// The order of going: webhooks, so that nothing calls an istiod that is gone; ztunnel; the node agent, whose pods
/// clean up their node and need their rights for it; those rights; istiod; base.
private let rounds: [(@Sendable (Removal) -> Bool)] = [
    { $0.identity.kind.hasSuffix("WebhookConfiguration") || $0.identity.kind.hasPrefix("ValidatingAdmissionPolicy") },
    { $0.component == "ztunnel" },
    { $0.component == "cni" && $0.identity.kind == "DaemonSet" },
    { $0.component == "cni" },
    { $0.component == "istiod" },
    { $0.identity.kind != "CustomResourceDefinition" },
    { _ in true },
]

/// Removes a mesh, round by round; each round's objects are gone before the next one starts.
package struct Uninstall {
    private let cluster: Cluster
    private let report: (Progress) -> Void
    private let end: Int

    /// `timeout` in milliseconds, for all of it.
    package init(_ cluster: Cluster, timeout: Int, report: @escaping (Progress) -> Void) {
        self.cluster = cluster
        self.report = report
        end = monotonicMilliseconds() + timeout
    }

    /// Puts removals into the order in which they are carried out.
    package static func ordered(_ removals: [Removal]) -> [[Removal]] {
        var rest = removals
        return rounds.map { belongs in
            let round = rest.filter(belongs).inApplyOrder(\.identity)
            rest.removeAll(where: belongs)
            return round.reversed()
        }
        .filter { !$0.isEmpty }
    }

    package func run(_ removals: [Removal]) -> Outcome {
        for round in Uninstall.ordered(removals) {
            let component = round[0].component
            if cluster.client.isInterrupted() { return .interrupted(component: component) }
            let failures = delete(round)
            if !failures.isEmpty { return .failed(failures, component: component) }
            let left = waitUntilGone(round)
            if cluster.client.isInterrupted() { return .interrupted(component: component) }
            if !left.isEmpty { return .failed(left, component: component) }
        }
        return .done
    }

    private func delete(_ round: [Removal]) -> [Failure] {
        var failures: [Failure] = []
        var removed: [Removal] = []
        var calls: [Call] = []
        for removal in round {
            guard let path = cluster.path(of: removal.identity) else { continue }
            removed.append(removal)
            // In the foreground: the object stays until its pods are gone, and can be waited for.
            calls.append(
                .delete(path, uid: removal.live["metadata"]?["uid"]?.string, propagation: "Foreground"))
        }
        for (removal, answer) in zip(removed, cluster.client.send(calls)) {
            switch answer {
            case .success:
                report(
                    .applied(
                        Change(
                            component: removal.component, identity: removal.identity, action: .delete,
                            live: removal.live)))
            case .failure(let error) where error.isNotFound: continue
            case .failure(.interrupted): continue
            case .failure(let error): failures.append(Failure(removal.identity, error.description))
            }
        }
        return failures
    }

    private func waitUntilGone(_ round: [Removal]) -> [Failure] {
        var left = round
        while true {
            let objects: [Value?]
            do throws(APIError) {
                objects = try cluster.get(left.map(\.identity))
            } catch {
                return [Failure(nil, error.description)]
            }
            left = zip(left, objects).filter { removal, object in
                object?["metadata"]?["uid"] == removal.live["metadata"]?["uid"] && object != nil
            }
            .map(\.0)
            if left.isEmpty || cluster.client.isInterrupted() { return [] }
            guard monotonicMilliseconds() < end else {
                return left.map {
                    Failure($0.identity, "is not gone yet; a finalizer or a pod that does not end holds it")
                }
            }
            usleep(200_000)
        }
    }
}

extension Cluster {
    /// How many objects there are of each of these CRDs, by its name; one request each, however many there are.
    package func instances(ofDefinitions definitions: [Value]) throws(APIError) -> [(name: String, count: Int)] {
        let calls = definitions.map { definition -> Call in
            let versions = definition["spec"]?["versions"]?.list ?? []
            let served = versions.first { $0["served"]?.bool == true }?["name"]?.string ?? ""
            let group = definition["spec"]?["group"]?.string ?? ""
            let plural = definition[path: "spec", "names", "plural"]?.string ?? ""
            return .get("/apis/\(group)/\(served)/\(plural)", query: [("limit", "1")])
        }
        var counts: [(name: String, count: Int)] = []
        for (definition, answer) in zip(definitions, client.send(calls)) {
            guard case .success(let page) = answer else {
                if case .failure(let error) = answer, error.isFatal { throw error }
                continue
            }
            let rest = max(0, page["metadata"]?["remainingItemCount"]?.int ?? 0)
            let (sum, overflows) = rest.addingReportingOverflow(page["items"]?.list?.count ?? 0)
            let count = overflows ? rest : sum
            counts.append((definition["metadata"]?["name"]?.string ?? "", count))
        }
        return counts
    }
}
