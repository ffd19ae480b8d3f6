internal import Objects
internal import Planning
internal import Values

func namespaceStates(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let used = Set(mesh.desired.map(\.identity.namespace))
    return facts.namespaces.filter { used.contains($0.name) && $0["status"]?["phase"]?.string == "Terminating" }.map {
        Finding(
            .blocking, "namespace", "namespace \($0.name) is being deleted",
            remedy:
                "wait until it is deleted; kubectl get namespace \($0.name) -o yaml shows in its status what holds it")
    }
}

/// ztunnel and the node agent use host paths, the network's capabilities and the host's namespaces.
func podSecurity(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    facts.namespaces.compactMap { namespace in
        let names = nodeAgents(mesh).filter { $0.namespace == namespace.name }.map(\.name)
        let label = "pod-security.kubernetes.io/enforce"
        guard !names.isEmpty, let level = namespace["metadata"]?["labels"]?[label]?.string, level != "privileged"
        else { return nil }
        return Finding(
            .blocking, "pod security",
            "namespace \(namespace.name) enforces the level \(level); \(names.joined(separator: " and ")) need privileged",
            remedy: "kubectl label namespace \(namespace.name) --overwrite \(label)=privileged")
    }
}

private func nodeAgents(_ mesh: DesiredMesh) -> [Identity] {
    mesh.desired.map(\.identity).filter { $0.kind == "DaemonSet" }
}

extension Value {
    /// The object's own name.
    var name: String { self["metadata"]?["name"]?.string ?? "" }
    /// Its namespace, empty for objects of the whole cluster.
    var namespace: String { self["metadata"]?["namespace"]?.string ?? "" }
}
