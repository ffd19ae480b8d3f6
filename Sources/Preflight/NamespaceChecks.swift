internal import Objects
internal import Planning
internal import Values

func namespaceStates(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let used = Set(mesh.desired.map(\.identity.namespace))
    return facts.namespaces.filter { used.contains($0.name) }.compactMap { item in
        guard case .map(var namespace) = item else { return nil }
        namespace["kind"] = "Namespace"
        guard let termination = termination(of: .map(namespace)) else { return nil }
        return Finding(
            termination.isHeld ? .blocking : .warning, "namespace", "namespace \(item.name) \(termination)",
            remedy: termination.isHeld
                ? "start the controllers that own these finalizers, or remove them: kubectl edit namespace \(item.name)"
                : "a run waits for its end, at most --timeout")
    }
}

/// ztunnel and the node agent use host paths, the network's capabilities and the host's namespaces.
func podSecurity(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    facts.namespaces.compactMap { namespace in
        let names = nodeAgents(mesh).filter { $0.namespace == namespace.name }.map(\.name)
        let label = "pod-security.kubernetes.io/enforce"
        guard !names.isEmpty, let level = namespace.metadata.label(label), level != "privileged"
        else { return nil }
        return Finding(
            .blocking, "pod security",
            "namespace \(namespace.name) enforces the level \(level); \(names.joined(separator: " and ")) need privileged",
            remedy: "kubectl label namespace \(namespace.name) --overwrite \(label)=privileged")
    }
}

private func nodeAgents(_ mesh: DesiredMesh) -> [ObjectReference] {
    mesh.desired.map(\.identity).filter { $0.kind == "DaemonSet" }
}

extension Value {
    /// The object's own name.
    var name: String { metadata.name }
    /// Its namespace, empty for objects of the whole cluster.
    var namespace: String { metadata.namespace }
}
