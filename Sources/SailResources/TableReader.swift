import Values

/// Reads the table of the objects: `type NAME [atomic] [RULE…] | TEXT`, and below it per field
/// `  NAME[!] TYPE [= DEFAULT] [>= LEAST] [atomic|keyed] [immutable] | TEXT`, where `!` means required.
///
/// Types: string, bool, int32, int64, number, quantity, intOrString, time, version, anything, empty, `(a,b)` one of
/// these strings, `[T]` a list, `{T}` a map, or the name of another object.
struct TableReader {
    private(set) var types: [ObjectDefinition] = []

    init(_ table: String) {
        for line in table.split(separator: "\n") where !line.hasPrefix("#") {
            let (words, text) = TableReader.parts(line)
            guard !words.isEmpty else { continue }
            if line.hasPrefix("type ") {
                types.append(TableReader.type(words, text))
            } else if let field = TableReader.field(words, text), !types.isEmpty {
                types[types.count - 1].fields.append(field)
            }
        }
    }

    /// The words before the bar, and the text after it.
    private static func parts(_ line: Substring) -> (words: [String], text: String) {
        guard let bar = line.firstRange(of: " | ") else { return (line.split(separator: " ").map(String.init), "") }
        return (line[..<bar.lowerBound].split(separator: " ").map(String.init), String(line[bar.upperBound...]))
    }

    private static func type(_ words: [String], _ text: String) -> ObjectDefinition {
        var type = ObjectDefinition(name: words.count > 1 ? words[1] : "", text: text)
        for word in words.dropFirst(2) {
            if word == "atomic" { type.isAtomic = true } else if let rule = Rule(word) { type.rules.append(rule) }
        }
        return type
    }

    private static func field(_ words: [String], _ text: String) -> FieldDefinition? {
        guard words.count > 1 else { return nil }
        let isRequired = words[0].hasSuffix("!")
        var field = FieldDefinition(
            name: isRequired ? String(words[0].dropLast()) : words[0], type: fieldType(words[1]),
            isRequired: isRequired, text: text)
        var rest = words.dropFirst(2)
        while let word = rest.popFirst() {
            switch word {
            case "=": field.fallback = rest.popFirst().flatMap(fallback)
            case ">=": field.minimum = rest.popFirst().flatMap { Int($0) }
            case "items<=": field.mostItems = rest.popFirst().flatMap { Int($0) }
            case "length<=": field.length = rest.popFirst().flatMap { Int($0) }.map { 1...max(1, $0) }
            case "immutable": field.isImmutable = true
            default: field.list = ListKind(rawValue: word) ?? .plain
            }
        }
        return field
    }

    private static func fallback(_ word: String) -> FieldDefinition.Fallback? {
        switch word {
        case "newest": .newestVersion
        case "fields": .fields
        default: (try? Value(json: word, numbers: .native)).map { .value($0) }
        }
    }

    private static let plain: [String: FieldType] = [
        "string": .string, "bool": .bool, "int32": .int32, "int64": .int64, "number": .number, "quantity": .quantity,
        "intOrString": .intOrString, "time": .time, "version": .version, "anything": .anything, "empty": .empty,
    ]

    private static func fieldType(_ word: String) -> FieldType {
        let inner = String(word.dropFirst().dropLast())
        switch word.first {
        case "(": return .oneOf(inner.split(separator: ",").map { String($0) })
        case "[": return .list(fieldType(inner))
        case "{": return .map(fieldType(inner))
        default: return plain[word] ?? .object(word)
        }
    }
}
