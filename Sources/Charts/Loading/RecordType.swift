import Values
import YAML

/// A Go struct that YAML is read into: how each field takes its value, with the errors of Go's encoding/json.
///
/// The value is what the YAML holds, integers apart from floats: where Go's struct has a string, sigs.k8s.io/yaml
/// makes one of a number or a bool.
struct RecordType<Record>: Sendable {
    var name: String
    var qualifiedName: String
    var fields: [RecordField<Record>]

    /// Reads `value` into `record`, keeping what it says nothing about; throws the first error after reading all,
    /// as Go does.
    func decode(_ value: Value, into record: inout Record) throws(DecodingError) {
        var errors: [DecodingError] = []
        let place = DecodingPlace(structure: nil, path: [])
        decode(value, into: &record, at: place, &errors)
        if let first = errors.first { throw first }
    }

    func decode(_ value: Value, into record: inout Record, at place: DecodingPlace, _ errors: inout [DecodingError]) {
        if value.isNull { return }
        guard let map = value.map else {
            errors.append(.mismatch(got: value.jsonKind, place: place, want: qualifiedName))
            return
        }
        // The YAML comes through JSON text with sorted keys.
        for (key, value) in map.sorted {
            guard let field = field(key) else { continue }
            let inner = DecodingPlace(structure: name, path: place.path + [field.key])
            field.read(value, &record, inner, &errors)
        }
    }

    /// The field of that key; without an exact match, one that differs in case only.
    private func field(_ key: String) -> RecordField<Record>? {
        fields.first { $0.key.hasSameBytes(as: key) }
            ?? fields.first { $0.key.lowercased().hasSameBytes(as: key.lowercased()) }
    }
}

/// Where in a document an error arose: the innermost struct and the path of keys.
struct DecodingPlace: Sendable {
    var structure: String?
    var path: [String]
}

/// Why a document does not fit its Go type, in the words of encoding/json.
enum DecodingError: Error, CustomStringConvertible {
    case mismatch(got: String, place: DecodingPlace, want: String)
    case timeNotString
    case time(String)

    var description: String {
        switch self {
        case .mismatch(let got, let place, let want):
            if let structure = place.structure {
                "json: cannot unmarshal \(got) into Go struct field \(structure)."
                    + "\(place.path.joined(separator: ".")) of type \(want)"
            } else {
                "json: cannot unmarshal \(got) into Go value of type \(want)"
            }
        case .timeNotString: "Time.UnmarshalJSON: input is not a JSON string"
        case .time(let message): message
        }
    }
}

/// A field of a struct: its key, and how a value gets into it.
struct RecordField<Record>: Sendable {
    var key: String
    var read: @Sendable (Value, inout Record, DecodingPlace, inout [DecodingError]) -> Void
}

extension RecordField {
    typealias Path<Field> = any WritableKeyPath<Record, Field> & Sendable

    static func string(_ key: String, _ path: Path<String>) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            if let text = readString(value, place, &errors) { record[keyPath: path] = text }
        }
    }

    static func bool(_ key: String, _ path: Path<Bool>) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            if let flag = value.bool {
                record[keyPath: path] = flag
            } else if !value.isNull {
                errors.append(.mismatch(got: value.jsonKind, place: place, want: "bool"))
            }
        }
    }

    static func strings(_ key: String, _ path: Path<[String]?>) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            guard let elements = readList(value, place, "[]string", &record[keyPath: path], &errors) else { return }
            record[keyPath: path] = elements.map { readString($0, place, &errors) ?? "" }
        }
    }

    /// A list of anything.
    static func values(_ key: String, _ path: Path<[Value]?>) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            let want = "[]interface {}"
            guard let elements = readList(value, place, want, &record[keyPath: path], &errors) else { return }
            record[keyPath: path] = elements.map(\.withFloats)
        }
    }

    static func stringMap(_ key: String, _ path: Path<Mapping?>) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            if value.isNull {
                record[keyPath: path] = nil
                return
            }
            guard let map = value.map else {
                errors.append(.mismatch(got: value.jsonKind, place: place, want: "map[string]string"))
                return
            }
            var result = record[keyPath: path] ?? Mapping()
            for (key, value) in map.sorted { result[key] = .string(readString(value, place, &errors) ?? "") }
            record[keyPath: path] = result
        }
    }

    /// A struct within the struct.
    static func record<Inner>(_ key: String, _ type: RecordType<Inner>, _ path: Path<Inner>) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            type.decode(value, into: &record[keyPath: path], at: place, &errors)
        }
    }

    /// A list of pointers to structs; Go reads into the elements that the list already has.
    static func records<Element: Sendable>(
        _ key: String, _ type: RecordType<Element>, _ path: Path<[Element?]?>, new: @escaping @Sendable () -> Element
    ) -> RecordField {
        RecordField(key: key) { value, record, place, errors in
            let before = record[keyPath: path] ?? []
            let want = "[]*" + type.qualifiedName
            guard let elements = readList(value, place, want, &record[keyPath: path], &errors) else { return }
            record[keyPath: path] = elements.enumerated().map { index, value in
                if value.isNull { return nil }
                var element = index < before.count ? before[index] ?? new() : new()
                type.decode(value, into: &element, at: place, &errors)
                return element
            }
        }
    }

    /// A time in RFC 3339; only its form is looked at.
    static func time(_ key: String, _ path: Path<String?>) -> RecordField {
        RecordField(key: key) { value, record, _, errors in
            if value.isNull { return }
            guard let text = value.string else {
                errors.append(.timeNotString)
                return
            }
            if let problem = timeProblem(text) { errors.append(.time(problem)) }
            record[keyPath: path] = text
        }
    }

    private static func readList<Field>(
        _ value: Value, _ place: DecodingPlace, _ want: String, _ field: inout Field?, _ errors: inout [DecodingError]
    ) -> [Value]? {
        if value.isNull {
            field = nil
            return nil
        }
        if let list = value.list { return list }
        errors.append(.mismatch(got: value.jsonKind, place: place, want: want))
        return nil
    }

    private static func readString(
        _ value: Value, _ place: DecodingPlace, _ errors: inout [DecodingError]
    ) -> String? {
        if let text = value.scalarText { return text }
        if !value.isNull { errors.append(.mismatch(got: value.jsonKind, place: place, want: "string")) }
        return nil
    }
}

/// Go's complaint where the text does not begin as a time does.
private func timeProblem(_ text: String) -> String? {
    let year = text.utf8.prefix(4)
    if year.count == 4, year.allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
    return "parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\(text)\" as \"2006\""
}

extension Value {
    /// What encoding/json calls this kind of value.
    var jsonKind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .list: "array"
        case .map: "object"
        }
    }

    /// The text of a scalar as a Go string field gets it: floats in the shortest form of `%g`.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value): singlePrecisionText(value)
        case .null, .list, .map: nil
        }
    }

    /// The same tree with every number a float64, as Go reads numbers into `interface{}`.
    var withFloats: Value {
        switch self {
        case .int(let value): .double(Double(value))
        case .list(let values): .list(values.map(\.withFloats))
        case .map(let map): .map(Mapping(map.map { (key: $0.key, value: $0.value.withFloats) }))
        default: self
        }
    }
}
