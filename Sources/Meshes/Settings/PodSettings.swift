import Istio
import Values

/// `k8s` of a component in an IstioOperator: the settings of its objects, as values of the component's chart.
struct PodSettings {
    var check: DocumentCheck
    private(set) var values = Mapping()
    private let component: Component
    private let path: [String]

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

    /// What to write for fields without such a value.
    private static let remedies: [Component: [String: String]] = [
        .istiod: [
            "imagePullPolicy": "write spec.values.global.imagePullPolicy, which is for all images",
            "serviceAccount": "istiod's account is the chart's; remove it",
        ],
        .cni: [
            "nodeSelector": "the agent belongs on every Linux node; write spec.values.cni.affinity to keep it from some"
        ],
        .ztunnel: [:],
    ]

    /// Remedies that are the same for every component.
    private static let commonRemedies = [
        "overlays":
            "sail has no patches; remove it, and patch with kustomize what sail manifest generate --output-dir writes",
        "readinessProbe": "the probe is the chart's; remove it",
        "serviceAccount": "the account is the chart's; remove it",
    ]

    mutating func read(_ settings: Mapping) {
        for (field, value) in settings {
            guard component != .base else {
                check.refuse(path + [field], "base has no pods; remove it")
                continue
            }
            guard PodSettings.fields.contains(field) else {
                readUnknown(field)
                continue
            }
            if let target = PodSettings.sameMeaning[component]?[field] {
                values.set(value, at: target)
            } else if !readSpecial(field, value) {
                let remedy = PodSettings.remedies[component]?[field] ?? PodSettings.commonRemedies[field]
                check.refuse(path + [field], remedy ?? "\(component.rawValue)'s chart has no such setting; remove it")
            }
        }
    }

    /// A field that an IstioOperator does not have: the component's chart may have a value of that name.
    private mutating func readUnknown(_ field: String) {
        guard ChartSchema.known(at: [section]).contains(field) else {
            check.unknown(path + [field], known: PodSettings.fields)
            return
        }
        check.refuse(path + [field], "an IstioOperator has no such field; write spec.values.\(section).\(field)")
    }

    /// Fields that become values of another form; `false` where the component has none for it.
    private mutating func readSpecial(_ field: String, _ value: Value) -> Bool {
        switch (field, component) {
        case ("env", _): readEnvironment(value)
        case ("hpaSpec", .istiod): readAutoscaler(value)
        case ("podDisruptionBudget", .istiod): readDisruptionBudget(value)
        case ("service", .istiod): readService(value)
        case ("securityContext", _): return readSecurityContext(value)
        case ("strategy", _): readStrategy(value)
        case ("priorityClassName", .cni), ("priorityClassName", .ztunnel):
            if value.string != "system-node-critical" {
                check.refuse(path + [field], "node agents are system-node-critical; remove it")
            }
        case ("replicaCount", .cni), ("replicaCount", .ztunnel):
            check.refuse(path + [field], "a DaemonSet has a pod on every node; remove it")
        default: return false
        }
        return true
    }
}

// MARK: fields that become values of another form

extension PodSettings {
    /// The section of the values that is the component's own.
    private var section: String { component.traits.key }

    /// The fields of a map that are known, each with where it goes; anything else is refused.
    private mutating func readMap(
        _ field: String, _ value: Value, _ targets: [String: [String]], fixed: [String: Value] = [:], _ remedy: String
    ) {
        guard case .map(let map) = value else {
            if !value.isNull { check.wrong(value, "a map", at: path + [field]) }
            return
        }
        for (key, inner) in map where !inner.isNull {
            if let target = targets[key] {
                values.set(inner, at: target)
            } else if fixed[key] != inner {
                check.refuse(path + [field, key], remedy)
            }
        }
    }

    private mutating func readAutoscaler(_ value: Value) {
        values.set(true, at: ["pilot", "autoscaleEnabled"])
        guard case .map(var map) = value else {
            check.wrong(value, "a map", at: path + ["hpaSpec"])
            return
        }
        if let metrics = map["metrics"] { readMetrics(metrics) }
        map["metrics"] = nil
        if map["scaleTargetRef"]?["name"]?.string == "istiod" { map["scaleTargetRef"] = nil }
        readMap(
            "hpaSpec", .map(map),
            [
                "minReplicas": ["pilot", "autoscaleMin"], "maxReplicas": ["pilot", "autoscaleMax"],
                "behavior": ["pilot", "autoscaleBehavior"],
            ], "the chart has no such setting; remove it")
    }

