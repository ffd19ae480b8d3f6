import Arguments

/// What users of istioctl, helm, kubectl, cilium and linkerd type: taken where it means the same, else answered.
let peerWords: [PeerWord] = peerCommands + peerFlags

private let peerCommands: [PeerWord] = [
    // The same under another name.
    PeerWord("apply", of: "istioctl, kubectl", .command(["install"])),
    PeerWord("manifest apply", of: "istioctl", .command(["install"])),
    PeerWord("manifest install", of: "istioctl", .command(["install"])),
    PeerWord("delete", of: "helm, kubectl", .command(["uninstall"])),
    PeerWord("del", of: "helm", .command(["uninstall"])),
    PeerWord("un", of: "helm", .command(["uninstall"])),
    PeerWord("remove", of: "istioctl, helm", .command(["uninstall"])),
    PeerWord("hist", of: "helm", .command(["history"])),
    PeerWord("rollout history", of: "kubectl", .command(["history"])),
    PeerWord("rollout undo", of: "kubectl", .command(["rollback"])),
    PeerWord("profile dump", of: "istioctl", .command(["profile", "show"])),
    PeerWord("profile ls", of: "istioctl", .command(["profile", "list"])),
    PeerWord("pre-check", of: "istioctl", .command(["precheck"])),
    PeerWord("x precheck", of: "istioctl", .command(["precheck"])),
    PeerWord("experimental precheck", of: "istioctl", .command(["precheck"])),
    PeerWord("charts ls", of: "helm", .command(["charts", "list"])),
    PeerWord("pull", of: "helm", .command(["charts", "pull"])),
    PeerWord("fetch", of: "helm", .command(["charts", "pull"])),
    PeerWord("search repo", of: "helm", .command(["charts", "list"])),
    PeerWord("manifest template", of: "helm", .command(["manifest", "generate"])),

    // Answered.
    PeerWord(
        "list", of: "helm, istioctl",
        .answer(
            "sail status shows what runs, sail history what was installed when, sail versions what can be installed")),
    PeerWord(
        "ls", of: "helm",
        .answer(
            "sail status shows what runs, sail history what was installed when, sail versions what can be installed")),
    PeerWord(
        "verify-install", of: "istioctl",
        .answer("sail status tells whether the mesh is healthy, sail diff whether its objects are as they should be")),
    PeerWord(
        "check", of: "linkerd",
        .answer("sail precheck checks the cluster before an installation, sail status the mesh after it")),
    PeerWord(
        "analyze", of: "istioctl", .answer("sail precheck checks the cluster; istioctl analyze reads your routes")),
    PeerWord(
        "analyse", of: "istioctl", .answer("sail precheck checks the cluster; istioctl analyze reads your routes")),
    PeerWord("bug-report", of: "istioctl", .answer("sail bundle writes an archive for a support request")),
    PeerWord("sysdump", of: "cilium", .answer("sail bundle writes an archive for a support request")),
    PeerWord(
        "proxy-status", of: "istioctl",
        .answer("sail status shows ztunnel and waypoints; istioctl proxy-status works beside sail")),
    PeerWord(
        "ps", of: "istioctl",
        .answer("sail status shows ztunnel and waypoints; istioctl proxy-status works beside sail")),
    PeerWord("proxy-config", of: "istioctl", .answer("istioctl proxy-config works beside sail")),
    PeerWord("pc", of: "istioctl", .answer("istioctl proxy-config works beside sail")),
    PeerWord("ztunnel-config", of: "istioctl", .answer("istioctl ztunnel-config works beside sail")),
    PeerWord("zc", of: "istioctl", .answer("istioctl ztunnel-config works beside sail")),
    PeerWord("dashboard", of: "istioctl, linkerd", .answer("istioctl dashboard works beside sail")),
    PeerWord(
        "operator", of: "istioctl",
        .answer("there is no operator to install; sail adopt takes a mesh over from the Sail Operator")),
    PeerWord(
        "tag", of: "istioctl",
        .answer(
            "sail installs one revision and moves no namespaces between revisions; sail upgrade changes it in place")),
    PeerWord(
        "kube-inject", of: "istioctl",
        .answer("ambient mode has no sidecars: sail enroll NAMESPACE")),
    PeerWord(
        "inject", of: "linkerd",
        .answer("ambient mode has no sidecars: sail enroll NAMESPACE")),
    PeerWord(
        "create-remote-secret", of: "istioctl",
        .answer("sail installs one cluster; istioctl makes the secrets between them")),
    PeerWord(
        "remote-clusters", of: "istioctl", .answer("sail installs one cluster; istioctl lists those it is joined to")),
    PeerWord("clustermesh", of: "cilium", .answer("sail installs one cluster at a time")),
    PeerWord(
        "validate", of: "istioctl", .answer("sail manifest generate checks values, sail diff asks the server too")),
    PeerWord("lint", of: "helm", .answer("sail manifest generate checks values, sail template renders a chart")),
    PeerWord("x", of: "istioctl", .answer("nothing here is experimental; sail precheck is a command of its own")),
    PeerWord(
        "experimental", of: "istioctl", .answer("nothing here is experimental; sail precheck is a command of its own")),
    PeerWord("repo", of: "helm", .answer("a repository needs no registration: give it with --charts https://…")),
    PeerWord(
        "registry", of: "helm",
        .answer("credentials of docker login and helm registry login are used; give --charts oci://…")),
    PeerWord("search", of: "helm", .answer("sail versions --remote and sail charts list show what a source has")),
    PeerWord("show", of: "helm", .answer("sail values prints the values, sail get what was installed with")),
    PeerWord("inspect", of: "helm", .answer("sail values prints the values, sail get what was installed with")),
    PeerWord("explain", of: "kubectl", .answer("sail values --explain KEY tells what a value is and who sets it")),
    PeerWord("logs", of: "kubectl", .answer("kubectl logs -n istio-system ds/ztunnel; sail bundle collects all logs")),
    PeerWord("wait", of: "kubectl, istioctl", .answer("sail status --wait waits until the mesh is healthy")),
    PeerWord(
        "rollout", of: "kubectl", .answer("sail status --wait waits, sail history lists, sail rollback goes back")),
    PeerWord("test", of: "helm", .answer("sail status tells whether the mesh is healthy")),
    PeerWord("connectivity", of: "cilium", .answer("sail status tells whether the mesh is healthy")),
    PeerWord("viz", of: "linkerd", .answer("sail installs no dashboards; Istio's addons are kubectl apply away")),
    PeerWord("prune", of: "linkerd", .answer("sail upgrade deletes what the new version no longer has")),
]
