import GoTemplate
import Values

/// A Go struct of istiod's as its templates see it: naming a field that it lacks is an error.
final class Structure: Object {
    let type: GoType
    let fields: [Field]
    let text: Text?
    /// What `protoToJSON` makes of it.
    let message: String

    init(_ type: String, _ fields: [Field], text: String? = nil, message: String = "{}") {
        self.type = .structure(type)
        self.fields = fields
        self.text = text.map { Text($0) }
        self.message = message
    }
}

extension Field {
    /// A field that JSON calls as Go does, or by `key`; a promoted field is not in the JSON.
    init(_ name: String, _ value: GoValue, key: String? = nil, promoted: Bool = false) {
        self.init(
            Text(name), key: promoted ? nil : Text(key ?? name), omitsEmpty: key != nil, type: value.type ?? .any,
            value: value)
    }
}

extension GoValue {
    static func map(_ entries: [String: String]?) -> GoValue {
        let pairs = (entries ?? [:]).map { (Text($0.key), GoValue.string($0.value)) }
        return .map(Map(Dictionary(uniqueKeysWithValues: pairs), type: .map(.string), isNil: entries == nil))
    }

    static func structure(_ type: String, _ fields: [Field], text: String? = nil, message: String = "{}") -> GoValue {
        .object(Structure(type, fields, text: text, message: message))
    }

    var isEmpty: Bool {
        switch self {
        case .none: true
        case .string(let text): text.isEmpty
        case .int(let number, _): number == 0
        case .bool(let value): !value
        case .list(let list): list.elements.isEmpty
        case .map(let map): map.isEmpty
        default: false
        }
    }

    /// What Go's encoding/json makes of it.
    var json: Value {
        switch self {
        case .none, .complex, .function: .null
        case .bool(let value): .bool(value)
        case .int(let value, _): .int(value)
        case .uint(let value, _): .int(Int(value))
        case .float(let value): .double(value)
        case .string(let text): .string(text.string)
        case .list(let list): .list(list.elements.map(\.json))
        case .map(let map): .map(Mapping(map.entries.map { (key: $0.key.string, value: $0.value.json) }))
        case .object(let object):
            .map(
                Mapping(
                    object.fields.compactMap { field in
                        guard let key = field.key, !(field.omitsEmpty && field.value.isEmpty) else { return nil }
                        return (key: key.string, value: field.value.json)
                    }))
        }
    }

    /// JSON text; a struct's keys in the order of its fields, those of a map sorted.
    var jsonText: String {
        switch self {
        case .object(let object):
            let members: [String] = object.fields.compactMap { field in
                guard let key = field.key, !(field.omitsEmpty && field.value.isEmpty) else { return nil }
                return "\"\(key.string)\":\(field.value.jsonText)"
            }
            return "{\(members.joined(separator: ","))}"
        default:
            return json.jsonText
        }
    }
}

extension Value {
    var jsonText: String {
        var writer = JSONWriter()
        do { try writer.value(self) } catch { return "{}" }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
