import Values

extension World {
    /// What the server answers to a write that a fail-closed webhook must be asked about whose Service does not exist;
    /// `nil` where none is asked. Webhooks whose Service is there count as agreeing.
    func webhookFailure(_ operation: String, _ object: Value, _ target: Target) -> Failure? {
        guard target.subresource.isEmpty, target.kind.group != "admissionregistration.k8s.io" else { return nil }
        for kind in ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] {
            for configuration in all(kind + ".admissionregistration.k8s.io") {
                for hook in configuration["webhooks"]?.list ?? [] where isAsked(hook, operation, object, target) {
                    guard hook["failurePolicy"]?.string != "Ignore",
                        let service = hook[path: "clientConfig", "service"]
                    else { continue }
                    let name = service["name"]?.string ?? ""
                    let namespace = service["namespace"]?.string ?? ""
                    guard self.object("services", namespace, name) == nil else { continue }
                    return Failure(
                        500, "InternalError",
                        "Internal error occurred: failed calling webhook \"\(hook["name"]?.string ?? "")\": failed to call "
                            + "webhook: Post \"https://\(name).\(namespace).svc:443\(service["path"]?.string ?? "/")"
                            + "?timeout=\(hook["timeoutSeconds"]?.int ?? 10)s\": service \"\(name)\" not found")
                }
            }
        }
        return nil
    }

    private func isAsked(_ hook: Value, _ operation: String, _ object: Value, _ target: Target) -> Bool {
        func names(_ rule: Value, _ key: String, _ name: String) -> Bool {
            (rule[key]?.list ?? []).contains { $0.string == "*" || $0.string == name }
        }
        let labels = hook[path: "objectSelector", "matchLabels"]?.map ?? Mapping()
        guard labels.allSatisfy({ object.labels[$0.key] == $0.value }) else { return false }
        return (hook["rules"]?.list ?? []).contains { rule in
            names(rule, "apiGroups", target.kind.group) && names(rule, "apiVersions", target.version)
                && names(rule, "resources", target.kind.plural) && names(rule, "operations", operation)
        }
    }
}