    /// The chart scales by the mean use of CPU and memory.
    private mutating func readMetrics(_ value: Value) {
        let path = path + ["hpaSpec", "metrics"]
        guard case .list(let list) = value else {
            check.wrong(value, "a list", at: path)
            return
        }
        for (index, metric) in list.enumerated() {
            let resource = metric["resource"]
            let use = resource?[path: "target", "averageUtilization"] ?? resource?["targetAverageUtilization"]
            guard let name = resource?["name"]?.string, ["cpu", "memory"].contains(name), let use else {
                check.refuse(
                    path + ["\(index)"],
                    "write spec.values.pilot.cpu.targetAverageUtilization or spec.values.pilot.memory; "
                        + "the chart knows no other metrics")
                continue
            }
            values.set(use, at: ["pilot", name, "targetAverageUtilization"])
        }
    }

    private mutating func readDisruptionBudget(_ value: Value) {
        let keys = ["minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy"]
        readMap(
            "podDisruptionBudget", value, Dictionary(uniqueKeysWithValues: keys.map { ($0, ["pilot", "pdb", $0]) }),
            "the chart sets it; remove it")
    }

    private mutating func readService(_ value: Value) {
        readMap(
            "service", value,
            ["ipFamilies": ["pilot", "ipFamilies"], "ipFamilyPolicy": ["pilot", "ipFamilyPolicy"]],
            fixed: ["type": "ClusterIP"], "istiod's Service is the chart's, of type ClusterIP; remove it")
    }

    private mutating func readSecurityContext(_ value: Value) -> Bool {
        let names: [Component: [String]] = [
            .istiod: ["seccompProfile"], .cni: ["seccompProfile", "seLinuxOptions"], .ztunnel: ["seLinuxOptions"],
        ]
        let targets = (names[component] ?? []).map { ($0, [section, $0]) }
        readMap(
            "securityContext", value, Dictionary(uniqueKeysWithValues: targets),
            "the chart sets the security context; of its fields \(names[component, default: []].joined(separator: " and ")) "
                + "may be given; remove it")
        return true
    }

    private mutating func readStrategy(_ value: Value) {
        guard component == .istiod else {
            values.set(value, at: [section, "updateStrategy"])
            return
        }
        guard case .map(var map) = value else {
            check.wrong(value, "a map", at: path + ["strategy"])
            return
        }
        let rolling = map["rollingUpdate"] ?? .null
        map["rollingUpdate"] = nil
        readMap(
            "strategy", .map(map), [:], fixed: ["type": "RollingUpdate"],
            "istiod is rolled; write type: RollingUpdate, with maxSurge and maxUnavailable below rollingUpdate")
        let targets = [
            "maxSurge": ["pilot", "rollingMaxSurge"], "maxUnavailable": ["pilot", "rollingMaxUnavailable"],
        ]
        guard case .map(let limits) = rolling else {
            if !rolling.isNull { check.wrong(rolling, "a map", at: path + ["strategy", "rollingUpdate"]) }
            return
        }
        for (key, inner) in limits {
            guard let target = targets[key] else {
                check.unknown(path + ["strategy", "rollingUpdate", key], known: Array(targets.keys))
                continue
            }
            values.set(inner, at: target)
        }
    }

    /// `env` is a list of names and values there, and a map in values.
    private mutating func readEnvironment(_ value: Value) {
        let path = path + ["env"]
        guard case .list(let list) = value else {
            check.wrong(value, "a list", at: path)
            return
        }
        var references: [Value] = []
        for (index, entry) in list.enumerated() {
            let place = path + ["\(index)"]
            guard let name = entry["name"]?.string else {
                check.refuse(place, "an entry has a name, and a value or valueFrom")
                continue
            }
            if let field = ownVariables[name] {
                // The chart has this very variable already.
                if let field, entry[path: "valueFrom", "fieldRef", "fieldPath"]?.string == field { continue }
                check.refuse(place, "\(name) is set by the chart; remove it")
            } else if let text = entry["value"] {
                values.set(text, at: [section, "env", name])
            } else if component == .istiod, entry["valueFrom"]?.map != nil {
                references.append(entry)
            } else {
                check.refuse(place, "only entries with name and value can be taken over; remove it")
            }
        }
        if !references.isEmpty { values.set(.list(references), at: ["pilot", "envVarFrom"]) }
    }

    /// Variables that the chart sets, with the field that they show if it is one.
    private var ownVariables: [String: String?] {
        var own: [String: String?] = ["POD_NAME": "metadata.name", "POD_NAMESPACE": "metadata.namespace"]
        switch component {
        case .istiod:
            own["SERVICE_ACCOUNT"] = "spec.serviceAccountName"
            for name in ["REVISION", "PILOT_CERT_PROVIDER", "KUBECONFIG", "CA_TRUSTED_NODE_ACCOUNTS", "CLUSTER_ID"] {
                own[name] = .some(nil)
            }
        case .cni: own["NODE_NAME"] = "spec.nodeName"
        case .ztunnel:
            own["NODE_NAME"] = "spec.nodeName"
            own["SERVICE_ACCOUNT"] = "spec.serviceAccountName"
            own["INSTANCE_IP"] = "status.podIP"
        case .base: break
        }
        return own
    }
}
