import Values
import YAML

/// An object written as YAML.
func object(_ yaml: String) throws -> Value { try Value(yaml: yaml, numbers: .native) }

/// A running pod of Deployment web with these labels and containers.
func pod(labels: String = "app: web", spec: String = "", metadata: String = "", status: String = "") throws -> Value {
    try object(
        """
        kind: Pod
        metadata:
          name: web-5d-a
          namespace: shop
          labels: {\(labels), pod-template-hash: 5d}
          ownerReferences: [{kind: ReplicaSet, name: web-5d, uid: u, controller: true}]
          \(metadata)
        spec: {nodeName: n1, \(spec)}
        status: {phase: Running, podIP: 10.0.0.1, \(status)}
        """)
}
