import Values

/// What a values file in the form of a Kubernetes resource says: values, and settings that sail has flags for.
package struct Settings: Sendable, Equatable {
    package var profile: String?
    package var version: String?
    package var namespace: String?
    package var componentNamespaces: [Component: String] = [:]
    package var disabled: Set<Component> = []

    package init() {}

    /// Takes what the other says where it says something.
    mutating func merge(_ other: Settings) {
        profile = other.profile ?? profile
        version = other.version ?? version
        namespace = other.namespace ?? namespace
        componentNamespaces.merge(other.componentNamespaces) { $1 }
        disabled.formUnion(other.disabled)
    }
}

/// Reads one document of a values file: plain values, or a resource of IstioOperator or of the Sail Operator.
struct ResourceReader {
    private(set) var values = Mapping()
    private(set) var settings = Settings()
    /// The paths below which the values lie.
    private(set) var prefixes: [[String]] = [[]]
    /// Paths that the document has and that sail has no use for, with what to do instead.
    private(set) var refused: [(path: [String], remedy: String)] = []

    init(_ document: Mapping) {
        let group = document["apiVersion"]?.string?.split(separator: "/").first ?? ""
        let kind = document["kind"]?.string ?? ""
        let spec = document["spec"]?.map ?? Mapping()
        if !kind.isEmpty { prefixes = [["spec", "values"], ["spec"]] }
        switch (group, kind) {
        case ("install.istio.io", "IstioOperator"): readOperator(spec)
        case ("sailoperator.io", "Istio"): readSail(spec, component: nil)
        case ("sailoperator.io", "IstioCNI"): readSail(spec, component: .cni)
        case ("sailoperator.io", "ZTunnel"): readSail(spec, component: .ztunnel)
        case ("", ""): values = document
        default:
            refused.append(
                (
                    ["kind"],
                    "a values file holds plain values, an IstioOperator, or an Istio, IstioCNI or ZTunnel resource"
                ))
        }
    }

    /// `spec` of a sailoperator.io resource.
    private mutating func readSail(_ spec: Mapping, component: Component?) {
        values = spec["values"]?.map ?? Mapping()
        settings.profile = spec["profile"]?.string
        settings.version = spec["version"]?.string
        let namespace = spec["namespace"]?.string
        if let component, let namespace { settings.componentNamespaces[component] = namespace }
        if component == nil { settings.namespace = namespace }
    }

    /// `spec` of an IstioOperator.
    private mutating func readOperator(_ spec: Mapping) {
        for (field, path) in operatorFields {
            if let value = spec[field] { values.set(value, at: path) }
        }
        if case .map(let own)? = spec["values"] { values.merge(own) }
        settings.profile = spec["profile"]?.string
        settings.namespace = spec["namespace"]?.string
        for (key, value) in spec["components"]?.map ?? Mapping() { readComponent(key, value) }
        for key in spec.keys where !operatorKeys.contains(key) {
            refused.append((["spec", key], "sail does not read this field; remove it"))
        }
    }

    private mutating func readComponent(_ key: String, _ value: Value) {
        guard let component = Component.allCases.first(where: { $0.traits.operatorKey == key }) else {
            if isEnabled(value) || value.list?.contains(where: isEnabled) == true {
                let remedy =
                    "sail installs ambient mode only; install gateways from their own chart or as Gateway resources"
                refused.append((["spec", "components", key], remedy))
            }
            return
        }
        if case .bool(false)? = value["enabled"] { settings.disabled.insert(component) }
        if let namespace = value["namespace"]?.string { settings.componentNamespaces[component] = namespace }
        let section = component.traits.key
        for field in ["hub", "tag"] {
            if let setting = value[field] { values.set(setting, at: [section, field]) }
        }
        for (field, setting) in value["k8s"]?.map ?? Mapping() {
            let path = ["spec", "components", key, "k8s", field]
            if field == "env" {
                readEnvironment(setting, section: section, path: path)
            } else if let target = deploymentFields[field] {
                values.set(setting, at: [section, target])
            } else {
                refused.append((path, "set it under spec.values.\(section) instead"))
            }
        }
    }

    /// `env` is a list of names and values there, and a map in values.
    private mutating func readEnvironment(_ list: Value, section: String, path: [String]) {
        for (index, entry) in (list.list ?? []).enumerated() {
            guard let name = entry["name"]?.string, let value = entry["value"] else {
                refused.append((path + ["\(index)"], "only entries with name and value can be taken over"))
                continue
            }
            values.set(value, at: [section, "env", name])
        }
    }

    private func isEnabled(_ value: Value) -> Bool {
        if case .bool(true)? = value["enabled"] { true } else { false }
    }
}

/// Fields of an IstioOperator's spec that are values under another name.
private let operatorFields: [(field: String, path: [String])] = [
    ("hub", ["global", "hub"]), ("tag", ["global", "tag"]), ("namespace", ["global", "istioNamespace"]),
    ("meshConfig", ["meshConfig"]), ("revision", ["revision"]), ("compatibilityVersion", ["compatibilityVersion"]),
]

private let operatorKeys = operatorFields.map(\.field) + ["values", "profile", "components"]

/// Fields of `k8s:` that have a value of the same meaning under the component's section.
private let deploymentFields = [
    "resources": "resources", "replicaCount": "replicaCount", "nodeSelector": "nodeSelector",
    "tolerations": "tolerations", "affinity": "affinity", "podAnnotations": "podAnnotations",
    "serviceAnnotations": "serviceAnnotations", "priorityClassName": "priorityClassName",
    "imagePullPolicy": "imagePullPolicy",
]
