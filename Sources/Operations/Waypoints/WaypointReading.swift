internal import ClusterState
internal import Istio
internal import Kubernetes
import Objects
internal import Planning
package import Preflight
internal import Values
import Waypoints

extension ClusterSession {
    /// What showing the waypoints of a namespace sends at least, of all where `nil`; `withTargets` what goes through them too.
    package func waypointReads(in namespace: String?, withTargets: Bool = false) -> [Permission] {
        let place = namespace ?? ""
        var found = [
            Permission(place.isEmpty ? "list" : "get", "", "namespaces", namespace: place),
            Permission("list", gatewayGroup, "gateways", namespace: place),
        ]
        if place.isEmpty { found.append(Permission("list", gatewayGroup, "gatewayclasses")) }
        guard withTargets else { return found + [Permission("list", "apps", "deployments", namespace: place)] }
        return found
            + kindsOfTargets.map { Permission("list", $0.resource.group, $0.resource.name, namespace: place) }
    }

    /// The way to every Service, ServiceEntry and pod of a namespace, of all where `nil`; `only` one of them as
    /// `service/NAME`, `pod/NAME` or `serviceentry/NAME`. Throws where the Gateway API is missing, or the named object.
    func waypointTraces(in namespace: String?, only: String? = nil) throws -> [WaypointTrace] {
        let parts = (only?.split(separator: "/", maxSplits: 1).map(String.init)).map {
            ($0.first, $0.dropFirst().first)
        }
        let kinds = kindsOfTargets.filter { parts == nil || parts?.0 == $0.word }
        let paths = try listsOfContext().map(\.path) + kinds.map { $0.resource.path(namespace: namespace) }
        client.prefetch(paths.map { Client.firstPage($0) })
        if let namespace { try requireNamespace(namespace) }
        let targets = try targets(kinds, in: namespace).filter { parts == nil || $0.metadata.name == parts?.1 }
        if let only, targets.isEmpty {
            throw Failures(
                failures: [Failure(nil, "\(only.onOneLine) not found in namespace \(namespace ?? "")")],
                remedy: "name one as service/NAME, serviceentry/NAME or pod/NAME")
        }
        let (context, unreadable) = try readingWide(or: namespace) {
            (objects: try waypointContext(), unreadable: [])
        } narrow: {
            try waypointContext(of: $0, for: targets)
        }
        let resolver = WaypointResolver(context, revision: try istiodRevision(for: targets))
        return targets.map { WaypointTrace($0, resolver, unreadable: unreadable) }
    }

    /// The waypoints of a namespace, of all where `nil`, with what goes through each: Gateways of class istio-waypoint, by
    /// namespace and name.
    package func waypointSummaries(in namespace: String?) throws -> [WaypointSummary] {
        if let namespace { try requireNamespace(namespace) }
        let context = try readingWide(or: namespace) {
            try waypointContext()
        } narrow: {
            try waypointContext(of: $0)
        }
        var rows = try waypointRows(in: namespace, context: context)
        guard !rows.isEmpty else { return [] }
        let targets = try readingWide(or: namespace) {
            try self.targets(kindsOfTargets, in: nil)
        } narrow: { namespace in
            ui.warn(
                "only what is in namespace \(namespace) is counted as using its waypoints: you may not read the others")
            return try self.targets(kindsOfTargets, in: namespace)
        }
        let resolver = WaypointResolver(context, revision: try istiodRevision(for: targets))
        let users = waypointUsers(targets, resolver)
        for index in rows.indices { rows[index].users = users[rows[index].waypoint.reference] ?? [:] }
        return rows
    }

    /// istiod's revision, by which it leaves ServiceEntries out; `default` where none of them names one, or where istiod may
    /// not be read.
    func istiodRevision(for targets: [Value]) throws -> String {
        let named = targets.contains { $0.kind == "ServiceEntry" && $0.metadata.label(IstioLabel.revision) != nil }
        guard named else { return "default" }
        do throws(APIError) {
            let found = try client.list("/apis/apps/v1/deployments", Selection(labels: "app=istiod")).items
            return found.lazy.compactMap { $0.metadata.label(IstioLabel.revision) }.first ?? "default"
        } catch {
            guard error.isForbidden else { throw error }
            return "default"
        }
    }

