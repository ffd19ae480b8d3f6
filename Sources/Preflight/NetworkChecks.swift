internal import Values

/// A setting of another CNI that breaks ambient mode.
private struct CiliumSetting {
    var isWrong: @Sendable (_ setting: (String) -> String) -> Bool
    var severity: Finding.Severity
    var message: String
    var remedy: String
}

/// Keys of ConfigMap kube-system/cilium-config (also of GKE's Dataplane V2).
private let ciliumTable: [CiliumSetting] = [
    CiliumSetting(
        isWrong: { $0("cni-exclusive") == "true" }, severity: .blocking,
        message: "Cilium removes other CNI plugins (cni-exclusive is true), so pods would bypass the mesh",
        remedy: ciliumCommand("cni.exclusive=false")),
    CiliumSetting(
        isWrong: { $0("enable-bpf-masquerade") == "true" }, severity: .blocking,
        message:
            "Cilium masquerades by BPF (enable-bpf-masquerade is true), which breaks the health probes of captured pods",
        remedy: ciliumCommand("bpf.masquerade=false")),
    CiliumSetting(
        isWrong: { setting in
            let replaces = ["true", "strict"].contains(setting("kube-proxy-replacement"))
            return (replaces || setting("bpf-lb-sock") == "true") && setting("bpf-lb-sock-hostns-only") != "true"
        }, severity: .warning,
        message: "Cilium balances services at the pods' sockets, before ztunnel sees which service is meant",
        remedy: ciliumCommand("socketLB.hostNamespaceOnly=true")),
]

private func ciliumCommand(_ value: String) -> String {
    "set Cilium's Helm value: helm upgrade cilium cilium/cilium -n kube-system --reuse-values --set \(value)"
}

func ciliumSettings(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard let data = facts.cilium?["data"] else { return [] }
    let setting = { (key: String) in data[key]?.string ?? "" }
    return ciliumTable.filter { $0.isWrong(setting) }.map {
        Finding($0.severity, "cilium", $0.message, remedy: $0.remedy)
    }
}

/// With Calico's eBPF, services are resolved when a pod connects; ztunnel then never sees which service was meant.
func calicoSettings(_ mesh: DesiredMesh, _ facts: ClusterFacts) -> [Finding] {
    guard let spec = facts.felix?["spec"], spec["bpfEnabled"]?.bool == true,
        spec["bpfConnectTimeLoadBalancing"]?.string != "Disabled"
    else { return [] }
    return [
        Finding(
            .warning, "calico",
            "Calico's eBPF balances services at connect time, before ztunnel sees which service is meant",
            remedy:
                "kubectl patch felixconfiguration default --type merge -p '{\"spec\":{\"bpfConnectTimeLoadBalancing\":"
                + "\"Disabled\",\"bpfHostNetworkedNATWithoutCTLB\":\"Enabled\"}}'")
    ]
}
