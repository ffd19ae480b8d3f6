import Arguments

private let writing = ["install", "upgrade", "adopt", "rollback", "uninstall"]
private let applying = ["install", "upgrade", "adopt", "rollback"]

/// Flags of other tools. One that sail has under the same name is sail's own wherever a command has it.
let peerFlags: [PeerWord] = samePeerFlags + standardPeerFlags + answeredPeerFlags

private let samePeerFlags: [PeerWord] = [
    PeerWord("--skip-confirmation", of: "istioctl", .flag("yes")),
    PeerWord("--auto-approve", of: "terraform", .flag("yes")),
    PeerWord("--istioNamespace", of: "istioctl", .flag("namespace")),
    PeerWord("-i", of: "istioctl", .flag("namespace")),
    PeerWord("--readiness-timeout", of: "istioctl", .flag("timeout")),
    PeerWord("--wait-duration", of: "cilium", .flag("timeout")),
    PeerWord("--waypoint-timeout", of: "istioctl", .flag("timeout")),
    PeerWord("--manifests", of: "istioctl", .flag("charts")),
    PeerWord("-d", of: "istioctl", .flag("charts")),
    PeerWord("--chart-directory", of: "cilium", .flag("charts")),
    PeerWord("--filename", of: "istioctl, kubectl", .flag("values")),
    PeerWord("--kube-context", of: "helm", .flag("context")),
    PeerWord("--kube-as-user", of: "helm", .flag("as")),
    PeerWord("--kube-as-group", of: "helm", .flag("as-group")),
    PeerWord("--atomic", of: "helm", .flag("rollback-on-failure")),
    PeerWord("--force-conflict", of: "helm", .flag("force-conflicts")),
    PeerWord("--debug", of: "helm", .flag("trace")),
    PeerWord("--verbose", of: "linkerd", .flag("trace")),
    PeerWord("--no-color", of: "helm, linkerd", .flag("color", value: "never")),
    PeerWord("--no-colour", of: "helm", .flag("color", value: "never")),
    PeerWord("--colour", of: "helm", .flag("color")),
    PeerWord("--destination", of: "helm", on: ["charts pull"], .flag("output-dir")),
]

private let standardPeerFlags: [PeerWord] = [
    PeerWord(
        "--create-namespace", of: "helm", on: ["install", "upgrade"],
        .standard("a missing namespace is created in any case")),
    PeerWord(
        "--reuse-values", of: "helm", on: ["upgrade", "diff"],
        .standard("the stored values are kept unless --reset-values is given")),
    PeerWord(
        "--server-side", of: "kubectl, helm", on: applying + ["diff"],
        .standard("objects are always applied server-side")),
    PeerWord(
        "--show-managed-fields", of: "kubectl", on: ["get manifest"], .standard("the manifest is as it was sent")),
]

