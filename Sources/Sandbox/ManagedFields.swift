import Values

/// Who owns what of an object: `metadata.managedFields`.
struct ManagedFields {
    struct Entry: Equatable {
        var manager: String
        var operation: String
        var apiVersion: String
        var subresource: String
        var time: String?
        var fields: Fields

        var value: Value {
            var map: Mapping = [
                "manager": .string(manager), "operation": .string(operation), "apiVersion": .string(apiVersion),
            ]
            if let time { map["time"] = .string(time) }
            map["fieldsType"] = "FieldsV1"
            map["fieldsV1"] = fields.value
            if !subresource.isEmpty { map["subresource"] = .string(subresource) }
            return .map(map)
        }

        init(_ manager: String, _ operation: String, _ apiVersion: String, _ subresource: String) {
            (self.manager, self.operation, self.apiVersion) = (manager, operation, apiVersion)
            self.subresource = subresource
            fields = Fields()
        }

        init(_ value: Value) {
            manager = value["manager"]?.string ?? ""
            operation = value["operation"]?.string ?? ""
            apiVersion = value["apiVersion"]?.string ?? ""
            subresource = value["subresource"]?.string ?? ""
            time = value["time"]?.string
            fields = Fields(value["fieldsV1"] ?? .empty)
        }

        /// An applier is the same in every version; an updater is another one in each.
        func isSame(as other: Entry) -> Bool {
            manager == other.manager && operation == other.operation && subresource == other.subresource
                && (operation == "Apply" || apiVersion == other.apiVersion)
        }

        /// As a conflict names it.
        var title: String {
            var text = "\"\(manager)\""
            if !subresource.isEmpty { text += " with subresource \"\(subresource)\"" }
            if operation == "Update" { text += " using \(apiVersion)" }
            return text
        }
    }

    var entries: [Entry]

    init(_ object: Value?) {
        entries = (object?["metadata"]?["managedFields"]?.list ?? []).map(Entry.init)
    }

    /// Appliers first, then by time and name, as the API server sorts them.
    var value: Value? {
        let kept = entries.filter { !$0.fields.isEmpty }
        if kept.isEmpty { return nil }
        let sorted = kept.sorted {
            ($0.operation, $0.time ?? "", $0.manager) < ($1.operation, $1.time ?? "", $1.manager)
        }
        return .list(sorted.map(\.value))
    }

    /// Notes what an update changed: its own from now on, no other manager's.
    mutating func update(_ difference: Difference, by writer: Entry, time: String) {
        var own: Entry?
        for index in entries.indices {
            entries[index].fields = entries[index].fields.subtracting(difference.removed)
            if entries[index].isSame(as: writer) {
                own = entries[index]
            } else {
                entries[index].fields = entries[index].fields.subtracting(difference.set)
            }
        }
        guard !difference.set.isEmpty else { return }
        var entry = own ?? writer
        entry.fields = entry.fields.union(difference.set)
        entry.time = time
        entries.removeAll { $0.isSame(as: writer) }
        entries.append(entry)
    }
}

/// What of an object managers can own: not its identity, nor what the server keeps.
func ownable(_ object: Value) -> Value {
    var result = object
    result[at: "apiVersion"] = nil
    result[at: "kind"] = nil
    for name in [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
        "generateName", "deletionTimestamp", "deletionGracePeriodSeconds",
    ] {
        result[at: "metadata", name] = nil
    }
    return result
}

extension World {
    /// Server-side apply of a configuration: the merged object, its managed fields with it. Throws conflicts.
    func applied(
        _ configuration: Value, to live: Value?, _ target: Target, manager: String, force: Bool
    ) throws(Failure) -> Value {
        let shape = target.kind.shape(target.version)
        var managed = ManagedFields(live)
        if managed.entries.isEmpty, let live {
            var before = ManagedFields.Entry("before-first-apply", "Update", target.apiVersion, "")
            before.fields = Difference(.empty, ownable(live), shape).set
            managed.entries.append(before)
        }
        var own = ManagedFields.Entry(manager, "Apply", target.apiVersion, target.subresource)
        var owned = ownable(configuration)
        if owned["metadata"] == .empty { owned[at: "metadata"] = nil }
        own.fields = Fields(applied: owned, shape)
        let last = managed.entries.first { $0.isSame(as: own) }?.fields ?? Fields()
        let others = managed.entries.filter { !$0.isSame(as: own) }
        let kept = others.reduce(own.fields) { $0.union($1.fields) }
        let start = live ?? zero(target)
        var result = merged(start, configuration, shape)
        result = removing(last.subtracting(own.fields), from: result, shape, kept: kept)
        let difference = Difference(ownable(start), ownable(result), shape)
        let conflicts = others.map { ($0, $0.fields.intersection(difference.set)) }.filter { !$0.1.isEmpty }
        if !conflicts.isEmpty, !force { throw World.conflict(conflicts.map { ($0.0.title, $0.1.paths) }) }
        managed.entries = others.map { entry in
            var entry = entry
            entry.fields = entry.fields.subtracting(difference.set).subtracting(difference.removed)
            return entry
        }
        own.time = now()
        managed.entries.append(own)
        result[at: "metadata", "managedFields"] = managed.value
        return result
    }

