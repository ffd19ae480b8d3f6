import Values

/// A template's output against the pod that istiod made with Istio's own template.
///
/// What istiod itself adds after merging is left out: rewritten probes, Prometheus' annotations, the record of what
/// was injected.
struct PodComparison {
    private let template: Value
    private let original: Value
    private let injected: Value
    private(set) var differences: [String] = []

    init(template: Value, original: Value, injected: Value) {
        self.template = template
        self.original = original
        self.injected = injected
        compareContainers()
        compareVolumes()
        compareMetadata()
        for key in ["securityContext", "dnsConfig"] where original[path: "spec", key] == nil {
            differences += (template[path: "spec", key] ?? .null)
                .differences(from: injected[path: "spec", key] ?? .null, at: key)
        }
    }

    private mutating func compareContainers() {
        let own = Set(["initContainers", "containers"].flatMap { original["spec"]?.names(in: $0) ?? [] })
        for key in ["initContainers", "containers"] {
            let names = template["spec"]?.names(in: key) ?? []
            let added = (injected["spec"]?.names(in: key) ?? []).filter { !own.contains($0) || $0 == "istio-proxy" }
            if names != added { differences.append("\(key): \(names), wanted \(added)") }
            for name in names {
                let container = template["spec"]?.named(name, in: key)?.asStored ?? .null
                let other = injected["spec"]?.named(name, in: key)?.asStored ?? .null
                differences += container.differences(from: other, at: name).filter { !isUsers($0, of: name) }
            }
        }
    }

    /// Whether a difference is in a field that the user's own container sets.
    private func isUsers(_ difference: String, of name: String) -> Bool {
        guard let container = original["spec"]?.named(name, in: "containers") else { return false }
        return (container.map?.keys ?? []).contains { difference.hasPrefix("\(name).\($0)") }
    }

    private mutating func compareVolumes() {
        let own = Set(original["spec"]?.names(in: "volumes") ?? [])
        let volumes = template[path: "spec", "volumes"]?.list ?? []
        let others = (injected[path: "spec", "volumes"]?.list ?? []).filter { !own.contains($0["name"]?.string ?? "") }
        differences += Value.list(volumes).differences(from: .list(others), at: "volumes")
    }

    private mutating func compareMetadata() {
        let added: Set = ["sidecar.istio.io/status", "proxy.istio.io/overrides"]
        for key in ["labels", "annotations"] {
            let own = original[path: "metadata", key]?.map ?? [:]
            let mine = template[path: "metadata", key]?.map ?? [:]
            let theirs = injected[path: "metadata", key]?.map ?? [:]
            for (name, value) in mine where theirs[name] != value {
                differences.append("\(key) \(name): \(value.jsonText), wanted \(theirs[name]?.jsonText ?? "nothing")")
            }
            for (name, value) in theirs
            where mine[name] == nil && own[name] != value && !added.contains(name) && !name.hasPrefix("prometheus.io/")
            {
                differences.append("\(key) \(name): missing, wanted \(value.jsonText)")
            }
        }
    }
}

extension Value {
    /// The container as the API server would store it: quantities in their shortest form, defaults left out.
    fileprivate var asStored: Value {
        guard case .map(var container) = self else { return self }
        for probe in ["readinessProbe", "startupProbe"] {
            guard case .map(var fields)? = container[probe], fields["initialDelaySeconds"] == 0 else { continue }
            fields.removeValue(forKey: "initialDelaySeconds")
            container[probe] = .map(fields)
        }
        container["env"] = .list(
            (container["env"]?.list ?? []).filter { $0["name"] != "ISTIO_KUBE_APP_PROBERS" }.map { variable in
                guard case .map(var fields) = variable, fields["value"] == "" else { return variable }
                fields.removeValue(forKey: "value")
                return .map(fields)
            })
        let resources = (container["resources"]?.map ?? [:]).map { kind, amounts in
            (key: kind, value: Value.map(Mapping((amounts.map ?? [:]).map { ($0.key, $0.value.shortQuantity) })))
        }
        container["resources"] = .map(Mapping(resources))
        return .map(container)
    }

    private var shortQuantity: Value {
        guard let text = string else { return self }
        if text.hasSuffix("m"), let number = Int(text.dropLast()), number % 1000 == 0 {
            return .string(String(number / 1000))
        }
        if text.hasSuffix("Mi"), let number = Int(text.dropLast(2)), number % 1024 == 0 {
            return .string("\(number / 1024)Gi")
        }
        return self
    }
}
