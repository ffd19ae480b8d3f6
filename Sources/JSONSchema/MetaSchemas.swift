import Values

/// The rules that schemas themselves must keep, draft by draft, without the remarks.
enum MetaSchemas {
    /// The JSON of a rule set; `nil` for any other address.
    static func text(at url: String) -> Text? {
        for prefix in ["http://json-schema.org/", "https://json-schema.org/"] where url.hasPrefix(prefix) {
            return texts[String(url.dropFirst(prefix.count))].map { Text($0) }
        }
        return nil
    }

    private static let texts: [String: String] = {
        var result = [
            "draft-04/schema": draft4, "draft-06/schema": draft7(version: 6), "draft-07/schema": draft7(version: 7),
        ]
        for (draft, parts) in [("draft/2019-09", parts2019), ("draft/2020-12", parts2020)] {
            for (name, part) in parts { result["\(draft)/\(name)"] = part.text(name: name, draft: draft) }
        }
        result["schema"] = result["draft/2020-12/schema"]
        return result
    }()

    /// A part of a later draft's rules: the members of the rule set and its definitions.
    private struct Part {
        var properties: String
        var definitions = ""
        /// The other parts, all of which hold.
        var allOf: [String] = []

        func text(name: String, draft: String) -> String {
            let is2019 = draft == "draft/2019-09"
            let anchor = is2019 ? "\"$recursiveAnchor\": true" : "\"$dynamicAnchor\": \"meta\""
            let all = allOf.map { "{\"$ref\": \"meta/\($0)\"}" }.joined(separator: ", ")
            return """
                {"$schema": "https://json-schema.org/\(draft)/schema", "$id": "https://json-schema.org/\(draft)/\(name)",
                \(anchor), \(all.isEmpty ? "" : "\"allOf\": [\(all)],") "type": ["object", "boolean"],
                "properties": {\(properties)}, "$defs": {\(definitions)}}
                """.replacingSchema(with: is2019 ? "{\"$recursiveRef\": \"#\"}" : "{\"$dynamicRef\": \"#meta\"}")
        }
    }

    // MARK: - Building blocks; SCHEMA stands for a reference to the rules themselves

    private static let map = ##"{"type": "object", "additionalProperties": SCHEMA}"##
    private static let text = ##"{"type": "string"}"##
    private static let flag = ##"{"type": "boolean"}"##
    private static let number = ##"{"type": "number"}"##
    private static let names = ##"{"type": "array", "items": {"type": "string"}, "uniqueItems": true}"##
    private static let count = ##"{"type": "integer", "minimum": 0}"##
    private static let simpleTypes =
        ##"{"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}"##
    private static let reference = ##"{"type": "string", "format": "uri-reference"}"##
    private static let uri = ##"{"type": "string", "format": "uri"}"##
    private static let patterns =
        ##"{"type": "object", "additionalProperties": SCHEMA, "propertyNames": {"format": "regex"}}"##
    private static let regex = ##"{"type": "string", "format": "regex"}"##

    private static func type(_ path: String) -> String {
        """
        {"anyOf": [{"$ref": "#/\(path)/simpleTypes"},
        {"type": "array", "items": {"$ref": "#/\(path)/simpleTypes"}, "minItems": 1, "uniqueItems": true}]}
        """
    }

    private static func members(_ rows: [(names: String, rule: String)]) -> String {
        rows.flatMap { row in row.names.split(separator: " ").map { "\"\($0)\": \(row.rule)" } }
            .joined(separator: ", ")
    }

    private static func pointer(_ path: String) -> String { "{\"$ref\": \"#/\(path)\"}" }

    // MARK: - The drafts

