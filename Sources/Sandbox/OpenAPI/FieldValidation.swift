import Values

extension Kind {
    /// The fields of an object that its schema does not know, as paths.
    func unknownFields(of object: Value, _ version: String) -> [String] {
        var found: [String] = []
        let top: Set = ["apiVersion", "kind", "metadata"]
        if let schema = schemas[version] {
            var own = object
            for key in top { own[at: key] = nil }
            Schemas.unknown(in: own, schema, "", &found)
            Schemas.unknown(in: object["metadata"] ?? .null, .named("ObjectMeta"), "metadata", &found)
        } else if let type = TypeTable.name(group: group, version: version, kind: name) {
            Schemas.unknown(in: object, .named(type), "", &found)
        }
        return found
    }
}

extension Schemas {
    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }

    static func unknown(in value: Value, _ type: FieldType, _ path: String, _ found: inout [String]) {
        switch (type, value) {
        case (.whole(let item), _): unknown(in: value, item, path, &found)
        case (.list(_, let item), .list(let items)):
            for (index, child) in items.enumerated() { unknown(in: child, item, "\(path)[\(index)]", &found) }
        case (.map(let item), .map(let map)):
            for (key, child) in map { unknown(in: child, item, join(path, key), &found) }
        case (.named(let name), .map(let map)):
            guard let structure = TypeTable.types[name], !structure.isOpen else { return }
            // A strategic merge's own directives begin with a dollar sign.
            for (key, child) in map where !key.hasPrefix("$") {
                if let field = structure.field(key) {
                    unknown(in: child, field, join(path, key), &found)
                } else {
                    found.append(join(path, key))
                }
            }
        default: break
        }
    }

    fileprivate static func unknown(in value: Value, _ schema: Value, _ path: String, _ found: inout [String]) {
        switch value {
        case .list(let items):
            for (index, child) in items.enumerated() {
                unknown(in: child, schema["items"] ?? .null, "\(path)[\(index)]", &found)
            }
        case .map(let map):
            let isOpen = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
            let rest = schema["additionalProperties"]
            for (key, child) in map {
                if let known = schema["properties"]?[key] ?? (rest?.map == nil ? nil : rest) {
                    unknown(in: child, known, join(path, key), &found)
                } else if !isOpen, rest == nil, schema["type"]?.string == "object" {
                    found.append(join(path, key))
                }
            }
        default: break
        }
    }
}

extension World {
    /// What `fieldValidation=Strict` refuses and `Warn` warns of.
    func checkFields(_ body: Value, _ target: Target, _ request: HTTPRequest) throws(Failure) -> [String] {
        let mode = request.query["fieldValidation"]
        guard mode == "Strict" || mode == "Warn", !target.kind.isVirtual, target.subresource.isEmpty else { return [] }
        let unknown = target.kind.unknownFields(of: body, target.version).map { "unknown field \"\($0)\"" }
        guard mode == "Strict", !unknown.isEmpty else { return unknown }
        let text = "strict decoding error: " + unknown.joined(separator: ", ")
        guard request.method != "PATCH" else {
            throw Failure(400, "BadRequest", "error decoding patch: \(text)", details: Mapping())
        }
        throw .badRequest(
            "\(target.kind.name) in version \"\(target.version)\" cannot be handled as a \(target.kind.name): \(text)")
    }
}
