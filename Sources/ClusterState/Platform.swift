package import Kubernetes
internal import Objects
package import Preflight
internal import Values

private struct NodeSign {
    var platform: String
    /// Tests one node; answers the sign for a person.
    var sign: @Sendable (Value) -> String?
}

/// In the order in which they are asked: distributions before the clouds that they may run on.
private let nodeSigns: [NodeSign] = [
    NodeSign(platform: "k3d") { node in
        version(node).contains("+k3s") && name(node).hasPrefix("k3d-") ? "node \(name(node))" : nil
    },
    NodeSign(platform: "k3s") { node in version(node).contains("+k3s") ? "kubelet \(version(node))" : nil },
    NodeSign(platform: "rke2") { node in version(node).contains("+rke2") ? "kubelet \(version(node))" : nil },
    NodeSign(platform: "microk8s") { node in label(node, "microk8s.io/cluster").map { _ in "label microk8s.io/cluster" }
    },
    NodeSign(platform: "minikube") { node in
        label(node, "minikube.k8s.io/name").map { _ in "label minikube.k8s.io/name" }
    },
    NodeSign(platform: "talos") { node in osImage(node).hasPrefix("Talos") ? "node image \(osImage(node))" : nil },
    NodeSign(platform: "kind") { node in provider(node).hasPrefix("kind://") ? "provider \(provider(node))" : nil },
    NodeSign(platform: "gke") { node in
        version(node).contains("-gke.") || label(node, "cloud.google.com/gke-nodepool") != nil
            ? "kubelet \(version(node))" : nil
    },
    NodeSign(platform: "eks") { node in
        version(node).contains("-eks-") || label(node, "eks.amazonaws.com/nodegroup") != nil
            ? "kubelet \(version(node))" : nil
    },
    NodeSign(platform: "aks") { node in
        label(node, "kubernetes.azure.com/cluster").map { _ in "label kubernetes.azure.com/cluster" }
    },
]

extension Cluster {
    package static var oneNode: APIRequest { .get("/api/v1/nodes", query: [("limit", "1")]).expecting(.list) }

    /// The platform that the cluster runs on, by its API groups and its first node; `nil` where nothing tells.
    ///
    /// One request for a single node; without the right to see nodes only OpenShift is known.
    package func detectPlatform() throws(APIError) -> DetectedPlatform? {
        if let knownPlatform { return knownPlatform }
        let found = try platformNow()
        knownPlatform = .some(found)
        return found
    }

    private func platformNow() throws(APIError) -> DetectedPlatform? {
        if discovery.serves(group: "config.openshift.io") || discovery.serves(group: "security.openshift.io") {
            return DetectedPlatform(name: "openshift", sign: "API group security.openshift.io")
        }
        do throws(APIError) {
            let page = try client.send(Cluster.oneNode)
            guard let node = page["items"]?.list?.first else { return nil }
            for row in nodeSigns {
                if let sign = row.sign(node) { return DetectedPlatform(name: row.platform, sign: sign) }
            }
            return nil
        } catch {
            if error.isForbidden { return nil }
            throw error
        }
    }
}

private func name(_ node: Value) -> String { node.metadata.name }
private func version(_ node: Value) -> String { node["status"]?["nodeInfo"]?["kubeletVersion"]?.string ?? "" }
private func osImage(_ node: Value) -> String { node["status"]?["nodeInfo"]?["osImage"]?.string ?? "" }
private func provider(_ node: Value) -> String { node["spec"]?["providerID"]?.string ?? "" }
private func label(_ node: Value, _ key: String) -> String? { node.metadata.label(key) }
