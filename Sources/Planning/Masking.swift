package import Values

/// The object with a Secret's data hidden: `***` and how many bytes, so that nothing secret reaches a diff or a log.
///
/// Two values are told apart where `other`, the object it will be compared with, has another one.
package func masked(_ object: Value, against other: Value? = nil) -> Value {
    guard object["kind"]?.string == "Secret", case .map(var map) = object else { return object }
    for field in ["data", "stringData"] {
        guard case .map(let entries) = map[field] else { continue }
        var hidden = Mapping()
        for (key, value) in entries {
            let differs = other.map { $0[field]?[key] != value } ?? false
            hidden[key] = .string(differs ? "*** (differs)" : "***")
        }
        map[field] = .map(hidden)
    }
    return .map(map)
}
