import Values

extension World {
    private static let foreground = "foregroundDeletion"
    private static let cleanup = "customresourcecleanup.apiextensions.k8s.io"

    /// Deletes as DeleteOptions say; answers the object where it stays for now, else a Status.
    mutating func delete(_ target: Target, _ deletion: Value, isDryRun: Bool) throws(Failure) -> Value {
        guard let old = object(target) else { throw .notFound(target.kind, target.name) }
        try checkPreconditions(deletion["preconditions"] ?? .null, old, target)
        if let failed = webhookFailure("DELETE", old, target) { throw failed }
        if isDryRun { return World.success(old, target.kind) }
        var object = old
        let policy = deletion["propagationPolicy"]?.string ?? "Background"
        if policy == "Orphan" { orphan(old) }
        if policy == "Foreground", !old.finalizers.contains(World.foreground) {
            object[at: "metadata", "finalizers"] = .list(
                (old.finalizers + [World.foreground]).map(Value.string))
        }
        if target.kind.name == "CustomResourceDefinition", !old.finalizers.contains(World.cleanup) {
            object[at: "metadata", "finalizers"] = .list((object.finalizers + [World.cleanup]).map(Value.string))
        }
        let lingers =
            !object.finalizers.isEmpty || target.kind.name == "Namespace"
            || (target.kind.name == "Pod" && deletion["gracePeriodSeconds"]?.int != 0)
        guard lingers else {
            commit(target.kind.resource, nil, replacing: old)
            removed(old, target.kind)
            return World.success(old, target.kind)
        }
        if !old.isBeingDeleted {
            object[at: "metadata", "deletionTimestamp"] = .string(now())
            if target.kind.name != "Namespace", target.kind.name != "CustomResourceDefinition" {
                object[at: "metadata", "deletionGracePeriodSeconds"] = .int(target.kind.name == "Pod" ? 30 : 0)
            }
            if target.kind.hasGeneration, target.kind.name != "Pod",
                target.kind.name != "CustomResourceDefinition"
            {
                object[at: "metadata", "generation"] = .int((old["metadata"]?["generation"]?.int ?? 0) + 1)
            }
            if target.kind.name == "Namespace" { object[at: "status", "phase"] = "Terminating" }
            if target.kind.name == "Pod" { pods.endAt[target.key] = monotonic() + settings.terminationSeconds }
        }
        if target.kind.name != "Pod" { hasDeletions = true }
        return object == old ? old : commit(target.kind.resource, object, replacing: old)
    }

