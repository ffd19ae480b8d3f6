import Values

/// What a values file in the form of a Kubernetes resource says: values, and settings that sail has flags for.
package struct Settings: Sendable, Equatable {
    /// A version as a resource has it, and where.
    package struct Version: Sendable, Equatable {
        package let name: String
        package let place: String
    }

    package var profile: String?
    package var platform: String?
    /// The versions that resources ask for, each for its own component.
    package var versions: [Component: Version] = [:]
    /// The components that have a resource of their own.
    package var resources: Set<Component> = []
    package var namespace: String?
    package var componentNamespaces: [Component: String] = [:]
    package var disabled: Set<Component> = []

    package init() {}

    /// Takes what the other says where it says something.
    mutating func merge(_ other: Settings) {
        profile = other.profile ?? profile
        platform = other.platform ?? platform
        versions.merge(other.versions) { $1 }
        resources.formUnion(other.resources)
        namespace = other.namespace ?? namespace
        componentNamespaces.merge(other.componentNamespaces) { $1 }
        disabled.formUnion(other.disabled)
    }
}

/// Reads one document of a values file: plain values, or a resource of IstioOperator or of the Sail Operator.
struct ResourceReader {
    private(set) var values = Mapping()
    private(set) var settings = Settings()
    /// The only components that get the values; all where `nil`.
    private(set) var components: Set<Component>?
    /// The paths below which the values lie.
    private(set) var prefixes: [[String]] = [[]]
    /// What the document has and sail does not take.
    private(set) var errors: [IstioError] = []
    private let place: ([String]) -> String

    /// `place` names the place of a path.
    init(_ document: Mapping, place: @escaping ([String]) -> String) {
        self.place = place
        let group = document["apiVersion"]?.string?.split(separator: "/").first ?? ""
        let kind = document["kind"]?.string ?? ""
        let spec = document["spec"]?.map ?? Mapping()
        if !kind.isEmpty { prefixes = [["spec", "values"], ["spec"]] }
        switch (group, kind) {
        case ("install.istio.io", "IstioOperator"): readOperator(spec)
        case ("sailoperator.io", "Istio"): readSail(spec, [.istiod, .base])
        case ("sailoperator.io", "IstioCNI"): readSail(spec, [.cni])
        case ("sailoperator.io", "ZTunnel"): readSail(spec, [.ztunnel])
        case ("", ""): values = document
        default:
            refuse(
                ["kind"],
                "a values file holds plain values, an IstioOperator, or an Istio, IstioCNI or ZTunnel resource")
        }
    }

    private mutating func refuse(_ path: [String], _ remedy: String) {
        errors.append(.refusedField(place: place(path), path: path.joined(separator: "."), remedy: remedy))
    }

    /// Whether a document is an IstioOperator.
    static func isOperator(_ document: Value) -> Bool {
        document["kind"]?.string == "IstioOperator"
            && document["apiVersion"]?.string?.hasPrefix("install.istio.io/") == true
    }

    /// `spec` of a sailoperator.io resource, which speaks for its own components.
    private mutating func readSail(_ spec: Mapping, _ components: [Component]) {
        values = spec["values"]?.map ?? Mapping()
        settings.profile = spec["profile"]?.string
        if let name = spec["version"]?.string {
            let version = Settings.Version(name: name, place: place(["spec", "version"]))
            for component in components { settings.versions[component] = version }
        }
        (self.components, settings.resources) = (Set(components), Set(components))
        guard let namespace = spec["namespace"]?.string else { return }
        if components.contains(.istiod) {
            settings.namespace = namespace
        } else {
            for component in components { settings.componentNamespaces[component] = namespace }
        }
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
            refuse(["spec", key], "sail does not read this field; remove it")
        }
    }

    private mutating func readComponent(_ key: String, _ value: Value) {
        guard let component = Component.allCases.first(where: { $0.traits.operatorKey == key }) else {
            if isEnabled(value) || value.list?.contains(where: isEnabled) == true {
                let remedy =
                    "sail installs ambient mode only; install gateways from their own chart or as Gateway resources"
                refuse(["spec", "components", key], remedy)
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
                refuse(path, "set it under spec.values.\(section) instead")
            }
        }
    }

    /// `env` is a list of names and values there, and a map in values.
    private mutating func readEnvironment(_ list: Value, section: String, path: [String]) {
        for (index, entry) in (list.list ?? []).enumerated() {
            guard let name = entry["name"]?.string, let value = entry["value"] else {
                refuse(path + ["\(index)"], "only entries with name and value can be taken over")
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

/// Where an IstioOperator may have a value besides `spec.values`.
func operatorPaths(of path: [String]) -> [[String]] {
    var found = operatorFields.filter { $0.path == path }.map { ["spec", $0.field] }
    if path.count > 1, let component = Component.allCases.first(where: { $0.traits.key == path[0] }) {
        let own = ["spec", "components", component.traits.operatorKey]
        found.append(own + path.dropFirst())
        found.append(own + ["k8s"] + path.dropFirst())
    }
    return found
}

private let operatorKeys = operatorFields.map(\.field) + ["values", "profile", "components"]

/// Fields of `k8s:` that have a value of the same meaning under the component's section.
private let deploymentFields = [
    "resources": "resources", "replicaCount": "replicaCount", "nodeSelector": "nodeSelector",
    "tolerations": "tolerations", "affinity": "affinity", "podAnnotations": "podAnnotations",
    "serviceAnnotations": "serviceAnnotations", "priorityClassName": "priorityClassName",
    "imagePullPolicy": "imagePullPolicy",
]
