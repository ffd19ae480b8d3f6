internal import ClusterState
internal import Istio
internal import Kubernetes
package import Objects
internal import Planning
internal import Preflight
internal import Values
package import Waypoints

/// A waypoint as `sail waypoint list` shows it.
package struct WaypointSummary: Sendable {
    package var waypoint: Waypoint
    /// `default` without a label.
    package var revision: String
    /// Status and reason of the condition Programmed; `False` where istiod wrote none.
    package var isProgrammed: Bool
    package var reason: String
    /// The version of its proxy, and its ready and wanted pods; `nil` where it has no Deployment.
    package var version: String?
    package var ready: Int?
    package var desired: Int?
    /// Whether it takes traffic, and why not.
    package var readiness: Readiness
    /// How many objects of each kind mean it, by their own label or their namespace's.
    package var users: [String: Int]
}

extension ClusterSession {
    /// The way to every Service, ServiceEntry and pod of a namespace, of all where `nil`; `only` one of them as
    /// `service/NAME`, `pod/NAME` or `serviceentry/NAME`. Throws where the Gateway API is missing, or the named object.
    package func waypointTraces(in namespace: String?, only: String? = nil) throws -> [WaypointTrace] {
        let resolver = WaypointResolver(try waypointContext())
        if let namespace { try requireNamespace(namespace) }
        let parts = only?.split(separator: "/", maxSplits: 1).map(String.init)
        let kinds = kindsOfTargets.filter { parts == nil || parts?[0] == $0.word }
        let targets = try targets(kinds, in: namespace).filter { parts == nil || $0.metadata.name == parts?[1] }
        if let only, targets.isEmpty {
            throw Failures(
                failures: [Failure(nil, "\(only.onOneLine) not found in namespace \(namespace ?? "")")],
                remedy: "name one as service/NAME, serviceentry/NAME or pod/NAME")
        }
        return targets.map { WaypointTrace($0, resolver) }
    }

    /// The waypoints of a namespace, of all where `nil`: Gateways of class istio-waypoint, by namespace and name.
    package func waypointSummaries(in namespace: String?) throws -> [WaypointSummary] {
        try waypointSummaries(in: namespace, context: waypointContext(), countingUsers: true)
    }

    /// The same of objects that were read; without users where they are not to be counted, which takes all pods.
    func waypointSummaries(in namespace: String?, context: [Value], countingUsers: Bool) throws -> [WaypointSummary] {
        let resolver = WaypointResolver(context)
        let gateways = context.filter { object in
            object.kind == "Gateway" && Waypoint.isWaypoint(object)
                && (namespace == nil || object.metadata.namespace == namespace)
        }
        guard !gateways.isEmpty else { return [] }
        var users: [WaypointReference: [String: Int]] = [:]
        for target in try countingUsers ? targets(kindsOfTargets, in: nil) : [] {
            guard let reference = resolver.route(to: target).waypoint else { continue }
            users[reference, default: [:]][target.kind, default: 0] += 1
        }
        let deployments = try listed("Deployment", "/apis/apps/v1/deployments", labels: WaypointLabel.gatewayName)
        return gateways.compactMap { gateway in
            let reference = WaypointReference(namespace: gateway.metadata.namespace, name: gateway.metadata.name)
            guard let waypoint = resolver.waypoints[reference] else { return nil }
            return summary(gateway, waypoint, deployments, users[reference] ?? [:])
        }.sorted { $0.waypoint.reference.description.precedesByBytes($1.waypoint.reference.description) }
    }

    private func summary(_ gateway: Value, _ waypoint: Waypoint, _ deployments: [Value], _ users: [String: Int])
        -> WaypointSummary
    {
        let programmed = findCondition("Programmed", of: gateway)
        let deployment = deployments.first {
            $0.metadata.namespace == waypoint.reference.namespace
                && $0.metadata.label(WaypointLabel.gatewayName) == waypoint.reference.name
        }
        let image = deployment.flatMap(proxyImage)
        let ready = deployment.map { count("readyReplicas", of: $0) }
        let desired = deployment.map(wantedReplicas)
        var readiness = Waypoint.readiness(of: gateway)
        // istiod counts a Gateway by its addresses alone; without a ready pod its traffic is lost all the same.
        if readiness.isReady, ready == 0, let desired {
            readiness =
                desired == 0
                ? .failed("is scaled to 0 replicas, and traffic to it is lost")
                : .progressing("0 of \(desired) pods are ready")
        }
        return WaypointSummary(
            waypoint: waypoint, revision: gateway.metadata.label(WaypointLabel.revision) ?? "default",
            isProgrammed: programmed?["status"]?.string == "True", reason: programmed?["reason"]?.string ?? "",
            version: image.map { ImageReference($0)?.version?.releaseName ?? $0 },
            ready: ready, desired: desired, readiness: readiness, users: users)
    }

