import GoTemplate
import Values

extension SchemaValidator {
    /// Adds a problem where a count is below or above what is allowed.
    private func checkCount(
        _ count: Int, _ keywords: (least: String, most: String), _ least: Int?, _ most: Int?, in frame: inout Frame
    ) {
        let got = EnglishNumber.text(count)
        if let least, count < least {
            frame.add(problem(.limit(keywords.least, got: got, want: EnglishNumber.text(least))))
        }
        if let most, count > most {
            frame.add(problem(.limit(keywords.most, got: got, want: EnglishNumber.text(most))))
        }
    }

    func validateObject(_ map: SchemaMap, in frame: inout Frame) {
        let schema = frame.schema
        checkCount(
            map.count, ("minProperties", "maxProperties"), schema.minProperties, schema.maxProperties, in: &frame)
        let missing = schema.required.filter { map[$0] == nil }
        if !missing.isEmpty { frame.add(problem(.required(missing))) }
        for (name, rule) in schema.dependencies where map[name] != nil {
            switch rule {
            case .names(let names): checkDependency(of: name, names, map, in: &frame)
            case .schema(let inner): frame.add(validateSelf(inner, in: &frame))
            }
        }
        validateMembers(map, in: &frame)
        if schema.draft.version == 4 { return }
        if let names = schema.propertyNames {
            for name in map.names {
                // A name has no place in the instance; the library leaves the location empty.
                if let found = validateName(names, name) {
                    frame.add(SchemaProblem(.propertyName(name), at: [], causes: found.causes))
                }
            }
        }
        for (name, inner) in schema.dependentSchemas where map[name] != nil {
            frame.add(validateSelf(inner, in: &frame))
        }
        for (name, names) in schema.dependentRequired where map[name] != nil {
            checkDependency(of: name, names, map, in: &frame)
        }
    }

    private func checkDependency(of name: String, _ wanted: [String], _ map: SchemaMap, in frame: inout Frame) {
        let missing = wanted.filter { map[$0] == nil }
        if !missing.isEmpty { frame.add(problem(.dependency(of: name, missing: missing))) }
    }

    private func validateMembers(_ map: SchemaMap, in frame: inout Frame) {
        let schema = frame.schema
        var additional: [String] = []
        for (name, value) in map.members {
            var isEvaluated = false
            if let inner = schema.properties[Text(name)] {
                isEvaluated = true
                frame.add(validateChild(inner, value, name, in: frame))
            }
            for (pattern, inner) in schema.patternProperties where pattern.matches(name) {
                isEvaluated = true
                frame.add(validateChild(inner, value, name, in: frame))
            }
            if !isEvaluated, let rule = schema.additionalProperties {
                isEvaluated = true
                switch rule {
                case .allowed(let isAllowed): if !isAllowed { additional.append(name) }
                case .schema(let inner): frame.add(validateChild(inner, value, name, in: frame))
                }
            }
            if isEvaluated { frame.unevaluated.members.remove(Text(name)) }
        }
        if !additional.isEmpty { frame.add(problem(.additionalProperties(additional))) }
    }

    func validateArray(_ list: [SchemaNode], in frame: inout Frame) {
        let schema = frame.schema
        checkCount(list.count, ("minItems", "maxItems"), schema.minItems, schema.maxItems, in: &frame)
        if schema.hasUniqueItems, let (first, second) = firstDuplicates(list) {
            frame.add(problem(.uniqueItems(first, second)))
        }
        let count = min(schema.prefixItems.count, list.count)
        for index in 0..<count {
            frame.add(validateChild(schema.prefixItems[index], list[index], String(index), in: frame))
        }
        if let items = schema.items {
            validateRest(list[count...], items, in: &frame)
        }
        switch schema.additionalItems {
        case .allowed(false)? where count != list.count: frame.add(problem(.additionalItems(list.count - count)))
        case .schema(let inner)?:
            validateRest(list[count...], inner, in: &frame)
        default: break
        }
        if let contains = schema.contains { validateContains(contains, list, in: &frame) }
    }

    /// The items behind those that have schemas of their own; the library counts them from zero again.
    private func validateRest(_ items: ArraySlice<SchemaNode>, _ schema: CompiledSchema, in frame: inout Frame) {
        for (index, item) in items.enumerated() {
            frame.add(validateChild(schema, item, String(index), in: frame))
        }
    }

