import Values

/// What to write instead of keys that people know from istioctl, from the values of a single chart, or from other
/// components, where the nearest name would not say it.
enum KeyAdvice {
    private static let rows: [(path: [String], text: String)] = [
        // Settings of sail's own.
        (["profile"], "give it with --profile"),
        (["istioVersion"], "give it with --version"),
        (["version"], "give it with --version"),
        (["namespace"], "give it with --namespace"),
        (["platform"], "write global.platform, or give it with --platform"),
        (["originalValues"], "remove it; sail sets it"),
        (
            ["components"],
            "choose components with -c and their namespaces with -n, --cni-namespace and --ztunnel-namespace; settings are "
                + "below pilot, cni and ztunnel"
        ),
        (["addonComponents"], "sail installs no addons; remove it"),
        (["apiVersion"], "a resource needs both apiVersion and kind"),
        (["metadata"], "a resource needs apiVersion and kind"),
        (["spec"], "a resource needs apiVersion and kind; without them write what is below spec.values"),
        (["unvalidatedValues"], "write what is below it at the root"),
        (["values"], "write what is below it at the root"),
        // Another name, or no choice.
        (["global", "revision"], "write revision"),
        (["istio_cni"], "write pilot.cni.enabled and pilot.cni.provider"),
        (["istiocni"], "write cni"),
        (["istiod"], "write pilot"),
        (["base", "enabled"], chosen), (["pilot", "enabled"], chosen), (["cni", "enabled"], chosen),
        (["ztunnel", "enabled"], chosen), (["enabled"], chosen),
        (["base", "excludedCRDs"], definitions), (["base", "enableCRDTemplates"], definitions),
        (["base", "enableIstioConfigCRDs"], definitions),
        (["pilot", "logLevel"], "write global.logging.level"),
        (["pilot", "logging"], "write global.logging"),
        (["pilot", "imagePullPolicy"], "write global.imagePullPolicy"),
        (["pilot", "pullPolicy"], "write global.imagePullPolicy"),
        (["pilot", "priorityClassName"], "write global.priorityClassName"),
        (["pilot", "securityContext"], "write pilot.seccompProfile; the rest is fixed"),
        (["pilot", "podDisruptionBudget"], "write pilot.pdb"),
        (["pilot", "hpaSpec"], "write pilot.autoscaleMin and pilot.autoscaleMax"),
        (["pilot", "replicas"], "write pilot.replicaCount, with pilot.autoscaleEnabled false"),
        (["pilot", "annotations"], "write pilot.podAnnotations or pilot.deploymentAnnotations"),
        (["pilot", "labels"], "write pilot.podLabels or pilot.deploymentLabels"),
        (["pilot", "global"], "write global, which is for all, or its keys at pilot, which are istiod's"),
        (["pilot", "k8s"], settingsOfAnOperator), (["cni", "k8s"], settingsOfAnOperator),
        (["ztunnel", "k8s"], settingsOfAnOperator),
        (["pilot", "strategy"], "write pilot.rollingMaxSurge and pilot.rollingMaxUnavailable"),
        (["cni", "annotations"], "write cni.podAnnotations"),
        (["cni", "labels"], "write cni.podLabels or cni.daemonSetLabels"),
        (["cni", "global"], "write global, which is for all, or its keys at cni, which are the node agent's"),
        (["cni", "replicaCount"], onEveryNode), (["cni", "autoscaleEnabled"], onEveryNode),
        (["cni", "autoscaleMin"], onEveryNode), (["cni", "autoscaleMax"], onEveryNode),
        (["ztunnel", "replicaCount"], onEveryNode), (["ztunnel", "autoscaleEnabled"], onEveryNode),
        (["ztunnel", "autoscaleMin"], onEveryNode), (["ztunnel", "autoscaleMax"], onEveryNode),
        (["cni", "logLevel"], "write cni.logging.level"),
        (["cni", "securityContext"], "write cni.seccompProfile or cni.seLinuxOptions; the rest is fixed"),
        (["cni", "imagePullPolicy"], "write cni.pullPolicy"),
        (["cni", "nodeSelector"], "the agent runs on every Linux node; cni.affinity can leave nodes out"),
        (["cni", "priorityClassName"], "it is always system-node-critical; remove it"),
        (["cni", "privileged"], "the agent is never privileged; remove it"),
        (["ztunnel", "logging"], "write ztunnel.logLevel"),
        (["ztunnel", "securityContext"], "write ztunnel.seLinuxOptions; the rest is fixed"),
        (["ztunnel", "pullPolicy"], "write ztunnel.imagePullPolicy"),
        (["ztunnel", "priorityClassName"], "it is always system-node-critical; remove it"),
    ]

    private static let settingsOfAnOperator =
        "k8s is a field of an IstioOperator; write the settings of the pods as keys beside it"
    private static let onEveryNode = "a DaemonSet has a pod on every node; remove it"
    private static let chosen = "choose components with -c, and remove it"
    private static let definitions = "sail installs all custom resource definitions; remove it"

    /// Fields of the mesh configuration that are looked for elsewhere.
    private static let meshFields: Set<String> = [
        "accessLogEncoding", "accessLogFile", "accessLogFormat", "caCertificates", "defaultConfig", "defaultProviders",
        "discoverySelectors", "enableTracing", "extensionProviders", "inboundTrafficPolicy", "localityLbSetting",
        "outboundTrafficPolicy", "rootNamespace", "serviceScopeConfigs", "trustDomain", "trustDomainAliases",
    ]

    static func text(at path: [String]) -> String? {
        if let row = rows.first(where: { $0.path == path }) { return row.text }
        guard let field = path.last, path.count <= 2, path.first != "meshConfig", meshFields.contains(field),
            path != ["global", "trustDomain"]
        else { return nil }
        return "write meshConfig.\(field)"
    }

    /// The advice for keys that a chart reads, but that have another place in a values file; `settled` holds what the
    /// mesh has for some, and a value that says the same is none.
    static func refused(in values: Mapping, settled: [String: String?]) -> [[String]] {
        let paths =
            settled.keys.sorted { $0.precedesByBytes($1) }.map { [$0] } + [["originalValues"], ["global", "revision"]]
        return paths.filter { path in
            guard let value = values.value(at: path), !value.isNull else { return false }
            guard let own = settled[path[0]], path.count == 1 else { return true }
            return value.string != own
        }
    }

    /// The keys of istioctl that have the values below them, the longest first.
    private static let wrappers = [
        ["spec", "values"], ["spec", "unvalidatedValues"], ["values"], ["unvalidatedValues"],
    ]

    /// The path of the values for one with istioctl's key before it: `pilot.env.A` for `values.pilot.env.A`.
    static func unwrapped(_ path: [String], in values: Mapping) -> (given: [String], wanted: [String])? {
        for wrapper in wrappers where [wrapper[0]] == path {
            guard let value = values.value(at: wrapper), case .map = value else { continue }
            let below = firstLeaf(of: value)
            if below.isEmpty { continue }
            return (wrapper + below, below)
        }
        return nil
    }

    private static func firstLeaf(of value: Value) -> [String] {
        var path: [String] = []
        var value = value
        while path.count < 16, case .map(let map) = value, let (key, next) = map.first(where: { _ in true }) {
            path.append(key)
            value = next
        }
        return path
    }
}
