internal import Objects
package import Values

/// Whether a custom resource definition is left to its installer: one that the Operator Lifecycle Manager manages,
/// and, where the server says how it would be, one whose specification differs in nothing but its descriptions.
func isLeftAlone(_ live: Value, predicted: Value?) -> Bool {
    guard live["kind"] == "CustomResourceDefinition" else { return false }
    if live.metadata.label("olm.managed") == "true" { return true }
    guard let predicted, let current = live["spec"], let next = predicted["spec"] else { return false }
    return current != next && current.withoutDescriptions == next.withoutDescriptions
}

extension Value {
    /// A schema without its descriptions; a property of that name is a map, and stays.
    package var withoutDescriptions: Value {
        switch self {
        case .map(let map):
            var rest = Mapping()
            for (key, child) in map {
                if key == "description", child.string != nil { continue }
                rest[key] = child.withoutDescriptions
            }
            return .map(rest)
        case .list(let items): return .list(items.map(\.withoutDescriptions))
        default: return self
        }
    }
}
