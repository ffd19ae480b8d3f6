import Values

extension World {
    /// Fills in what the API server fills in, as far as it shows in a difference.
    mutating func setDefaults(_ object: inout Value, _ target: Target, old: Value?) {
        guard target.kind.isBuiltIn else {
            setSchemaDefaults(&object, target.kind.schemas[target.version] ?? .empty)
            return
        }
        dropNulls(&object)
        for name in ["labels", "annotations"] where object[at: "metadata", name] == .empty {
            object[at: "metadata", name] = nil
        }
        defaults[target.kind.name]?(&object)
        if target.kind.name == "DaemonSet" { countTemplates(&object, old) }
    }

    private func countTemplates(_ object: inout Value, _ old: Value?) {
        let path = ["metadata", "annotations", "deprecated.daemonset.template.generation"][...]
        let last = Int(old?[along: path]?.string ?? "") ?? 0
        let isChanged = old?[at: "spec", "template"] != object[at: "spec", "template"]
        object[along: path] = .string(String(last + (isChanged ? 1 : 0)))
    }

    /// What the server gives out to a Service, which belongs to no manager.
    mutating func allocate(_ object: inout Value, _ old: Value?) {
        if object[at: "spec", "type"] != "ExternalName" {
            let address = old?[at: "spec", "clusterIP"] ?? .string(nextAddress())
            object.fill("spec", "clusterIP", with: address)
            object.fill("spec", "clusterIPs", with: .list([object[at: "spec", "clusterIP"] ?? .null]))
            object.fill("spec", "ipFamilies", with: ["IPv4"])
            object.fill("spec", "ipFamilyPolicy", with: "SingleStack")
        }
    }

    /// Nulls and empty lists mean nothing in built-in kinds; they do not come back.
    private func dropNulls(_ value: inout Value) {
        switch value {
        case .map(let map):
            var rest = Mapping()
            for (key, child) in map {
                var child = child
                dropNulls(&child)
                if child.isNull || child.list?.isEmpty == true { continue }
                rest[key] = child
            }
            value = .map(rest)
        case .list(let items):
            value = .list(
                items.map { item in
                    var item = item
                    dropNulls(&item)
                    return item
                })
        default: break
        }
    }

    private func setSchemaDefaults(_ value: inout Value, _ schema: Value) {
        if case .map(var map) = value {
            for (key, property) in schema["properties"]?.map ?? Mapping() where key != "metadata" {
                if map[key] == nil, let filled = property["default"] { map[key] = filled }
                guard var child = map[key] else { continue }
                setSchemaDefaults(&child, property)
                map[key] = child
            }
            value = .map(map)
        } else if case .list(var items) = value, let schema = schema["items"] {
            for index in items.indices { setSchemaDefaults(&items[index], schema) }
            value = .list(items)
        }
    }
}

