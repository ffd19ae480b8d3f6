import Values

/// A column of what `kubectl get` prints.
struct Column: Sendable {
    var name: String
    var type = "string"
    /// More than 0 is shown with `-o wide` only.
    var priority = 0
    var cell: @Sendable (Value) -> Value
}

/// Objects as rows of a meta.k8s.io/v1 Table, as a server prints them for kubectl.
struct Table {
    private let columns: [Column]
    private let includesObjects: Bool
    private let target: Target

    /// `nil` where the request did not ask for one.
    init?(_ request: HTTPRequest, _ target: Target) {
        guard request.headers["accept"]?.contains("as=Table") == true else { return nil }
        columns = target.kind.tableColumns(target.version)
        self.target = target
        includesObjects = request.query["includeObject"] == "Object"
    }

    /// A list or an object as a table; a Status as it is.
    func of(_ value: Value) -> Value {
        guard value.kind != "Status" else { return value }
        let items = value["items"]?.list
        let metadata: Value =
            items != nil
            ? value["metadata"] ?? .empty : ["resourceVersion": value["metadata"]?["resourceVersion"] ?? ""]
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": .list(
                columns.map { column in
                    [
                        "name": .string(column.name), "type": .string(column.type),
                        "format": column.name == "Name" ? "name" : "", "description": "",
                        "priority": .int(column.priority),
                    ]
                }),
            "rows": .list((items ?? [value]).map(row)),
        ]
    }

    private func row(_ object: Value) -> Value {
        var shown: Value = [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": object["metadata"] ?? .empty,
        ]
        if includesObjects {
            // Items of lists come without them.
            shown = object
            shown[at: "kind"] = .string(target.kind.name)
            shown[at: "apiVersion"] = .string(target.apiVersion)
        }
        return ["cells": .list(columns.map { $0.cell(object) }), "object": shown]
    }
}

extension Kind {
    /// The columns of its table.
    func tableColumns(_ version: String) -> [Column] {
        let name = Column(name: "Name") { .string($0.name) }
        if isBuiltIn { return [name] + (Columns.byKind[self.name] ?? [Columns.age]) }
        let own = (columns[version] ?? []).map { row in
            let path = row["jsonPath"]?.string ?? ""
            let type = row["type"]?.string ?? "string"
            return Column(
                name: row["name"]?.string ?? "", type: type, priority: row["priority"]?.int ?? 0
            ) { object in
                let found = Columns.find(path, in: object)
                return type == "date" ? Columns.age(found?.string) : found ?? .null
            }
        }
        return [name] + (own.isEmpty ? [Columns.age] : own)
    }
}
