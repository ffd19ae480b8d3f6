/// Validates schemas by the rules of their drafts. Compiles the rules of a draft when they are first needed.
final class MetaSchemaChecker {
    private var rules: [Int: CompiledSchema] = [:]

    func check(
        _ node: SchemaNode, draft: SchemaDraft, at address: SchemaAddress, drafts: [String: SchemaDraft]
    ) throws(SchemaFailure) {
        guard let meta = schema(for: draft) else { return }
        // Rules for a part of a document count from that part on.
        let inner = address.pointer.isEmpty ? drafts : [:]
        let problem = SchemaValidator.validate(node, meta: meta, drafts: inner) { [self] draft in schema(for: draft) }
        if let problem { throw .againstMetaSchema(url: address.description, reason: problem.text) }
    }

    private func schema(for draft: SchemaDraft) -> CompiledSchema? {
        if let known = rules[draft.version] { return known }
        let compiler = SchemaCompiler(SchemaLibrary([:], checker: nil), assertsFormats: true)
        let schema = try? compiler.compile(draft.url)
        rules[draft.version] = schema
        return schema
    }
}
