import Istio
import Meshes
import System
import Testing
import Values

/// What goes into the objects as it is, beside the types of Kubernetes.
@Suite struct KubernetesTypeTests {
    @Test(arguments: [
        (
            "pilot: {tolerations: [{thats: not-a-real-field}]}",
            "v.yaml:1:24: unknown key pilot.tolerations.0.thats; known here: "
        ),
        (
            "cni: {tolerations: [{efect: NoSchedule}]}",
            "v.yaml:1:22: unknown key cni.tolerations.0.efect; did you mean effect?"
        ),
        (
            "ztunnel: {tolerations: [{effect: Noschedule}]}",
            "v.yaml:1:26: ztunnel.tolerations.0.effect must be one of NoSchedule, PreferNoSchedule, NoExecute, not "
                + "\"Noschedule\" (did you mean NoSchedule?)"
        ),
        (
            "pilot: {tolerations: [{tolerationSeconds: soon}]}",
            "v.yaml:1:24: pilot.tolerations.0.tolerationSeconds must be a whole number, not string \"soon\""
        ),
        (
            "pilot: {resources: {requests: {cpu: lots}}}",
            "v.yaml:1:32: pilot.resources.requests.cpu must be a quantity such as 500m or 2Gi, not string \"lots\""
        ),
        (
            "cni: {resources: {request: {cpu: 1}}}",
            "v.yaml:1:19: unknown key cni.resources.request; did you mean requests?"
        ),
        (
            "global: {waypoint: {resources: {limits: {memory: 1GB}}}}",
            "v.yaml:1:42: global.waypoint.resources.limits.memory must be a quantity such as 500m or 2Gi"
        ),
        (
            "ztunnel: {affinity: {nodeAffinity: {requiredDuringScheduling: {}}}}",
            "v.yaml:1:37: unknown key ztunnel.affinity.nodeAffinity.requiredDuringScheduling; did you mean required"
        ),
        (
            "pilot: {affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}]}}}",
            "v.yaml:1:88: pilot.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0 has no "
                + "podAffinityTerm, which Kubernetes requires there; add it"
        ),
        (
            "pilot: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: Never}]}",
            "v.yaml:1:69: pilot.topologySpreadConstraints.0.whenUnsatisfiable must be one of DoNotSchedule, ScheduleAnyway"
        ),
        (
            "pilot: {envVarFrom: [{value: a}]}",
            "v.yaml:1:22: pilot.envVarFrom.0 has no name, which Kubernetes requires there"
        ),
        ("pilot: {podAnnotations: {a: 1}}", "v.yaml:1:26: pilot.podAnnotations.a must be a string, not number 1"),
        (
            "ztunnel: {volumes: [{name: a, hostPth: {path: /x}}]}",
            "v.yaml:1:31: unknown key ztunnel.volumes.0.hostPth; did you mean hostPath?"
        ),
        (
            "ztunnel: {volumeMounts: [{name: a}]}",
            "v.yaml:1:26: ztunnel.volumeMounts.0 has no mountPath, which Kubernetes"
        ),
        (
            "pilot: {initContainers: [{name: a, livenessProbe: {httpGet: {path: /x}}}]}",
            "v.yaml:1:52: pilot.initContainers.0.livenessProbe.httpGet has no port, which Kubernetes requires there; add it"
        ),
        (
            "pilot: {initContainers: [{name: a, securityContext: {runAsRoot: true}}]}",
            "v.yaml:1:54: unknown key pilot.initContainers.0.securityContext.runAsRoot; "
        ),
        (
            "gateways: {securityContext: {runAsUser: me}}",
            "v.yaml:1:30: gateways.securityContext.runAsUser must be a whole number"
        ),
        (
            "cni: {updateStrategy: {type: Recreate}}",
            "v.yaml:1:24: cni.updateStrategy.type must be one of RollingUpdate, OnDelete"
        ),
        (
            "pilot: {rollingMaxSurge: lots}",
            "v.yaml:1:9: pilot.rollingMaxSurge must be a whole number or a percentage such as 25%"
        ),
        (
            "pilot: {seccompProfile: {type: runtimeDefault}}",
            "v.yaml:1:26: pilot.seccompProfile.type must be one of Localhost, "
        ),
        (
            "cni: {seccompProfile: {localhostProfile: a}}",
            "v.yaml:1:7: cni.seccompProfile has no type, which Kubernetes"
        ),
        (
            "cni: {seLinuxOptions: {types: spc_t}}",
            "v.yaml:1:24: unknown key cni.seLinuxOptions.types; did you mean type?"
        ),
        (
            "pilot: {autoscaleBehavior: {scaleDown: {policies: [{type: Pods}]}}}",
            "v.yaml:1:52: pilot.autoscaleBehavior.scaleDown.policies.0 has no periodSeconds, which Kubernetes requires there"
        ),
        (
            "global: {imagePullPolicy: always}",
            "v.yaml:1:10: global.imagePullPolicy must be one of Always, IfNotPresent, Never"
        ),
        ("pilot: {ipFamilies: [ipv4]}", "v.yaml:1:22: pilot.ipFamilies.0 must be one of IPv4, IPv6, not \"ipv4\""),
    ])
    func whatKubernetesDoesNotHaveIsRefused(values: String, expected: String) {
        #expect(fault(ofValues: values + "\n").hasPrefix(expected), "\(fault(ofValues: values + "\n"))")
    }

    @Test(arguments: [
        "pilot: {tolerations: [{key: infra, operator: Exists, effect: \"\"}], resources: {limits: {cpu: 1.5, memory: 1e9}}}",
        "pilot: {env: {A: 1, B: true, C: x}, rollingMaxSurge: 2, rollingMaxUnavailable: \"50%\", nodeSelector: {a: \"true\"}}",
        "ztunnel: {volumes: [{name: a, projected: {sources: [{secret: {name: b, items: [{key: k, path: p}]}}]}}]}",
        "ztunnel: {affinity: {nodeAffinity: null}, dnsConfig: {options: [{name: ndots, value: \"2\"}]}}",
        "global: {proxy: {lifecycle: {preStop: {exec: {command: [sleep]}}}}, defaultResources: {requests: {cpu: 10m}}}",
        "cni: {ambient: {enablementSelectors: [{podSelector: {matchLabels: {a: b}}}]}, env: {A: 2}}",
        "pilot: {envVarFrom: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}], seccompProfile: {}}",
    ])
    func whatKubernetesHasIsTaken(values: String) {
        #expect(fault(ofValues: values + "\n") == "no error")
    }
}
