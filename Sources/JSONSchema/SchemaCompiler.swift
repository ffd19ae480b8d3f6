import GoRegexp
import GoTemplate
import Values

/// Compiles schemas and what they refer to.
final class SchemaCompiler {
    private var compiled: [SchemaAddress: CompiledSchema] = [:]
    private var queue: [CompiledSchema] = []
    private var library: SchemaLibrary
    /// Formats are checked in every draft; otherwise only up to draft 7, as the later drafts have it.
    private let assertsFormats: Bool

    init(_ library: SchemaLibrary, assertsFormats: Bool) {
        self.library = library
        self.assertsFormats = assertsFormats
    }

    /// Lines for Helm's log.
    var warnings: [String] { library.warnings }

    func compile(_ url: String) throws(SchemaFailure) -> CompiledSchema {
        let start = try library.resolve(url: url, fragment: "")
        let result = enqueue(start)
        while !queue.isEmpty { try finish(queue.removeFirst()) }
        return result
    }

    private func enqueue(_ address: SchemaAddress) -> CompiledSchema {
        if let known = compiled[address] { return known }
        let schema = CompiledSchema(address)
        compiled[address] = schema
        queue.append(schema)
        return schema
    }

    private func finish(_ schema: CompiledSchema) throws(SchemaFailure) {
        let address = schema.address
        let node = try library.schema(at: address)
        let resource = library.resource(around: address)
        schema.draft = resource.draft
        schema.resource = enqueue(SchemaAddress(url: address.url, pointer: resource.pointer))
        if schema.draft.version >= 2020, address.pointer == resource.pointer {
            for name in resource.dynamicAnchors {
                guard let pointer = resource.anchors[name] else { continue }
                schema.dynamicAnchors[name] = enqueue(SchemaAddress(url: address.url, pointer: pointer))
            }
        }
        switch node {
        case .bool(let verdict): schema.verdict = verdict
        case .map(let map) where map.count == 0: schema.verdict = true
        case .map(let map):
            try compileReferences(map, into: schema, base: resource.id)
            if schema.draft.version < 2019, schema.reference != nil {
                compileBesideReference(map, into: schema)
            } else {
                compileApplicators(map, into: schema)
                try compileValidation(map, into: schema)
            }
        default: break
        }
    }

    private func compileReferences(_ map: SchemaMap, into schema: CompiledSchema, base: String) throws(SchemaFailure) {
        let address = schema.address
        schema.reference = try reference(map["$ref"], from: address, base: base)
        if schema.draft.version >= 2019 {
            schema.recursiveReference = try reference(map["$recursiveRef"], from: address, base: base)
            schema.isRecursiveAnchor = map["$recursiveAnchor"]?.bool ?? false
        }
        guard schema.draft.version >= 2020 else { return }
        schema.dynamicAnchor = map["$dynamicAnchor"]?.string
        if let text = map["$dynamicRef"]?.string,
            let target = try reference(map["$dynamicRef"], from: address, base: base)
        {
            let fragment = text.contains("#") ? String(text.drop { $0 != "#" }.dropFirst()) : ""
            let isAnchor = !fragment.isEmpty && !fragment.hasPrefix("/")
            schema.dynamicReference = (schema: target, anchor: isAnchor ? fragment : nil)
        }
    }

    private func reference(
        _ node: SchemaNode?, from address: SchemaAddress, base: String
    ) throws(SchemaFailure) -> CompiledSchema? {
        guard let text = node?.string else { return nil }
        return enqueue(try library.resolve(text, base: base, within: address.url))
    }

    /// Up to draft 7 everything beside `$ref` is ignored; yet the library looks at `const`, and compiles what drafts 6
    /// and 7 added, so that a bad reference in there is an error.
    private func compileBesideReference(_ map: SchemaMap, into schema: CompiledSchema) {
        let version = schema.draft.version
        if version >= 6 { schema.const = map["const"] }
        let added = (version >= 6 ? ["contains", "propertyNames"] : []) + (version >= 7 ? ["if", "then", "else"] : [])
        for keyword in added where map[keyword] != nil { _ = enqueue(schema.address.appending(keyword)) }
    }

