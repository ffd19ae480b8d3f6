internal import Istio
internal import Objects
internal import Planning
internal import Values

/// An istiod that does not serve ambient belongs to a mesh of sidecars, or has lost the values that made it ambient. A
/// rollback leads to a state that was: it is not asked.
func sidecarMeshes(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    facts.workloads.filter { $0.component == .istiod && !$0.object.servesAmbient }.map { workload in
        Finding(
            .blocking, "sidecar mesh", "\(workload.identity) runs without ambient mode: a mesh of sidecars",
            remedy:
                "where it was ambient before, as before a helm upgrade without --reuse-values, 'sail rollback' leads "
                + "back; else remove that mesh first: sail does not move a mesh from sidecars to ambient")
    }
}

/// A run without istiod, such as of ztunnel alone, has no other control plane.
func otherControlPlanes(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    let deployments = mesh.desired.filter { $0.component == .istiod && $0.identity.kind == "Deployment" }
    let own = Set(deployments.map(\.identity))
    return facts.workloads.filter { $0.component == .istiod }.compactMap { workload in
        guard !own.contains(workload.identity), !own.isEmpty else { return nil }
        if let wanted = deployments.first(where: { $0.identity.namespace == workload.identity.namespace }) {
            return changedRevision(of: workload, to: revision(of: wanted.object))
        }
        return Finding(
            .blocking, "other mesh", "\(workload.identity) is another control plane",
            remedy: "name its namespace with -n, or remove it first")
    }
}

/// Another name in the same namespace is another revision: the objects of all components carry it, so that a change
/// makes a second control plane, and cuts the data plane off from the first.
private func changedRevision(of workload: Workload, to wanted: String) -> Finding {
    let live = revision(of: workload.object)
    let way = live == "default" ? "leave revision out of the values" : "give --set revision=\(live)"
    return Finding(
        .blocking, "revision",
        "\(workload.identity) is the control plane of revision \(live), and the values say revision \(wanted): "
            + "sail does not change the revision of a mesh",
        remedy: "\(way) to upgrade this control plane in place; canary upgrades by revision are not supported, and "
            + "another revision needs sail uninstall first")
}

private func revision(of istiod: Value) -> String {
    istiod.metadata.label(IstioLabel.revision) ?? "default"
}

/// Pods with a sidecar are left alone by the node agent.
func injectionLabels(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    facts.namespaces.compactMap { namespace in
        let labels = namespace.metadata.labels
        let name = namespace.metadata.name
        let injects = labels[IstioLabel.injection]?.string == "enabled" ? "istio-injection=enabled" : nil
        let revision = labels[IstioLabel.revision]?.string.map { "istio.io/rev=\($0)" }
        guard let sign = injects ?? revision else { return nil }
        let isAmbient = labels[IstioLabel.mode]?.string == "ambient"
        return Finding(
            .warning, "sidecar injection",
            "namespace \(name) is labelled \(sign): its pods get sidecars"
                + (isAmbient ? ", and ztunnel leaves those alone" : ""),
            remedy: "kubectl label namespace \(name) \(injects != nil ? IstioLabel.injection : IstioLabel.revision)-, "
                + "and restart its pods, before it joins the mesh")
    }
}

/// What an earlier mesh left behind.
func leftovers(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard facts.workloads.isEmpty else { return [] }
    var findings: [Finding] = []
    if facts.hasRecords {
        findings.append(
            Finding(
                .warning, "leftovers", "there are release records of a mesh, but none of its workloads runs",
                remedy: "sail install completes it, sail uninstall --yes removes it"))
    } else if !facts.definitions.isEmpty {
        findings.append(
            Finding(
                .warning, "leftovers",
                "\(facts.definitions.count) of Istio's CRDs are there from an earlier mesh, with their objects",
                remedy: "sail install takes them over; kubectl get istio-io -A lists their objects"))
    }
    return findings
}
