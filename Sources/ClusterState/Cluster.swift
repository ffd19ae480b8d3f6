package import Kubernetes
package import Objects
internal import Planning
package import Preflight
internal import System
package import Values

/// Objects that should be there and are not, or not for long.
package struct Absences: Sendable {
    package var missing: Set<ObjectReference> = []
    package var terminating: [ObjectReference: Termination] = [:]

    package init() {}
}

/// A cluster as this target works with it: the client, and which kinds the server knows.
///
/// A class, since kinds are looked up again once CRDs have been applied.
package final class Cluster {
    package let client: Client
    package private(set) var discovery: Discovery
    /// When Helm was at work here, in seconds since 1970: see `recognised`.
    var helmTimes: [Int] = []
    /// The names under which it then was.
    private(set) var helmManagers: Set<String> = []
    /// The platform, once it was looked for.
    var knownPlatform: DetectedPlatform??
    /// What keeps objects that were read here from a repository, each with the objects: Argo CD, Flux.
    private var gitOps: [MeshManager: Set<ObjectReference>] = [:]

    package init(_ client: Client) throws(APIError) {
        self.client = client
        discovery = try Cluster.discover(client)
    }

    /// The kinds that are served. Every server serves namespaces: without them the answer was of something else.
    private static func discover(_ client: Client) throws(APIError) -> Discovery {
        let found = try Discovery(client)
        guard found.resource(apiVersion: "v1", kind: "Namespace") != nil || found.unavailableGroups.contains("") else {
            throw .unexpectedAnswer(request: "GET /api", reason: "kinds were expected; not even Namespace is served")
        }
        return found
    }

    /// Asks the server again which kinds it knows.
    package func rediscover() throws(APIError) {
        discovery = try Cluster.discover(client)
    }

    /// The path of the object; `nil` where the server does not know its kind.
    package func path(of identity: ObjectReference) -> String? {
        discovery.resource(apiVersion: identity.apiVersion, kind: identity.kind)?
            .path(namespace: identity.namespace, name: identity.name)
    }

    /// The live objects at those identities, `nil` where there is none. Kinds that are not served have none.
    package func get(_ identities: [ObjectReference]) throws(APIError) -> [Value?] {
        var objects: [Value?] = Array(repeating: nil, count: identities.count)
        try get(identities) { objects[$0] = $1 }
        return objects
    }

    /// The same, object by object as the answers come: `receive` gets the index and the object where there is one.
    func get(_ identities: [ObjectReference], receive: (Int, Value) -> Void) throws(APIError) {
        let silent = identities.lazy.compactMap { [discovery] in
            discovery.unavailableGroup(apiVersion: $0.apiVersion, kind: $0.kind)
        }
        if let group = silent.first { throw .unavailable(group: group) }
        let indices = identities.indices.filter { path(of: identities[$0]) != nil }
        let calls = indices.compactMap { index in
            path(of: identities[index]).map { APIRequest.get($0).expecting(.kinds([identities[index].kind])) }
        }
        var failure: APIError?
        client.send(calls) { position, answer in
            switch answer {
            case .success(let object):
                let wanted = identities[indices[position]]
                if object.metadata.name.hasSameBytes(as: wanted.name) {
                    note(wanted, object)
                    receive(indices[position], recognised(object))
                } else {
                    let reason = "\(wanted) was expected, another object came"
                    failure =
                        failure ?? .unexpectedAnswer(request: "GET \(calls[position].path)", reason: reason)
                }
            case .failure(let error): if !error.isNotFound { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
    }

    /// Those of the objects that are not there, and those that are being deleted; what the user may not read, and kinds
    /// that are not served, do not count.
    package func absent(_ identities: [ObjectReference]) throws(APIError) -> Absences {
        let known = identities.compactMap { identity in path(of: identity).map { (identity, APIRequest.get($0)) } }
        var absences = Absences()
        for (item, answer) in zip(known, client.send(known.map(\.1))) {
            switch answer {
            case .success(let object):
                if let termination = Objects.termination(of: object.withKind(item.0.kind)) {
                    absences.terminating[item.0] = termination
                }
            case .failure(let error):
                if error.isNotFound { absences.missing.insert(item.0) } else if !error.isForbidden { throw error }
            }
        }
        return absences
    }

    /// Remembers what manages an object of the mesh; a namespace may be anybody's.
    private func note(_ identity: ObjectReference, _ object: Value) {
        guard identity.kind != "Namespace", let manager = MeshManager(object: object) else { return }
        gitOps[manager, default: []].insert(identity)
    }

    /// Argo CD applications, Flux Kustomizations and the like that manage objects which were read so far.
    package var gitOpsManagers: [MeshManager] { gitOps.keys.sorted { $0.sign.precedesByBytes($1.sign) } }

    /// Seconds within which Helm writes its objects after the time it records.
    private static let helmWindow = -2...120

    /// The object with Helm named in its managed fields where another program's name is.
    ///
    /// Helm goes by the name of whatever program it is built into; when it wrote tells it from others.
    func recognised(_ object: Value) -> Value {
        guard !helmTimes.isEmpty, case .map(var map) = object, case .map(var metadata) = map["metadata"],
            let entries = metadata["managedFields"]?.list
        else { return object }
        metadata["managedFields"] = .list(
            entries.map { entry in
                guard case .map(var fields) = entry, isHelms(fields), let name = fields["manager"]?.string else {
                    return entry
                }
                helmManagers.insert(name)
                fields["manager"] = .string(ManagedFieldsEntry.embeddedHelm)
                return .map(fields)
            })
        map["metadata"] = .map(metadata)
        return .map(map)
    }

    private func isHelms(_ entry: Mapping) -> Bool {
        guard entry["subresource"] == nil, let name = entry["manager"]?.string,
            name != FieldManager.sail.rawValue, name != FieldManager.helm.rawValue,
            !["kube-", "kubectl", "pilot-discovery", "istiod", "before-first-apply"].contains(where: name.hasPrefix),
            let time = entry["time"]?.string.flatMap(RFC3339.seconds)
        else { return false }
        return helmTimes.contains { Cluster.helmWindow.contains(time - $0) }
    }
}
