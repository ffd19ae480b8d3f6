import Values

extension World {
    /// Gives a new pod its node and its time.
    mutating func schedule(_ pod: Value) {
        let key = "\(pod.namespace)/\(pod.name)"
        pods.readyAt[key] = monotonic() + settings.podSeconds
        setStatus(
            "pods", key,
            [
                "phase": "Pending", "conditions": [condition("PodScheduled", true, "", "")],
                "containerStatuses": .list(
                    containers(pod).map { container in
                        containerStatus(container, ["waiting": ["reason": "ContainerCreating"]], isReady: false)
                    }),
            ], .kubelet)
    }

    private func containers(_ pod: Value) -> [Value] { pod[at: "spec", "containers"]?.list ?? [] }

    private func containerStatus(_ container: Value, _ state: Value, isReady: Bool) -> Value {
        [
            "name": container["name"] ?? .null, "image": container["image"] ?? "", "imageID": "", "restartCount": 0,
            "ready": .bool(isReady), "started": .bool(isReady), "state": state,
        ]
    }

    mutating func startPod(_ key: String) {
        pods.readyAt[key] = nil
        guard let pod = objects["pods"]?[key], !pod.isBeingDeleted else { return }
        let broken = containers(pod).first { settings.isBroken($0["image"]?.string ?? "") }
        if let broken {
            failToPull(pod, key, broken)
            return
        }
        let address = nextAddress()
        let conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map {
            condition($0, true, "", "")
        }
        setStatus(
            "pods", key,
            [
                "phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]],
                "startTime": .string(now()), "conditions": .list(conditions),
                "containerStatuses": .list(
                    containers(pod).map {
                        containerStatus($0, ["running": ["startedAt": .string(now())]], isReady: true)
                    }),
            ], .kubelet)
    }

    /// A pod that does not get its image: it waits, and is looked at again in a while.
    private mutating func failToPull(_ pod: Value, _ key: String, _ container: Value) {
        let image = container["image"]?.string ?? ""
        let message = "failed to pull and unpack image \"\(image)\": not found"
        let unready = "containers with unready status: [\(container["name"]?.string ?? "")]"
        setStatus(
            "pods", key,
            [
                "phase": "Pending", "startTime": .string(now()),
                "conditions": [
                    condition("PodScheduled", true, "", ""),
                    condition("ContainersReady", false, "ContainersNotReady", unready),
                    condition("Ready", false, "ContainersNotReady", unready),
                ],
                "containerStatuses": .list(
                    containers(pod).map { item in
                        let isBroken = settings.isBroken(item["image"]?.string ?? "")
                        let waiting: Value =
                            isBroken
                            ? ["reason": "ErrImagePull", "message": .string(message)] : ["reason": "ContainerCreating"]
                        return containerStatus(item, ["waiting": waiting], isReady: false)
                    }),
            ], .kubelet)
        if let shown = objects["pods"]?[key], pods.readyAt[key] == nil, !settings.isNoted(pod.uid) {
            settings.notedPods.insert(pod.uid)
            note(shown, "Failed", "Failed to pull image \"\(image)\": \(message)")
        }
        pods.readyAt[key] = monotonic() + 0.2
    }

    mutating func endPod(_ key: String) {
        pods.endAt[key] = nil
        pods.readyAt[key] = nil
        guard let pod = objects["pods"]?[key], pod.isBeingDeleted, pod.finalizers.isEmpty else { return }
        commit("pods", nil, replacing: pod)
    }

    func isReady(_ pod: Value) -> Bool {
        !pod.isBeingDeleted
            && pod[at: "status", "conditions"]?.list?.contains { $0["type"] == "Ready" && $0["status"] == "True" }
                == true
    }

    /// A pod of a template, for a node.
    func pod(_ name: String, _ template: Value, labels: [String: String], node: String) -> Value {
        var pod: Value = ["metadata": template["metadata"] ?? .empty, "spec": template["spec"] ?? .empty]
        pod[at: "metadata", "name"] = .string(name)
        for (key, value) in labels { pod[at: "metadata", "labels", key] = .string(value) }
        pod[at: "spec", "nodeName"] = .string(node)
        return pod
    }
}

/// A short name for a template's content (FNV-1a), as the controllers name revisions.
func templateHash(_ template: Value) -> String {
    var hash: UInt32 = 2_166_136_261
    for byte in template.jsonBytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return String(hash, radix: 36)
}

/// `25%` or a number, of so many, rounded as asked.
func share(_ value: Value?, of total: Int, roundingUp: Bool) -> Int {
    if let number = value?.int { return number }
    guard let text = value?.string, text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return 0 }
    return roundingUp ? (percent * total + 99) / 100 : percent * total / 100
}
