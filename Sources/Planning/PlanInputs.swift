internal import Istio
internal import Objects
package import Values

/// Everything that a plan is made from, as one JSON value: a plan that a user questions is made again from it in a test.
///
/// `{"desired": [{"object": …}], "observed": [{"object": …, "live": …, "settled": true}], "previous": […], …}`
package struct PlanInputs: Sendable {
    package var desired: [Desired]
    package var snapshot: Snapshot

    package init(_ desired: [Desired], _ snapshot: Snapshot) {
        (self.desired, self.snapshot) = (desired, snapshot)
    }

    /// The plan of these inputs.
    package var plan: Plan { Planning.plan(desired, snapshot) }
}

// MARK: - Writing

extension PlanInputs {
    /// The inputs with the data of Secrets masked; objects in the order in which they are applied.
    package var value: Value {
        [
            "desired": .list(desired.map(PlanInputs.value)),
            "observed": .list(
                desired.compactMap { item in
                    snapshot.observations[item.identity].map { PlanInputs.value(item.identity, $0) }
                }),
            "previous": .list(
                snapshot.previous.map { item in
                    [
                        "component": .string(item.component.rawValue), "reference": PlanInputs.value(item.identity),
                        "live": masked(item.live),
                    ]
                }),
            "releases": .list(
                snapshot.releases.sorted { $0.description.precedesByBytes($1.description) }.map(PlanInputs.value)),
            "takesOwnership": .bool(snapshot.takesOwnership),
        ]
    }

    private static func value(_ reference: ObjectReference) -> Value {
        [
            "apiVersion": .string(reference.apiVersion), "kind": .string(reference.kind),
            "namespace": .string(reference.namespace), "name": .string(reference.name),
        ]
    }

    private static func value(_ release: ReleaseReference) -> Value {
        ["name": .string(release.name), "namespace": .string(release.namespace)]
    }

    private static func value(_ desired: Desired) -> Value {
        var map: Mapping = ["reference": value(desired.identity), "object": masked(desired.object)]
        map["component"] = desired.component.map { .string($0.rawValue) }
        map["release"] = desired.release.map(value)
        return .map(map)
    }

    private static func value(_ reference: ObjectReference, _ observed: ObservedObject) -> Value {
        var map: Mapping = ["reference": value(reference), "sent": masked(observed.sent)]
        map["live"] = observed.live.map { masked($0) }
        switch observed.prediction {
        case .object(let object): map["predicted"] = masked(object)
        case .conflict(let conflicts): map["conflicts"] = .list(conflicts.map(value))
        case .refused(let message): map["refused"] = .string(message)
        case .unknown: break
        case .settled: map["settled"] = true
        case .terminating(let termination): map["terminating"] = .list(termination.holders.map(Value.string))
        }
        return .map(map)
    }

    private static func value(_ conflict: FieldConflict) -> Value {
        var map: Mapping = ["manager": .string(conflict.manager), "field": .string(conflict.field)]
        map["live"] = conflict.values?.live
        map["wanted"] = conflict.values?.wanted
        return .map(map)
    }
}

// MARK: - Reading

extension PlanInputs {
    /// Inputs as `value` writes them; `nil` where a part is missing.
    package init?(_ value: Value) {
        guard let desired = value["desired"]?.list?.compactMap(PlanInputs.desired), desired.count > 0,
            let observed = value["observed"]?.list, let previous = value["previous"]?.list
        else { return nil }
        var snapshot = Snapshot()
        for item in observed {
            guard let reference = PlanInputs.reference(item["reference"]), let sent = item["sent"] else { return nil }
            snapshot.observations[reference] = ObservedObject(
                live: item["live"], sent: sent, prediction: PlanInputs.prediction(item))
        }
        for item in previous {
            guard let reference = PlanInputs.reference(item["reference"]), let live = item["live"],
                let component = Component(rawValue: item["component"]?.string ?? "")
            else { return nil }
            snapshot.previous.append((component, reference, live))
        }
        snapshot.releases = Set((value["releases"]?.list ?? []).compactMap(PlanInputs.release))
        snapshot.takesOwnership = value["takesOwnership"]?.bool ?? false
        self.init(desired, snapshot)
    }

    private static func reference(_ value: Value?) -> ObjectReference? {
        guard let apiVersion = value?["apiVersion"]?.string, let kind = value?["kind"]?.string,
            let name = value?["name"]?.string
        else { return nil }
        return ObjectReference(
            apiVersion: apiVersion, kind: kind, namespace: value?["namespace"]?.string ?? "", name: name)
    }

    private static func release(_ value: Value) -> ReleaseReference? {
        guard let name = value["name"]?.string, let namespace = value["namespace"]?.string else { return nil }
        return ReleaseReference(name: name, namespace: namespace)
    }

    private static func desired(_ value: Value) -> Desired? {
        guard let reference = reference(value["reference"]), let object = value["object"] else { return nil }
        return Desired(
            component: value["component"]?.string.flatMap(Component.init), identity: reference, object: object,
            release: value["release"].flatMap(release))
    }

    private static func prediction(_ value: Value) -> ObservedObject.Prediction {
        if let object = value["predicted"] { return .object(object) }
        if let message = value["refused"]?.string { return .refused(message) }
        if value["settled"]?.bool == true { return .settled }
        if let holders = value["terminating"]?.list {
            return .terminating(Termination(holders: holders.compactMap(\.string)))
        }
        guard let conflicts = value["conflicts"]?.list else { return .unknown }
        return .conflict(
            conflicts.map { conflict in
                let isKnown = conflict["live"] != nil || conflict["wanted"] != nil
                return FieldConflict(
                    manager: conflict["manager"]?.string ?? "", field: conflict["field"]?.string ?? "",
                    values: isKnown ? .init(live: conflict["live"], wanted: conflict["wanted"]) : nil)
            })
    }
}
