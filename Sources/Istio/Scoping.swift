package import Values

/// Hands each component's chart the part of the user's values that it reads.
///
/// base: `base`, `global`, `defaultRevision`, `revision`; istiod: all but the others' sections; cni: `cni`;
/// ztunnel: `ztunnel` flattened to the root, for its chart knows no section of its own. `global` goes to all.
package func values(for component: Component, from root: Mapping) -> Mapping {
    switch component {
    case .base: root.keeping(shared + ["base", "defaultRevision", "experimental"])
    case .istiod: root.removing(["base", "cni", "ztunnel"])
    case .cni: root.keeping(shared + ["cni"])
    case .ztunnel: ztunnelValues(root)
    }
}

/// What every chart reads.
private let shared = ["global", "revision", "profile", "platform", "compatibilityVersion"]

private func ztunnelValues(_ root: Mapping) -> Mapping {
    var values = root.keeping(shared + ["meshConfig"])
    // The chart reads these two at its root, as a user of Helm would set them.
    for key in ["multiCluster", "network"] {
        if let value = root["global"]?[key] { values[key] = value }
    }
    if case .map(let own)? = root["ztunnel"] { values.overlay(own) }
    return values
}

/// The user's own path for a path within a chart's values: `ztunnel.logLevel` for the ztunnel chart's `logLevel`.
func scopedPath(of path: [String], in component: Component, root: Mapping) -> [String] {
    guard component == .ztunnel, let first = path.first else { return path }
    if root["ztunnel"]?.map?.value(at: path) != nil { return ["ztunnel"] + path }
    if ["multiCluster", "network"].contains(first) { return ["global"] + path }
    return path
}

extension Mapping {
    func keeping(_ keys: [String]) -> Mapping {
        Mapping(filter { keys.contains($0.key) })
    }

    func removing(_ keys: [String]) -> Mapping {
        Mapping(filter { !keys.contains($0.key) })
    }
}
