package import Objects
internal import Values

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
        self.init([])
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
                        APIResource(
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
                APIResource(
                    group: group, version: version, kind: resource["kind"]?.string ?? "", name: name,
                    isNamespaced: resource["namespaced"]?.bool == true,
                    verbs: (resource["verbs"]?.list ?? []).compactMap(\.string)))
        }
    }
}
