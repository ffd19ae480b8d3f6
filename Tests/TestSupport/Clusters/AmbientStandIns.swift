import Kubernetes
import Sandbox
import Synchronization
import Values

/// Stands in for the CNI agents and for istiod's gateway controller on a real control plane, with the sandbox's rules.
struct AmbientStandIns {
    let cluster: LiveCluster
    let client: Client

    private static let gateways = "/apis/gateway.networking.k8s.io/v1"

    /// Looks at `pods`, all of the cluster; asks for nothing more where there is no mesh.
    func advance(_ pods: [Value]) {
        if pods.contains(where: { label($0, "k8s-app") == "istio-cni-node" }) { capture(pods) }
        let images = istiodImages(pods)
        if !images.isEmpty { syncGateways(images) }
    }

    private func label(_ object: Value, _ name: String) -> String? { object["metadata"]?["labels"]?[name]?.string }

    private func capture(_ pods: [Value]) {
        guard let namespaces = try? client.list("/api/v1/namespaces").items else { return }
        let selection = Selection(fields: "metadata.name=istio-cni-config")
        let configuration = try? client.list("/api/v1/configmaps", selection).items.first
        let rule = CaptureRule(namespaces: namespaces, pods: pods, configuration: configuration)
        let word = cluster.uncaptured.withLock { $0 }
        for pod in pods {
            let name = pod["metadata"]?["name"]?.string ?? ""
            guard let mark = rule.change(of: pod), word.map(name.contains) != true else { continue }
            let path = "/api/v1/namespaces/\(pod["metadata"]?["namespace"]?.string ?? "")/pods/\(name)"
            let patch: Value = ["metadata": ["annotations": [CaptureRule.redirection: mark]]]
            _ = try? client.send(.mergePatch(path, patch, manager: "install-cni"))
        }
    }

    /// The images of istiod's ready pods by revision.
    private func istiodImages(_ pods: [Value]) -> [String: String] {
        var images: [String: String] = [:]
        for pod in pods where label(pod, "app") == "istiod" && pod["metadata"]?["deletionTimestamp"] == nil {
            let isReady = pod["status"]?["conditions"]?.list?.contains {
                $0["type"] == "Ready" && $0["status"] == "True"
            }
            guard isReady == true, let image = pod["spec"]?["containers"]?.list?.first?["image"]?.string else {
                continue
            }
            // In the midst of a rollout the newer one counts.
            let revision = label(pod, "istio.io/rev") ?? "default"
            images[revision] = max(images[revision] ?? "", image)
        }
        return images
    }

    private func syncGateways(_ images: [String: String]) {
        let base = AmbientStandIns.gateways
        guard let gateways = try? client.list(base + "/gateways").items else { return }
        let classPath = "\(base)/gatewayclasses/\(WaypointProxy.className)"
        let gatewayClass: Value = [
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass",
            "metadata": ["name": .string(WaypointProxy.className)],
            "spec": ["controllerName": .string(WaypointProxy.controller)],
        ]
        _ = try? client.send(.apply(classPath, gatewayClass, manager: WaypointProxy.manager, force: true))
        let accepted: Value = [
            "type": "Accepted", "status": "True", "reason": "Accepted", "message": "Handled by Istio controller",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        ]
        setStatus(classPath, ["conditions": [accepted]])
        let word = cluster.unprogrammed.withLock { $0 }
        for gateway in gateways where gateway["spec"]?["gatewayClassName"]?.string == WaypointProxy.className {
            let name = gateway["metadata"]?["name"]?.string ?? ""
            guard gateway["metadata"]?["deletionTimestamp"] == nil, word.map(name.contains) != true,
                let image = images[label(gateway, "istio.io/rev") ?? "default"],
                let options = options(of: gateway),
                let proxy = WaypointProxy(gateway, istiod: image, options: options)
            else { continue }
            sync(proxy, name, gateway["metadata"]?["namespace"]?.string ?? "")
        }
    }

    /// The ConfigMaps whose overlays count; `nil` where the one that the Gateway names is missing.
    private func options(of gateway: Value) -> [Value]? {
        let selection = Selection(labels: "gateway.istio.io/defaults-for-class=\(WaypointProxy.className)")
        let defaults = (try? client.list("/api/v1/configmaps", selection).items.first).map { [$0] } ?? []
        guard let reference = gateway["spec"]?["infrastructure"]?["parametersRef"] else { return defaults }
        let namespace = gateway["metadata"]?["namespace"]?.string ?? ""
        let path = "/api/v1/namespaces/\(namespace)/configmaps/\(reference["name"]?.string ?? "")"
        guard reference["kind"] == "ConfigMap", let own = try? client.send(.get(path)) else { return nil }
        return defaults + [own]
    }

    private func sync(_ proxy: WaypointProxy, _ name: String, _ namespace: String) {
        for (resource, object) in proxy.parts {
            let plural = resource.prefix { $0 != "." }
            let apiVersion = object["apiVersion"]?.string ?? "v1"
            let root = apiVersion.contains("/") ? "/apis/" : "/api/"
            let path = "\(root)\(apiVersion)/namespaces/\(namespace)/\(plural)/\(name)"
            _ = try? client.send(.apply(path, object, manager: WaypointProxy.manager, force: true))
        }
        let deployment = try? client.send(.get("/apis/apps/v1/namespaces/\(namespace)/deployments/\(name)"))
        let service = try? client.send(.get("/api/v1/namespaces/\(namespace)/services/\(name)"))
        let isReady = (deployment?["status"]?["readyReplicas"]?.int ?? 0) > 0
        let status = proxy.status(isReady: isReady, clusterIP: service?["spec"]?["clusterIP"]?.string ?? "")
        setStatus("\(AmbientStandIns.gateways)/namespaces/\(namespace)/gateways/\(name)", status)
    }

    /// Writes a status whose conditions say something else than those that are there.
    private func setStatus(_ path: String, _ status: Value) {
        guard let live = try? client.send(.get(path)) else { return }
        func said(_ value: Value?) -> [[String?]] {
            (value?["conditions"]?.list ?? []).map { condition in
                [condition["type"]?.string, condition["status"]?.string, condition["message"]?.string]
                    + [condition["observedGeneration"]?.int.map(String.init)]
            }
        }
        guard said(live["status"]) != said(status) else { return }
        _ = try? client.send(.mergePatch(path + "/status", ["status": status], manager: WaypointProxy.manager))
    }
}
