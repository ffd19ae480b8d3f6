import Istio
import Values

/// What a field of a resource may hold.
enum FieldType {
    case string
    case bool
    case map
    /// A map of strings, such as labels or environment variables.
    case texts
    case list
    /// A whole number of at least this.
    case count(Int)
    case oneOf([String])
    /// Anything; the code that reads it checks it.
    case any

    /// `nil` where the value fits.
    func fault(_ value: Value) -> (expected: String, found: String)? {
        let expected: String
        switch (self, value) {
        case (.any, _), (.string, .string), (.bool, .bool), (.map, .map), (.list, .list): return nil
        case (.texts, .map(let map)):
            guard let wrong = map.first(where: { $0.value.string == nil && !$0.value.isNull }) else { return nil }
            return ("a map of strings", "\(typeName(wrong.value)) at \(wrong.key)")
        case (.count(let least), .int(let number)) where number >= least: return nil
        // YAML's numbers are floats, as for Helm.
        case (.count(let least), .double(let number))
        where number >= Double(least) && number == number.rounded() && number < 9e15:
            return nil
        case (.oneOf(let names), .string(let name)) where names.contains(name): return nil
        case (.string, _): expected = "a string"
        case (.bool, _): expected = "true or false"
        case (.map, _): expected = "a map"
        case (.texts, _): expected = "a map of strings"
        case (.list, _): expected = "a list"
        case (.count(let least), _): expected = "a whole number from \(least)"
        case (.oneOf(let names), _):
            expected = "one of " + names.joined(separator: ", ")
            guard let near = value.string.flatMap({ nearest(to: $0, among: names) }) else { break }
            return (expected, "\(typeName(value)) (did you mean \(near)?)")
        }
        // YAML reads 1.30 as 1.3.
        if case .string = self, value.map == nil, value.list == nil {
            return (expected, "\(typeName(value)); write it in quotes")
        }
        return (expected, typeName(value))
    }
}

/// Collects what is wrong with a document, each with its place.
struct DocumentCheck {
    private(set) var errors: [IstioError] = []
    private(set) var warnings: [String] = []
    /// Names the place of a path within the document.
    let place: ([String]) -> String

    init(place: @escaping ([String]) -> String) {
        self.place = place
    }

    /// A field that sail does not take, and what to do instead.
    mutating func refuse(_ path: [String], _ remedy: String) {
        errors.append(.refusedField(place: place(path), path: path.joined(separator: "."), remedy: remedy))
    }

    mutating func report(_ error: IstioError) { errors.append(error) }

    mutating func warn(_ path: [String], _ text: String) {
        warnings.append("\(place(path)): \(path.joined(separator: ".")): \(text)")
    }

    /// The map at a key with its fields checked; a null counts as absent, as the API server has it.
    mutating func map(_ key: String, of parent: Mapping, at path: [String], fields: [String: FieldType]?) -> Mapping {
        guard let value = parent[key], !value.isNull else { return Mapping() }
        guard case .map(let map) = value else {
            wrong(value, "a map", at: path + [key])
            return Mapping()
        }
        let present = Mapping(map.filter { !$0.value.isNull })
        if let fields { check(present, fields, at: path + [key]) }
        return present
    }

    /// Names and types of the fields of a map.
    mutating func check(_ map: Mapping, _ fields: [String: FieldType], at path: [String]) {
        for (key, value) in map where !value.isNull {
            guard let type = fields[key] else {
                unknown(path + [key], known: Array(fields.keys))
                continue
            }
            guard let fault = type.fault(value) else { continue }
            errors.append(
                .wrongValue(
                    place: place(path + [key]), path: (path + [key]).joined(separator: "."), expected: fault.expected,
                    found: fault.found))
        }
    }

    mutating func unknown(_ path: [String], known: [String]) {
        // Beyond what a message shows, errors are only counted.
        guard errors.count < IstioErrors.mostShown else {
            errors.append(.unknownKey(place: "", path: path.joined(separator: "."), hint: ""))
            return
        }
        let sorted = known.sorted { $0.precedesByBytes($1) }
        let near = path.last.flatMap { nearest(to: $0, among: sorted) }
        let hint = near.map { "; did you mean \($0)?" } ?? "; known here: " + sorted.joined(most: 12)
        errors.append(.unknownKey(place: place(path), path: path.joined(separator: "."), hint: hint))
    }

    mutating func wrong(_ value: Value, _ expected: String, at path: [String]) {
        errors.append(
            .wrongValue(
                place: place(path), path: path.joined(separator: "."), expected: expected, found: typeName(value)))
    }
}