    /// Gateways and their classes as the server serves them; throws with the way to install them where it does not.
    @discardableResult
    func requireGatewayAPI() throws -> (gateways: APIResource, classes: APIResource) {
        if let silent = cluster.discovery.unavailableGroup(apiVersion: WaypointManifest.apiVersion, kind: "Gateway") {
            throw APIError.unavailable(group: silent)
        }
        guard let gateways = cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway"),
            let classes = cluster.discovery.preferred(group: gatewayGroup, kind: "GatewayClass")
        else {
            let running = (try? cluster.workloads())?.runningVersions[.istiod]?.last
            throw Failures(
                failures: [Failure(nil, "the cluster has no Gateway API, which waypoints are made of")],
                remedy: gatewayAPIRemedy(GatewayAPI.bundle(forMinor: running?.minorName)))
        }
        return (gateways, classes)
    }

    /// Throws where a namespace does not exist.
    func requireNamespace(_ name: String) throws {
        do throws(APIError) {
            _ = try client.send(.get("/api/v1/namespaces/\(name)").expecting(.kinds(["Namespace"])))
        } catch {
            guard error.isNotFound else { throw error }
            throw Failures(
                failures: [Failure(nil, "namespace \(name.onOneLine) not found")],
                remedy: "see them with kubectl get namespaces")
        }
    }

    /// GatewayClass istio-waypoint; `nil` where it does not exist.
    func waypointClass() throws -> Value? {
        let classes = try requireGatewayAPI().classes
        do throws(APIError) {
            return try client.send(
                .get(classes.path(name: WaypointManifest.className)).expecting(.kinds(["GatewayClass"])))
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// What goes through a waypoint as a Gateway is, and would not as it would be: `Service shop/cart`, in order.
    func routesLost(replacing live: Value, by after: Value) throws -> [String] {
        let context = try waypointContext()
        let metadata = live.metadata
        let others = context.filter {
            $0.kind != "Gateway" || $0.metadata.name != metadata.name || $0.metadata.namespace != metadata.namespace
        }
        let (now, then) = (WaypointResolver(context), WaypointResolver(others + [after.withKind("Gateway")]))
        return try targets(kindsOfTargets, in: nil).filter {
            now.route(to: $0).direct == nil && then.route(to: $0).direct != nil
        }.map { "\($0.kind) \($0.metadata.title)".onOneLine }
    }

    /// Namespaces, classes and Gateways, which decide together; each with its kind.
    func waypointContext() throws -> [Value] {
        let (gateways, classes) = try requireGatewayAPI()
        let lists = [
            ("Namespace", "/api/v1/namespaces"), ("GatewayClass", classes.path()), ("Gateway", gateways.path()),
        ]
        client.prefetch(lists.map { Client.firstPage($0.1) })
        return try lists.flatMap { try listed($0, $1) }
    }

    typealias TargetKind = (word: String, kind: String, resource: APIResource)

    /// The objects of these kinds in a namespace, in all where `nil`.
    func targets(_ kinds: [TargetKind], in namespace: String?) throws -> [Value] {
        try kinds.flatMap { try listed($0.kind, $0.resource.path(namespace: namespace)) }
    }

    /// Kinds that waypoints serve, as far as they are served, with their words on the command line.
    var kindsOfTargets: [TargetKind] {
        [("service", "", "Service"), ("serviceentry", "networking.istio.io", "ServiceEntry"), ("pod", "", "Pod")]
            .compactMap { word, group, kind in
                cluster.discovery.preferred(group: group, kind: kind).map { (word, kind, $0) }
            }
    }

    func listed(_ kind: String, _ path: String, labels: String? = nil) throws -> [Value] {
        try client.list(path, Selection(labels: labels)).items.map { $0.withKind(kind) }
    }
}

/// The image of the proxy in a waypoint's Deployment; `nil` where that has no such container.
func proxyImage(_ deployment: Value) -> String? {
    let containers = deployment[path: "spec", "template", "spec", "containers"]?.list ?? []
    return containers.first { $0["name"]?.string == WaypointOptions.container }?["image"]?.string
}
