import Values

extension World {
    /// The answer to a path below /openapi, `nil` where there is none.
    func openAPI(_ request: HTTPRequest) -> HTTPAnswer? {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "openapi" else { return nil }
        switch (parts.dropFirst().first, parts.count) {
        case ("v2", 2):
            let accepts = request.headers["accept"] ?? "*/*"
            let isReadable = accepts.contains("json") || accepts.contains("*/*")
            return isReadable ? HTTPAnswer(definitions()) : HTTPAnswer(text: "only JSON is served\n", status: 406)
        case ("v3", 2): return HTTPAnswer(documents())
        case ("v3", _): return document(Array(parts.dropFirst(2))).map { HTTPAnswer($0) }
        default: return nil
        }
    }

    /// The list of documents, one for each group and version.
    private func documents() -> Value {
        var paths = Mapping()
        for (group, versions) in groups() {
            for version in versions {
                let path = group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)"
                paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(state(group))")]
            }
        }
        return ["paths": .map(paths)]
    }

    /// What changes whenever a definition of the group does.
    private func state(_ group: String) -> String {
        let definitions = all("customresourcedefinitions.apiextensions.k8s.io")
        let own = definitions.filter { $0[at: "spec", "group"]?.string == group }
        return own.map { "\($0.uid.prefix(8))\($0.version)" }.joined(separator: "-")
    }

    private func document(_ path: [String]) -> Value? {
        let isCore = path.first == "api"
        guard path.count == (isCore ? 2 : 3), let version = path.last else { return nil }
        let kinds = served(isCore ? "" : path[1], version)
        guard !kinds.isEmpty else { return nil }
        var paths = Mapping()
        for kind in kinds { for (path, item) in operations(kind, version) { paths[path] = item } }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": .string(settings.version)],
            "paths": .map(paths),
            "components": ["schemas": .map(schemas(kinds.map { ($0, version) }, "#/components/schemas/"))],
        ]
    }

    private func definitions() -> Value {
        let every = groups().flatMap { group, versions in
            versions.flatMap { version in served(group, version).map { ($0, version) } }
        }
        return [
            "swagger": "2.0", "info": ["title": "Kubernetes", "version": .string(settings.version)],
            "paths": .empty, "definitions": .map(schemas(every, "#/definitions/")),
        ]
    }

    private func schemas(_ kinds: [(kind: Kind, version: String)], _ references: String) -> Mapping {
        var found = Mapping()
        for (kind, version) in kinds {
            if let type = TypeTable.name(group: kind.group, version: version, kind: kind.name) {
                Schemas.collect(type, references: references, into: &found)
            }
            Schemas.mark(kind, version, kind.schemaName(version), references: references, in: &found)
        }
        return found
    }

    /// What may be asked of a kind: the collection's path and an object's.
    private func operations(_ kind: Kind, _ version: String) -> [(path: String, item: Value)] {
        let root = kind.group.isEmpty ? "/api/\(version)" : "/apis/\(kind.group)/\(version)"
        let collection = root + (kind.isNamespaced ? "/namespaces/{namespace}/" : "/") + kind.plural
        func item(_ methods: KeyValuePairs<String, String>) -> Value {
            .map(Mapping(methods.map { ($0.key, operation(kind, version, action: $0.value)) }))
        }
        if kind.isVirtual { return [(collection, item(["post": "post"]))] }
        return [
            (root + "/" + kind.plural, item(["get": "list"])),
            (collection, item(["get": "list", "post": "post", "delete": "deletecollection"])),
            (
                collection + "/{name}",
                item(["get": "get", "put": "put", "patch": "patch", "delete": "delete"])
            ),
        ]
    }

    private func operation(_ kind: Kind, _ version: String, action: String) -> Value {
        let isWrite = ["post", "put", "patch"].contains(action)
        let names = isWrite ? ["dryRun", "fieldManager", "fieldValidation"] : []
        let parameters = names.map { name -> Value in
            ["name": .string(name), "in": "query", "schema": ["type": "string"]]
        }
        return [
            "parameters": .list(parameters), "responses": ["200": ["description": "OK"]],
            "x-kubernetes-action": .string(action), "x-kubernetes-group-version-kind": kind.identity(version),
        ]
    }
}
