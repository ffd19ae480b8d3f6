import Istio
import Objects
import Operations
import Planning
import Values

extension PlanDigest {
    /// For programs: every object with its action and effect; both states where they differ and are asked for.
    func values(withObjects: Bool) -> Value { .list(rows.map { $0.value(withObjects: withObjects) }) }
}

extension PlanDigest.Row {
    fileprivate func value(withObjects: Bool) -> Value {
        var map: Mapping = [
            "component": .string(change.component?.rawValue ?? ""),
            "apiVersion": .string(change.identity.apiVersion),
            "kind": .string(change.identity.kind), "name": .string(change.identity.name),
            "action": .string(change.action.name), "effect": .string(change.impact.description),
        ]
        if !change.identity.namespace.isEmpty { map["namespace"] = .string(change.identity.namespace) }
        if !change.changedBy.isEmpty { map["changedBy"] = .list(change.changedBy.map(Value.string)) }
        if weight == .relabelled { map["differsOnlyIn"] = "version labels" }
        if weight == .takenOver { map["differsOnlyIn"] = "ownership" }
        switch change.action {
        case .conflict(let conflicts): map["conflicts"] = .list(conflicts.map(\.value))
        case .owned(let release):
            map["release"] = ["name": .string(release.name), "namespace": .string(release.namespace)]
        case .refused(let message): map["message"] = .string(message)
        case .terminating(let termination):
            map["message"] = .string(termination.description)
            map["heldBy"] = .list(termination.holders.map(Value.string))
        case .unchanged: return .map(map)
        default: break
        }
        guard withObjects else { return .map(map) }
        if let live = change.live { map["before"] = masked(readable(live)) }
        if let predicted = change.predicted { map["after"] = masked(readable(predicted)) }
        return .map(map)
    }
}

extension FieldConflict {
    /// For programs.
    fileprivate var value: Value {
        var map: Mapping = ["manager": .string(manager), "field": .string(field)]
        if let values {
            map["live"] = values.live ?? .null
            map["wanted"] = values.wanted ?? .null
        }
        return .map(map)
    }
}

extension RunPreview {
    /// For programs: what the summary above the question says, and every object.
    func fields(withObjects: Bool) -> Mapping {
        var cluster: Mapping = [
            "name": .string(self.cluster.name), "server": .string(self.cluster.server),
            "namespace": .string(namespace),
        ]
        if let profile { cluster["profile"] = .string(profile) }
        if let platform { cluster["platform"] = .string(platform) }
        guard subject == nil else {
            return [
                "operation": .string(operation), "cluster": .map(cluster),
                "changes": digest.values(withObjects: withObjects), "summary": .string(digest.summary),
                "impact": .list(
                    (subject?.effects ?? []).map { ["component": "", "object": "", "text": .string($0)] }),
            ]
        }
        return [
            "operation": .string(operation), "direction": .string(direction.rawValue), "cluster": .map(cluster),
            "from": from.map(Value.string) ?? .null, "to": to.map(Value.string) ?? .null,
            "changes": digest.values(withObjects: withObjects),
            "versionLabels": .list(digest.versionLabels.map(\.value)),
            "behaviourChanges": .list(behaviour.map { minor, change in change.value(minor) }),
            "impact": .list(impacts.map(\.value)), "summary": .string(digest.summary),
        ]
    }
}

extension VersionLabelChange {
    fileprivate var value: Value {
        [
            "from": old.map(Value.string) ?? .null, "to": new.map(Value.string) ?? .null, "objects": .int(objects),
        ]
    }
}

extension BehaviourChange {
    fileprivate func value(_ minor: String) -> Value {
        var map: Mapping = ["minor": .string(minor), "text": .string(text)]
        if let key, let value { map["keep"] = ["key": .string(key), "value": value, "flag": .string(flag ?? "")] }
        return .map(map)
    }
}

extension ImpactSummary {
    fileprivate var value: Value {
        var map: Mapping = [
            "component": .string(change.component), "object": .string(change.object), "text": .string(text),
        ]
        if let nodes { map["nodes"] = .int(nodes) }
        return .map(map)
    }
}

extension RunResult {
    /// For programs: how a run ended, and what it was about as far as it came.
    var value: Value {
        var map: Mapping = ["operation": .string(operation), "result": .string(ending.rawValue)]
        if let preview { map.merge(preview.fields(withObjects: preview.form == .full)) }
        map["components"] = .list(parts.map(\.value))
        if !resources.isEmpty { map["resources"] = .list(resources.map(\.value)) }
        if !errors.isEmpty { map["errors"] = .list(errors.map(Value.string)) }
        map["seconds"] = .double(Double(duration) / 1000)
        return .map(map)
    }
}

extension ResourceOutcome {
    fileprivate var value: Value {
        var map: Mapping = ["kind": .string(kind), "name": .string(name), "state": .string(state)]
        if let complaint { map["message"] = .string(complaint) }
        return .map(map)
    }
}

extension RunResult.Part {
    fileprivate var value: Value {
        [
            "component": .string(component.rawValue), "result": .string(ending.rawValue), "release": .string(release),
            "namespace": .string(namespace), "revision": revision.map(Value.int) ?? .null,
        ]
    }
}
