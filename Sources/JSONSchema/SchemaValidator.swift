import GoTemplate
import Values

/// Validates an instance by a compiled schema and collects the violations.
final class SchemaValidator {
    /// How far a schema has come: the members and items that no keyword has looked at yet.
    struct Unevaluated {
        var members: Set<Text> = []
        var items: Set<Int> = []

        var isEmpty: Bool { members.isEmpty && items.isEmpty }

        mutating func intersect(_ other: Unevaluated) {
            members.formIntersection(other.members)
            items.formIntersection(other.items)
        }
    }

    /// The schemas on the way to the current one, to notice a reference that leads in a circle.
    final class Scope {
        let schema: CompiledSchema
        /// `$ref` or the like, where that is how the schema was reached.
        let keyword: String
        /// How deep in the instance: two scopes of one depth look at one value.
        let depth: Int
        let parent: Scope?

        init(_ schema: CompiledSchema, keyword: String = "", depth: Int = 0, parent: Scope? = nil) {
            self.schema = schema
            self.keyword = keyword
            self.depth = depth
            self.parent = parent
        }
    }

    /// The work on one schema and one value.
    struct Frame {
        let node: SchemaNode
        let schema: CompiledSchema
        let scope: Scope
        var unevaluated: Unevaluated
        var problems: [SchemaProblem] = []
    }

    private(set) var location: [String] = []
    /// The rules that schemas are validated by, and which draft they are in by pointer; for schemas of schemas.
    private var meta: CompiledSchema?
    private let drafts: [String: SchemaDraft]
    private let metaSchema: (SchemaDraft) -> CompiledSchema?

    private init(
        meta: CompiledSchema?, drafts: [String: SchemaDraft], metaSchema: @escaping (SchemaDraft) -> CompiledSchema?
    ) {
        self.meta = meta
        self.drafts = drafts
        self.metaSchema = metaSchema
    }

    /// The problem of the whole, `nil` where there is none.
    static func validate(_ node: SchemaNode, _ schema: CompiledSchema) -> SchemaProblem? {
        SchemaValidator(meta: nil, drafts: [:]) { _ in nil }.start(node, schema)
    }

    /// The same for a schema as instance, in which parts may belong to other drafts.
    static func validate(
        _ node: SchemaNode, meta: CompiledSchema, drafts: [String: SchemaDraft],
        metaSchema: @escaping (SchemaDraft) -> CompiledSchema?
    ) -> SchemaProblem? {
        SchemaValidator(meta: meta, drafts: drafts, metaSchema: metaSchema).start(node, meta)
    }

    private func start(_ node: SchemaNode, _ schema: CompiledSchema) -> SchemaProblem? {
        let frame = Frame(
            node: node, schema: schema, scope: Scope(schema), unevaluated: initial(node, schema, isWanted: false))
        guard let problem = run(frame).problem else { return nil }
        return SchemaProblem(.schema(url: schema.location), at: [], causes: problem.causesIfGroup)
    }

    // MARK: - Steps into other schemas and values

    /// Another schema for the same value. What it leaves unevaluated is all that stays so.
    func validateSelf(_ schema: CompiledSchema, keyword: String = "", in frame: inout Frame) -> SchemaProblem? {
        let schema = substituted(schema)
        let scope = Scope(schema, keyword: keyword, depth: frame.scope.depth, parent: frame.scope)
        let inner = Frame(
            node: frame.node, schema: schema, scope: scope,
            unevaluated: initial(frame.node, schema, isWanted: !frame.unevaluated.isEmpty))
        let result = run(inner)
        if result.problem == nil { frame.unevaluated.intersect(result.unevaluated) }
        return result.problem
    }

    /// A schema for a member or an item.
    func validateChild(
        _ schema: CompiledSchema, _ node: SchemaNode, _ token: String, in frame: Frame
    ) -> SchemaProblem? {
        location.append(token)
        defer { location.removeLast() }
        let schema = substituted(schema)
        let scope = Scope(schema, depth: frame.scope.depth + 1, parent: frame.scope)
        return run(
            Frame(node: node, schema: schema, scope: scope, unevaluated: initial(node, schema, isWanted: false))
        ).problem
    }

    /// A member's name as an instance of its own.
    func validateName(_ schema: CompiledSchema, _ name: String) -> SchemaProblem? {
        let validator = SchemaValidator(meta: meta, drafts: drafts, metaSchema: metaSchema)
        return validator.start(.string(name), schema)
    }

    /// Where a schema is validated by the rules, the rules of the draft it is in.
    private func substituted(_ schema: CompiledSchema) -> CompiledSchema {
        guard let meta, schema === meta, !drafts.isEmpty else { return schema }
        let pointer = location.map { "/" + escapedToken($0) }.joined()
        guard let draft = drafts[pointer], let other = metaSchema(draft) else { return schema }
        self.meta = other
        return other
    }

    private func initial(_ node: SchemaNode, _ schema: CompiledSchema, isWanted: Bool) -> Unevaluated {
        var result = Unevaluated()
        switch node {
        case .map(let map):
            if schema.additionalProperties == nil, isWanted || schema.unevaluatedProperties != nil {
                result.members = Set(map.members.map { Text($0.name) })
            }
        case .list(let list):
            if !schema.evaluatesAllItems, isWanted || schema.unevaluatedItems != nil,
                schema.prefixItems.count < list.count
            {
                result.items = Set(schema.prefixItems.count..<list.count)
            }
        default: break
        }
        return result
    }

    // MARK: - One schema, one value

