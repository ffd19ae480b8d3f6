import Foundation
import Kubernetes
import Synchronization
import Values

/// Stands in for the scheduler and three nodes' kubelets of a real control plane: binds pods, lets them run and end.
final class Kubelets {
    private let cluster: LiveCluster
    private var count = 0

    init(_ cluster: LiveCluster) {
        self.cluster = cluster
    }

    func run() {
        var options = ConnectionOptions()
        options.kubeconfig = cluster.kubeconfig
        guard let client = try? makeClient(options) else { return }
        for number in 1...3 {
            let labels: Value = ["kubernetes.io/os": "linux", "kubernetes.io/hostname": .string("n\(number)")]
            let node: Value = [
                "kind": "Node", "apiVersion": "v1", "metadata": ["name": .string("n\(number)"), "labels": labels],
            ]
            _ = try? client.send(.create("/api/v1/nodes", node, manager: "kubelet"))
            _ = try? client.send(
                patch(
                    "/api/v1/nodes/n\(number)/status",
                    [
                        "status": [
                            "conditions": [condition("Ready")],
                            "nodeInfo": [
                                "kubeletVersion": "v1.36.2", "architecture": "amd64", "operatingSystem": "linux",
                                "osImage": "", "kernelVersion": "", "containerRuntimeVersion": "", "machineID": "",
                                "systemUUID": "", "bootID": "", "kubeProxyVersion": "",
                            ],
                        ]
                    ]))
        }
        let standIns = AmbientStandIns(cluster: cluster, client: client)
        while true {
            for number in 1...3 { clearTaints(client, "n\(number)") }
            let pods = (try? client.list("/api/v1/pods").items) ?? []
            for pod in pods { advance(pod, client) }
            standIns.advance(pods)
            usleep(100_000)
        }
    }

    private func patch(_ path: String, _ body: Value) -> APIRequest {
        var call = APIRequest.mergePatch(path, body, manager: "kubelet")
        call.contentType = "application/strategic-merge-patch+json"
        return call
    }

    private func condition(_ type: String) -> Value {
        let time = Value.string(ISO8601DateFormatter().string(from: Date()))
        return ["type": .string(type), "status": "True", "lastTransitionTime": time]
    }

    private func clearTaints(_ client: Client, _ name: String) {
        guard let node = try? client.send(.get("/api/v1/nodes/\(name)")), node["spec"]?["taints"] != nil else { return }
        _ = try? client.send(.mergePatch("/api/v1/nodes/\(name)", ["spec": ["taints": .null]], manager: "kubelet"))
    }

    private func advance(_ pod: Value, _ client: Client) {
        let metadata = pod["metadata"]
        let name = metadata?["name"]?.string ?? ""
        let path = "/api/v1/namespaces/\(metadata?["namespace"]?.string ?? "")/pods/\(name)"
        if metadata?["deletionTimestamp"] != nil {
            let now: Value = ["kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0]
            _ = try? client.send(APIRequest(.delete, path, body: Array(((try? now.json()) ?? "").utf8)))
        } else if pod["spec"]?["nodeName"] == nil {
            count += 1
            let binding: Value = [
                "kind": "Binding", "apiVersion": "v1", "metadata": ["name": .string(name)],
                "target": [
                    "kind": "Node", "apiVersion": "v1", "name": .string(wantedNode(pod) ?? "n\(count % 3 + 1)"),
                ],
            ]
            _ = try? client.send(.create(path + "/binding", binding))
        } else if !isReady(pod) {
            start(pod, path, client)
        }
    }

    private func isReady(_ pod: Value) -> Bool {
        (pod["status"]?["conditions"]?.list ?? []).contains { $0["type"] == "Ready" && $0["status"] == "True" }
    }

    /// The node that the DaemonSet controller made the pod for.
    private func wantedNode(_ pod: Value) -> String? {
        let affinity = pod["spec"]?["affinity"]?["nodeAffinity"]
        let terms = affinity?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?.list
        return terms?.first?["matchFields"]?.list?.first?["values"]?.list?.first?.string
    }

    private func start(_ pod: Value, _ path: String, _ client: Client) {
        let containers = pod["spec"]?["containers"]?.list ?? []
        let broken = cluster.brokenImage.withLock { $0 }
        func isBroken(_ container: Value) -> Bool {
            broken.map { container["image"]?.string?.contains($0) == true } ?? false
        }
        let isFailing = containers.contains(where: isBroken)
        if isFailing, pod["status"]?["containerStatuses"] != nil { return }
        let statuses = containers.map { container -> Value in
            let state: Value =
                isFailing
                ? ["waiting": ["reason": "ErrImagePull", "message": "not found"]] : ["running": Value.map(Mapping())]
            return [
                "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "", "restartCount": 0,
                "ready": .bool(!isFailing), "started": .bool(!isFailing), "state": state,
            ]
        }
        let conditions = isFailing ? ["PodScheduled"] : ["PodScheduled", "Initialized", "ContainersReady", "Ready"]
        var status: Mapping = [
            "phase": isFailing ? "Pending" : "Running", "conditions": .list(conditions.map(condition)),
            "containerStatuses": .list(statuses),
        ]
        if !isFailing {
            count += 1
            let address = Value.string("10.7.\(count >> 8 & 255).\(count & 255)")
            status["podIP"] = address
            status["podIPs"] = [["ip": address]]
        }
        _ = try? client.send(patch(path + "/status", ["status": .map(status)]))
    }
}
