package import Values

/// The first thing that a definition on the cluster has and ours lacks: a version, a field or an enum value.
///
/// `spec.trafficPolicy.connectionPool.http.http2KeepAlive`. Such a definition comes from a newer Istio, whose objects
/// may use it; applying ours would make the API server drop it from them. `nil` where ours has everything.
package func newerPart(ofDefinition live: Value, than ours: Value) -> String? {
    guard live["kind"] == "CustomResourceDefinition", ours["kind"] == "CustomResourceDefinition" else { return nil }
    var schemas: [String: Value] = [:]
    for version in versions(of: ours) {
        schemas[version["name"]?.string ?? ""] = version[path: "schema", "openAPIV3Schema"] ?? .null
    }
    var seen: [(live: Value, ours: Value)] = []
    for version in versions(of: live) {
        let name = version["name"]?.string ?? ""
        guard let schema = schemas[name] else { return "version \(name)" }
        let pair = (live: version[path: "schema", "openAPIV3Schema"] ?? .null, ours: schema)
        // The versions of a kind mostly have one schema.
        if seen.contains(where: { $0.live == pair.live && $0.ours == pair.ours }) { continue }
        if let part = newerPart(pair.live, pair.ours, at: "") { return part }
        seen.append(pair)
    }
    return nil
}

private func versions(of definition: Value) -> [Value] { definition[path: "spec", "versions"]?.list ?? [] }

private func newerPart(_ live: Value, _ ours: Value, at path: String) -> String? {
    if let allowed = ours["enum"]?.list, let values = live["enum"]?.list,
        let added = values.first(where: { !allowed.contains($0) })
    {
        return "\(path): \(added.string ?? (try? added.json()) ?? "")"
    }
    for (name, property) in live["properties"]?.map ?? Mapping() {
        let inner = path.isEmpty ? name : path + "." + name
        guard let own = ours["properties"]?[name] else {
            // What accepts any field has this one too.
            if ours["x-kubernetes-preserve-unknown-fields"] == true { continue }
            return inner
        }
        if let part = newerPart(property, own, at: inner) { return part }
    }
    for (key, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
        guard let elements = live[key], elements.map != nil, let own = ours[key] else { continue }
        if let part = newerPart(elements, own, at: path + mark) { return part }
    }
    return nil
}
