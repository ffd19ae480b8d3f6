import Istio
import Objects
import SailResources
import Values

/// The resources of the Sail Operator that ask for a mesh, in one file after the namespaces: the operator makes none.
extension Export {
    func resourceFiles() throws -> [ExportedFile] {
        let flags = options.reconcileFlags.joined(separator: " ").onOneLine
        let comment =
            flags.isEmpty
            ? ""
            : "# sail reconcile gives this mesh with \(flags); the Sail Operator has charts of its own.\n"
        return [try file("mesh.yaml", namespaceObjects + resources.map { .map($0) }, comment: comment)]
    }
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
        if leading != .ztunnel {
            spec["profile"] = .string(ResourceProfile.ambient(on: platform).name)
        } else if hasControlPlane {
            spec["targetRef"] = ["kind": .string(ResourceKind.istio.name), "name": "default"]
        }
        // An API server drops nulls.
        let values = givenValues(of: leading).removingNulls
        if !values.isEmpty { spec["values"] = .map(values) }
        let resource: Mapping = [
            "apiVersion": .string("\(ResourceKind.group)/\(kind.definition.storedVersion.name)"),
            "kind": .string(kind.name), "metadata": ["name": "default"], "spec": .map(spec),
        ]
        return kind.isControlPlane ? resource : try resource.withoutOthersGlobals(kind.definition)
    }

    private var hasControlPlane: Bool { parts.contains { $0.component == .istiod } }

    /// The part of the user's values that the resource of a component holds, with the platform that the charts are told.
    private func givenValues(of component: Component) -> Mapping {
        var values = layers.filter(\.isUsers).seen(by: component).merged
        if let platform = layers.toldPlatform, platform != ResourceProfile.ambient(on: platform).platform {
            values.set(.string(platform), at: ["global", "platform"])
        }
        switch component {
        case .base, .istiod: return values.removing(["cni", "ztunnel", "profile"])
        case .cni: return values.keeping(["global", "cni"])
        case .ztunnel: return ztunnelsOwn(values.keeping(["global", "ztunnel"]))
        }
    }

    /// What ztunnel's resource does not take over from the Istio; without one, with what its chart reads at its root.
    private func ztunnelsOwn(_ given: Mapping) -> Mapping {
        guard !hasControlPlane else {
            return difference(givenValues(of: .istiod).keeping(SailResource.inheritedKeys), given)
        }
        var values = given
        for key in flattenedKeys where given["ztunnel"]?[key] == nil {
            if let value = given["global"]?[key] { values.set(value, at: ["ztunnel", key]) }
        }
        return values
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
