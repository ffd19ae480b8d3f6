internal import Objects
package import Values

/// A step into an object: a field, or every item of a list with its key field.
private enum Step {
    case field(String)
    case items(key: String)
}

/// Fields that others take over once the object is there: what sail sends of them at first is only a start.
///
/// istiod fills in the webhooks' caBundle and turns failurePolicy to Fail when it is ready; an autoscaler sets the
/// replicas. They are left out of later applies where their live owner is somebody else.
private let foreignFields: [(kind: String, path: [Step])] = [
    ("ValidatingWebhookConfiguration", [.field("webhooks"), .items(key: "name"), .field("failurePolicy")]),
    (
        "ValidatingWebhookConfiguration",
        [.field("webhooks"), .items(key: "name"), .field("clientConfig"), .field("caBundle")]
    ),
    ("MutatingWebhookConfiguration", [.field("webhooks"), .items(key: "name"), .field("failurePolicy")]),
    (
        "MutatingWebhookConfiguration",
        [.field("webhooks"), .items(key: "name"), .field("clientConfig"), .field("caBundle")]
    ),
    ("Deployment", [.field("spec"), .field("replicas")]),
]

/// Annotations by which Helm knows its own; kept while they are there, so that Helm can go on acting on the release.
private let keptAnnotations = ["meta.helm.sh/release-name", "meta.helm.sh/release-namespace"]

/// What sail sends of a desired object, given what lives: without the fields that others have taken over.
package func sent(_ desired: Value, live: Value?) -> Value {
    guard let live else { return desired }
    var result = desired
    let others = live.managers.filter { !$0.isSail && !$0.isInstaller }.reduce(FieldSet()) { $0.union($1.fields) }
    if !others.isEmpty {
        for (kind, path) in foreignFields where desired["kind"]?.string == kind {
            result = removing(path[...], from: result, ownedBy: others, at: [])
        }
    }
    for name in keptAnnotations {
        guard let value = live["metadata"]?["annotations"]?[name] else { continue }
        result = setting(value, at: ["metadata", "annotations", name], in: result)
    }
    return result
}

private func removing(_ path: ArraySlice<Step>, from value: Value, ownedBy set: FieldSet, at place: [String]) -> Value {
    guard let step = path.first else { return value }
    let rest = path.dropFirst()
    switch (step, value) {
    case (.field(let name), .map(var map)):
        guard let child = map[name] else { return value }
        let here = place + ["f:" + name]
        guard rest.isEmpty else {
            map[name] = removing(rest, from: child, ownedBy: set, at: here)
            return .map(map)
        }
        if set.contains(here) { map[name] = nil }
        return .map(map)
    case (.items(let key), .list(let items)):
        return .list(
            items.map { item in
                guard let name = item[key]?.string, let text = try? Value.string(name).json() else { return item }
                return removing(rest, from: item, ownedBy: set, at: place + ["k:{\"\(key)\":\(text)}"])
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
