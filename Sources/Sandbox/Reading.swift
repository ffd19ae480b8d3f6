import Values

extension World {
    /// An object as a version shows it.
    func shown(_ object: Value, _ target: Target) -> Value {
        var shown = object
        shown[at: "apiVersion"] = .string(target.apiVersion)
        return shown
    }

    /// A page of a collection; the token to go on holds the last key and the version of the first page.
    func list(_ target: Target, _ request: HTTPRequest) throws(Failure) -> Value {
        let selectors = try Selectors(request, of: target.kind)
        let limit = Int(request.query["limit"] ?? "") ?? 0
        var items = all(target.kind.resource, namespace: target.namespace)
        if !target.name.isEmpty { items = items.filter { $0.name == target.name } }
        var metadata: Mapping = ["resourceVersion": .string(String(version))]
        if let token = request.query["continue"], !token.isEmpty {
            guard let bytes = decodeBase64(token), let start = try? Value(json: bytes, numbers: .native),
                let first = start["rv"]?.int, let last = start["start"]?.string
            else { throw .badRequest("continue key is not valid") }
            guard first >= oldestList else {
                throw .expired(
                    "The provided continue parameter is too old to display a consistent list result. You can start a "
                        + "new list without the continue parameter, or use the continue token in this response to "
                        + "retrieve the remainder of the results.")
            }
            metadata["resourceVersion"] = .string(String(first))
            items = items.filter { last.precedesByBytes("\($0.namespace)/\($0.name)") }
        }
        items = items.filter(selectors.match)
        if limit > 0, items.count > limit {
            let last = items[limit - 1]
            let token: Value = [
                "rv": .int(Int(metadata["resourceVersion"]?.string ?? "") ?? version),
                "start": .string("\(last.namespace)/\(last.name)"),
            ]
            metadata["continue"] = .string(base64(token.jsonBytes))
            metadata["remainingItemCount"] = .int(items.count - limit)
            items = Array(items.prefix(limit))
        }
        if request.headers["accept"]?.contains("as=PartialObjectMetadataList") == true {
            return [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": .map(metadata),
                "items": .list(items.map(partial)),
            ]
        }
        let bare = items.map { item in
            var item = shown(item, target)
            // Items of built-in lists come without their kind.
            if target.kind.isBuiltIn {
                item[at: "kind"] = nil
                item[at: "apiVersion"] = nil
            }
            return item
        }
        return [
            "kind": .string(target.kind.name + "List"), "apiVersion": .string(target.apiVersion),
            "metadata": .map(metadata), "items": .list(bare),
        ]
    }

    /// What a list of metadata shows of an object.
    private func partial(_ object: Value) -> Value {
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": object["metadata"] ?? .empty,
        ]
    }

    /// Lines of a watch for what happened after `cursor`.
    func news(
        _ target: Target, _ selectors: Selectors, after cursor: Int
    ) -> [(type: String, object: Value, version: Int)] {
        changes(after: cursor).compactMap { change in
            guard change.resource == target.kind.resource,
                target.namespace.isEmpty || change.object.namespace == target.namespace,
                target.name.isEmpty || change.object.name == target.name
            else { return nil }
            let was = change.old.map(selectors.match) ?? false
            let isNow = change.new.map(selectors.match) ?? false
            guard was || isNow else { return nil }
            let type = !was ? "ADDED" : isNow ? "MODIFIED" : "DELETED"
            return (type, shown(change.object, target), change.version)
        }
    }
}