    private static let draft4 = """
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "properties": {\(members([
            ("id $ref title description format", text),
            ("$schema", uri),
            ("default", "{}"),
            ("multipleOf", ##"{"type": "number", "minimum": 0, "exclusiveMinimum": true}"##),
            ("maximum minimum", number),
            ("exclusiveMaximum exclusiveMinimum uniqueItems", flag),
            ("maxLength maxItems maxProperties", pointer("definitions/positiveInteger")),
            ("minLength minItems minProperties", pointer("definitions/positiveIntegerDefault0")),
            ("pattern", regex),
            ("additionalItems additionalProperties", ##"{"anyOf": [{"type": "boolean"}, SCHEMA]}"##),
            ("items", ##"{"anyOf": [SCHEMA, {"$ref": "#/definitions/schemaArray"}]}"##),
            ("required", pointer("definitions/stringArray")),
            ("definitions properties patternProperties", map),
            ("dependencies", dependencies),
            ("enum", ##"{"type": "array", "minItems": 1, "uniqueItems": true}"##),
            ("type", type("definitions")),
            ("allOf anyOf oneOf", pointer("definitions/schemaArray")),
            ("not", "SCHEMA"),
        ]))}, "dependencies": {"exclusiveMaximum": ["maximum"], "exclusiveMinimum": ["minimum"]},
        "definitions": {\(members([
            ("schemaArray", schemaArray), ("positiveInteger", count),
            ("positiveIntegerDefault0", ##"{"allOf": [{"$ref": "#/definitions/positiveInteger"}, {"default": 0}]}"##),
            ("simpleTypes", simpleTypes),
            ("stringArray", ##"{"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": true}"##),
        ]))}}
        """.replacingSchema(with: "{\"$ref\": \"#\"}")

    private static let dependencies = """
        {"type": "object", "additionalProperties": {"anyOf": [SCHEMA, {"$ref": "#/definitions/stringArray"}]}}
        """
    private static let schemaArray = ##"{"type": "array", "minItems": 1, "items": SCHEMA}"##