private let answeredPeerFlags: [PeerWord] = [
    PeerWord(
        "-r", of: "istioctl", .answer("sail installs one revision and upgrades it in place; leave -r out")),
    PeerWord(
        "--revision", of: "istioctl",
        .answer("sail installs one revision and upgrades it in place; leave --revision out")),
    PeerWord(
        "--force", of: "istioctl, helm",
        .answer(
            "say what is to be forced: --force-conflicts takes fields that others manage, --take-ownership objects of "
                + "another release, --allow-managed goes on beside an operator")),
    PeerWord(
        "--purge", of: "istioctl", on: ["uninstall"],
        .answer("the whole mesh is removed in any case; add --purge-crds to delete policies and routes too")),
    PeerWord(
        "--reset-then-reuse-values", of: "helm",
        .answer("the stored values are laid over the new charts in any case; leave it out")),
    PeerWord(
        "--install", of: "helm", .answer("use sail install, which changes a mesh that is there, too")),
    PeerWord("--cleanup-on-fail", of: "helm", .answer("--rollback-on-failure undoes a failed run")),
    PeerWord("--keep-history", of: "helm", .answer("an uninstalled mesh leaves no release records")),
    PeerWord("--max", of: "helm", .answer("--history-max of install and upgrade limits what is kept")),
    PeerWord("--wait-for-jobs", of: "helm", .answer("the charts have no jobs; --wait waits for all they have")),
    PeerWord(
        "--cascade", of: "helm, kubectl", .answer("sail waits for what it deletes, with all that belongs to it")),
    PeerWord("--ignore-not-found", of: "helm, kubectl", .answer("nothing to remove is no error; leave it out")),
    PeerWord("--grace-period", of: "kubectl", .answer("pods end in the time that their specs give them")),
    PeerWord(
        "--field-manager", of: "kubectl", .answer("the charts' objects are applied as helm, so that Helm can go on")),
    PeerWord("--prune", of: "kubectl", .answer("what a version no longer has is deleted; the plan shows it")),
    PeerWord("--overwrite", of: "kubectl", .answer("--force-conflicts takes fields that others manage")),
    PeerWord("--selector", of: "kubectl", .answer("-c NAME takes a component")),
    PeerWord("-l", of: "kubectl", .answer("-c NAME takes a component")),
    PeerWord("--all-namespaces", of: "kubectl, helm", .answer("the mesh is found in all namespaces; leave it out")),
    PeerWord("-A", of: "kubectl, helm", .answer("the mesh is found in all namespaces; leave it out")),
    PeerWord("-v", of: "kubectl, helm", .answer("--trace shows each request to the API server")),
    PeerWord("--v", of: "kubectl", .answer("--trace shows each request to the API server")),
    PeerWord("--vklog", of: "istioctl", .answer("--trace shows each request to the API server")),
    PeerWord("--log_output_level", of: "istioctl", .answer("--trace shows each request to the API server")),
    PeerWord("--kube-apiserver", of: "helm", .answer("the server is the kubeconfig's: --cluster or --context")),
    PeerWord("--server", of: "kubectl", .answer("the server is the kubeconfig's: --cluster or --context")),
    PeerWord(
        "--token", of: "kubectl", .answer("other users could see it; put it into a kubeconfig and give --kubeconfig")),
    PeerWord(
        "--kube-token", of: "helm", .answer("other users could see it; put it into a kubeconfig and give --kubeconfig")),
    PeerWord(
        "--insecure-skip-tls-verify", of: "kubectl, helm",
        .answer("set certificate-authority-data in the kubeconfig, which keeps the connection safe")),
    PeerWord("--username", of: "helm", .answer("helm registry login and docker login store it; sail reads it there")),
    PeerWord("--password", of: "helm", .answer("helm registry login and docker login store it; sail reads it there")),
    PeerWord("--description", of: "helm", .answer("sail history says itself what a run changed")),
    PeerWord("--cluster-specific", of: "istioctl", .answer("--platform NAME says what the cluster is")),
    PeerWord("--compatibilityVersion", of: "istioctl", .answer("--set compatibilityVersion=1.29 keeps old behaviour")),
    PeerWord("--list-versions", of: "cilium", .answer("sail versions lists them")),
    PeerWord("--dry-run-helm-values", of: "cilium", .answer("sail values prints them")),
    PeerWord("--crds", of: "linkerd", .answer("CRDs are part of base: sail install -c base")),
    PeerWord("--pre", of: "linkerd", .answer("sail precheck checks the cluster before an installation")),
    PeerWord("--ignore-cluster", of: "linkerd", .answer("--dry-run=client plans without a cluster")),
    PeerWord(
        "--skip-checks", of: "linkerd", .answer("a check that blocks has a flag of its own; its message names it")),
    PeerWord(
        "--disable-openapi-validation", of: "helm", .answer("values are checked by the charts' schemas; leave it out")),
    PeerWord("--short", of: "kubectl, helm", .answer("-o json has each version in a field of its own")),
    PeerWord("--client", of: "kubectl", .answer("sail version asks no server; leave it out")),
    PeerWord("--template", of: "kubectl", .answer("-o json prints all fields, for jq")),
]
