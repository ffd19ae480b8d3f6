import Values

/// Who writes and how: the query of a request.
struct WriteOptions: Sendable {
    var manager: String
    var isDryRun = false
    var force = false

    static let controller = WriteOptions(manager: "kube-controller-manager")
    static let kubelet = WriteOptions(manager: "kubelet")
}

extension World {
    mutating func create(_ body: Value, _ target: Target, _ options: WriteOptions) throws(Failure) -> Value {
        var target = target
        var object = body
        if object.name.isEmpty, let prefix = object["metadata"]?["generateName"]?.string {
            object[at: "metadata", "name"] = .string(prefix + nextSuffix())
        }
        try checkIdentity(&object, target)
        target.name = object.name
        guard !target.name.isEmpty else {
            throw .invalid(
                target.kind, "",
                [
                    .init(
                        reason: "FieldValueRequired", message: "Required value: name or generateName is required",
                        field: "metadata.name")
                ])
        }
        try checkNamespace(target)
        if self.object(target) != nil { throw .exists(target.kind, target.name) }
        object[at: "metadata", "managedFields"] = nil
        setDefaults(&object, target, old: nil)
        if target.kind.hasStatus { object[at: "status"] = nil }
        object = tracked(object, from: nil, target, manager: options.manager)
        return try finish(object, old: nil, target, options)
    }

    mutating func update(_ body: Value, _ target: Target, _ options: WriteOptions) throws(Failure) -> Value {
        guard let old = self.object(target) else { throw .notFound(target.kind, target.name) }
        var object = body
        try checkIdentity(&object, target)
        if !object.uid.isEmpty, object.uid != old.uid {
            let text =
                "StorageError: invalid object, Code: 4, Key: /registry/\(target.kind.plural)/\(target.key), "
                + "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: \(object.uid), "
                + "UID in object meta: \(old.uid)"
            throw .conflict(target.kind, target.name, text)
        }
        return try replace(old, object, target, options)
    }

    /// A merge, strategic merge or JSON patch.
    mutating func patch(
        _ target: Target, _ options: WriteOptions, change: (Value, Shape) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard let old = object(target) else { throw .notFound(target.kind, target.name) }
        var shown = old
        shown[at: "apiVersion"] = .string(target.apiVersion)
        var object = try change(shown, target.kind.shape(target.version))
        try checkIdentity(&object, target)
        if object.uid != old.uid {
            let message = "Invalid value: \"\(object.uid)\": field is immutable"
            throw .invalid(
                target.kind, target.name,
                [.init(reason: "FieldValueInvalid", message: message, field: "metadata.uid")])
        }
        return try replace(old, object, target, options)
    }

    mutating func apply(_ body: Value, _ target: Target, _ options: WriteOptions) throws(Failure) -> Value {
        var configuration = body
        if let kind = body["kind"]?.string, kind != target.kind.name {
            throw .badRequest("invalid object type: \(body["apiVersion"]?.string ?? ""), Kind=\(kind)")
        }
        try checkIdentity(&configuration, target)
        if configuration["metadata"]?["managedFields"] != nil {
            throw .badRequest("metadata.managedFields must be nil")
        }
        try checkNamespace(target)
        let old = object(target)
        if old == nil, !target.subresource.isEmpty { throw .notFound(target.kind, target.name) }
        try checkVersion(configuration, old, target)
        if target.kind.hasStatus, target.subresource != "status" { configuration[at: "status"] = nil }
        var live = old
        live?[at: "apiVersion"] = .string(target.apiVersion)
        var result = try applied(configuration, to: live, target, manager: options.manager, force: options.force)
        setDefaults(&result, target, old: old)
        return try finish(result, old: old, target, options)
    }

    private mutating func replace(
        _ old: Value, _ new: Value, _ target: Target, _ options: WriteOptions
    ) throws(Failure) -> Value {
        try checkVersion(new, old, target)
        var object = new
        if target.subresource == "status" {
            object = old
            object[at: "status"] = new["status"]
            // The one thing beside the status that its controller may write there.
            if target.kind.name == "Deployment" {
                object[at: "metadata", "annotations"] = new["metadata"]?["annotations"]
            }
        } else if target.kind.hasStatus {
            object[at: "status"] = old["status"]
        }
        for name in ["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            object[at: "metadata", name] = old["metadata"]?[name]
        }
        object[at: "apiVersion"] = .string(target.apiVersion)
        setDefaults(&object, target, old: old)
        object = tracked(object, from: old, target, manager: options.manager)
        return try finish(object, old: old, target, options)
    }

