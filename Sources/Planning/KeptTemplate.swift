internal import Values

/// Labels of pods by which installers know their own, and which nothing reads: to send a pod template without them would
/// restart pods for nothing.
private let bookkeepingPrefixes = ["install.operator.istio.io/", "operator.istio.io/"]

/// The pod template with the bookkeeping labels that it lives with, as long as it names the images that run: what runs
/// stays as it runs until the version changes.
func keepingLabels(_ template: Value, live: Value?, isOurs: ([String]) -> Bool) -> Value {
    guard let live, images(of: template) == images(of: live), case .map(var map) = template,
        let present = live["metadata"]?["labels"]?.map
    else { return template }
    var metadata = map["metadata"]?.map ?? Mapping()
    var labels = metadata["labels"]?.map ?? Mapping()
    for (key, value) in present
    where labels[key] == nil && bookkeepingPrefixes.contains(where: key.hasPrefix)
        && isOurs(["f:spec", "f:template", "f:metadata", "f:labels", "f:" + key])
    {
        labels[key] = value
    }
    metadata["labels"] = labels.isEmpty ? Optional.none : .map(labels)
    map["metadata"] = metadata.isEmpty ? Optional.none : .map(metadata)
    return .map(map)
}

/// The images of a pod template's containers by their names.
private func images(of template: Value) -> [String: String] {
    let containers = (template["spec"]?["containers"]?.list ?? []) + (template["spec"]?["initContainers"]?.list ?? [])
    var images: [String: String] = [:]
    for container in containers {
        images[container["name"]?.string ?? ""] = container["image"]?.string ?? ""
    }
    return images
}
