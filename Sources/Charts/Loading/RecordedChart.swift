package import Values

extension Chart {
    /// The chart as Helm keeps it inside a release: metadata, files in base64, values, schema.
    package var recorded: Value {
        func list(_ files: [ChartFile]) -> Value {
            .list(files.map { ["name": .string($0.name), "data": .string(base64($0.data.bytes))] })
        }
        return [
            "metadata": metadata.recorded, "lock": .null, "templates": list(templates), "values": .map(values),
            "schema": schema.map { .string(base64($0.bytes)) } ?? .null, "files": list(files),
        ]
    }
}

extension Metadata {
    fileprivate var recorded: Value {
        let texts: [(String, String)] = [
            ("name", name), ("home", home), ("version", version), ("description", description), ("icon", icon),
            ("apiVersion", apiVersion), ("appVersion", appVersion), ("kubeVersion", kubeVersion), ("type", type),
        ]
        var map = Mapping(texts.filter { !$0.1.isEmpty }.map { (key: $0.0, value: .string($0.1)) })
        if let sources { map["sources"] = .list(sources.map(Value.string)) }
        if let keywords { map["keywords"] = .list(keywords.map(Value.string)) }
        if let annotations { map["annotations"] = .map(annotations) }
        return .map(map)
    }
}
