import Values

/// The defaults of a pod's spec.
@Sendable func setPodDefaults(_ spec: inout Value) {
    spec.fill("restartPolicy", with: "Always")
    spec.fill("terminationGracePeriodSeconds", with: 30)
    spec.fill("dnsPolicy", with: "ClusterFirst")
    if let account = spec["serviceAccountName"] { spec[at: "serviceAccount"] = account }
    spec.fill("securityContext", with: .empty)
    spec.fill("schedulerName", with: "default-scheduler")
    for list in ["initContainers", "containers"] { spec.forEach(list, change: setContainerDefaults) }
    spec.forEach("volumes", change: setVolumeDefaults)
    // False is the same as nothing for these.
    for name in ["hostNetwork", "hostPID", "hostIPC"] where spec[name] == false { spec[at: name] = nil }
}

private func setContainerDefaults(_ container: inout Value) {
    container.fill("resources", with: .empty)
    container.fill("terminationMessagePath", with: "/dev/termination-log")
    container.fill("terminationMessagePolicy", with: "File")
    container.fill("imagePullPolicy", with: .string(pullPolicy(container["image"]?.string ?? "")))
    container.forEach("ports") { $0.fill("protocol", with: "TCP") }
    container.forEach("env") { variable in
        variable.with("valueFrom", "fieldRef") { $0.fill("apiVersion", with: "v1") }
        // The divisor is set by default.
        variable.with("valueFrom", "resourceFieldRef") { $0.fill("divisor", with: "0") }
        if variable["value"] == "" { variable[at: "value"] = nil }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] { container.with(probe, change: setProbeDefaults) }
    for hook in ["postStart", "preStop"] { container.with("lifecycle", hook, "httpGet", change: setHTTPDefaults) }
    for kind in ["limits", "requests"] {
        container.with("resources", kind) { amounts in
            guard let map = amounts.map else { return }
            amounts = .map(Mapping(map.map { (key: $0.key, value: quantity($0.value)) }))
        }
    }
    // A limit is a request where there is none.
    for (name, amount) in container[at: "resources", "limits"]?.map ?? Mapping() {
        container.fill("resources", "requests", name, with: amount)
    }
}

private func setProbeDefaults(_ probe: inout Value) {
    probe.fill("timeoutSeconds", with: 1)
    probe.fill("periodSeconds", with: 10)
    probe.fill("successThreshold", with: 1)
    probe.fill("failureThreshold", with: 3)
    probe.with("httpGet", change: setHTTPDefaults)
    probe.with("grpc") { $0.fill("service", with: "") }
}

private func setHTTPDefaults(_ get: inout Value) {
    get.fill("path", with: "/")
    get.fill("scheme", with: "HTTP")
}

private func setVolumeDefaults(_ volume: inout Value) {
    let sources = ["emptyDir", "hostPath", "configMap", "secret", "projected", "downwardAPI", "csi"]
    if !sources.contains(where: { volume[$0] != nil }), volume.map?.count == 1 { volume[at: "emptyDir"] = .empty }
    volume.with("hostPath") { $0.fill("type", with: "") }
    for source in ["configMap", "secret", "projected", "downwardAPI"] {
        volume.with(source) { $0.fill("defaultMode", with: 420) }
    }
    volume.with("downwardAPI", change: setDownwardDefaults)
    volume.forEach("projected", "sources") { source in
        source.with("serviceAccountToken") { $0.fill("expirationSeconds", with: 3600) }
        source.with("downwardAPI", change: setDownwardDefaults)
    }
}

private func setDownwardDefaults(_ source: inout Value) {
    source.forEach("items") { item in
        item.with("fieldRef") { $0.fill("apiVersion", with: "v1") }
        item.with("resourceFieldRef") { $0.fill("divisor", with: "0") }
    }
}

private func pullPolicy(_ image: String) -> String {
    let name = image.split(separator: "/").last ?? ""
    let isLatest = !name.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
    return isLatest ? "Always" : "IfNotPresent"
}

/// A quantity in the form that the server keeps: text, decimals of a core in thousandths, thousandths of whole cores whole.
private func quantity(_ value: Value) -> Value {
    switch value {
    case .int(let number): return .string(String(number))
    case .double(let number): return .string("\(Int((number * 1000).rounded()))m")
    case .string(let text):
        if text.hasSuffix("m"), let number = Int(text.dropLast()), number % 1000 == 0 {
            return .string(String(number / 1000))
        }
        if text.contains("."), let number = Double(text) { return .string("\(Int((number * 1000).rounded()))m") }
        if text.hasSuffix("Mi"), let number = Int(text.dropLast(2)), number > 0, number % 1024 == 0 {
            return .string("\(number / 1024)Gi")
        }
        return value
    default: return value
    }
}
