internal import Objects
package import Values

/// A step into an object: a field, or every item of a list with its key field.
private enum Step {
    case field(String)
    case items(key: String)
}

/// A field that others take over once the object is there: what sail sends of it at first is only a start.
private struct ForeignField {
    var kind: String
    var path: [Step]
    /// Whether it stays as it is also where nobody owns it: Helm's upgrade leaves the webhooks' failurePolicy out, which
    /// then is the server's Fail.
    var staysUnowned = false
}

/// istiod fills in the webhooks' caBundle and turns failurePolicy to Fail when it is ready; an autoscaler sets the
/// replicas. They are left out of later applies where their live owner is somebody else.
private let foreignFields: [ForeignField] =
    ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"].flatMap { kind -> [ForeignField] in
        let webhook: [Step] = [.field("webhooks"), .items(key: "name")]
        return [
            ForeignField(kind: kind, path: webhook + [.field("failurePolicy")], staysUnowned: true),
            ForeignField(kind: kind, path: webhook + [.field("clientConfig"), .field("caBundle")]),
        ]
    } + [ForeignField(kind: "Deployment", path: [.field("spec"), .field("replicas")])]

/// Annotations by which Helm knows its own; kept while they are there, so that Helm can go on acting on the release.
private let keptAnnotations = ["meta.helm.sh/release-name", "meta.helm.sh/release-namespace"]

/// What sail sends of a desired object, given what lives: without the fields that others have taken over.
package func sent(_ desired: Value, live: Value?) -> Value {
    guard let live else { return desired }
    var result = desired
    let managers = live.managers
    let ours = managers.filter { $0.isSail || $0.isInstaller }.reduce(FieldSet()) { $0.union($1.fields) }
    let others = managers.filter { !$0.isSail && !$0.isInstaller }.reduce(FieldSet()) { $0.union($1.fields) }
    for field in foreignFields where desired["kind"]?.string == field.kind {
        result = removing(field.path[...], from: result, live: live, at: []) { place in
            others.contains(place) || (field.staysUnowned && !ours.contains(place))
        }
    }
    for name in keptAnnotations {
        guard let value = live["metadata"]?["annotations"]?[name] else { continue }
        result = setting(value, at: ["metadata", "annotations", name], in: result)
    }
    return result
}

/// The value without the field at the end of `path` where the live object has it and `isForeign` says so of its place.
private func removing(
    _ path: ArraySlice<Step>, from value: Value, live: Value, at place: [String], _ isForeign: ([String]) -> Bool
) -> Value {
    guard let step = path.first else { return value }
    let rest = path.dropFirst()
    switch (step, value) {
    case (.field(let name), .map(var map)):
        guard let child = map[name], let current = live[name] else { return value }
        let here = place + ["f:" + name]
        if rest.isEmpty {
            if isForeign(here) { map[name] = Value?.none }
        } else {
            map[name] = removing(rest, from: child, live: current, at: here, isForeign)
        }
        return .map(map)
    case (.items(let key), .list(let items)):
        return .list(
            items.map { item in
                guard let name = item[key]?.string, let text = try? Value.string(name).json(),
                    let current = live.list?.first(where: { $0[key]?.string == name })
                else { return item }
                return removing(rest, from: item, live: current, at: place + ["k:{\"\(key)\":\(text)}"], isForeign)
            })
    default: return value
    }
}

/// The tree with `value` at the end of `path`; maps on the way are made where missing.
private func setting(_ value: Value, at path: ArraySlice<String>, in tree: Value) -> Value {
    guard let name = path.first else { return value }
    var map = tree.map ?? Mapping()
    map[name] = setting(value, at: path.dropFirst(), in: map[name] ?? .map(Mapping()))
    return .map(map)
}