    private func run(_ start: Frame) -> (problem: SchemaProblem?, unevaluated: Unevaluated) {
        var frame = start
        if let verdict = frame.schema.verdict {
            return (verdict ? nil : problem(.falseSchema), frame.unevaluated)
        }
        if let first = cycle(frame.scope) ?? basicProblem(frame) { return (first, frame.unevaluated) }
        if let reference = frame.schema.reference {
            let found = follow(reference, "$ref", in: &frame)
            if frame.schema.draft.version < 2019 { return (found, frame.unevaluated) }
            frame.add(found)
        }
        switch frame.node {
        case .map(let map): validateObject(map, in: &frame)
        case .list(let list): validateArray(list, in: &frame)
        case .string(let text): validateString(text, in: &frame)
        case .number: validateNumber(in: &frame)
        case .null, .bool: break
        }
        if frame.schema.draft.version >= 2019 { followDynamicReferences(in: &frame) }
        validateCombinations(in: &frame)
        if frame.schema.draft.version >= 2019 { validateUnevaluated(in: &frame) }
        switch frame.problems.count {
        case 0: return (nil, frame.unevaluated)
        case 1: return (frame.problems[0], frame.unevaluated)
        default: return (SchemaProblem(.group, at: location, causes: frame.problems), frame.unevaluated)
        }
    }

    func problem(_ kind: SchemaProblem.Kind, causes: [SchemaProblem] = []) -> SchemaProblem {
        SchemaProblem(kind, at: location, causes: causes)
    }

    /// Type, const, enum and format: only the first that fails is reported.
    private func basicProblem(_ frame: Frame) -> SchemaProblem? {
        let schema = frame.schema
        let node = frame.node
        if let types = schema.types, !types.contains(node.type) {
            let isInteger = types.contains(.integer) && node.number?.isInteger == true
            if !isInteger { return problem(.type(got: node.type, want: types)) }
        }
        if let want = schema.const, !node.isEqual(to: want) { return problem(.const(want)) }
        if let want = schema.enum, !want.contains(where: { node.isEqual(to: $0) }) { return problem(.enum(want)) }
        if let name = schema.format, let text = node.string, let reason = SchemaFormats.problem(name, text) {
            return problem(.format(got: node, name: name, reason: reason))
        }
        return nil
    }

    private func cycle(_ scope: Scope) -> SchemaProblem? {
        var other = scope.parent
        while let candidate = other, candidate.depth == scope.depth {
            if candidate.schema === scope.schema {
                return problem(
                    .cycle(url: scope.schema.location, first: scope.keywordPath, second: candidate.keywordPath))
            }
            other = candidate.parent
        }
        return nil
    }

    private func follow(_ schema: CompiledSchema, _ keyword: String, in frame: inout Frame) -> SchemaProblem? {
        validateSelf(schema, keyword: keyword, in: &frame).map { found in
            problem(.reference, causes: found.causesIfGroup)
        }
    }

    private func followDynamicReferences(in frame: inout Frame) {
        if let target = frame.schema.recursiveReference {
            frame.add(
                follow(
                    target.isRecursiveAnchor ? outermostRecursive(frame.scope, target) : target, "$recursiveRef",
                    in: &frame))
        }
        if let (target, anchor) = frame.schema.dynamicReference {
            var schema = target
            if let anchor, target.dynamicAnchor?.hasSameBytes(as: anchor) == true {
                schema = outermostDynamic(frame.scope, Text(anchor), target)
            }
            frame.add(follow(schema, "$dynamicRef", in: &frame))
        }
    }

    private func outermostRecursive(_ scope: Scope, _ fallback: CompiledSchema) -> CompiledSchema {
        var result = fallback
        var current: Scope? = scope
        while let scope = current {
            if scope.schema.resource?.isRecursiveAnchor == true { result = scope.schema }
            current = scope.parent
        }
        return result
    }

    private func outermostDynamic(_ scope: Scope, _ anchor: Text, _ fallback: CompiledSchema) -> CompiledSchema {
        var result = fallback
        var current: Scope? = scope
        while let scope = current {
            if let schema = scope.schema.resource?.dynamicAnchors[anchor] { result = schema }
            current = scope.parent
        }
        return result
    }

    private func validateUnevaluated(in frame: inout Frame) {
        if case .map(let map) = frame.node, let schema = frame.schema.unevaluatedProperties {
            for (name, value) in map.members where frame.unevaluated.members.contains(Text(name)) {
                frame.add(validateChild(schema, value, name, in: frame))
            }
            frame.unevaluated.members = []
        }
        if case .list(let list) = frame.node, let schema = frame.schema.unevaluatedItems {
            for index in frame.unevaluated.items.sorted() {
                frame.add(validateChild(schema, list[index], String(index), in: frame))
            }
            frame.unevaluated.items = []
        }
    }
}

extension SchemaValidator.Frame {
    mutating func add(_ problem: SchemaProblem?) {
        if let problem { problems.append(problem) }
    }
}

extension SchemaValidator.Scope {
    /// The keywords from the outermost schema to this one.
    fileprivate var keywordPath: String {
        var result = ""
        var current = self
        while let parent = current.parent {
            if current.keyword.isEmpty {
                let suffix = current.schema.location.utf8.dropFirst(parent.schema.location.utf8.count)
                result = String(Substring(suffix)) + result
            } else {
                result = "/" + escapedToken(current.keyword) + result
            }
            current = parent
        }
        return result
    }
}

extension SchemaProblem {
    /// The problems of a group, or the one itself.
    fileprivate var causesIfGroup: [SchemaProblem] {
        if case .group = kind { causes } else { [self] }
    }
}
