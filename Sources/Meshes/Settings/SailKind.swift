import Istio
import SailResources
import Values

/// A kind of the Sail Operator that speaks for components of the mesh.
struct SailKind {
    let definition: ResourceKind
    /// The value that makes the mesh ambient without a profile.
    let ambientValue: (path: [String], value: Value)

    /// Kinds of revisions, which are no part of sail.
    static let revisions = [ResourceKind.revision.name, ResourceKind.tag.name]

    static let all = [
        SailKind(
            definition: .istio, ambientValue: (["profile"], "ambient")),
        SailKind(
            definition: .cni, ambientValue: (["cni", "ambient", "enabled"], true)),
        SailKind(
            definition: .ztunnel, ambientValue: (["profile"], "ambient")),
    ]

    var name: String { definition.name }

    var components: Set<Component> { Set(definition.components) }

    /// The namespace where its resource names none.
    var namespace: String { definition.defaultNamespace }

    var isControlPlane: Bool { definition.isControlPlane }

    var indefinite: String { (name.hasPrefix("I") ? "an " : "a ") + name }

    func isAmbient(_ values: Mapping) -> Bool { values.value(at: ambientValue.path) == ambientValue.value }
}
