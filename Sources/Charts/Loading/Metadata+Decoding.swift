import Values

extension Metadata {
    static let type = RecordType<Metadata>(
        name: "Metadata", qualifiedName: "v2.Metadata",
        fields: [
            .string("name", \.name),
            .string("home", \.home),
            .strings("sources", \.sources),
            .string("version", \.version),
            .string("description", \.description),
            .strings("keywords", \.keywords),
            .records("maintainers", Maintainer.type, \.maintainers, new: Maintainer.init),
            .string("icon", \.icon),
            .string("apiVersion", \.apiVersion),
            .string("condition", \.condition),
            .string("tags", \.tags),
            .string("appVersion", \.appVersion),
            .bool("deprecated", \.deprecated),
            .stringMap("annotations", \.annotations),
            .string("kubeVersion", \.kubeVersion),
            .records("dependencies", Dependency.type, \.dependencies, new: Dependency.init),
            .string("type", \.type),
        ])
}

extension Maintainer {
    static let type = RecordType<Maintainer>(
        name: "Maintainer", qualifiedName: "v2.Maintainer",
        fields: [.string("name", \.name), .string("email", \.email), .string("url", \.url)])
}

extension Dependency {
    static let type = RecordType<Dependency>(
        name: "Dependency", qualifiedName: "v2.Dependency",
        fields: [
            .string("name", \.name),
            .string("version", \.version),
            .string("repository", \.repository),
            .string("condition", \.condition),
            .strings("tags", \.tags),
            .bool("enabled", \.enabled),
            .values("import-values", \.importValues),
            .string("alias", \.alias),
        ])
}

/// `Chart.lock` or `requirements.lock`. Rendering needs nothing of it; Helm reads it only to refuse a broken one.
struct Lock {
    var generated: String?
    var digest = ""
    var dependencies: [Dependency?]?

    static let type = RecordType<Lock>(
        name: "Lock", qualifiedName: "v2.Lock",
        fields: [
            .time("generated", \.generated),
            .string("digest", \.digest),
            .records("dependencies", Dependency.type, \.dependencies, new: Dependency.init),
        ])
}