    private static func conflict(_ found: [(manager: String, paths: [String])]) -> Failure {
        let sorted = found.sorted { $0.manager < $1.manager }
        let all = sorted.flatMap { item in item.paths.map { (item.manager, $0) } }
        let text: String
        if all.count == 1 {
            text = "1 conflict: conflict with \(all[0].0): \(all[0].1)"
        } else {
            let parts = sorted.map { item in
                (["conflicts with \(item.manager):"] + item.paths.map { "- " + $0 }).joined(separator: "\n")
            }
            text = "\(all.count) conflicts: " + parts.joined(separator: "\n")
        }
        let causes = all.map {
            Failure.Cause(reason: "FieldManagerConflict", message: "conflict with \($0.0)", field: $0.1).value
        }
        return Failure(409, "Conflict", "Apply failed with " + text, details: ["causes": .list(causes)])
    }

    /// The object with what an update changed noted as the writer's.
    func tracked(_ new: Value, from old: Value?, _ target: Target, manager: String) -> Value {
        var result = new
        let given = new["metadata"]?["managedFields"]?.list
        // `[{}]` wipes them; a list that the writer gives takes the place of the old one.
        if old != nil, given == [.empty] {
            result[at: "metadata", "managedFields"] = nil
            return result
        }
        let isGiven = given?.isEmpty == false && target.subresource.isEmpty
        var managed = ManagedFields(isGiven ? new : old)
        // Nothing is tracked of an object whose managed fields were removed, until the next apply.
        guard old == nil || !managed.entries.isEmpty else { return result }
        let shape = target.kind.shape(target.version)
        let difference = Difference(ownable(old ?? zero(target)), ownable(new), shape)
        let writer = ManagedFields.Entry(manager, "Update", target.apiVersion, target.subresource)
        managed.update(difference, by: writer, time: now())
        result[at: "metadata", "managedFields"] = managed.value
        return result
    }

    /// The kind's empty object: structs that exist without being written have no owner.
    private func zero(_ target: Target) -> Value {
        var object: Value = [
            "apiVersion": .string(target.apiVersion), "kind": .string(target.kind.name), "metadata": .empty,
        ]
        guard target.kind.isBuiltIn else { return object }
        for path in zeroPaths[target.kind.name] ?? [["spec"], ["status"]] {
            object[along: path[...]] = path.last == "containers" ? .list([]) : .empty
        }
        return object
    }
}

private let workloadZeros: [[String]] = [
    ["spec", "template", "metadata"], ["spec", "template", "spec", "containers"], ["status"],
]

private let zeroPaths: [String: [[String]]] = [
    "Deployment": workloadZeros + [["spec", "strategy"]], "ReplicaSet": workloadZeros,
    "DaemonSet": workloadZeros + [["spec", "updateStrategy"]],
    "StatefulSet": workloadZeros + [["spec", "updateStrategy"]], "Pod": [["spec", "containers"], ["status"]],
    "Service": [["spec"], ["status", "loadBalancer"]], "CustomResourceDefinition": [["spec", "names"], ["status"]],
    "Event": [["involvedObject"], ["source"]], "Lease": [["spec"]],
    "ConfigMap": [], "Secret": [], "ServiceAccount": [], "ClusterRole": [], "Role": [], "PriorityClass": [],
    "ClusterRoleBinding": [["roleRef"]], "RoleBinding": [["roleRef"]], "MutatingWebhookConfiguration": [],
    "ValidatingWebhookConfiguration": [], "HorizontalPodAutoscaler": [["spec", "scaleTargetRef"], ["status"]],
]