    /// How many objects of each kind go through each waypoint, or would if that had an address.
    private func waypointUsers(
        _ targets: [Value], _ resolver: WaypointResolver
    ) -> [WaypointReference: [String: Int]] {
        var users: [WaypointReference: [String: Int]] = [:]
        for target in targets {
            let route = resolver.route(to: target)
            guard let reference = route.waypoint, route.direct == nil || route.direct == .notReady else { continue }
            users[reference, default: [:]][target.kind, default: 0] += 1
        }
        return users
    }

    /// The waypoints of a namespace, of all where `nil`, without what goes through them.
    func waypointRows(in namespace: String?) throws -> [WaypointSummary] {
        let context = try namespace.map { try waypointContext(of: $0) } ?? waypointContext()
        return try waypointRows(in: namespace, context: context)
    }

    /// The same of objects that were read.
    func waypointRows(in namespace: String?, context: [Value]) throws -> [WaypointSummary] {
        let resolver = WaypointResolver(context)
        let gateways = context.filter { object in
            object.kind == "Gateway" && Waypoint.isWaypoint(object)
                && (namespace == nil || object.metadata.namespace == namespace)
        }
        guard !gateways.isEmpty else { return [] }
        let place = namespace.map { "/apis/apps/v1/namespaces/\($0)/deployments" } ?? "/apis/apps/v1/deployments"
        let deployments = try listed("Deployment", place, labels: IstioLabel.gatewayName)
        return gateways.compactMap { gateway in
            let reference = WaypointReference(namespace: gateway.metadata.namespace, name: gateway.metadata.name)
            guard let waypoint = resolver.waypoints[reference] else { return nil }
            return summary(gateway, waypoint, deployments)
        }.sorted { $0.waypoint.reference.description.precedesByBytes($1.waypoint.reference.description) }
    }

    private func summary(_ gateway: Value, _ waypoint: Waypoint, _ deployments: [Value]) -> WaypointSummary {
        let programmed = findCondition("Programmed", of: gateway)
        let deployment = deployments.first {
            $0.metadata.namespace == waypoint.reference.namespace
                && $0.metadata.label(IstioLabel.gatewayName) == waypoint.reference.name
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
            waypoint: waypoint, revision: gateway.metadata.label(IstioLabel.revision) ?? "default",
            isProgrammed: programmed?["status"]?.string == "True", reason: programmed?["reason"]?.string ?? "",
            version: image.map { ImageReference($0)?.version?.releaseName ?? $0 },
            ready: ready, desired: desired, readiness: readiness)
    }

    /// What goes through a waypoint as a Gateway is, and would not as it would be: `Service shop/cart`, in order.
    func routesLost(replacing live: Value, by after: Value) throws -> [String] {
        let metadata = live.metadata
        let (context, objects) = try readingWide(or: metadata.namespace) {
            (try waypointContext(), try targets(kindsOfTargets, in: nil))
        } narrow: { namespace in
            ui.warn(
                "what goes past the waypoint then is known of namespace \(namespace) alone: you may not read the others"
            )
            return (try waypointContext(of: namespace), try targets(kindsOfTargets, in: namespace))
        }
        let others = context.filter {
            $0.kind != "Gateway" || $0.metadata.name != metadata.name || $0.metadata.namespace != metadata.namespace
        }
        let revision = try istiodRevision(for: objects)
        let now = WaypointResolver(context, revision: revision)
        let then = WaypointResolver(others + [after.withKind("Gateway")], revision: revision)
        return objects.filter {
            now.route(to: $0).direct == nil && then.route(to: $0).direct != nil
        }.map { "\($0.kind) \($0.metadata.title)".onOneLine }
    }
}

/// The image of the proxy in a waypoint's Deployment; `nil` where that has no such container.
func proxyImage(_ deployment: Value) -> String? {
    let containers = deployment[path: "spec", "template", "spec", "containers"]?.list ?? []
    return containers.first { $0["name"]?.string == WaypointOptions.container }?["image"]?.string
}
