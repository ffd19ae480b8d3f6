import Values

// MARK: types, bounds and rules

extension Admission {
    mutating func validate(_ object: Mapping, _ type: ObjectDefinition, _ path: [String]) {
        for field in type.fields {
            let inner = path + [field.name]
            guard let value = object[field.name] else {
                if field.isRequired { refuse(inner, .missing) }
                continue
            }
            guard validate(value, field.type, inner) else { continue }
            validateBounds(value, field, inner)
        }
    }

    private mutating func refuse(_ path: [String], _ problem: Problem) { faults.append(Fault(path, problem)) }

    /// Returns whether the value is of its type.
    @discardableResult
    private mutating func validate(_ value: Value, _ type: FieldType, _ path: [String]) -> Bool {
        switch (value, type) {
        case (_, .anything), (.string, .string), (.string, .intOrString), (.bool, .bool), (.int, .number),
            (.double, .number), (.map, .empty):
            return true
        case (.map(let map), .object(let name)): validate(map, schema.type(name), path)
        case (.map(let map), .map(let inner)):
            for (key, value) in map { validate(value, inner, path + [key]) }
        case (.list(let elements), .list(let inner)):
            for (index, element) in elements.enumerated() { validate(element, inner, path + ["\(index)"]) }
        case (.string(let text), .oneOf(let known)):
            guard !known.contains(where: { $0.hasSameBytes(as: text) }) else { return true }
            refuse(path, .notOneOf(known))
        case (.string(let text), .version):
            if !schema.versions.allows(text, in: kind.versionScope) { refuse(path, .notAVersion) }
        case (.string(let text), .quantity):
            if !Quantity.isValid(text) { refuse(path, .noQuantity) }
        case (.string, .time): return true
        case (.int, _), (.double, _):
            return validateNumber(value, type, path)
        default:
            refuse(path, .wrongType(expected: type.description))
            return false
        }
        return true
    }

    private mutating func validateNumber(_ value: Value, _ type: FieldType, _ path: [String]) -> Bool {
        switch type {
        case .int32, .int64, .intOrString, .quantity: break
        default:
            refuse(path, .wrongType(expected: type.description))
            return false
        }
        guard let number = value.int else {
            refuse(path, .wrongType(expected: type.description))
            return false
        }
        if type == .int32, Int32(exactly: number) == nil { refuse(path, .outOfRange("32 bits")) }
        return true
    }

    private mutating func validateBounds(_ value: Value, _ field: FieldDefinition, _ path: [String]) {
        if let least = field.minimum, let number = value.int, number < least { refuse(path, .below(least)) }
        if let elements = value.list {
            if let most = field.mostItems, elements.count > most { refuse(path, .tooManyItems(most: most)) }
            if field.list == .keyed { refuseDuplicates(elements, path) }
        }
        guard let length = field.length, let text = value.string else { return }
        if text.isEmpty { refuse(path, .empty) }
        if text.unicodeScalars.count > length.upperBound { refuse(path, .tooLong(most: length.upperBound)) }
    }

    private mutating func refuseDuplicates(_ elements: [Value], _ path: [String]) {
        var seen: Set<Text> = []
        for (index, element) in elements.enumerated() {
            guard let name = element["name"]?.string, !seen.insert(Text(name)).inserted else { continue }
            refuse(path + ["\(index)"], .duplicate(name))
        }
    }

    /// The rules of an object and of all within it.
    mutating func checkRules(_ object: Mapping, _ type: ObjectDefinition, _ path: [String]) {
        for rule in type.rules where !rule.holds(for: object) { refuse(path, .broken(rule)) }
        for field in type.fields {
            if let value = object[field.name] { checkRules(value, field.type, path + [field.name]) }
        }
    }

    private mutating func checkRules(_ value: Value, _ type: FieldType, _ path: [String]) {
        switch (value, type) {
        case (.map(let map), .object(let name)): checkRules(map, schema.type(name), path)
        case (.map(let map), .map(let inner)):
            for (key, value) in map { checkRules(value, inner, path + [key]) }
        case (.list(let elements), .list(let inner)):
            for (index, element) in elements.enumerated() { checkRules(element, inner, path + ["\(index)"]) }
        default: break
        }
    }

    /// Fields that keep the value they once got.
    mutating func checkImmutable(_ new: Mapping, _ old: Mapping, _ type: ObjectDefinition, _ path: [String]) {
        for field in type.fields {
            guard let value = new[field.name], let earlier = old[field.name] else { continue }
            if field.isImmutable, value != earlier { refuse(path + [field.name], .immutable) }
            guard case .object(let name) = field.type, let inner = value.map, let outer = earlier.map else { continue }
            checkImmutable(inner, outer, schema.type(name), path + [field.name])
        }
    }
}