    private static func success(_ object: Value, _ kind: Kind) -> Value {
        var details = Failure.details(object.name, kind)
        details["uid"] = .string(object.uid)
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": .empty, "status": "Success", "details": .map(details),
        ]
    }

    private func checkPreconditions(_ wanted: Value, _ old: Value, _ target: Target) throws(Failure) {
        let checks = [
            (
                "uid", old.uid, "UID", "The object might have been deleted and then recreated"
            ),
            ("resourceVersion", old.version, "ResourceVersion", "The object might have been modified"),
        ]
        for (key, actual, title, hint) in checks {
            guard let expected = wanted[key]?.string, expected != actual else { continue }
            let text =
                "the \(title) in the precondition (\(expected)) does not match the \(title) in record (\(actual))"
            throw Failure(
                409, "Conflict",
                "Operation cannot be fulfilled on \(target.kind.name) \"\(target.name)\": \(text). \(hint)",
                details: ["name": .string(target.name), "kind": .string(target.kind.name)])
        }
    }

    /// What the deletion of an object brings with it: its dependents, a definition's objects, a kind.
    mutating func removed(_ object: Value, _ kind: Kind) {
        for (resource, dependent) in dependents(of: object.uid) { collect(resource, dependent) }
        guard kind.name == "CustomResourceDefinition" else { return }
        kinds[Kind(definition: object).resource] = nil
        crdTimes[object.name] = nil
    }

    /// Definitions are deleted when all their objects are.
    private mutating func finishDefinitions() {
        let resource = "customresourcedefinitions.apiextensions.k8s.io"
        for definition in all(resource) where definition.isBeingDeleted && definition.finalizers == [World.cleanup] {
            let custom = Kind(definition: definition).resource
            for item in all(custom) where !item.isBeingDeleted { collect(custom, item) }
            guard all(custom).isEmpty, let kind = kinds[resource] else {
                hasDeletions = true
                continue
            }
            commit(resource, nil, replacing: definition)
            removed(definition, kind)
        }
    }

    /// Objects that name `uid` as an owner.
    func dependents(of uid: String) -> [(resource: String, object: Value)] {
        guard !uid.isEmpty else { return [] }
        return objects.keys.sorted().flatMap { resource in
            all(resource).filter { object in
                object["metadata"]?["ownerReferences"]?.list?.contains { $0["uid"]?.string == uid } == true
            }
            .map { (resource, $0) }
        }
    }

    /// Deletes a dependent as the garbage collector does.
    mutating func collect(_ resource: String, _ object: Value) {
        guard let kind = kinds[resource] else { return }
        let target = Target(
            kind: kind, version: kind.storageVersion, namespace: object.namespace, name: object.name)
        _ = try? delete(target, .empty, isDryRun: false)
    }

    private mutating func orphan(_ owner: Value) {
        for (resource, dependent) in dependents(of: owner.uid) {
            var free = dependent
            let left = dependent["metadata"]?["ownerReferences"]?.list?.filter { $0["uid"]?.string != owner.uid } ?? []
            free[at: "metadata", "ownerReferences"] = left.isEmpty ? nil : .list(left)
            commit(resource, free, replacing: dependent)
        }
    }

    /// The namespace controller's account of the finalizers that it waits for.
    private mutating func tellFinalizers(_ namespace: Value) {
        var counts: [String: Int] = [:]
        for (resource, kind) in kinds where kind.isNamespaced {
            for object in all(resource, namespace: namespace.name) {
                for name in object.finalizers { counts[name, default: 0] += 1 }
            }
        }
        guard !counts.isEmpty else { return }
        let list = counts.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value) resource instances" }
        let message = "Some content in the namespace has finalizers remaining: " + list.joined(separator: ", ")
        setStatus(
            "namespaces", "/" + namespace.name,
            [
                "phase": "Terminating",
                "conditions": [
                    condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", message)
                ],
            ], WriteOptions(manager: "kube-controller-manager"))
    }

    /// Ends foreground deletions whose dependents are deleted, and namespaces that are empty.
    mutating func finishDeletions() {
        guard hasDeletions else { return }
        hasDeletions = false
        finishDefinitions()
        for resource in objects.keys.sorted() {
            for object in all(resource) where object.isBeingDeleted && object.finalizers.contains(World.foreground) {
                let left = dependents(of: object.uid)
                for (resource, dependent) in left where !dependent.isBeingDeleted { collect(resource, dependent) }
                guard left.isEmpty else {
                    hasDeletions = true
                    continue
                }
                let rest = object.finalizers.filter { $0 != World.foreground }
                var free = object
                free[at: "metadata", "finalizers"] = rest.isEmpty ? nil : .list(rest.map(Value.string))
                commit(resource, rest.isEmpty ? nil : free, replacing: object)
                if rest.isEmpty, let kind = kinds[resource] { removed(object, kind) }
                // A definition has its own objects to wait for yet.
                if rest.contains(World.cleanup) { hasDeletions = true }
            }
        }
        for namespace in all("namespaces") where namespace.isBeingDeleted {
            var isEmpty = true
            for (resource, kind) in kinds.sorted(by: { $0.key < $1.key }) where kind.isNamespaced {
                for object in all(resource, namespace: namespace.name) {
                    isEmpty = false
                    if !object.isBeingDeleted { collect(resource, object) }
                }
            }
            if isEmpty && namespace.finalizers.isEmpty {
                commit("namespaces", nil, replacing: namespace)
            } else {
                hasDeletions = true
                tellFinalizers(namespace)
            }
        }
    }
}
