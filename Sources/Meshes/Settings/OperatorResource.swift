import Istio
import Values

/// Reads an IstioOperator: every field becomes a value or a setting, or is refused with what to write instead.
struct OperatorResource {
    var check: DocumentCheck
    private(set) var values = Mapping()
    /// Values that no schema is asked about, over all others.
    private(set) var unvalidated = Mapping()
    private(set) var settings = Settings()

    init(_ version: String, _ document: Mapping, _ check: DocumentCheck) {
        self.check = check
        guard version == "v1alpha1" else {
            self.check.refuse(["apiVersion"], "IstioOperator has install.istio.io/v1alpha1; write that")
            return
        }
        read(document)
    }

    private mutating func read(_ document: Mapping) {
        check.check(document, resourceFields.merging(["spec": .map]) { $1 }, at: [])
        let metadata = check.map("metadata", of: document, at: [], fields: metadataFields)
        let spec = check.map("spec", of: document, at: [], fields: OperatorResource.fields)
        for (field, path) in OperatorResource.valueFields {
            if let value = spec[field] { values.set(value, at: path) }
        }
        for (field, remedy) in OperatorResource.refusedFields where spec[field] != nil {
            check.refuse(["spec", field], remedy)
        }
        readDefaultRevision(spec)
        if case .map(let own)? = spec["values"] { values.merge(own) }
        unvalidated = spec["unvalidatedValues"]?.map ?? Mapping()
        readProfile(spec)
        readNamespace(spec, metadata)
        let components = check.map("components", of: spec, at: ["spec"], fields: nil)
        for (key, value) in components { readComponent(key, value) }
    }

    /// Fields of the spec, each with what it may hold.
    private static let fields: [String: FieldType] = [
        "profile": .string, "installPackagePath": .string, "hub": .any, "tag": .any, "resourceSuffix": .any,
        "namespace": .string, "revision": .any, "defaultRevision": .bool, "meshConfig": .map, "components": .map,
        "addonComponents": .map, "values": .map, "unvalidatedValues": .map, "compatibilityVersion": .any,
    ]

    /// Fields that are values under another name.
    fileprivate static let valueFields: [(field: String, path: [String])] = [
        ("hub", ["global", "hub"]), ("tag", ["global", "tag"]), ("meshConfig", ["meshConfig"]),
        ("revision", ["revision"]), ("compatibilityVersion", ["compatibilityVersion"]),
    ]

    private static let refusedFields = [
        ("installPackagePath", "sail has its charts inside; remove it, or name other charts with --charts"),
        ("resourceSuffix", "no chart reads it; remove it"),
        ("addonComponents", "sail installs no addons; remove it, and install them from their own charts"),
    ]

    /// Whether this revision is the one that objects without a revision of their own get.
    private mutating func readDefaultRevision(_ spec: Mapping) {
        guard case .bool(let isDefault)? = spec["defaultRevision"] else { return }
        let revision = spec["revision"]?.string ?? ""
        values["defaultRevision"] = .string(isDefault ? (revision.isEmpty ? "default" : revision) : "")
    }

    private mutating func readProfile(_ spec: Mapping) {
        guard let name = spec["profile"]?.string else {
            check.warn(
                ["spec"], "has no profile, which istioctl takes for default, a mesh of sidecars; sail installs ambient")
            return
        }
        let profile = ResourceProfile(name)
        if let refusal = profile.refusal {
            check.refuse(["spec", "profile"], refusal)
            return
        }
        settings.platform = profile.platform
        settings.profile = profile.platform == nil ? name : Profiles.ambient
    }

    /// Without a namespace of its own the mesh goes where the resource is.
    private mutating func readNamespace(_ spec: Mapping, _ metadata: Mapping) {
        for (path, name) in [
            (["spec", "namespace"], spec["namespace"]?.string),
            (["metadata", "namespace"], metadata["namespace"]?.string),
        ] {
            guard let name, !name.isEmpty else { continue }
            if !isDNSLabel(name) {
                check.refuse(
                    path, "\"\(name)\" is no name of a namespace: lower-case letters, digits and -, at most 63")
            }
            settings.namespace = name
            return
        }
    }

