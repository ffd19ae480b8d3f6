package import Objects
package import Values

/// Whether it is proven, from the live object alone, that the server-side apply of `sent` changes nothing.
///
/// The rule: the object has one `managedFields` entry of our own, for the version that is sent, and none of an earlier
/// installer's; that entry's fields are exactly the fields of `sent`; and each holds what is sent, keyed lists item by
/// item in the same order. An apply then neither sets, moves nor removes a field. Any doubt (another item in a keyed
/// list, a value that the server spells otherwise, a field that another manager owns) answers `false`, and the server
/// is asked by a dry run.
package func isSettled(_ sent: Value, live: Value, by manager: FieldManager = .helm) -> Bool {
    guard live["apiVersion"] == sent["apiVersion"], live["kind"] == sent["kind"], let kind = sent["kind"]?.string,
        let owned = nonIdentifying(sent, live)
    else { return false }
    let managers = live.managers
    let own = managers.filter { $0.isOwn(manager) }
    guard !managers.contains(where: { $0.isTakenOver(by: manager, sending: sent) }) else { return false }
    // Who applies no field at all, as of a bare Namespace, has no entry.
    if owned.isEmpty { return own.isEmpty }
    guard own.count == 1, own[0].entry["apiVersion"] == sent["apiVersion"] else { return false }
    return Comparison(kind: kind).agrees(.map(owned), live, own[0].fields, Place())
}

/// What is sent without the fields that name the object, which have no manager; `nil` where the live object has another
/// name.
private func nonIdentifying(_ sent: Value, _ live: Value) -> Mapping? {
    guard case .map(var map) = sent, case .map(var metadata) = map["metadata"] else { return nil }
    for key in ["apiVersion", "kind"] { map[key] = nil }
    for key in ["name", "namespace"] {
        guard metadata[key] == nil || metadata[key] == live["metadata"]?[key] else { return nil }
        metadata[key] = nil
    }
    map["metadata"] = metadata.isEmpty ? Optional.none : .map(metadata)
    return map
}

/// Where in an object a comparison is: the last three field names on the way; items of a list are at their list's place.
private struct Place {
    private var grandparent = ""
    private var parent = ""
    private var key = ""

    func entering(_ next: String) -> Place {
        var place = Place()
        place.grandparent = parent
        place.parent = key
        place.key = next
        return place
    }

    var isQuantity: Bool { grandparent == "resources" && (parent == "requests" || parent == "limits") }
    var holdsLabels: Bool { parent == "metadata" && (key == "labels" || key == "annotations") }
    var holdsVariable: Bool { parent == "env" && key == "value" }
    var defaults: Mapping { serverDefaults[key] ?? Mapping() }
}

/// Kinds whose atomic fields the server completes, and whose quantities it writes in its own form (`2048Mi` as `2Gi`).
private let completedKinds: Set<String> = [
    "Deployment", "DaemonSet", "StatefulSet", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
]

/// What the server fills in inside atomic fields, by the field that holds it (Kubernetes' `SetDefaults_` functions).
private let serverDefaults: [String: Mapping] = [
    "fieldRef": ["apiVersion": "v1"], "resourceFieldRef": ["divisor": "0"], "rules": ["scope": "*"],
    "serviceAccountToken": ["expirationSeconds": 3600],
]

private struct Comparison {
    private let isCompleted: Bool

    init(kind: String) {
        isCompleted = completedKinds.contains(kind)
    }

    /// Whether `fields` are those of `sent`, and `live` has their values.
    func agrees(_ sent: Value, _ live: Value?, _ fields: FieldSet, _ place: Place) -> Bool {
        // A field without children is owned as a whole: a scalar, an atomic list or map, or an empty one.
        if fields.children.isEmpty {
            return isNothing(sent, live, place) || live.map { isSame(sent, $0, place) } == true
        }
        guard let live else { return false }
        switch (sent, live) {
        case (.map(let sent), .map(let live)):
            return sent.count == fields.children.count
                && sent.allSatisfy { key, value in
                    guard let child = fields.children["f:" + key] else { return false }
                    return agrees(value, live[key], child, place.entering(key))
                }
        case (.list(let sent), .list(let live)): return agrees(sent, live, fields, place)
        default: return false
        }
    }

    /// No labels, which leave those of others as they are, and an empty variable, whose value the server does not write
    /// down. Whoever else had removed the field would own it.
    private func isNothing(_ sent: Value, _ live: Value?, _ place: Place) -> Bool {
        place.holdsLabels && sent == .map(Mapping())
            || isCompleted && place.holdsVariable && sent == "" && live == nil
    }

    /// Keyed lists and sets: as many items on each side, in the same order.
    private func agrees(_ sent: [Value], _ live: [Value], _ fields: FieldSet, _ place: Place) -> Bool {
        guard sent.count == live.count, sent.count == fields.children.count else { return false }
        let children = fields.children.map { (name: $0.key, key: ItemKey($0.key), fields: $0.value) }
        var seen: Set<String> = []
        return zip(sent, live).allSatisfy { sent, live in
            let matches = children.filter { $0.key?.matches(live, sent: sent) == true }
            guard matches.count == 1, seen.insert(matches[0].name).inserted else { return false }
            return agrees(sent, live, matches[0].fields, place)
        }
    }

    /// Whether the server makes `live` of `sent`.
    private func isSame(_ sent: Value, _ live: Value, _ place: Place) -> Bool {
        guard isCompleted else { return sent == live }
        switch (sent, live) {
        case (.map(let sent), .map(let live)):
            return sent.allSatisfy { key, value in
                live[key].map { isSame(value, $0, place.entering(key)) } == true
            } && live.allSatisfy { key, value in sent[key] != nil || place.defaults[key] == value }
        case (.list(let sent), .list(let live)):
            return sent.count == live.count && zip(sent, live).allSatisfy { isSame($0, $1, place) }
        default:
            if sent == live { return true }
            guard place.isQuantity, let quantity = Quantity(sent) else { return false }
            return quantity == Quantity(live)
        }
    }
}

/// How fieldsV1 names an item of a list.
private enum ItemKey {
    /// `k:{"containerPort":53,"protocol":"TCP"}`
    case keys(Mapping)
    /// `v:"finalizer"`
    case value(Value)

    init?(_ text: String) {
        guard let value = try? Value(json: String(text.dropFirst(2)), numbers: .native) else { return nil }
        if text.hasPrefix("v:") {
            self = .value(value)
        } else if text.hasPrefix("k:"), let map = value.map {
            self = .keys(map)
        } else {
            return nil
        }
    }

    /// Whether this is the live item's name, and the sent item's too: keys that are not sent are the server's defaults.
    func matches(_ live: Value, sent: Value) -> Bool {
        switch self {
        case .keys(let keys): keys.allSatisfy { live[$0.key] == $0.value && (sent[$0.key] ?? $0.value) == $0.value }
        case .value(let value): live == value && sent == value
        }
    }
}
