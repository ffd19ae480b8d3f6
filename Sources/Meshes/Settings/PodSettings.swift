import Istio
import Values

/// `k8s` of a component in an IstioOperator: the settings of its objects, as values of the component's chart where it has
/// such, else as patches of the rendered objects.
struct PodSettings {
    var check: DocumentCheck
    private(set) var values = Mapping()
    /// What is laid over the rendered objects.
    var objects = ObjectSettings()
    private let component: Component
    let path: [String]

    init(_ component: Component, path: [String], _ check: DocumentCheck) {
        (self.component, self.path, self.check) = (component, path, check)
    }

    /// All fields of `k8s`; what they hold is checked with the values that they become.
    private static let fields = [
        "affinity", "env", "hpaSpec", "imagePullPolicy", "nodeSelector", "overlays", "podAnnotations",
        "podDisruptionBudget", "podLabels", "priorityClassName", "readinessProbe", "replicaCount", "resources",
        "securityContext", "service", "serviceAccount", "serviceAnnotations", "strategy", "tolerations", "volumes",
        "volumeMounts",
    ]

    /// What each component's chart has a value for, by the name of the field.
    private static let sameMeaning: [Component: [String: [String]]] = [
        .istiod: [
            "affinity": ["pilot", "affinity"], "nodeSelector": ["pilot", "nodeSelector"],
            "podAnnotations": ["pilot", "podAnnotations"], "podLabels": ["pilot", "podLabels"],
            "priorityClassName": ["global", "priorityClassName"], "replicaCount": ["pilot", "replicaCount"],
            "resources": ["pilot", "resources"], "serviceAnnotations": ["pilot", "serviceAnnotations"],
            "tolerations": ["pilot", "tolerations"], "volumes": ["pilot", "volumes"],
            "volumeMounts": ["pilot", "volumeMounts"],
        ],
        .cni: [
            "affinity": ["cni", "affinity"], "imagePullPolicy": ["cni", "pullPolicy"],
            "podAnnotations": ["cni", "podAnnotations"], "podLabels": ["cni", "podLabels"],
            "resources": ["cni", "resources"], "tolerations": ["cni", "tolerations"],
        ],
        .ztunnel: [
            "affinity": ["ztunnel", "affinity"], "imagePullPolicy": ["ztunnel", "imagePullPolicy"],
            "nodeSelector": ["ztunnel", "nodeSelector"], "podAnnotations": ["ztunnel", "podAnnotations"],
            "podLabels": ["ztunnel", "podLabels"], "resources": ["ztunnel", "resources"],
            "tolerations": ["ztunnel", "tolerations"], "volumes": ["ztunnel", "volumes"],
            "volumeMounts": ["ztunnel", "volumeMounts"],
        ],
    ]

    /// Fields that are laid over the rendered objects, with what they may hold.
    private static let patched: [Component: Set<String>] = [
        .istiod: ["imagePullPolicy", "readinessProbe", "securityContext"],
        .cni: [
            "nodeSelector", "priorityClassName", "readinessProbe", "securityContext", "volumes",
            "volumeMounts",
        ],
        .ztunnel: ["priorityClassName", "readinessProbe", "securityContext"],
    ]

    /// Remedies for fields that no object of the component has.
    private static let remedies = [
        "hpaSpec": "a DaemonSet has a pod on every node; remove it",
        "podDisruptionBudget": "a DaemonSet has no PodDisruptionBudget; remove it",
        "replicaCount": "a DaemonSet has a pod on every node; remove it",
        "service": "the component has no Service; remove it",
        "serviceAccount": "the account is the chart's; remove it",
        "serviceAnnotations": "the component has no Service; remove it",
    ]

    mutating func read(_ settings: Mapping) {
        for (field, value) in settings where !value.isNull {
            if field == "overlays" {
                readOverlays(value)
                continue
            }
            guard component != .base else {
                check.refuse(path + [field], "base has no pods; of k8s it has overlays alone; remove it")
                continue
            }
            guard PodSettings.fields.contains(field) else {
                readUnknown(field)
                continue
            }
            if let target = PodSettings.sameMeaning[component]?[field] {
                values.set(value, at: target)
            } else if PodSettings.patched[component]?.contains(field) == true {
                patch(field, value)
            } else if !readSpecial(field, value) {
                check.refuse(path + [field], PodSettings.remedies[field] ?? "remove it")
            }
        }
    }

    /// A null takes back what an earlier file, or the stored settings, have of a field.
    mutating func takeBack(_ field: String) {
        if let target = PodSettings.sameMeaning[component]?[field] {
            values.set(.null, at: target)
        } else if PodSettings.fields.contains(field) {
            objects.set(.null, at: field, place: check.place(path + [field]))
        }
    }

    /// Lays the field over the rendered objects.
    private mutating func patch(_ field: String, _ value: Value) {
        checkType(of: field, value)
        objects.set(value, at: field, place: check.place(path + [field]))
    }

    /// A field that an IstioOperator does not have: the component's chart may have a value of that name.
    private mutating func readUnknown(_ field: String) {
        guard ChartSchema.known(at: [section]).contains(field) else {
            check.unknown(path + [field], known: PodSettings.fields)
            return
        }
        check.refuse(path + [field], "an IstioOperator has no such field; write spec.values.\(section).\(field)")
    }

    /// Fields that become values of another form, as far as the chart has values; `false` where the component has none.
    private mutating func readSpecial(_ field: String, _ value: Value) -> Bool {
        switch (field, component) {
        case ("env", _): readEnvironment(value)
        case ("hpaSpec", .istiod): readAutoscaler(value)
        case ("podDisruptionBudget", .istiod): readDisruptionBudget(value)
        case ("service", .istiod): readService(value)
        case ("strategy", _): readStrategy(value)
        default: return false
        }
        return true
    }
}

