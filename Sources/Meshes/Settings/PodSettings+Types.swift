import Istio
import Patches
import Values

/// What the fields of `k8s` that are laid over objects may hold, as Kubernetes has it.
extension PodSettings {
    private static let maps: [String: [String: FieldType]] = [
        "hpaSpec": any("behavior", "maxReplicas", "metrics", "minReplicas", "scaleTargetRef"),
        "podDisruptionBudget": any(
            "maxUnavailable", "minAvailable", "selector", "unhealthyPodEvictionPolicy"),
        "readinessProbe": any(
            "exec", "failureThreshold", "grpc", "httpGet", "initialDelaySeconds", "periodSeconds",
            "successThreshold",
            "tcpSocket", "terminationGracePeriodSeconds", "timeoutSeconds"),
        "securityContext": any(
            "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "runAsGroup", "runAsNonRoot",
            "runAsUser",
            "seLinuxChangePolicy", "seLinuxOptions", "seccompProfile", "supplementalGroups",
            "supplementalGroupsPolicy", "sysctls", "windowsOptions"),
        "service": any(
            "allocateLoadBalancerNodePorts", "clusterIP", "clusterIPs", "externalIPs", "externalName",
            "externalTrafficPolicy", "healthCheckNodePort", "internalTrafficPolicy", "ipFamilies",
            "ipFamilyPolicy",
            "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "ports",
            "publishNotReadyAddresses",
            "selector", "sessionAffinity", "sessionAffinityConfig", "trafficDistribution", "type"),
        "strategy": ["type": .oneOf(["RollingUpdate", "Recreate"]), "rollingUpdate": .any],
    ]

    private static let others: [String: FieldType] = [
        "imagePullPolicy": .oneOf(["Always", "IfNotPresent", "Never"]), "nodeSelector": .texts,
        "priorityClassName": .string, "volumeMounts": .list, "volumes": .list,
    ]

    private static func any(_ names: String...) -> [String: FieldType] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, .any) })
    }

    mutating func checkType(of field: String, _ value: Value) {
        guard let fields = PodSettings.maps[field] else {
            check.check([field: value], PodSettings.others, at: path)
            return
        }
        guard case .map(let map) = value else {
            if !value.isNull { check.wrong(value, "a map", at: path + [field]) }
            return
        }
        check.check(map, fields, at: path + [field])
    }

    /// `overlays: [{kind, name, patches: [{path, value}]}]`
    mutating func readOverlays(_ value: Value) {
        let path = path + ["overlays"]
        guard case .list(let overlays) = value else {
            check.wrong(value, "a list", at: path)
            return
        }
        for (index, overlay) in overlays.enumerated() {
            let place = path + ["\(index)"]
            guard case .map(let map) = overlay else {
                check.wrong(overlay, "a map", at: place)
                continue
            }
            check.check(
                map, ["apiVersion": .string, "kind": .string, "name": .string, "patches": .list], at: place)
            guard map["kind"]?.string != nil, map["name"]?.string != nil else {
                check.refuse(place, "an overlay has kind, name and patches")
                continue
            }
            for (number, patch) in (map["patches"]?.list ?? []).enumerated() {
                readPatch(patch, at: place + ["patches", "\(number)"])
            }
        }
        if !overlays.isEmpty { objects.set(value, at: "overlays", place: check.place(path)) }
    }

    private mutating func readPatch(_ patch: Value, at place: [String]) {
        guard case .map(let map) = patch, let text = map["path"]?.string else {
            check.refuse(place, "a patch has a path, and a value unless it deletes")
            return
        }
        check.check(map, ["path": .string, "value": .any], at: place)
        do throws(PatchError) {
            _ = try OverlayPath(text)
        } catch {
            check.refuse(place + ["path"], "\(error)")
        }
    }
}

extension Value {
    /// A metric in the form of autoscaling/v2 where it has that of v2beta1.
    var asCurrentMetric: Value {
        guard case .map(var metric) = self, case .map(var resource)? = metric["resource"],
            let use = resource.removeValue(forKey: "targetAverageUtilization")
        else { return self }
        if resource["target"] == nil {
            resource["target"] = ["type": "Utilization", "averageUtilization": use]
        }
        metric["resource"] = .map(resource)
        if metric["type"] == nil { metric["type"] = "Resource" }
        return .map(metric)
    }
}