    private func compileApplicators(_ map: SchemaMap, into schema: CompiledSchema) {
        let address = schema.address
        let version = schema.draft.version
        func one(_ keyword: String) -> CompiledSchema? {
            map[keyword] == nil ? nil : enqueue(address.appending(keyword))
        }
        func list(_ keyword: String) -> [CompiledSchema] {
            (map[keyword]?.list ?? []).indices.map { enqueue(address.appending(keyword, String($0))) }
        }
        func named(_ keyword: String) -> [(name: String, schema: CompiledSchema)] {
            (map[keyword]?.map?.names ?? []).map { ($0, enqueue(address.appending(keyword, $0))) }
        }
        func additional(_ keyword: String) -> CompiledSchema.Additional? {
            if let flag = map[keyword]?.bool { return .allowed(flag) }
            return one(keyword).map { .schema($0) }
        }
        schema.allOf = list("allOf")
        schema.anyOf = list("anyOf")
        schema.oneOf = list("oneOf")
        schema.not = one("not")
        for (name, property) in named("properties") { schema.properties[Text(name)] = property }
        schema.additionalProperties = additional("additionalProperties")
        if version >= 2020 {
            schema.prefixItems = list("prefixItems")
            schema.items = one("items")
        } else if map["items"]?.list != nil {
            schema.prefixItems = list("items")
            schema.additionalItems = additional("additionalItems")
        } else {
            schema.items = one("items")
        }
        schema.dependencies = (map["dependencies"]?.map?.members ?? []).map { name, rule in
            if let names = rule.list { return (name, .names(names.compactMap(\.string))) }
            return (name, .schema(enqueue(address.appending("dependencies", name))))
        }
        if version >= 6 {
            schema.contains = one("contains")
            schema.propertyNames = one("propertyNames")
        }
        if version >= 7, map["if"] != nil {
            schema.if = one("if")
            let constant = map["if"]?.bool
            schema.then = constant == false ? nil : one("then")
            schema.else = constant == true ? nil : one("else")
        }
        if version >= 2019 {
            schema.dependentSchemas = named("dependentSchemas")
            schema.unevaluatedItems = one("unevaluatedItems")
            schema.unevaluatedProperties = one("unevaluatedProperties")
        }
    }

    private func compileValidation(_ map: SchemaMap, into schema: CompiledSchema) throws(SchemaFailure) {
        func int(_ keyword: String) -> Int? { map[keyword]?.number?.int }
        func names(_ node: SchemaNode?) -> [String] { (node?.list ?? []).compactMap(\.string) }
        let types = map["type"].map { SchemaType.named(by: $0) } ?? []
        schema.types = types.isEmpty ? nil : types
        schema.enum = map["enum"]?.list
        if schema.draft.version >= 6 { schema.const = map["const"] }
        compileBounds(map, into: schema)
        schema.minLength = int("minLength")
        schema.maxLength = int("maxLength")
        schema.minItems = int("minItems")
        schema.maxItems = int("maxItems")
        schema.hasUniqueItems = map["uniqueItems"]?.bool ?? false
        schema.minProperties = int("minProperties")
        schema.maxProperties = int("maxProperties")
        schema.required = names(map["required"])
        if schema.draft.version >= 2019 {
            schema.minContains = int("minContains")
            schema.maxContains = int("maxContains")
            schema.dependentRequired = (map["dependentRequired"]?.map?.members ?? []).map { ($0.name, names($0.value)) }
        }
        if assertsFormats || schema.draft.version < 2019 { schema.format = map["format"]?.string }
        try compilePatterns(map, into: schema)
    }

    private func compileBounds(_ map: SchemaMap, into schema: CompiledSchema) {
        schema.multipleOf = map["multipleOf"]?.number
        schema.minimum = map["minimum"]?.number
        schema.maximum = map["maximum"]?.number
        schema.exclusiveMinimum = map["exclusiveMinimum"]?.number
        schema.exclusiveMaximum = map["exclusiveMaximum"]?.number
        // In draft 4 the exclusive keywords are flags for the others.
        if map["exclusiveMinimum"]?.bool == true {
            schema.exclusiveMinimum = schema.minimum
            schema.minimum = nil
        }
        if map["exclusiveMaximum"]?.bool == true {
            schema.exclusiveMaximum = schema.maximum
            schema.maximum = nil
        }
    }

    private func compilePatterns(_ map: SchemaMap, into schema: CompiledSchema) throws(SchemaFailure) {
        if let text = map["pattern"]?.string {
            schema.pattern = try pattern(text, at: schema.address.appending("pattern"))
        }
        for name in map["patternProperties"]?.map?.names ?? [] {
            let address = schema.address.appending("patternProperties")
            schema.patternProperties.append((try pattern(name, at: address), enqueue(address.appending(name))))
        }
    }

    private func pattern(_ text: String, at address: SchemaAddress) throws(SchemaFailure) -> SchemaPattern {
        do throws(RegexError) {
            return try SchemaPattern(text)
        } catch {
            throw .invalidPattern(pattern: text, url: address.description, reason: error.message.string)
        }
    }

    /// The draft of the schemas in the document, by the pointers of those that name their own address.
    func drafts(in url: String) -> [String: SchemaDraft] { library.drafts(in: url) }
}
