internal import Istio
internal import Objects
internal import Planning
package import Values

/// Webhooks of an istiod that was deleted: with failurePolicy Fail they refuse every object that they match.
func leftWebhooks(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let istiods = Set(facts.workloads.filter { $0.component == .istiod }.map(\.identity.namespace))
    return facts.webhooks.compactMap { configuration in
        let hooks = configuration["webhooks"]?.list ?? []
        let dead = hooks.filter { hook in
            let service = hook[path: "clientConfig", "service"]
            guard let name = service?["name"]?.string, name.hasPrefix("istiod") else { return false }
            return !istiods.contains(service?["namespace"]?.string ?? "")
        }
        guard let first = dead.first else { return nil }
        let kind = configuration["kind"]?.string ?? ""
        let name = configuration.metadata.name
        let service = first[path: "clientConfig", "service"]
        let place = "\(service?["namespace"]?.string ?? "")/\(service?["name"]?.string ?? "")"
        let isOurs = mesh.desired.contains { $0.identity.kind == kind && $0.identity.name == name }
        let fails = dead.contains { $0["failurePolicy"]?.string != "Ignore" }
        return Finding(
            fails && !isOurs ? .blocking : .warning, "leftovers",
            "\(kind) \(name) calls \(place), which does not exist"
                + (fails ? ", and refuses what it cannot check" : ""),
            remedy: "kubectl delete \(kind.lowercased()) \(name)")
    }
}

/// Fail-closed webhooks of others whose Service cannot answer: they refuse every write that they are asked about.
func deadWebhooks(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let writes = PlannedWrite.all(of: mesh)
    return facts.webhooks.flatMap { configuration in
        configuration.failClosedHooks.compactMap { hook -> Finding? in
            guard let service = hook.serviceName, let reason = facts.deadServices[service],
                !isIstiods(service), writes.contains(where: { hook.matches($0, facts.namespaces) })
            else { return nil }
            // A condition in CEL may let our objects pass.
            let isCertain = hook["matchConditions"]?.list?.isEmpty ?? true
            return webhookFinding(
                configuration, hook["name"]?.string ?? "", service, reason, isCertain ? .blocking : .warning)
        }
    }
}

/// istiod's own webhooks, which are judged by whether it runs.
private func isIstiods(_ service: String) -> Bool { service.split(separator: "/").last?.hasPrefix("istiod") ?? false }

private func webhookFinding(
    _ configuration: Value, _ hook: String, _ service: String, _ reason: String, _ severity: Finding.Severity
) -> Finding {
    let kind = configuration["kind"]?.string ?? ""
    return Finding(
        severity, "webhook",
        "\(kind) \(configuration.name): webhook \(hook) refuses what it cannot check, and \(reason)",
        remedy: "restore \(service), or remove the webhook: kubectl delete \(kind.lowercased()) \(configuration.name)")
}

/// What to say of a failure whose message names a webhook that did not answer; `nil` where none of these is it.
package func webhookFinding(for message: String, among configurations: [Value]) -> Finding? {
    guard let name = failedWebhook(in: message) else { return nil }
    for configuration in configurations {
        guard let hook = (configuration["webhooks"]?.list ?? []).first(where: { $0["name"]?.string == name }) else {
            continue
        }
        let service = hook.serviceName ?? hook[path: "clientConfig", "url"]?.string ?? "its server"
        return webhookFinding(configuration, name, service, "\(service) does not answer", .blocking)
    }
    return nil
}

/// The name in `failed calling webhook "validate.example.com": …`, which the API server writes where a webhook that it
/// must ask does not answer.
package func failedWebhook(in message: String) -> String? {
    guard let start = message.firstRange(of: "failed calling webhook \"")?.upperBound else { return nil }
    let rest = message[start...]
    return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
}

/// A write of a run as webhooks see it.
struct PlannedWrite: Hashable {
    var group: String
    var version: String
    var resource: String
    var namespace: String
    var operations: [String]
    var labels: [String: String]

    /// What a run writes: its objects, its pods, release records and the lock; an uninstallation deletes.
    static func all(of mesh: DesiredMesh) -> Set<PlannedWrite> {
        var writes: Set<PlannedWrite> = []
        let operations = mesh.isRemoval ? ["DELETE"] : ["CREATE", "UPDATE"]
        func add(_ group: String, _ version: String, _ resource: String, _ namespace: String, _ labels: Value?) {
            writes.insert(
                PlannedWrite(
                    group: group, version: version, resource: resource, namespace: namespace, operations: operations,
                    labels: labels?.map?.reduce(into: [:]) { $0[$1.key] = $1.value.string ?? "" } ?? [:]))
        }
        for item in mesh.desired {
            let identity = item.identity
            let version = identity.apiVersion.split(separator: "/").last.map(String.init) ?? ""
            add(
                identity.group, version, resource(of: identity.kind), identity.namespace,
                item.object["metadata"]?["labels"])
            guard identity.hasRollout else { continue }
            add("", "v1", "pods", identity.namespace, item.object[path: "spec", "template", "metadata", "labels"])
            add("", "v1", "secrets", identity.namespace, nil)
            add("coordination.k8s.io", "v1", "leases", identity.namespace, nil)
        }
        return writes
    }

    /// The plural of the kinds that a mesh is made of.
    private static func resource(of kind: String) -> String {
        let name = kind.lowercased()
        return name.hasSuffix("y") ? name.dropLast() + "ies" : name.hasSuffix("s") ? name + "es" : name + "s"
    }
}

extension Value {
    /// The webhooks of a configuration that refuse what they cannot be asked about.
    package var failClosedHooks: [Value] {
        (self["webhooks"]?.list ?? []).filter { $0["failurePolicy"]?.string != "Ignore" }
    }

    /// `namespace/name` of the Service that a webhook calls; `nil` where it has an address instead.
    package var serviceName: String? {
        guard let service = self[path: "clientConfig", "service"], let name = service["name"]?.string,
            let namespace = service["namespace"]?.string
        else { return nil }
        return "\(namespace)/\(name)"
    }

    /// Whether a webhook is asked about the write, as far as its rules and selectors tell.
    fileprivate func matches(_ write: PlannedWrite, _ namespaces: [Value]) -> Bool {
        let isAsked = (self["rules"]?.list ?? []).contains { rule in
            let scope = rule["scope"]?.string ?? "*"
            let isInScope = scope == "*" || (scope == "Namespaced") == !write.namespace.isEmpty
            return isInScope && rule.names("apiGroups", write.group) && rule.names("apiVersions", write.version)
                && rule.namesResource(write.resource)
                && write.operations.contains { rule.names("operations", $0) }
        }
        guard isAsked, (self["objectSelector"] ?? .null).selects(write.labels) else { return false }
        if write.namespace.isEmpty { return true }
        let labels = namespaces.first { $0.name == write.namespace }?.metadata.labels
        var known = labels?.reduce(into: [String: String]()) { $0[$1.key] = $1.value.string ?? "" } ?? [:]
        known["kubernetes.io/metadata.name"] = write.namespace
        return (self["namespaceSelector"] ?? .null).selects(known)
    }

    private func names(_ key: String, _ name: String) -> Bool {
        (self[key]?.list ?? []).contains { $0.string == "*" || $0.string == name }
    }

    private func namesResource(_ name: String) -> Bool {
        (self["resources"]?.list ?? []).contains { ["*", "*/*", name, name + "/*"].contains($0.string ?? "") }
    }
}
