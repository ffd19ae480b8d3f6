import Preflight
package import Values

/// The objects that run the controller in a cluster.
package struct ControllerManifest {
    /// The image of sail.
    package var image: String
    package var namespace = "sail-operator"
    private let options: OperationOptions

    private static let name = "sail"
    private static let (healthPort, metricsPort) = (8081, 8443)

    package init(_ options: OperationOptions, image: String) { (self.options, self.image) = (options, image) }

    /// All of them, in the order in which they are applied.
    package func objects() throws -> [Value] {
        [
            namespaceObject, serviceAccount,
            role("ClusterRole", try ControllerPermissions(options: options).all()), binding("ClusterRole"),
            role("Role", lease), binding("Role"), metricsReader, service, deployment,
        ]
    }

    /// By which one controller works at a time.
    private var lease: [Permission] {
        ["get", "create", "update", "patch"].map { Permission($0, "coordination.k8s.io", "leases") }
    }

    private var labels: Value {
        ["app.kubernetes.io/name": .string(ControllerManifest.name), "app.kubernetes.io/component": "controller"]
    }

    private func metadata(_ name: String = ControllerManifest.name, isNamespaced: Bool = true) -> Value {
        var metadata: Mapping = ["name": .string(name)]
        if isNamespaced { metadata["namespace"] = .string(namespace) }
        metadata["labels"] = labels
        return .map(metadata)
    }

    private var namespaceObject: Value {
        var metadata: Mapping = ["name": .string(namespace)]
        metadata["labels"] = ["pod-security.kubernetes.io/enforce": "restricted"]
        return ["apiVersion": "v1", "kind": "Namespace", "metadata": .map(metadata)]
    }

    private var serviceAccount: Value { ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata()] }

    private func role(_ kind: String, _ permissions: [Permission]) -> Value {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind),
            "metadata": kind == "Role" ? metadata("sail-lease") : metadata("sail-controller", isNamespaced: false),
            "rules": .list(ControllerPermissions.rules(permissions)),
        ]
    }

    private func binding(_ kind: String) -> Value {
        let isNamespaced = kind == "Role"
        let name = isNamespaced ? "sail-lease" : "sail-controller"
        return [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind + "Binding"),
            "metadata": metadata(name, isNamespaced: isNamespaced),
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(name)],
            "subjects": [
                ["kind": "ServiceAccount", "name": .string(ControllerManifest.name), "namespace": .string(namespace)]
            ],
        ]
    }

    /// For the account of a Prometheus: to be bound to it.
    private var metricsReader: Value {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": metadata("sail-metrics-reader", isNamespaced: false),
            "rules": [["nonResourceURLs": ["/metrics"], "verbs": ["get"]]],
        ]
    }

    private var service: Value {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata("sail-metrics"),
            "spec": [
                "selector": labels,
                "ports": [
                    [
                        "name": "https-metrics", "port": .int(ControllerManifest.metricsPort), "protocol": "TCP",
                        "targetPort": "metrics",
                    ]
                ],
            ],
        ]
    }

    private var deployment: Value {
        let pod: Value = [
            "serviceAccountName": .string(ControllerManifest.name), "terminationGracePeriodSeconds": 30,
            "securityContext": [
                "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
                "seccompProfile": ["type": "RuntimeDefault"],
            ],
            "containers": [container],
        ]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(),
            "spec": [
                "replicas": 1, "selector": ["matchLabels": labels],
                "template": ["metadata": ["labels": labels], "spec": pod],
            ],
        ]
    }

    private var arguments: [String] {
        var arguments = [
            "reconcile", "--watch", "--health-addr=:\(ControllerManifest.healthPort)",
            "--metrics-addr=:\(ControllerManifest.metricsPort)",
        ]
        if options.isFIPS { arguments.append("--fips") }
        if let platform = options.platform { arguments.append("--platform=\(platform)") }
        return arguments
    }

    private var container: Value {
        [
            "name": .string(ControllerManifest.name), "image": .string(image),
            "args": .list(arguments.map(Value.string)),
            "env": [
                ["name": "POD_NAMESPACE", "valueFrom": ["fieldRef": ["fieldPath": "metadata.namespace"]]]
            ],
            "ports": [
                ["name": "health", "containerPort": .int(ControllerManifest.healthPort), "protocol": "TCP"],
                ["name": "metrics", "containerPort": .int(ControllerManifest.metricsPort), "protocol": "TCP"],
            ],
            "livenessProbe": probe("/healthz", delay: 15, period: 20),
            "readinessProbe": probe("/readyz", delay: 5, period: 10),
            "resources": [
                "requests": ["cpu": "10m", "memory": "64Mi"], "limits": ["memory": "256Mi"],
            ],
            "securityContext": [
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                "capabilities": ["drop": ["ALL"]],
            ],
        ]
    }

    private func probe(_ path: String, delay: Int, period: Int) -> Value {
        [
            "httpGet": ["path": .string(path), "port": "health"], "initialDelaySeconds": .int(delay),
            "periodSeconds": .int(period), "timeoutSeconds": 5,
        ]
    }
}