    /// The common end of all writes: what the server keeps itself, validation, and the write if anything changed.
    private mutating func finish(
        _ new: Value, old: Value?, _ target: Target, _ options: WriteOptions
    ) throws(Failure) -> Value {
        var object = new
        object[at: "apiVersion"] = .string(target.kind.apiVersion(target.kind.storageVersion))
        object[at: "kind"] = .string(target.kind.name)
        if let refused = settings.refusal(target.kind.name, target.name) { throw refused }
        if let failed = webhookFailure(old == nil ? "CREATE" : "UPDATE", object, target) { throw failed }
        try validate(object, old: old, target)
        object[at: "metadata", "uid"] = old?["metadata"]?["uid"] ?? .string(newUID())
        object[at: "metadata", "resourceVersion"] = old?["metadata"]?["resourceVersion"]
        object[at: "metadata", "creationTimestamp"] = old?["metadata"]?["creationTimestamp"] ?? .string(now())
        if target.kind.hasGeneration {
            let generation = old?["metadata"]?["generation"]?.int ?? 0
            let isChanged = old.map { content($0) != content(object) } ?? true
            object[at: "metadata", "generation"] = .int(generation + (isChanged ? 1 : 0))
        }
        if target.kind.name == "Service" { allocate(&object, old) }
        if target.kind.name == "Namespace", target.kind.isBuiltIn {
            object.fill("spec", "finalizers", with: ["kubernetes"])
        }
        if old == nil, let status = initialStatus(object) { object[at: "status"] = status }
        object = ordered(object)
        if let old, withoutTimes(object) == withoutTimes(old) { return old }
        if options.isDryRun { return object }
        if let old, old.isBeingDeleted, target.subresource.isEmpty, object.finalizers.isEmpty,
            !isLingering(old, target.kind)
        {
            commit(target.kind.resource, nil, replacing: old)
            removed(old, target.kind)
            return object
        }
        let written = commit(target.kind.resource, object, replacing: old)
        if target.kind.name == "CustomResourceDefinition", target.subresource.isEmpty { defined(written) }
        return written
    }

    /// Pods end by themselves, namespaces when they are empty; finalizers have no say in it.
    private func isLingering(_ object: Value, _ kind: Kind) -> Bool { kind.name == "Pod" || kind.name == "Namespace" }

    /// What `generation` counts changes of.
    private func content(_ object: Value) -> Value {
        var rest = object
        for name in ["metadata", "status", "apiVersion", "kind"] { rest[at: name] = nil }
        // A Deployment's annotations count as its content.
        if object.kind == "Deployment" { rest[at: "annotations"] = object[at: "metadata", "annotations"] }
        return rest
    }

    private func withoutTimes(_ object: Value) -> Value {
        var rest = object
        rest.forEach("metadata", "managedFields") { $0[at: "time"] = nil }
        return rest
    }

    /// Names first, as the server writes objects.
    private func ordered(_ object: Value) -> Value {
        var map: Mapping = ["kind": object["kind"] ?? .null, "apiVersion": object["apiVersion"] ?? .null]
        for (key, value) in object.map ?? Mapping() { map[key] = value }
        return .map(map)
    }
}

extension World {
    private func checkIdentity(_ object: inout Value, _ target: Target) throws(Failure) {
        guard object.map != nil else { throw .badRequest("the request's body is no object") }
        if let kind = object["kind"]?.string, kind != target.kind.name {
            throw .badRequest(
                "\(kind) in version \"\(object["apiVersion"]?.string ?? "")\" cannot be handled as a "
                    + target.kind.name)
        }
        if !target.name.isEmpty, !object.name.isEmpty, object.name != target.name {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(target.name))")
        }
        if target.kind.isNamespaced, !object.namespace.isEmpty, object.namespace != target.namespace {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        if !target.name.isEmpty { object[at: "metadata", "name"] = .string(target.name) }
        object[at: "metadata", "namespace"] = target.kind.isNamespaced ? .string(target.namespace) : nil
        object[at: "kind"] = .string(target.kind.name)
        object[at: "apiVersion"] = .string(target.apiVersion)
    }

    private func checkVersion(_ object: Value, _ old: Value?, _ target: Target) throws(Failure) {
        guard !object.version.isEmpty, let old, object.version != old.version else { return }
        throw .conflict(
            target.kind, target.name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    private func checkNamespace(_ target: Target) throws(Failure) {
        guard target.kind.isNamespaced, object(target) == nil, let namespaces = kinds["namespaces"] else { return }
        guard let namespace = object("namespaces", "", target.namespace) else {
            throw .notFound(namespaces, target.namespace)
        }
        if namespace.isBeingDeleted {
            throw .forbidden(
                target.kind, target.name,
                "unable to create new content in namespace \(target.namespace) because it is being terminated")
        }
    }

    /// The rules that installers run into: selectors and role references that cannot change.
    private func validate(_ object: Value, old: Value?, _ target: Target) throws(Failure) {
        guard target.subresource.isEmpty else { return }
        var causes: [Failure.Cause] = []
        let selector = object[at: "spec", "selector"]
        if ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"].contains(target.kind.name) {
            let wanted = selector?["matchLabels"]?.map ?? Mapping()
            let labels = object[at: "spec", "template", "metadata", "labels"] ?? .empty
            if !wanted.allSatisfy({ labels[$0.key] == $0.value }) {
                causes.append(
                    invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
            }
            if let old, old[at: "spec", "selector"] != selector {
                causes.append(invalid("spec.selector", selector ?? .null, "field is immutable"))
            }
        }
        if target.kind.name.hasSuffix("RoleBinding"), let old, old["roleRef"] != object["roleRef"] {
            causes.append(invalid("roleRef", object["roleRef"] ?? .null, "cannot change roleRef"))
        }
        if !causes.isEmpty { throw .invalid(target.kind, target.name, causes) }
    }

    private func invalid(_ field: String, _ value: Value, _ text: String) -> Failure.Cause {
        let shown = String(decoding: value.jsonBytes, as: UTF8.self)
        return Failure.Cause(
            reason: "FieldValueInvalid", message: "Invalid value: \(shown): \(text)", field: field)
    }
}
