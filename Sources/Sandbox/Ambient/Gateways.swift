import Values

extension World {
    private static let gateways = "gateways.gateway.networking.k8s.io"
    private static let classes = "gatewayclasses.gateway.networking.k8s.io"
    private static let writer = WriteOptions(manager: WaypointProxy.manager, force: true)

    /// istiod's gateway controller: its class for waypoints, and the proxies of the Gateways of that class.
    mutating func syncGateways() {
        guard let kind = kinds[World.gateways], let classKind = kinds[World.classes] else { return }
        let images = istiodImages()
        guard !images.isEmpty else { return }
        acceptClass(classKind)
        for gateway in all(World.gateways)
        where !gateway.isBeingDeleted && gateway[at: "spec", "gatewayClassName"]?.string == WaypointProxy.className
            && !settings.isUnprogrammed(gateway.name)
        {
            let revision = gateway.labels["istio.io/rev"]?.string ?? "default"
            guard let image = images[revision], let options = options(of: gateway),
                let proxy = WaypointProxy(gateway, istiod: image, options: options)
            else { continue }
            sync(proxy, gateway, kind)
        }
    }

    /// The image of each revision of the control plane that has a ready pod of it.
    private func istiodImages() -> [String: String] {
        var images: [String: String] = [:]
        for deployment in all("deployments.apps") where deployment.labels["app"] == "istiod" {
            let template = deployment[at: "spec", "template"]
            let image = template?[at: "spec", "containers"]?.list?.first?["image"]?.string ?? ""
            let isServing = all("pods", namespace: deployment.namespace).contains { pod in
                pod.labels["app"] == "istiod" && isReady(pod)
                    && pod[at: "spec", "containers"]?.list?.first?["image"]?.string == image
            }
            let revision = template?.labels["istio.io/rev"]?.string ?? "default"
            if isServing, images[revision] == nil { images[revision] = image }
        }
        return images
    }

    private mutating func acceptClass(_ kind: Kind) {
        let key = "/" + WaypointProxy.className
        if objects[World.classes]?[key] == nil {
            let target = Target(
                kind: kind, version: kind.storageVersion, name: WaypointProxy.className)
            let body: Value = [
                "metadata": ["name": .string(WaypointProxy.className)],
                "spec": [
                    "controllerName": .string(WaypointProxy.controller),
                    "description": "The default Istio waypoint GatewayClass",
                ],
            ]
            _ = try? create(body, target, World.writer)
        }
        guard let own = objects[World.classes]?[key],
            own[at: "spec", "controllerName"]?.string == WaypointProxy.controller
        else { return }
        var accepted = condition("Accepted", true, "Accepted", "Handled by Istio controller")
        accepted[at: "observedGeneration"] = own["metadata"]?["generation"] ?? 1
        setStatus(World.classes, key, ["conditions": [accepted]], World.writer)
    }

    /// The ConfigMaps whose overlays count: the class's defaults, then the Gateway's own; `nil` where that one is missing.
    private func options(of gateway: Value) -> [Value]? {
        let label = "gateway.istio.io/defaults-for-class"
        let defaults = (objects["configmaps"] ?? [:]).values
            .filter { $0.labels[label]?.string == WaypointProxy.className }
            .min { first, second in first.created.precedesByBytes(second.created) }
        guard let reference = gateway[at: "spec", "infrastructure", "parametersRef"] else {
            return [defaults].compactMap { $0 }
        }
        guard reference["kind"] == "ConfigMap", (reference["group"]?.string ?? "").isEmpty,
            let own = object("configmaps", gateway.namespace, reference["name"]?.string ?? "")
        else { return nil }
        return [defaults, own].compactMap { $0 }
    }

    private mutating func sync(_ proxy: WaypointProxy, _ gateway: Value, _ kind: Kind) {
        for (resource, object) in proxy.parts {
            guard let kind = kinds[resource] else { continue }
            let target = Target(
                kind: kind, version: kind.storageVersion, namespace: gateway.namespace, name: gateway.name)
            _ = try? apply(object, target, World.writer)
        }
        let deployment = object("deployments.apps", gateway.namespace, gateway.name)
        let isReady = (deployment?[at: "status", "readyReplicas"]?.int ?? 0) > 0
        let service = object("services", gateway.namespace, gateway.name)
        var status = proxy.status(
            isReady: isReady, clusterIP: service?[at: "spec", "clusterIP"]?.string ?? "")
        // Listeners report nothing of their own here.
        status[at: "listeners"] = gateway[at: "status", "listeners"]
        setStatus(World.gateways, "\(gateway.namespace)/\(gateway.name)", status, World.writer)
    }
}

extension Value {
    fileprivate var created: String { self["metadata"]?["creationTimestamp"]?.string ?? "" }
}