    private func validateContains(_ contains: CompiledSchema, _ list: [SchemaNode], in frame: inout Frame) {
        let schema = frame.schema
        var failures: [SchemaProblem] = []
        var matched: [Int] = []
        for (index, item) in list.enumerated() {
            if let found = validateChild(contains, item, String(index), in: frame) {
                failures.append(found)
            } else {
                matched.append(index)
                if schema.draft.version >= 2020 { frame.unevaluated.items.remove(index) }
            }
        }
        if let least = schema.minContains {
            if matched.count < least {
                frame.add(problem(.minContains(matched: matched, want: least), causes: failures))
            }
        } else if matched.isEmpty {
            frame.add(problem(.contains, causes: failures))
        }
        if let most = schema.maxContains, matched.count > most {
            frame.add(problem(.maxContains(matched: matched, want: most)))
        }
    }

    func validateString(_ text: String, in frame: inout Frame) {
        let schema = frame.schema
        if schema.minLength != nil || schema.maxLength != nil {
            checkCount(
                text.unicodeScalars.count, ("minLength", "maxLength"), schema.minLength, schema.maxLength, in: &frame)
        }
        if let pattern = schema.pattern, !pattern.matches(text) {
            frame.add(problem(.pattern(got: text, want: pattern.text)))
        }
    }

    func validateNumber(in frame: inout Frame) {
        guard let number = frame.node.number else { return }
        let schema = frame.schema
        let bounds: [(String, ExactDecimal?, (ExactDecimal, ExactDecimal) -> Bool)] = [
            ("minimum", schema.minimum, { $0 < $1 }), ("maximum", schema.maximum, { $0 > $1 }),
            ("exclusiveMinimum", schema.exclusiveMinimum, { $0 <= $1 }),
            ("exclusiveMaximum", schema.exclusiveMaximum, { $0 >= $1 }),
            ("multipleOf", schema.multipleOf, { !$0.isMultiple(of: $1) }),
        ]
        for (keyword, bound, isViolated) in bounds {
            guard let bound, isViolated(number, bound) else { continue }
            let got = EnglishNumber.text(number.double)
            frame.add(problem(.limit(keyword, got: got, want: EnglishNumber.text(bound.double))))
        }
    }

    func validateCombinations(in frame: inout Frame) {
        let schema = frame.schema
        if let not = schema.not, validateSelf(not, in: &frame) == nil { frame.add(problem(.combination("not"))) }
        let failures = schema.allOf.compactMap { validateSelf($0, in: &frame) }
        if !failures.isEmpty { frame.add(problem(.combination("allOf"), causes: failures)) }
        if !schema.anyOf.isEmpty { validateAnyOf(schema.anyOf, in: &frame) }
        if !schema.oneOf.isEmpty { validateOneOf(schema.oneOf, in: &frame) }
        if let condition = schema.if {
            if validateSelf(condition, in: &frame) == nil {
                if let then = schema.then { frame.add(validateSelf(then, in: &frame)) }
            } else if let other = schema.else {
                frame.add(validateSelf(other, in: &frame))
            }
        }
    }

    private func validateAnyOf(_ schemas: [CompiledSchema], in frame: inout Frame) {
        var failures: [SchemaProblem] = []
        var isMatched = false
        for schema in schemas {
            if let found = validateSelf(schema, in: &frame) {
                failures.append(found)
            } else {
                isMatched = true
                // The others only matter for what they would evaluate.
                if frame.unevaluated.isEmpty { break }
            }
        }
        if !isMatched { frame.add(problem(.combination("anyOf"), causes: failures)) }
    }

    private func validateOneOf(_ schemas: [CompiledSchema], in frame: inout Frame) {
        var failures: [SchemaProblem] = []
        var matched: Int?
        for (index, schema) in schemas.enumerated() {
            if let found = validateSelf(schema, in: &frame) {
                if matched == nil { failures.append(found) }
            } else if let first = matched {
                frame.add(problem(.oneOf([first, index])))
                return
            } else {
                matched = index
            }
        }
        if matched == nil { frame.add(problem(.oneOf([]), causes: failures)) }
    }

    /// The first two items that are the same: the later one as early as can be.
    private func firstDuplicates(_ list: [SchemaNode]) -> (Int, Int)? {
        var seen: [Text: [Int]] = [:]
        for (index, item) in list.enumerated() {
            let key = Text(item.fingerprint)
            if let first = seen[key]?.first(where: { list[$0].isEqual(to: item) }) { return (first, index) }
            seen[key, default: []].append(index)
        }
        return nil
    }
}

extension SchemaNode {
    /// A text that equal values share.
    fileprivate var fingerprint: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .number(let text): number.map { String($0.double) } ?? text
        case .string(let text): "\"" + text
        case .list(let list): "[" + list.map(\.fingerprint).joined(separator: ",")
        case .map(let map): "{" + map.members.map { $0.name + ":" + $0.value.fingerprint }.joined(separator: ",")
        }
    }
}
