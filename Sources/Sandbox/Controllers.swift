import Values

/// When pods become ready or end, seconds of the monotonic clock by `namespace/name`.
struct PodClock: Sendable {
    var readyAt: [String: Double] = [:]
    var endAt: [String: Double] = [:]
    /// The version of the world at which controllers last looked.
    var seenVersion = -1
}

extension World {
    /// What controllers and kubelets do meanwhile; cheap where nothing has happened.
    mutating func tick() {
        let time = monotonic()
        for (key, due) in pods.endAt where due <= time { endPod(key) }
        for (key, due) in pods.readyAt where due <= time { startPod(key) }
        for (name, due) in crdTimes where due <= time { establish(name) }
        // Controllers look again after their own writes, until nothing is left to do.
        for _ in 0..<20 where version != pods.seenVersion {
            pods.seenVersion = version
            for object in all("daemonsets.apps") where !object.isBeingDeleted { sync(daemonSet: object) }
            for object in all("deployments.apps") where !object.isBeingDeleted { sync(deployment: object) }
            capture()
            syncGateways()
            finishDeletions()
        }
        if hasDeletions { finishDeletions() }
    }

    mutating func addNamespace(_ name: String) {
        guard let kind = kinds["namespaces"] else { return }
        _ = try? create(
            ["metadata": ["name": .string(name)]], Target(kind: kind, version: "v1"),
            WriteOptions(manager: "kube-apiserver"))
    }

    mutating func addNode(_ name: String) {
        guard let kind = kinds["nodes"] else { return }
        var node: Value = ["metadata": ["name": .string(name)]]
        var labels = settings.nodeLabels
        labels["kubernetes.io/os"] = "linux"
        labels["kubernetes.io/arch"] = "amd64"
        labels["kubernetes.io/hostname"] = name
        for (key, value) in labels { node[at: "metadata", "labels", key] = .string(value) }
        if let provider = settings.nodeProvider { node[at: "spec", "providerID"] = .string("\(provider)://\(name)") }
        _ = try? create(node, Target(kind: kind, version: "v1"), .kubelet)
        setStatus(
            "nodes", "/" + name,
            [
                "conditions": [condition("Ready", true, "KubeletReady", "kubelet is posting ready status")],
                "nodeInfo": [
                    "kubeletVersion": .string(settings.kubeletVersion ?? settings.version), "architecture": "amd64",
                    "operatingSystem": "linux", "osImage": "sandbox", "kernelVersion": "6.1.0",
                    "containerRuntimeVersion": "sandbox://1",
                ],
            ], .kubelet)
    }

    /// A definition that was written: served as soon as it is established.
    mutating func defined(_ definition: Value) {
        let kind = Kind(definition: definition)
        if kinds[kind.resource] != nil { kinds[kind.resource] = kind }
        let conditions = definition[at: "status", "conditions"]?.list ?? []
        let isEstablished = conditions.contains { $0["type"] == "Established" && $0["status"] == "True" }
        if !isEstablished { crdTimes[definition.name] = monotonic() + settings.crdSeconds }
    }

    mutating func establish(_ name: String) {
        crdTimes[name] = nil
        guard let definition = object("customresourcedefinitions.apiextensions.k8s.io", "", name) else { return }
        let kind = Kind(definition: definition)
        kinds[kind.resource] = kind
        setStatus(
            "customresourcedefinitions.apiextensions.k8s.io", "/" + name,
            [
                "conditions": [
                    condition("NamesAccepted", true, "NoConflicts", "no conflicts found"),
                    condition("Established", true, "InitialNamesAccepted", "the initial names have been accepted"),
                ],
                "acceptedNames": definition[at: "spec", "names"] ?? .empty,
                "storedVersions": [.string(kind.storageVersion)],
            ], WriteOptions(manager: "kube-apiserver"))
    }

    func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) -> Value {
        [
            "type": .string(type), "status": isTrue ? "True" : "False", "lastTransitionTime": .string(now()),
            "reason": .string(reason), "message": .string(message),
        ]
    }

    /// Writes an object's status as its controller; a condition that only got a new time stays as it was.
    mutating func setStatus(
        _ resource: String, _ key: String, _ status: Value, _ writer: WriteOptions,
        annotations: [String: String] = [:]
    ) {
        guard let kind = kinds[resource], let object = objects[resource]?[key] else { return }
        var changed = object
        changed[at: "status"] = status
        for (name, text) in annotations { changed[at: "metadata", "annotations", name] = .string(text) }
        let before = object[at: "status", "conditions"]?.list ?? []
        changed.forEach("status", "conditions") { condition in
            guard let old = before.first(where: { $0["type"] == condition["type"] }),
                old["status"] == condition["status"]
            else { return }
            let isSame = ["reason", "message", "observedGeneration"].allSatisfy { old[$0] == condition[$0] }
            condition = isSame ? old : condition
            condition[at: "lastTransitionTime"] = old["lastTransitionTime"]
            if isSame { condition[at: "lastUpdateTime"] = old["lastUpdateTime"] }
        }
        let target = Target(
            kind: kind, version: kind.storageVersion, namespace: object.namespace, name: object.name,
            subresource: "status")
        changed[at: "metadata", "resourceVersion"] = nil
        changed[at: "metadata", "managedFields"] = nil
        _ = try? update(changed, target, writer)
    }

    mutating func createOwned(_ resource: String, _ object: Value, owner: Value, _ apiVersion: String) {
        guard let kind = kinds[resource] else { return }
        var object = object
        object[at: "metadata", "namespace"] = .string(owner.namespace)
        object[at: "metadata", "ownerReferences"] = [
            [
                "apiVersion": .string(apiVersion), "kind": .string(owner.kind), "name": .string(owner.name),
                "uid": .string(owner.uid), "controller": true, "blockOwnerDeletion": true,
            ]
        ]
        let target = Target(kind: kind, version: kind.storageVersion, namespace: owner.namespace)
        guard let made = try? create(object, target, .controller), resource == "pods" else { return }
        schedule(made)
    }

    func owned(_ resource: String, by owner: Value) -> [Value] {
        all(resource, namespace: owner.namespace).filter { object in
            object["metadata"]?["ownerReferences"]?.list?.contains { $0["uid"]?.string == owner.uid } == true
        }
    }

    mutating func note(_ object: Value, _ reason: String, _ message: String, isWarning: Bool = true) {
        guard let kind = kinds["events"] else { return }
        let event: Value = [
            "metadata": ["name": .string("\(object.name).\(nextSuffix())")],
            "involvedObject": [
                "apiVersion": object["apiVersion"] ?? "v1", "kind": .string(object.kind), "name": .string(object.name),
                "namespace": .string(object.namespace), "uid": .string(object.uid),
            ],
            "reason": .string(reason), "message": .string(message), "type": isWarning ? "Warning" : "Normal",
            "count": 1, "firstTimestamp": .string(now()), "lastTimestamp": .string(now()),
            "source": ["component": "sandbox"],
        ]
        _ = try? create(event, Target(kind: kind, version: "v1", namespace: object.namespace), .kubelet)
    }
}
