package import Istio
package import Values

/// What is known of a mesh from what its installer left on the cluster.
package struct Remembered: Sendable, Equatable {
    package var profile: String?
    package var platform: String?
    /// The control plane's version.
    package var version: String?
    /// The versions of components that differ from it, or of all.
    package var versions: [Component: String] = [:]
    /// The user's values, scoped as in a values file.
    package var values = Mapping()
    /// What one component alone gets over `values`, in the same form.
    package var ownValues: [Component: Mapping] = [:]
    /// The images that an installer derived from the version of a component.
    package var adopted: [Component: AdoptedImages] = [:]
    /// Namespaces that were given as resources.
    package var namespaces: [GivenNamespace] = []
    /// Values that no schema is asked about, over `values`.
    package var unvalidatedValues = Mapping()
    /// What IstioOperators lay over the rendered objects of components, by the fields of `k8s`.
    package var objectSettings: [Component: Mapping] = [:]
    /// Files of patches with what they hold.
    package var patchFiles: [StoredPatchFile] = []
    /// Where the charts and the catalogue came from.
    package var sources = StoredSources()
    /// Programs that took part in the run, each under the name of its flag.
    package var commands: [String: StoredCommand] = [:]
    /// Where it was found, for messages.
    package var place: String

    package init(place: String) {
        self.place = place
    }

    /// From sail's own note in a record.
    package init?(request: Value, place: String) {
        guard let values = request["values"]?.map else { return nil }
        self.place = place
        self.values = values
        profile = request["profile"]?.string
        platform = request["platform"]?.string
        version = request["version"]?.string
        for component in Component.allCases {
            versions[component] = request[path: "versions", component.rawValue]?.string
            ownValues[component] = request[path: "componentValues", component.rawValue]?.map
            adopted[component] = AdoptedImages(request[path: "adoptedImages", component.rawValue])
        }
        for (name, value) in request["namespaces"]?.map ?? Mapping() {
            let (labels, annotations) = (value["labels"]?.map, value["annotations"]?.map)
            namespaces.append(
                GivenNamespace(
                    name: name, labels: labels ?? Mapping(), annotations: annotations ?? Mapping(),
                    place: "remembered (\(place))"))
        }
        // The values of all in one map are there for older versions of sail.
        if !ownValues.isEmpty { self.values = Mapping() }
        sources = StoredSources(request)
        unvalidatedValues = request["unvalidatedValues"]?.map ?? Mapping()
        for component in Component.allCases {
            objectSettings[component] = request[path: "objectSettings", component.rawValue]?.map
        }
        patchFiles = (request["patches"]?.list ?? []).map(StoredPatchFile.init)
        commands = StoredCommand.all(request)
    }

    /// The version of each component as far as it is known.
    package var allVersions: [Component: String] {
        var all = versions
        guard let version else { return all }
        for component in Component.allCases where all[component] == nil { all[component] = version }
        return all
    }

    /// From the values that Helm gave the four charts: what a chart has at its root goes to the component's own key.
    package init(configs: [Component: Mapping], place: String) {
        self.place = place
        for component in Component.allCases {
            guard let config = configs[component] else { continue }
            // sail's own istiod chart keeps in originalValues what its other values no longer tell.
            for source in [config["originalValues"]?.map ?? Mapping(), config] {
                if let own = source["profile"]?.string, !own.isEmpty { profile = own }
                if let own = source["global"]?["platform"]?.string, !own.isEmpty { platform = own }
            }
            values.merge(Remembered.scoped(Remembered.withoutOurs(config), component))
        }
        // Helm's ztunnel is commonly installed without the profile that the others get.
        if let own = configs[.ztunnel], own["profile"] == nil, own["istioVersion"] == nil { keepZtunnelPlain() }
    }

    /// Without what sail has flags for, or adds by itself.
    static func withoutOurs(_ config: Mapping) -> Mapping {
        var config = config
        for key in ["profile", "platform", "istioVersion", "originalValues"] { config[key] = nil }
        config.removePlatform()
        return config
    }

    /// From resources that an operator keeps the mesh by: Istio, IstioCNI and ZTunnel of the Sail Operator, or an
    /// IstioOperator.
    package init(resources: [Value], place: String) {
        self.place = place
        var followsControlPlane = false
        for resource in resources {
            let reader = ResourceReader(resource.map ?? Mapping()) { _ in place }
            profile = reader.settings.profile ?? profile
            platform = reader.settings.platform ?? platform
            versions.merge(reader.settings.versions.mapValues(\.name)) { $1 }
            objectSettings.merge(reader.settings.objectSettings.mapValues(\.fields)) { $1 }
            unvalidatedValues.merge(reader.unvalidated)
            version = versions[.istiod]
            var own = reader.values
            if let namespace = reader.settings.namespace {
                own.set(.string(namespace), at: ["global", "istioNamespace"])
            }
            guard let components = reader.components else {
                values.merge(own)
                continue
            }
            for component in components { ownValues[component] = Remembered.scoped(own, component) }
            followsControlPlane = followsControlPlane || reader.settings.ztunnelFollowsControlPlane
        }
        if followsControlPlane, var inherited = ownValues[.istiod]?.keeping(SailResource.inheritedKeys) {
            inherited.merge(ownValues[.ztunnel] ?? Mapping())
            ownValues[.ztunnel] = inherited
        }
        if let own = values.value(at: ["global", "platform"])?.string, !own.isEmpty { platform = own }
        values.removePlatform()
        for (component, own) in ownValues {
            if let named = own.value(at: ["global", "platform"])?.string, !named.isEmpty { platform = named }
            ownValues[component]?.removePlatform()
        }
    }

    /// Takes from ztunnel as it runs what no installer but Helm keeps: `container` is its container.
    package mutating func read(ztunnel container: Value) {
        let variables = container["env"]?.list ?? []
        func value(_ name: String) -> String? { variables.first { $0["name"]?.string == name }?["value"]?.string }
        if value("ISTIO_META_ENABLE_HBONE") == nil { keepZtunnelPlain() }
        let path = ["ztunnel", "logLevel"]
        if let level = value("RUST_LOG"), level != "info", values.value(at: path) == nil {
            values.set(.string(level), at: path)
        }
    }

    /// Keeps the mesh's profile from ztunnel, which runs without it.
    private mutating func keepZtunnelPlain() {
        for path in [["global", "variant"], ["meshConfig", "defaultConfig", "proxyMetadata"]] {
            let own = ["ztunnel"] + path
            if values.value(at: path) == nil, values.value(at: own) == nil { values.set(.null, at: own) }
        }
    }

    /// From istiod's ConfigMap `values`, which every installer leaves.
    package init?(configMap: Value) {
        let text = configMap["data"]?["original-values"]?.string ?? configMap["data"]?["values"]?.string
        guard let text, let original = try? Value(json: text), case .map(let config) = original else { return nil }
        self.init(configs: [.istiod: config], place: "ConfigMap values")
    }

    static func scoped(_ config: Mapping, _ component: Component) -> Mapping {
        guard component == .cni || component == .ztunnel else { return config }
        let key = component.traits.key
        var own = Mapping()
        var root = Mapping()
        for (name, value) in config where name != key {
            // These are everyone's; ztunnel's chart gets the mesh's configuration from the root too.
            if name == "global" || (name == "meshConfig" && component == .ztunnel) {
                root[name] = value
            } else {
                own[name] = value
            }
        }
        // In the charts, too, what is below the section wins.
        own.merge(config[key]?.map ?? Mapping())
        if !own.isEmpty { root[key] = .map(own) }
        return root
    }
}

extension Mapping {
    fileprivate mutating func removePlatform() {
        guard case .map(var global) = self["global"] else { return }
        global["platform"] = nil
        self["global"] = global.isEmpty ? nil : .map(global)
    }
}