    /// Drafts 6 and 7, which differ in a few members.
    private static func draft7(version: Int) -> String {
        var rows: [(names: String, rule: String)] = [
            ("$id $ref", reference), ("$schema", uri),
            ("title description format", text),
            ("default const", version == 6 ? "{}" : "true"),
            ("multipleOf", ##"{"type": "number", "exclusiveMinimum": 0}"##),
            ("maximum exclusiveMaximum minimum exclusiveMinimum", number),
            ("maxLength maxItems maxProperties", pointer("definitions/nonNegativeInteger")),
            ("minLength minItems minProperties", pointer("definitions/nonNegativeIntegerDefault0")),
            ("pattern", regex),
            ("additionalItems contains additionalProperties propertyNames not", "SCHEMA"),
            ("items", ##"{"anyOf": [SCHEMA, {"$ref": "#/definitions/schemaArray"}]}"##),
            ("uniqueItems", flag),
            ("required", pointer("definitions/stringArray")),
            ("definitions properties", map), ("dependencies", dependencies),
            ("type", type("definitions")),
            ("allOf anyOf oneOf", pointer("definitions/schemaArray")),
            ("examples", ##"{"type": "array", "items": {}}"##),
        ]
        if version == 6 {
            rows += [("patternProperties", patterns), ("enum", enumerations6)]
        } else {
            rows += [
                ("patternProperties", patterns), ("enum", enumerations7),
                ("$comment contentMediaType contentEncoding", text),
                ("readOnly writeOnly", flag), ("if then else", "SCHEMA"),
            ]
        }
        let id = "http://json-schema.org/draft-0\(version)/schema#"
        return """
            {"$schema": "\(id)", "$id": "\(id)", "type": ["object", "boolean"], "properties": {\(members(rows))},
            "definitions": {\(members([
                ("schemaArray", schemaArray), ("nonNegativeInteger", count),
                ("nonNegativeIntegerDefault0",
                    ##"{"allOf": [{"$ref": "#/definitions/nonNegativeInteger"}, {"default": 0}]}"##),
                ("simpleTypes", simpleTypes), ("stringArray", names),
            ]))}}
            """.replacingSchema(with: "{\"$ref\": \"#\"}")
    }

    private static let enumerations6 = ##"{"type": "array", "minItems": 1, "uniqueItems": true}"##
    private static let enumerations7 = ##"{"type": "array", "items": true, "minItems": 1, "uniqueItems": true}"##

    private static let parts2020: [String: Part] = [
        "schema": Part(
            properties: members([
                ("definitions", map),
                (
                    "dependencies",
                    """
                    {"type": "object", "additionalProperties": {"anyOf": [SCHEMA, \
                    {"$ref": "meta/validation#/$defs/stringArray"}]}}
                    """
                ),
                ("$recursiveAnchor", ##"{"$ref": "meta/core#/$defs/anchorString"}"##),
                ("$recursiveRef", ##"{"$ref": "meta/core#/$defs/uriReferenceString"}"##),
            ]),
            allOf: [
                "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content",
            ]),
        "meta/core": Part(
            properties: members([
                ("$id", ##"{"$ref": "#/$defs/uriReferenceString", "pattern": "^[^#]*#?$"}"##),
                ("$schema", pointer("$defs/uriString")),
                ("$ref $dynamicRef", pointer("$defs/uriReferenceString")),
                ("$anchor $dynamicAnchor", pointer("$defs/anchorString")),
                (
                    "$vocabulary",
                    ##"{"type": "object", "propertyNames": {"$ref": "#/$defs/uriString"}, "additionalProperties": {"type": "boolean"}}"##
                ),
                ("$comment", text), ("$defs", map),
            ]),
            definitions: members([
                ("anchorString", ##"{"type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"}"##),
                ("uriString", uri), ("uriReferenceString", reference),
            ])),
        "meta/applicator": Part(
            properties: members([
                ("prefixItems allOf anyOf oneOf", pointer("$defs/schemaArray")),
                ("items contains additionalProperties propertyNames if then else not", "SCHEMA"),
                ("properties dependentSchemas", map), ("patternProperties", patterns),
            ]),
            definitions: members([("schemaArray", schemaArray)])),
        "meta/unevaluated": Part(properties: members([("unevaluatedItems unevaluatedProperties", "SCHEMA")])),
        "meta/validation": validation,
        "meta/meta-data": metaData,
        "meta/format-annotation": Part(properties: members([("format", text)])),
        "meta/format-assertion": Part(properties: members([("format", text)])),
        "meta/content": content,
    ]

    private static let parts2019: [String: Part] = [
        "schema": Part(
            properties: members([
                ("definitions", map),
                (
                    "dependencies",
                    """
                    {"type": "object", "additionalProperties": {"anyOf": [SCHEMA, \
                    {"$ref": "meta/validation#/$defs/stringArray"}]}}
                    """
                ),
            ]),
            allOf: ["core", "applicator", "validation", "meta-data", "format", "content"]),
        "meta/core": Part(
            properties: members([
                ("$id", ##"{"type": "string", "format": "uri-reference", "pattern": "^[^#]*#?$"}"##),
                ("$schema", uri),
                ("$anchor", ##"{"type": "string", "pattern": "^[A-Za-z][-A-Za-z0-9.:_]*$"}"##),
                ("$ref $recursiveRef", reference),
                ("$recursiveAnchor", flag),
                (
                    "$vocabulary",
                    ##"{"type": "object", "propertyNames": {"type": "string", "format": "uri"}, "additionalProperties": {"type": "boolean"}}"##
                ),
                ("$comment", text), ("$defs", map),
            ])),
        "meta/applicator": Part(
            properties: members([
                ("allOf anyOf oneOf", pointer("$defs/schemaArray")),
                ("additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties", "SCHEMA"),
                ("propertyNames if then else not", "SCHEMA"),
                ("items", ##"{"anyOf": [SCHEMA, {"$ref": "#/$defs/schemaArray"}]}"##),
                ("properties dependentSchemas", map), ("patternProperties", patterns),
            ]),
            definitions: members([("schemaArray", schemaArray)])),
        "meta/validation": validation,
        "meta/meta-data": metaData,
        "meta/format": Part(properties: members([("format", text)])),
        "meta/content": content,
    ]

    private static let validation = Part(
        properties: members([
            ("type", type("$defs")), ("const", "true"), ("enum", ##"{"type": "array", "items": true}"##),
            ("multipleOf", ##"{"type": "number", "exclusiveMinimum": 0}"##),
            ("maximum exclusiveMaximum minimum exclusiveMinimum", number),
            ("maxLength maxItems maxContains minContains maxProperties", pointer("$defs/nonNegativeInteger")),
            ("minLength minItems minProperties", pointer("$defs/nonNegativeIntegerDefault0")),
            ("pattern", regex), ("uniqueItems", flag), ("required", pointer("$defs/stringArray")),
            ("dependentRequired", ##"{"type": "object", "additionalProperties": {"$ref": "#/$defs/stringArray"}}"##),
        ]),
        definitions: members([
            ("nonNegativeInteger", count), ("nonNegativeIntegerDefault0", pointer("$defs/nonNegativeInteger")),
            ("simpleTypes", simpleTypes), ("stringArray", names),
        ]))

    private static let metaData = Part(
        properties: members([
            ("title description", text), ("default", "true"), ("deprecated readOnly writeOnly", flag),
            ("examples", ##"{"type": "array", "items": true}"##),
        ]))

    private static let content = Part(
        properties: members([("contentEncoding contentMediaType", text), ("contentSchema", "SCHEMA")]))
}

extension String {
    /// With each `SCHEMA` replaced.
    fileprivate func replacingSchema(with reference: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: "SCHEMA") {
            result += rest[..<range.lowerBound] + reference
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