    private mutating func readComponent(_ key: String, _ value: Value) {
        let path = ["spec", "components", key]
        guard let component = Component.allCases.first(where: { $0.traits.operatorKey == key }) else {
            readOther(key, value, at: path)
            return
        }
        guard case .map(let map) = value else {
            if !value.isNull { check.wrong(value, "a map", at: path) }
            return
        }
        check.check(map, OperatorResource.componentFields, at: path)
        if case .bool(false)? = map["enabled"] { settings.disabled.insert(component) }
        if let name = map["namespace"]?.string, !name.isEmpty { readNamespace(name, of: component, at: path) }
        let section = component.traits.key
        for field in ["hub", "tag"] {
            guard let setting = map[field], !setting.isNull else { continue }
            guard component != .base else {
                check.refuse(path + [field], "base has no image; remove it")
                continue
            }
            values.set(setting, at: [section, field])
        }
        let pods = check.map("k8s", of: map, at: path, fields: nil)
        var own = PodSettings(component, path: path + ["k8s"], check)
        own.read(pods)
        for (field, value) in map["k8s"]?.map ?? Mapping() where value.isNull { own.takeBack(field) }
        values.merge(own.values)
        if !own.objects.fields.isEmpty { settings.objectSettings[component] = own.objects }
        check = own.check
    }

    /// istiod's is the mesh's, and base goes with it.
    private mutating func readNamespace(_ name: String, of component: Component, at path: [String]) {
        if !isDNSLabel(name) {
            check.refuse(
                path + ["namespace"],
                "\"\(name)\" is no name of a namespace: lower-case letters, digits and -, at most 63")
        }
        if component.traits.isNodeAgent {
            settings.componentNamespaces[component] = name
        } else if let mesh = settings.namespace, mesh != name {
            check.refuse(
                path + ["namespace"], "is \(name), and the mesh's is \(mesh); write spec.namespace for both")
        } else if component == .istiod {
            settings.namespace = name
        }
    }

    private static let componentFields: [String: FieldType] = [
        "enabled": .bool, "namespace": .string, "hub": .any, "tag": .any, "k8s": .map, "spec": .any,
    ]

    /// Gateways and an istiod elsewhere: passed over where they are switched off.
    private mutating func readOther(_ key: String, _ value: Value, at path: [String]) {
        guard let remedy = OperatorResource.otherComponents[key] else {
            let known = Component.allCases.map(\.traits.operatorKey) + OperatorResource.otherComponents.keys
            check.unknown(path, known: known)
            return
        }
        let entries = value.list ?? (value.isNull ? [] : [value])
        let isAsked = entries.contains { entry in
            if case .bool(false)? = entry["enabled"] { false } else { true }
        }
        if isAsked { check.refuse(path, remedy) }
    }

    private static let gateways =
        "sail installs ambient mode only; install gateways from their own chart or as Gateway resources, "
        + "and write enabled: false here"

    private static let otherComponents = [
        "ingressGateways": gateways, "egressGateways": gateways,
        "istiodRemote": "sail installs a control plane in its own cluster; write enabled: false here",
    ]
}

/// Where an IstioOperator may have a value besides `spec.values`.
func operatorPaths(of path: [String]) -> [[String]] {
    var found = OperatorResource.valueFields.filter { $0.path == path }.map { ["spec", $0.field] }
    if path.count > 1, let component = Component.allCases.first(where: { $0.traits.key == path[0] }) {
        let own = ["spec", "components", component.traits.operatorKey]
        found.append(own + path.dropFirst())
        found.append(own + ["k8s"] + path.dropFirst())
    }
    return found
}
