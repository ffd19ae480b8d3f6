import Istio
import Values

/// Hands a component's chart the part of the user's values that it reads.
///
/// `global` goes to all. base: `base`, `defaultRevision`, `experimental`; istiod: all but the others' sections;
/// cni: `cni`; ztunnel: `ztunnel` flattened to the root, for its chart knows no section of its own, with `meshConfig`.
func values(for component: Component, from root: Mapping) -> Mapping {
    switch component {
    case .base: root.keeping(sharedKeys + baseKeys)
    case .istiod: Gateways.removed(from: root.removing(["cni", "ztunnel"]))
    case .cni: root.keeping(sharedKeys + ["cni"])
    case .ztunnel: ztunnelValues(root)
    }
}

/// What every chart is given.
let sharedKeys = ["global", "revision", "ownerName", "profile", "compatibilityVersion"]

/// What base's chart is given beside it.
let baseKeys = ["base", "defaultRevision", "experimental"]

/// What ztunnel's chart reads at its root, as a user of Helm would set it, and everyone else in `global`.
let flattenedKeys = ["multiCluster", "network"]

private func ztunnelValues(_ root: Mapping) -> Mapping {
    var values = root.keeping(sharedKeys + ["meshConfig"])
    for key in flattenedKeys {
        if let value = root["global"]?[key] { values[key] = value }
    }
    if case .map(let own)? = root["ztunnel"] { values.merge(own) }
    return values
}

/// The user's own path for a path within a chart's values: `ztunnel.logLevel` for the ztunnel chart's `logLevel`.
func scopedPath(of path: [String], in component: Component, root: Mapping) -> [String] {
    guard component == .ztunnel, let first = path.first else { return path }
    if root.value(at: ["ztunnel"] + path) != nil { return ["ztunnel"] + path }
    return flattenedKeys.contains(first) ? ["global"] + path : path
}

/// The paths within a chart's values that a path of the user's stands for: both `cni.logLevel` and `logLevel` in cni's.
func chartPaths(of path: [String], in component: Component) -> [[String]] {
    guard let first = path.first, first == component.traits.key, path.count > 1 else {
        let isOthers = Component.allCases.contains { $0 != component && $0.traits.key == path.first }
        return isOthers ? [] : [path]
    }
    let rest = Array(path.dropFirst())
    return component == .ztunnel ? [rest] : [path, rest]
}

extension Mapping {
    func keeping(_ keys: [String]) -> Mapping {
        Mapping(filter { keys.contains($0.key) })
    }

    func removing(_ keys: [String]) -> Mapping {
        Mapping(filter { !keys.contains($0.key) })
    }
}
