import Values

/// A version of JSON Schema: its number, its address, and where schemas are within schemas.
struct SchemaDraft: Sendable {
    let version: Int
    let url: String
    /// The keyword that names a schema's address.
    let idKeyword: String
    /// Keywords that hold one schema.
    let single: [String]
    /// Keywords that hold a list of schemas; `items` may also be a single one.
    let lists: [String]
    /// Keywords that hold schemas by name.
    let maps: [String]

    static let latest = draft2020

    static let draft4 = SchemaDraft(
        version: 4, url: "http://json-schema.org/draft-04/schema", idKeyword: "id",
        single: ["not", "additionalProperties", "items", "additionalItems"],
        lists: ["allOf", "anyOf", "oneOf", "items"],
        maps: ["definitions", "properties", "patternProperties", "dependencies"])
    static let draft6 = draft4.extended(
        version: 6, url: "http://json-schema.org/draft-06/schema", single: ["propertyNames", "contains"])
    static let draft7 = draft6.extended(
        version: 7, url: "http://json-schema.org/draft-07/schema", single: ["if", "then", "else"])
    static let draft2019 = draft7.extended(
        version: 2019, url: "https://json-schema.org/draft/2019-09/schema",
        single: ["unevaluatedProperties", "unevaluatedItems", "contentSchema"], maps: ["$defs", "dependentSchemas"])
    static let draft2020 = draft2019.extended(
        version: 2020, url: "https://json-schema.org/draft/2020-12/schema", lists: ["prefixItems"])

    private func extended(
        version: Int, url: String, single: [String] = [], lists: [String] = [], maps: [String] = []
    ) -> SchemaDraft {
        SchemaDraft(
            version: version, url: url, idKeyword: "$id", single: self.single + single, lists: self.lists + lists,
            maps: self.maps + maps)
    }

    /// The draft that a `$schema` names; `nil` for any other address.
    static func named(_ address: String) -> SchemaDraft? {
        var text = address[...]
        if text.hasSuffix("#") { text = text.dropLast() }
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            text = text.dropFirst(scheme.count)
            break
        }
        return byPath[String(text)]
    }

    private static let byPath: [String: SchemaDraft] = [
        "json-schema.org/schema": draft2020, "json-schema.org/draft/2020-12/schema": draft2020,
        "json-schema.org/draft/2019-09/schema": draft2019, "json-schema.org/draft-07/schema": draft7,
        "json-schema.org/draft-06/schema": draft6, "json-schema.org/draft-04/schema": draft4,
    ]

    /// The address that a schema gives itself, without fragment; empty where it gives none.
    func id(of schema: SchemaMap) -> String {
        // Before 2019-09 nothing counts beside `$ref`.
        if version < 2019, schema["$ref"] != nil { return "" }
        let text = schema[idKeyword]?.string ?? ""
        return String(text.prefix { $0 != "#" })
    }

    /// The schemas directly within a schema, with the tokens that lead to them.
    func subschemas(of schema: SchemaMap) -> [(tokens: [String], schema: SchemaNode)] {
        var result: [(tokens: [String], schema: SchemaNode)] = []
        for (name, value) in schema.members {
            if single.contains(name) { result.append((tokens: [name], schema: value)) }
            if lists.contains(name), let list = value.list {
                result += list.enumerated().map { (tokens: [name, String($0)], schema: $1) }
            }
            if maps.contains(name), let map = value.map {
                result += map.members.map { (tokens: [name, $0.name], schema: $0.value) }
            }
        }
        return result
    }
}