// MARK: fields that become values of another form

extension PodSettings {
    /// The section of the values that is the component's own.
    private var section: String { component.traits.key }

    /// The fields of a map that are values, each with where it goes; what else it has is laid over the object.
    private mutating func readMap(_ field: String, _ value: Value, _ targets: [String: [String]]) {
        checkType(of: field, value)
        guard case .map(let map) = value else { return }
        var rest = Mapping()
        for (key, inner) in map where !inner.isNull {
            if let target = targets[key] { values.set(inner, at: target) } else { rest[key] = inner }
        }
        if !rest.isEmpty { objects.set(.map(rest), at: field, place: check.place(path + [field])) }
    }

    private mutating func readAutoscaler(_ value: Value) {
        values.set(true, at: ["pilot", "autoscaleEnabled"])
        guard case .map(var map) = value else { return checkType(of: "hpaSpec", value) }
        if case .list(let metrics)? = map["metrics"] {
            map["metrics"] = .list(metrics.map(\.asCurrentMetric))
        }
        readMap(
            "hpaSpec", .map(map),
            ["minReplicas": ["pilot", "autoscaleMin"], "maxReplicas": ["pilot", "autoscaleMax"]])
    }

    private mutating func readDisruptionBudget(_ value: Value) {
        let keys = ["minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy"]
        readMap(
            "podDisruptionBudget", value,
            Dictionary(uniqueKeysWithValues: keys.map { ($0, ["pilot", "pdb", $0]) }))
    }

    private mutating func readService(_ value: Value) {
        readMap(
            "service", value,
            ["ipFamilies": ["pilot", "ipFamilies"], "ipFamilyPolicy": ["pilot", "ipFamilyPolicy"]])
    }

    private mutating func readStrategy(_ value: Value) {
        guard component == .istiod else {
            values.set(value, at: [section, "updateStrategy"])
            return
        }
        checkType(of: "strategy", value)
        guard case .map(var map) = value else { return }
        let targets = [
            "maxSurge": ["pilot", "rollingMaxSurge"], "maxUnavailable": ["pilot", "rollingMaxUnavailable"],
        ]
        if map["type"]?.string == "RollingUpdate" { map["type"] = nil }
        let rolling = map.removeValue(forKey: "rollingUpdate") ?? .null
        if case .map(let limits) = rolling {
            for (key, inner) in limits {
                guard let target = targets[key] else {
                    check.unknown(path + ["strategy", "rollingUpdate", key], known: Array(targets.keys))
                    continue
                }
                values.set(inner, at: target)
            }
        } else if !rolling.isNull {
            check.wrong(rolling, "a map", at: path + ["strategy", "rollingUpdate"])
        }
        if !map.isEmpty {
            objects.set(.map(map), at: "strategy", place: check.place(path + ["strategy"]))
        }
    }

    /// `env` is a list of names and values there, and a map in values.
    private mutating func readEnvironment(_ value: Value) {
        let path = path + ["env"]
        guard case .list(let list) = value else {
            check.wrong(value, "a list", at: path)
            return
        }
        var merged: [Value] = []
        for (index, entry) in list.enumerated() {
            let place = path + ["\(index)"]
            guard case .map(let map) = entry, let name = map["name"]?.string, !name.isEmpty else {
                check.refuse(place, "an entry has a name, and a value or valueFrom")
                continue
            }
            check.check(map, ["name": .string, "value": .any, "valueFrom": .map], at: place)
            guard map["value"] == nil || map["valueFrom"]?.map == nil else {
                check.refuse(place, "an entry has either a value or valueFrom")
                continue
            }
            if map["valueFrom"]?.map == nil, !ownVariables.contains(name) {
                values.set(map["value"] ?? "", at: [section, "env", name])
            } else {
                if let text = map["value"], text.string == nil { check.wrong(text, "a string in quotes", at: place) }
                merged.append(entry)
            }
        }
        if !merged.isEmpty { objects.set(.list(merged), at: "env", place: check.place(path)) }
    }

    /// Variables that the charts set themselves; one of these is merged by its name with theirs.
    private var ownVariables: Set<String> {
        switch component {
        case .base: []
        case .istiod:
            [
                "CA_TRUSTED_NODE_ACCOUNTS", "CLUSTER_ID", "EXTERNAL_ISTIOD", "GOMAXPROCS", "GOMEMLIMIT",
                "KUBECONFIG",
                "PILOT_CERT_PROVIDER", "PILOT_ENABLE_ANALYSIS", "PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS",
                "PILOT_NODE_UNTAINT_CONTROLLERS_TAINT_NAME", "PILOT_TRACE_SAMPLING", "PLATFORM", "POD_NAME",
                "POD_NAMESPACE", "REVISION", "SERVICE_ACCOUNT",
            ]
        case .cni:
            [
                "ALLOW_SWITCH_TO_HOST_NS", "GOMAXPROCS", "GOMEMLIMIT", "NODE_NAME", "POD_NAME",
                "POD_NAMESPACE",
                "REPAIR_NODE_NAME", "REPAIR_RUN_AS_DAEMON", "REPAIR_SIDECAR_ANNOTATION",
            ]
        case .ztunnel:
            [
                "CA_ADDRESS", "CRL_PATH", "INPOD_ENABLED", "INSTANCE_IP", "ISTIO_META_CLUSTER_ID",
                "LOG_FORMAT", "NETWORK",
                "NODE_NAME", "POD_NAME", "POD_NAMESPACE", "RUST_BACKTRACE", "RUST_LOG", "SERVICE_ACCOUNT",
                "TERMINATION_GRACE_PERIOD_SECONDS", "XDS_ADDRESS", "ZTUNNEL_CPU_LIMIT",
            ]
        }
    }
}
