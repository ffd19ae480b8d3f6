import GoTemplate
import Values

/// The documents that schemas are found in, and which addresses and anchors lead where.
struct SchemaLibrary {
    /// A schema with an address of its own, and what its anchors point to.
    struct Resource {
        var pointer: String
        var id: String
        var draft: SchemaDraft
        var anchors: [Text: String] = [:]
        var dynamicAnchors: [Text] = []
    }

    private struct Document {
        var content: SchemaNode
        var resources: [String: Resource] = [:]
        /// Pointers of the schemas that have been looked at.
        var visited: Set<String> = []
    }

    private var documents: [String: Document] = [:]
    private var contents: [String: SchemaNode]
    /// Validates a schema by the rules of its draft; `nil` while those rules themselves are compiled.
    private let checker: MetaSchemaChecker?
    private(set) var warnings: [String] = []

    /// `contents` are documents by their addresses.
    init(_ contents: [String: SchemaNode], checker: MetaSchemaChecker?) {
        self.contents = contents
        self.checker = checker
    }

    /// The schema at that place, once it is known to keep the rules.
    mutating func schema(at address: SchemaAddress) throws(SchemaFailure) -> SchemaNode {
        try load(address.url)
        let node = try lookUp(address)
        guard var document = documents[address.url] else { return node }
        if !document.visited.contains(address.pointer) {
            let base = resource(around: address)
            try visit(node, at: address, base: base.id, draft: base.draft, in: &document)
            documents[address.url] = document
            try check(node, at: address)
        }
        return node
    }

    func resource(around address: SchemaAddress) -> Resource {
        let resources = documents[address.url]?.resources ?? [:]
        var pointer = address.pointer
        while true {
            if let resource = resources[pointer] { return resource }
            guard let slash = pointer.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
            pointer = String(pointer[..<slash])
        }
        return resources[""] ?? Resource(pointer: "", id: address.url, draft: .latest)
    }

    func drafts(in url: String) -> [String: SchemaDraft] {
        documents[url]?.resources.mapValues(\.draft) ?? [:]
    }

    /// The target of a `$ref` in `url` below an address `base`.
    mutating func resolve(_ reference: String, base: String, within url: String) throws(SchemaFailure) -> SchemaAddress
    {
        let (target, fragment) = try SchemaURL.resolve(reference, base: base)
        if target.hasSameBytes(as: url) { return try resolve(url: url, fragment: fragment) }
        if let resource = documents[url]?.resources.values.first(where: { $0.id.hasSameBytes(as: target) }) {
            return try pointer(to: fragment, in: resource, of: url)
        }
        return try resolve(url: target, fragment: fragment)
    }

    /// Where a fragment leads in a document.
    mutating func resolve(url: String, fragment: String) throws(SchemaFailure) -> SchemaAddress {
        try load(url)
        return try pointer(to: fragment, in: resource(around: SchemaAddress(url: url, pointer: "")), of: url)
    }

    private func pointer(
        to fragment: String, in resource: Resource, of url: String
    ) throws(SchemaFailure) -> SchemaAddress {
        if fragment.isEmpty || fragment.hasPrefix("/") {
            return SchemaAddress(url: url, pointer: resource.pointer + fragment)
        }
        guard let pointer = resource.anchors[Text(fragment)] else {
            let reference = resource.id + "#" + SchemaAddress.encoded(fragment)
            throw .anchorNotFound(reference: reference, url: url)
        }
        return SchemaAddress(url: url, pointer: pointer)
    }

    private func lookUp(_ address: SchemaAddress) throws(SchemaFailure) -> SchemaNode {
        guard let tokens = address.tokens else { throw .invalidPointer(address.description) }
        guard let node = documents[address.url]?.content[tokens: tokens] else {
            throw .pointerNotFound(address.description)
        }
        return node
    }

    private mutating func load(_ url: String) throws(SchemaFailure) {
        if documents[url] != nil { return }
        var document = Document(content: try content(of: url))
        let address = SchemaAddress(url: url, pointer: "")
        document.resources[""] = nil
        try visit(document.content, at: address, base: url, draft: .latest, in: &document)
        if document.resources[""] == nil {
            document.resources[""] = Resource(pointer: "", id: url, draft: .latest)
        }
        documents[url] = document
        try check(document.content, at: address)
    }

