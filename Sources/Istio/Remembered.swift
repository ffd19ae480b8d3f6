package import Values

/// What is known of a mesh from what its installer left on the cluster.
package struct Remembered: Sendable, Equatable {
    package var profile: String?
    package var platform: String?
    package var version: String?
    /// The user's values, scoped as in a values file.
    package var values = Mapping()
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
        for resource in resources {
            let reader = ResourceReader(resource.map ?? Mapping())
            let component = Remembered.owners[resource["kind"]?.string ?? ""]
            values.merge(component.map { Remembered.scoped(reader.values, $0) } ?? reader.values)
            profile = reader.settings.profile ?? profile
            version = reader.settings.version ?? version
            if let namespace = reader.settings.namespace {
                values.set(.string(namespace), at: ["global", "istioNamespace"])
            }
        }
        if let own = values.value(at: ["global", "platform"])?.string, !own.isEmpty { platform = own }
        values.removePlatform()
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

    private static let owners: [String: Component] = ["IstioCNI": .cni, "ZTunnel": .ztunnel]

    /// From istiod's ConfigMap `values`, which every installer leaves.
    package init?(configMap: Value) {
        let text = configMap["data"]?["original-values"]?.string ?? configMap["data"]?["values"]?.string
        guard let text, let original = try? Value(json: text), case .map(let config) = original else { return nil }
        self.init(configs: [.istiod: config], place: "ConfigMap values")
    }

    static func scoped(_ config: Mapping, _ component: Component) -> Mapping {
        guard component == .cni || component == .ztunnel else { return config }
        let key = component.traits.key
        var own = config[key]?.map ?? Mapping()
        var root = Mapping()
        for (name, value) in config where name != key {
            // These are everyone's; ztunnel's chart gets the mesh's configuration from the root too.
            if name == "global" || (name == "meshConfig" && component == .ztunnel) {
                root[name] = value
            } else {
                own[name] = value
            }
        }
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
