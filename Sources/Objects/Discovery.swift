/// All kinds that a server serves, by group and kind, in the server's order of preferred versions.
package struct Discovery: Sendable {
    private var resources: [String: [APIResource]] = [:]
    /// Groups that a broken aggregated API server answers for no longer.
    package var unavailableGroups: [String] = []

    /// The kinds in the order of preference.
    package init(_ resources: [APIResource]) {
        for resource in resources { add(resource) }
    }

    /// The kind in that very version, else in the preferred one where `apiVersion` names just a group.
    package func resource(apiVersion: String, kind: String) -> APIResource? {
        let (group, version) = Discovery.split(apiVersion)
        return resources[group + "/" + kind]?.first { $0.version == version }
    }

    /// The kind in the version that the server prefers.
    package func preferred(group: String, kind: String) -> APIResource? {
        resources[group + "/" + kind]?.first
    }

    /// The group of an unknown kind, where that may be because the group's server does not answer.
    package func unavailableGroup(apiVersion: String, kind: String) -> String? {
        let (group, _) = Discovery.split(apiVersion)
        return resource(apiVersion: apiVersion, kind: kind) == nil && unavailableGroups.contains(group) ? group : nil
    }

    /// Whether any kind of the group is served.
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

    /// Adds a kind after those of its group and kind, which are preferred to it.
    package mutating func add(_ resource: APIResource) {
        resources[resource.group + "/" + resource.kind, default: []].append(resource)
    }
}
