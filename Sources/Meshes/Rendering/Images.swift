internal import Objects
internal import Values
internal import YAML

/// The images of all containers, and the proxy's, which istiod puts into waypoints and gateways; sorted. Throws where an
/// object is not YAML.
package func images(of objects: [MeshObject]) throws -> [String] {
    var names: Set<String> = []
    for object in objects where workloads.contains(object.identity.kind) {
        collectImages(try Value(yaml: object.text.bytes), into: &names)
    }
    for object in objects where object.identity.kind == "ConfigMap" {
        if let name = try proxyImage(try Value(yaml: object.text.bytes)) { names.insert(name) }
    }
    return names.sorted { $0.precedesByBytes($1) }
}

private let workloads = ["DaemonSet", "Deployment", "StatefulSet", "Job", "CronJob", "Pod", "ReplicaSet"]

private func collectImages(_ value: Value, into names: inout Set<String>) {
    switch value {
    case .list(let list): for element in list { collectImages(element, into: &names) }
    case .map(let map):
        for (key, value) in map {
            if ["containers", "initContainers"].contains(key), case .list(let containers) = value {
                names.formUnion(containers.compactMap { $0["image"]?.string })
            } else {
                collectImages(value, into: &names)
            }
        }
    default: break
    }
}

/// The injector's values name the proxy's image as the templates put it together: HUB/IMAGE:TAG-VARIANT.
private func proxyImage(_ configMap: Value) throws -> String? {
    guard let text = configMap[path: "data", "values"]?.string, let values = try? Value(json: text),
        let global = values["global"], let image = global[path: "proxy", "image"]?.string
    else { return nil }
    if image.contains("/") { return image }
    guard let hub = global["hub"]?.string, let tag = global["tag"]?.string else { return nil }
    let variant = global["variant"]?.string ?? ""
    return "\(hub)/\(image):\(tag)" + (variant.isEmpty ? "" : "-" + variant)
}
