import Arguments

extension ManualNotes {
    /// Flags of commands that talk to a cluster.
    private static let ofCluster = ["kubeconfig"]
    /// Flags of commands that may fetch charts.
    private static let ofCharts = ["charts", "repo"]

    /// What sail's manual pages say besides the tables.
    static let sail = ManualNotes(
        environment: [
            Note("SAIL_CONFIG", "The file with defaults for flags, instead of the one below XDG_CONFIG_HOME"),
            Note(
                "XDG_CONFIG_HOME", "Where sail/config.yaml and the credentials of Helm are; ~/.config where it is unset"
            ),
            Note(
                "XDG_CACHE_HOME", "Where fetched charts are kept, in sail/charts; ~/.cache where it is unset",
                flags: ofCharts),
            Note("DOCKER_CONFIG", "The folder of Docker's credentials for registries; ~/.docker", flags: ofCharts),
            Note("HELM_REGISTRY_CONFIG", "The file of Helm's credentials for registries", flags: ofCharts),
            Note(
                "HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "The proxy for requests, and the hosts that need none",
                flags: ofCluster + ofCharts),
            Note("NO_COLOR", "Set to anything, it turns colours off unless --color=always is given"),
            Note("TERM", "dumb turns colours and updating lines off"),
        ],
        files: [
            Note(
                "~/.kube/config", "The kubeconfig where neither --kubeconfig nor KUBECONFIG names one", flags: ofCluster
            ),
            Note("~/.config/sail/config.yaml", "Defaults for flags, also by context; sail config shows them"),
            Note("~/.cache/sail/charts", "Fetched charts, named by their SHA-256", flags: ofCharts),
            Note(
                "~/.docker/config.json, ~/.config/helm/registry/config.json", "Credentials for registries",
                flags: ofCharts),
        ],
        exitStatus: [
            Note("0", "Done, or nothing to do"),
            Note("1", "Failed; the messages on standard error say where, why and what to do"),
            Note("2", "The command line or the config file is wrong"),
            Note("128+N", "Ended by signal N: 130 for Ctrl-C"),
        ],
        seeAlso: ["kubectl", "helm"])

    static let ofStatus =
        [
            Note("0", "The mesh is healthy"), Note("1", "It is not, or its state could not be read"),
        ] + sail.exitStatus.dropFirst(2)

    static let ofPrecheck =
        [
            Note("0", "Nothing blocks the installation"), Note("1", "Something does, or it could not be checked"),
        ] + sail.exitStatus.dropFirst(2)

    static let ofVersion =
        [
            Note("0", "Done"), Note("1", "A version runs that this sail does not know, or it could not be read"),
        ] + sail.exitStatus.dropFirst(2)

    /// As diff(1) exits.
    static let ofDifference = [
        Note("0", "There is no difference"), Note("1", "There are differences"),
        Note("2", "Failed, or the command line is wrong"), Note("128+N", "Ended by signal N: 130 for Ctrl-C"),
    ]
}
