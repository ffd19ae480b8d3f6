internal import Objects
internal import Values

/// All kinds that a server serves, by group and kind, in the server's order of preferred versions.
package struct Discovery: Sendable {
    private var resources: [String: [Resource]] = [:]
    /// Groups that a broken aggregated API server answers for no longer.
    package private(set) var unavailableGroups: [String] = []

    package init(_ resources: [Resource]) {
        for resource in resources { add(resource) }
    }

    /// The kind in that very version, else in the preferred one where `apiVersion` names just a group.
    package func resource(apiVersion: String, kind: String) -> Resource? {
        let (group, version) = Discovery.split(apiVersion)
        return resources[group + "/" + kind]?.first { $0.version == version }
    }

    /// The kind in the version that the server prefers.
    package func preferred(group: String, kind: String) -> Resource? {
        resources[group + "/" + kind]?.first
    }

    /// The group of an unknown kind, where that may be because the group's server does not answer.
    package func unavailableGroup(apiVersion: String, kind: String) -> String? {
        let (group, _) = Discovery.split(apiVersion)
        return resource(apiVersion: apiVersion, kind: kind) == nil && unavailableGroups.contains(group) ? group : nil
    }

    package func serves(group: String) -> Bool {
        resources.keys.contains { $0.hasPrefix(group + "/") }
    }

    /// The kinds of a group, sorted.
    package func kinds(group: String) -> [String] {
        resources.keys.filter { $0.hasPrefix(group + "/") }.map { String($0.dropFirst(group.count + 1)) }.sorted()
    }

    /// `apps/v1` in group and version; `v1` is the core group's.
    package static func split(_ apiVersion: String) -> (group: String, version: String) {
        guard let slash = apiVersion.firstIndex(of: "/") else { return ("", apiVersion) }
        return (String(apiVersion[..<slash]), String(apiVersion[apiVersion.index(after: slash)...]))
    }

    private mutating func add(_ resource: Resource) {
        resources[resource.group + "/" + resource.kind, default: []].append(resource)
    }
}

// MARK: - Reading it from the server

extension Discovery {
    private static let aggregatedTypes =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    /// The first calls of a discovery.
    package static var calls: [APIRequest] {
        [("/api", "APIVersions"), ("/apis", "APIGroupList")].map { path, kind in
            APIRequest(.get, path, accept: aggregatedTypes).expecting(.kinds(["APIGroupDiscoveryList", kind]))
        }
    }

    /// Two requests where the server has aggregated discovery (Kubernetes 1.26 on), else one per group and version.
    package init(_ client: Client) throws(APIError) {
        let answers = client.send(Discovery.calls)
        var versions: [String] = []
        for answer in answers {
            let value = try answer.get()
            if value["kind"]?.string == "APIGroupDiscoveryList" {
                try addAggregated(value)
            } else {
                versions += try Discovery.versionPaths(value)
            }
        }
        guard !versions.isEmpty else { return }
        // Twice at most: a broken extension server would hold up every command.
        let calls = versions.map { path in
            var call = APIRequest.get(path).expecting(.kinds(["APIResourceList"]))
            call.attempts = 2
            return call
        }
        for (path, answer) in zip(versions, client.send(calls)) {
            switch answer {
            case .success(let list): try addList(list)
            case .failure(let error) where error.isFatal: throw error
            case .failure: addUnavailable(Discovery.group(ofPath: path))
            }
        }
    }

    /// `/apis/apps/v1` is of `apps`, `/api/v1` of the group without a name.
    private static func group(ofPath path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    private mutating func addUnavailable(_ group: String) {
        if !unavailableGroups.contains(group) { unavailableGroups.append(group) }
    }

    /// A list inside an answer; an answer without it would say that kinds are not served which are. Go writes `null` for
    /// an empty one.
    private static func list(_ name: String, of value: Value) throws(APIError) -> [Value] {
        switch value[name] {
        case .list(let items)?: return items
        case .null?: return []
        default:
            throw .unexpectedAnswer(
                request: "GET /api, /apis", reason: "a list of \(name) was expected, and is missing")
        }
    }

    private mutating func addAggregated(_ list: Value) throws(APIError) {
        for group in try Discovery.list("items", of: list) {
            let name = group.metadata.name
            for version in try Discovery.list("versions", of: group) {
                if version["freshness"]?.string == "Stale" { addUnavailable(name) }
                let title = version["version"]?.string ?? ""
                // A stale version has none.
                for resource in version["resources"]?.list ?? [] {
                    // The kind's own group and version are empty where they are those of the list.
                    add(
                        Resource(
                            group: name, version: title, kind: resource["responseKind"]?["kind"]?.string ?? "",
                            name: resource["resource"]?.string ?? "",
                            isNamespaced: resource["scope"]?.string == "Namespaced",
                            verbs: (resource["verbs"]?.list ?? []).compactMap(\.string)))
                }
            }
        }
    }

    /// The paths to ask for with the older form: `/api/v1`, `/apis/apps/v1`, the preferred version first.
    private static func versionPaths(_ value: Value) throws(APIError) -> [String] {
        if value["kind"]?.string == "APIVersions" {
            return try list("versions", of: value).compactMap { $0.string.map { "/api/" + $0 } }
        }
        return try list("groups", of: value).flatMap { group in
            let preferred = group["preferredVersion"]?["groupVersion"]?.string
            let all = (group["versions"]?.list ?? []).compactMap { $0["groupVersion"]?.string }
            return (all.filter { $0 == preferred } + all.filter { $0 != preferred }).map { "/apis/" + $0 }
        }
    }

    private mutating func addList(_ list: Value) throws(APIError) {
        let (group, version) = Discovery.split(list["groupVersion"]?.string ?? "")
        for resource in try Discovery.list("resources", of: list) {
            guard let name = resource["name"]?.string, !name.contains("/") else { continue }
            add(
                Resource(
                    group: group, version: version, kind: resource["kind"]?.string ?? "", name: name,
                    isNamespaced: resource["namespaced"]?.bool == true,
                    verbs: (resource["verbs"]?.list ?? []).compactMap(\.string)))
        }
    }
}