    private mutating func content(of url: String) throws(SchemaFailure) -> SchemaNode {
        if let known = contents[url] { return known }
        if let known = MetaSchemas.text(at: url) {
            let node = try SchemaNode(json: known)
            contents[url] = node
            return node
        }
        guard url.hasPrefix("urn:") else { throw .loading(url: url, reason: SchemaURL.unreachable(url)) }
        // Helm goes on as if such a schema allowed everything, and says so.
        warnings.append(
            logLine(.warn, "unresolved URN reference ignored; using permissive schema", [("urn", url)]))
        contents[url] = .bool(true)
        return .bool(true)
    }

    private func check(_ node: SchemaNode, at address: SchemaAddress) throws(SchemaFailure) {
        if address.url.hasPrefix("http://json-schema.org/") || address.url.hasPrefix("https://json-schema.org/") {
            return
        }
        try checker?.check(
            node, draft: resource(around: address).draft, at: address, drafts: drafts(in: address.url))
    }

    /// Notes the addresses and anchors of a schema and of those within it.
    private mutating func visit(
        _ node: SchemaNode, at address: SchemaAddress, base: String, draft: SchemaDraft, in document: inout Document
    ) throws(SchemaFailure) {
        guard document.visited.insert(address.pointer).inserted else { return }
        let isRoot = address.pointer.isEmpty
        guard let map = node.map else {
            if isRoot { document.resources[""] = Resource(pointer: "", id: base, draft: draft) }
            return
        }
        var own = try named(map["$schema"]) ?? draft
        var id = own.id(of: map)
        if id.isEmpty, !isRoot {
            // `$schema` counts only where a schema has an address.
            own = draft
            id = own.id(of: map)
        }
        var base = base
        if !id.isEmpty { base = try SchemaURL.resolve(id, base: base).url }
        if !id.isEmpty || isRoot {
            if let other = document.resources.values.first(where: { $0.id.hasSameBytes(as: base) }) {
                throw .duplicateID(id: base, url: address.url, first: address.pointer, second: other.pointer)
            }
            document.resources[address.pointer] = Resource(pointer: address.pointer, id: base, draft: own)
        }
        let owner = document.resources.values.first { $0.id.hasSameBytes(as: base) }?.pointer ?? ""
        try noteAnchors(
            of: map, at: address, in: &document.resources[owner, default: Resource(pointer: "", id: base, draft: own)])
        let inner = document.resources[owner]?.draft ?? own
        for (tokens, schema) in own.subschemas(of: map) {
            let place = tokens.reduce(address) { $0.appending($1) }
            try visit(schema, at: place, base: base, draft: inner, in: &document)
        }
    }

    private func named(_ node: SchemaNode?) throws(SchemaFailure) -> SchemaDraft? {
        guard let text = node?.string else { return nil }
        if let draft = SchemaDraft.named(text) { return draft }
        let url = String(text.prefix { $0 != "#" })
        if let custom = contents[url]?.map { return try named(custom["$schema"]) }
        throw .loading(url: url, reason: SchemaURL.unreachable(url))
    }

    private func noteAnchors(
        of map: SchemaMap, at address: SchemaAddress, in resource: inout Resource
    ) throws(SchemaFailure) {
        let version = resource.draft.version
        if version < 2019 {
            if map["$ref"] != nil { return }
            if let id = map[resource.draft.idKeyword]?.string, id.contains("#") {
                let fragment = String(id.drop { $0 != "#" }.dropFirst())
                if !fragment.isEmpty, !fragment.hasPrefix("/") { try note(fragment, at: address, in: &resource) }
            }
            return
        }
        if let anchor = map["$anchor"]?.string { try note(anchor, at: address, in: &resource) }
        if version >= 2020, let anchor = map["$dynamicAnchor"]?.string {
            try note(anchor, at: address, in: &resource)
            resource.dynamicAnchors.append(Text(anchor))
        }
    }

    private func note(
        _ anchor: String, at address: SchemaAddress, in resource: inout Resource
    ) throws(SchemaFailure) {
        if let other = resource.anchors[Text(anchor)], !other.hasSameBytes(as: address.pointer) {
            throw .duplicateAnchor(name: anchor, url: address.url, first: other, second: address.pointer)
        }
        resource.anchors[Text(anchor)] = address.pointer
    }
}