/// By kind.
private let defaults: [String: @Sendable (inout Value) -> Void] = [
    "Deployment": { object in
        object.fill("spec", "replicas", with: 1)
        object.fill("spec", "strategy", "type", with: "RollingUpdate")
        if object[at: "spec", "strategy", "type"] == "RollingUpdate" {
            object.fill("spec", "strategy", "rollingUpdate", "maxUnavailable", with: "25%")
            object.fill("spec", "strategy", "rollingUpdate", "maxSurge", with: "25%")
        }
        object.fill("spec", "revisionHistoryLimit", with: 10)
        object.fill("spec", "progressDeadlineSeconds", with: 600)
        object.with("spec", "template", "spec", change: setPodDefaults)
    },
    "DaemonSet": { object in
        object.fill("spec", "updateStrategy", "type", with: "RollingUpdate")
        if object[at: "spec", "updateStrategy", "type"] == "RollingUpdate" {
            object.fill("spec", "updateStrategy", "rollingUpdate", "maxUnavailable", with: 1)
            object.fill("spec", "updateStrategy", "rollingUpdate", "maxSurge", with: 0)
        }
        object.fill("spec", "revisionHistoryLimit", with: 10)
        object.with("spec", "template", "spec", change: setPodDefaults)
    },
    "Service": { object in
        object.fill("spec", "type", with: "ClusterIP")
        object.forEach("spec", "ports") { port in
            port.fill("protocol", with: "TCP")
            if let number = port["port"] { port.fill("targetPort", with: number) }
        }
        object.fill("spec", "sessionAffinity", with: "None")
        if object[at: "spec", "type"] != "ExternalName" {
            object.fill("spec", "internalTrafficPolicy", with: "Cluster")
        }
        if object[at: "spec", "type"] == "LoadBalancer" {
            object.fill("spec", "allocateLoadBalancerNodePorts", with: true)
            object.fill("spec", "externalTrafficPolicy", with: "Cluster")
        }
    },
    "ReplicaSet": { object in
        object.fill("spec", "replicas", with: 1)
        object.with("spec", "template", "spec", change: setPodDefaults)
    },
    "StatefulSet": { object in
        object.fill("spec", "replicas", with: 1)
        object.with("spec", "template", "spec", change: setPodDefaults)
    },
    "Pod": { object in object.with("spec", change: setPodDefaults) },
    "Namespace": { object in
        object[at: "metadata", "labels", "kubernetes.io/metadata.name"] = .string(object.name)
    },
    "Secret": { object in
        for (key, text) in object["stringData"]?.map ?? Mapping() {
            object[at: "data", key] = .string(base64(Array((text.string ?? "").utf8)))
        }
        object[at: "stringData"] = nil
        object.fill("type", with: "Opaque")
    },
    "MutatingWebhookConfiguration": { object in
        object.forEach("webhooks") { webhook in
            setWebhookDefaults(&webhook)
            webhook.fill("reinvocationPolicy", with: "Never")
        }
    },
    "ValidatingWebhookConfiguration": { object in object.forEach("webhooks", change: setWebhookDefaults) },
    "ValidatingAdmissionPolicy": { object in
        object.fill("spec", "failurePolicy", with: "Fail")
        object.with("spec", "matchConstraints", change: setMatchDefaults)
    },
    "ValidatingAdmissionPolicyBinding": { object in object.with("spec", "matchResources", change: setMatchDefaults) },
    "HorizontalPodAutoscaler": { object in object.fill("spec", "minReplicas", with: 1) },
    "ClusterRoleBinding": setBindingDefaults,
    "RoleBinding": setBindingDefaults,
    "NetworkPolicy": { object in
        let hasEgress = object[at: "spec", "egress"] != nil
        object.fill("spec", "policyTypes", with: hasEgress ? ["Ingress", "Egress"] : ["Ingress"])
        for side in ["ingress", "egress"] {
            object.forEach("spec", side) { $0.forEach("ports") { $0.fill("protocol", with: "TCP") } }
        }
    },
    "PriorityClass": { object in object.fill("preemptionPolicy", with: "PreemptLowerPriority") },
    "CustomResourceDefinition": { object in
        let kind = object[at: "spec", "names", "kind"]?.string ?? ""
        object.fill("spec", "names", "singular", with: .string(kind.lowercased()))
        object.fill("spec", "names", "listKind", with: .string(kind + "List"))
        object.fill("spec", "conversion", "strategy", with: "None")
    },
]

private func setWebhookDefaults(_ webhook: inout Value) {
    webhook.fill("failurePolicy", with: "Fail")
    webhook.fill("matchPolicy", with: "Equivalent")
    webhook.fill("namespaceSelector", with: .empty)
    webhook.fill("objectSelector", with: .empty)
    webhook.fill("timeoutSeconds", with: 10)
    webhook.with("clientConfig", "service") { $0.fill("port", with: 443) }
    webhook.forEach("rules") { $0.fill("scope", with: "*") }
}

private func setMatchDefaults(_ match: inout Value) {
    match.fill("namespaceSelector", with: .empty)
    match.fill("objectSelector", with: .empty)
    match.fill("matchPolicy", with: "Equivalent")
    match.forEach("resourceRules") { $0.fill("scope", with: "*") }
}

private func setBindingDefaults(_ object: inout Value) {
    object.fill("roleRef", "apiGroup", with: "rbac.authorization.k8s.io")
    object.forEach("subjects") { subject in
        if subject["kind"] != "ServiceAccount" { subject.fill("apiGroup", with: "rbac.authorization.k8s.io") }
    }
}

/// The status that an object has from the start.
func initialStatus(_ object: Value) -> Value? {
    switch object.kind {
    case "CustomResourceDefinition":
        let stored = object[at: "spec", "versions"]?.list?.first { $0["storage"] == true }
        return [
            "conditions": .null, "acceptedNames": ["plural": "", "kind": ""],
            "storedVersions": .list([stored?["name"] ?? .null]),
        ]
    case "DaemonSet":
        return [
            "currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0,
        ]
    case "HorizontalPodAutoscaler": return ["desiredReplicas": 0, "currentMetrics": .null]
    case "PodDisruptionBudget":
        return ["disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0]
    case "Namespace": return ["phase": "Active"]
    case "Pod": return ["phase": "Pending"]
    case "ReplicaSet", "StatefulSet": return ["replicas": 0]
    case "Service": return ["loadBalancer": .empty]
    case "Deployment", "ResourceQuota", "ValidatingAdmissionPolicy", "Node": return .empty
    default: return nil
    }
}
