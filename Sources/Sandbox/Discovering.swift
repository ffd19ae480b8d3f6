import Values

extension World {
    func groups() -> [(group: String, versions: [String])] {
        var order: [String] = []
        var versions: [String: [String]] = [:]
        for kind in builtInKinds + kinds.values.filter({ !$0.isBuiltIn }).sorted(by: { $0.resource < $1.resource }) {
            if versions[kind.group] == nil { order.append(kind.group) }
            for version in kind.versions where versions[kind.group]?.contains(version) != true {
                versions[kind.group, default: []].append(version)
            }
        }
        return order.map { ($0, World.preferred(versions[$0] ?? [])) }
    }

    /// v1 before v1beta1 before v1alpha3, as the server ranks versions.
    private static func preferred(_ versions: [String]) -> [String] {
        func rank(_ version: String) -> String {
            version.contains("alpha") ? "c" : version.contains("beta") ? "b" : "a"
        }
        return versions.sorted { (rank($0), $1) < (rank($1), $0) }
    }

    func served(_ group: String, _ version: String) -> [Kind] {
        kinds.values.filter { $0.group == group && $0.versions.contains(version) }
            .sorted { $0.plural.precedesByBytes($1.plural) }
    }

    /// The answer to `/api` (the core group) or `/apis` in one request.
    func aggregatedDiscovery(core: Bool) -> Value {
        let items = groups().filter { $0.group.isEmpty == core }.map { group, versions -> Value in
            let list = versions.map { version -> Value in
                [
                    "version": .string(version), "freshness": "Current",
                    "resources": .list(served(group, version).map(aggregatedResource)),
                ]
            }
            let metadata: Value = core ? .empty : ["name": .string(group)]
            return ["metadata": metadata, "versions": .list(list)]
        }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": .empty,
            "items": .list(items),
        ]
    }

    private func aggregatedResource(_ kind: Kind) -> Value {
        var map: Mapping = [
            "resource": .string(kind.plural),
            "responseKind": ["group": "", "version": "", "kind": .string(kind.name)],
            "scope": kind.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(kind.name.lowercased()),
            "verbs": .list(kind.verbs.map(Value.string)),
        ]
        for (key, names) in [("shortNames", kind.shortNames), ("categories", kind.categories)] where !names.isEmpty {
            map[key] = .list(names.map(Value.string))
        }
        if kind.hasStatus {
            map["subresources"] = [
                [
                    "subresource": "status", "responseKind": ["group": "", "version": "", "kind": .string(kind.name)],
                    "verbs": ["get", "patch", "update"],
                ]
            ]
        }
        return .map(map)
    }

    /// The older form: `/api`, `/apis`, and one list for each group and version. `nil` for other paths.
    func plainDiscovery(_ path: String) -> Value? {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("api", 1): return ["kind": "APIVersions", "versions": ["v1"]]
        case ("apis", 1):
            let items = groups().filter { !$0.group.isEmpty }.map(plainGroup)
            return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .list(items)]
        case ("apis", 2):
            guard let found = groups().first(where: { $0.group == parts[1] }), case .map(var map) = plainGroup(found)
            else { return nil }
            map["kind"] = "APIGroup"
            map["apiVersion"] = "v1"
            return .map(map)
        case ("api", 2): return resourceList("", parts[1])
        case ("apis", 3): return resourceList(parts[1], parts[2])
        default: return nil
        }
    }

    private func plainGroup(_ item: (group: String, versions: [String])) -> Value {
        let versions = item.versions.map { version -> Value in
            ["groupVersion": .string("\(item.group)/\(version)"), "version": .string(version)]
        }
        return [
            "name": .string(item.group), "versions": .list(versions), "preferredVersion": versions.first ?? .null,
        ]
    }

    private func resourceList(_ group: String, _ version: String) -> Value? {
        let kinds = served(group, version)
        guard !kinds.isEmpty else { return nil }
        let resources = kinds.flatMap { kind -> [Value] in
            var own: Value = [
                "name": .string(kind.plural), "singularName": .string(kind.name.lowercased()),
                "namespaced": .bool(kind.isNamespaced), "kind": .string(kind.name),
                "verbs": .list(kind.verbs.map(Value.string)),
            ]
            for (key, names) in [("shortNames", kind.shortNames), ("categories", kind.categories)]
            where !names.isEmpty { own[at: key] = .list(names.map(Value.string)) }
            let status: Value = [
                "name": .string(kind.plural + "/status"), "singularName": "", "namespaced": .bool(kind.isNamespaced),
                "kind": .string(kind.name), "verbs": ["get", "patch", "update"],
            ]
            return kind.hasStatus ? [own, status] : [own]
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1",
            "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"), "resources": .list(resources),
        ]
    }
}
