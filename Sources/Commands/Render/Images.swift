import Istio
import Meshes
import Objects
import Operations
import Terminal
import Values
import YAML

/// `sail images`
func printImages(_ request: Request) throws -> Int32 {
    let objects = try request.options.objects(of: request.options.mesh())
    let names = try images(of: objects)
    if request.wantsDigests { return try printDigests(names, request) }
    return try request.print(Output(names.map { $0 + "\n" }.joined()) { .list(names.map { .string($0) }) })
}

/// Each image and, where the catalogue has it, its digest.
private func printDigests(_ names: [String], _ request: Request) throws -> Int32 {
    let images = names.map { name in
        let at = name.firstIndex(of: "@") ?? name.endIndex
        let digest = name[at...].dropFirst()
        return (name: String(name[..<at]), digest: digest.isEmpty ? nil : String(digest))
    }
    let table = Table(["IMAGE", "DIGEST"], rows: images.map { [$0.name, $0.digest ?? "-"] })
    let unknown = images.count { $0.digest == nil }
    if unknown > 0 {
        request.console.note("no digest is known of \(unknown) of \(images.count) images; a --catalogue may have them")
    }
    return try request.print(
        Output(table.text(style: request.console.style)) {
            .list(
                images.map { image in
                    var map: Mapping = ["image": .string(image.name)]
                    if let digest = image.digest { map["digest"] = .string(digest) }
                    return .map(map)
                })
        })
}

/// The images of all containers, and the proxy's, which istiod puts into waypoints and gateways; sorted.
private func images(of objects: [MeshObject]) throws -> [String] {
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
