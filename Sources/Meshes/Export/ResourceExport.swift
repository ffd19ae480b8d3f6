import Istio
import Objects
import SailResources
import Values

/// The resources of the Sail Operator that ask for a mesh, in one file after the namespaces, which the operator makes none of.
extension Export {
    func resourceFiles() throws -> [ExportedFile] {
        let namespaces = self.namespaces.map { name, labels -> Value in
            var metadata: Mapping = ["name": .string(name)]
            if !labels.isEmpty { metadata["labels"] = .map(labels) }
            return ["apiVersion": "v1", "kind": "Namespace", "metadata": .map(metadata)]
        }
        return [try file(Export.resourceFile, namespaces + resources.map { .map($0) })]
    }

    /// The name of the file.
    package static let resourceFile = "mesh.yaml"
}

extension Mesh {
    /// An Istio, an IstioCNI and a ZTunnel with the user's values of their components, as far as these are parts.
    ///
    /// ztunnel refers to the Istio, whose `global` and `meshConfig` it takes over, and repeats only what differs from them.
    /// Throws `IstioError` where the definitions cannot be read.
    func resources() throws -> [Mapping] { try SailKind.all.compactMap(resource) }

    private func resource(_ kind: SailKind) throws -> Mapping? {
        guard let leading = kind.definition.components.first,
            let part = parts.first(where: { $0.component == leading })
        else { return nil }
        var spec: Mapping = [
            "version": .string(part.release.version.withVersionPrefix), "namespace": .string(part.namespace),
        ]
        if leading != .ztunnel { spec["profile"] = .string(profileOfResources) }
        var values = givenValues(of: leading)
        if leading == .ztunnel, parts.contains(where: { $0.component == .istiod }) {
            spec["targetRef"] = ["kind": .string(ResourceKind.istio.name), "name": "default"]
            let inherited = givenValues(of: .istiod).keeping(SailResource.inheritedKeys)
            values = difference(inherited, values)
        } else if leading == .ztunnel {
            for key in flattenedKeys where values["ztunnel"]?[key] == nil {
                if let value = values["global"]?[key] { values.set(value, at: ["ztunnel", key]) }
            }
        }
        // An API server drops nulls.
        values = values.removingNulls
        if !values.isEmpty { spec["values"] = .map(values) }
        let resource: Mapping = [
            "apiVersion": .string("\(ResourceKind.group)/\(kind.definition.storedVersion.name)"),
            "kind": .string(kind.name), "metadata": ["name": "default"], "spec": .map(spec),
        ]
        return kind.isControlPlane ? resource : try resource.withoutOthersGlobals(kind.definition)
    }

    private var profileOfResources: String { platform == "openshift" ? "openshift-ambient" : Profiles.ambient }

    /// The part of the user's values that the resource of a component holds, with the platform of the flags.
    private func givenValues(of component: Component) -> Mapping {
        var values = userValues(of: component)
        values.merge(layers.filter { $0.isUsers && $0.isUnvalidated }.seen(by: component).merged)
        if let platform, platform != "openshift" { values.set(.string(platform), at: ["global", "platform"]) }
        switch component {
        case .base, .istiod: return values.removing(["cni", "ztunnel", "profile"])
        case .cni: return values.keeping(["global", "cni"])
        case .ztunnel: return values.keeping(["global", "ztunnel"])
        }
    }
}

extension Mapping {
    /// A node agent's resource without the keys of `global` that its definition does not know, which are for istiod.
    fileprivate func withoutOthersGlobals(_ kind: ResourceKind) throws -> Mapping {
        let admission = Admission(self, kind.storedVersion, of: kind, try ResourceSchema.builtIn())
        var result = self
        let globals = ["spec", "values", "global"]
        for fault in admission.faults where fault.isUnknownField && fault.path.starts(with: globals) {
            result.set(nil, at: fault.path)
        }
        return result
    }
}
