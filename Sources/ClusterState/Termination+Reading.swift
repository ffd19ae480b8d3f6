package import Kubernetes
package import Objects
internal import Planning
package import Values

extension Cluster {
    /// How the deletion of an object goes, by the object and by what it waits for: a definition's objects, a workload's
    /// pods. `nil` where it is not being deleted.
    package func termination(of identity: ObjectReference, _ object: Value) throws(APIError) -> Termination? {
        guard var termination = Objects.termination(of: object) else { return nil }
        if identity.kind == "CustomResourceDefinition" {
            let kind = object[path: "spec", "names", "kind"]?.string ?? "object"
            termination.holders += holders(try objects(ofDefinition: object), kind)
        } else if identity.hasRollout {
            termination.holders += holders(try pods(selectedBy: object, in: identity.namespace), "Pod")
        }
        return termination
    }

    /// `finalizer example.com/hold on Pod app/web`
    private func holders(_ objects: [Value], _ kind: String) -> [String] {
        objects.flatMap { object -> [String] in
            let place = object["metadata"]?["namespace"]?.string.map { $0 + "/" } ?? ""
            let name = place + object.metadata.name
            return (Objects.termination(of: object)?.holders ?? []).map { "\($0) on \(kind) \(name)" }
        }
    }

    /// The metadata of a definition's objects; none where it is served no longer.
    func objects(ofDefinition definition: Value) throws(APIError) -> [Value] {
        let path = try Cluster.collection(of: definition)
        do throws(APIError) {
            return try client.list(path, accept: Client.metadataOnly).items
        } catch {
            guard error.isNotFound else { throw error }
            return []
        }
    }

    /// How many objects there are of each of these CRDs, by its name.
    package func instances(ofDefinitions definitions: [Value]) throws(APIError) -> [(name: String, count: Int)] {
        var pages: [APIRequest] = []
        for definition in definitions {
            pages.append(Client.firstPage(try Cluster.collection(of: definition), accept: Client.metadataOnly))
        }
        client.prefetch(pages)
        var counts: [(name: String, count: Int)] = []
        for definition in definitions {
            counts.append((definition.metadataName, try objects(ofDefinition: definition).count))
        }
        return counts
    }

    /// Where a definition's objects are listed, in a version that is served.
    private static func collection(of definition: Value) throws(APIError) -> String {
        let versions = definition["spec"]?["versions"]?.list ?? []
        guard let version = versions.first(where: { $0["served"]?.bool == true })?["name"]?.string,
            let group = definition["spec"]?["group"]?.string,
            let plural = definition[path: "spec", "names", "plural"]?.string
        else {
            throw .unexpectedAnswer(
                request: "CustomResourceDefinition \(definition.metadataName)",
                reason: "it serves no version, so its objects cannot be counted")
        }
        return "/apis/\(group)/\(version)/\(plural)"
    }

    /// Adds what the objects that are being deleted wait for, and those whose namespace takes them along.
    func markTerminating(
        _ desired: [Desired], _ observations: inout [ObjectReference: ObservedObject]
    ) throws(APIError) {
        for item in desired {
            guard let live = observations[item.identity]?.live,
                observations[item.identity]?.prediction.termination != nil,
                let termination = try termination(of: item.identity, live)
            else { continue }
            observations[item.identity]?.prediction = .terminating(termination)
        }
        let ends = try namespaceEnds(desired, observations)
        for item in desired {
            guard let holders = ends[item.identity.namespace], let observation = observations[item.identity] else {
                continue
            }
            // One that is not there yet is created in the namespace's successor, where this run makes one.
            if holders.isEmpty, observation.live == nil { continue }
            observations[item.identity]?.prediction = .terminating(
                Termination(holders: holders + (observation.prediction.termination?.holders ?? [])))
        }
    }

    /// The namespaces that are being deleted, with what holds the objects in them: the run itself recreates only the
    /// namespaces among what is desired.
    private func namespaceEnds(
        _ desired: [Desired], _ observations: [ObjectReference: ObservedObject]
    ) throws(APIError) -> [String: [String]] {
        var ends: [String: [String]] = [:]
        let own = desired.map(\.identity).filter { $0.kind == "Namespace" }
        for identity in own where observations[identity]?.prediction.termination != nil { ends[identity.name] = [] }
        let names = Set(desired.map(\.identity.namespace)).subtracting(own.map(\.name)).subtracting([""])
            .filter { $0 != "default" && !$0.hasPrefix("kube-") }.sorted()
        let others = names.map { ObjectReference(apiVersion: "v1", kind: "Namespace", name: $0) }
        for (identity, live) in zip(others, try get(others)) {
            guard let live, Objects.termination(of: live) != nil else { continue }
            ends[identity.name] = ["namespace \(identity.name), which is being deleted and must be recreated first"]
        }
        return ends
    }
}

extension ObservedObject.Prediction {
    /// The deletion that is under way; `nil` where there is none.
    var termination: Termination? {
        if case .terminating(let termination) = self { termination } else { nil }
    }
}

extension Value {
    fileprivate var metadataName: String { metadata.name }
}
