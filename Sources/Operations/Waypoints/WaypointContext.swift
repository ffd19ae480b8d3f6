import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values
import Waypoints

/// GatewayClass `istio-waypoint` as this user sees it.
enum WaypointClass {
    case found(Value)
    case missing
    /// Whether it exists is not known: classes are the cluster's, and this user may not read them.
    case unreadable

    var object: Value? { if case .found(let object) = self { object } else { nil } }
}

extension ClusterSession {
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

    /// A namespace as it is, with its kind; throws where it does not exist.
    @discardableResult
    func requireNamespace(_ name: String) throws -> Value {
        do throws(APIError) {
            return try client.send(.get("/api/v1/namespaces/\(name)").expecting(.kinds(["Namespace"]))).withKind(
                "Namespace")
        } catch {
            guard error.isNotFound else { throw error }
            throw Failures(
                failures: [Failure(nil, "namespace \(name.onOneLine) not found")],
                remedy: "see them with kubectl get namespaces")
        }
    }

    /// GatewayClass istio-waypoint, which istiod makes.
    func waypointClass() throws -> WaypointClass {
        let classes = try requireGatewayAPI().classes
        do throws(APIError) {
            let path = classes.path(name: WaypointManifest.className)
            return .found(try client.send(.get(path).expecting(.kinds(["GatewayClass"]))).withKind("GatewayClass"))
        } catch {
            if error.isForbidden { return .unreadable }
            guard error.isNotFound else { throw error }
            return .missing
        }
    }

    /// Namespaces, classes and Gateways of the cluster, which decide together; each with its kind.
    func waypointContext() throws -> [Value] {
        let lists = try listsOfContext()
        client.prefetch(lists.map { Client.firstPage($0.path) })
        return try lists.flatMap { try listed($0.kind, $0.path) }
    }

    /// The lists of the above.
    func listsOfContext() throws -> [(kind: String, path: String)] {
        let (gateways, classes) = try requireGatewayAPI()
        return [("Namespace", "/api/v1/namespaces"), ("GatewayClass", classes.path()), ("Gateway", gateways.path())]
    }

    /// What decides about the waypoints of one namespace: itself, its Gateways, and the class of waypoints where that may be
    /// read.
    func waypointContext(of namespace: String) throws -> [Value] {
        let gateways = try requireGatewayAPI().gateways
        var found = [try requireNamespace(namespace)]
        if let gatewayClass = try waypointClass().object { found.append(gatewayClass) }
        return found + (try listed("Gateway", gateways.path(namespace: namespace)))
    }

    /// What decides about these objects of one namespace: besides the above the Gateways that their labels name in others, as
    /// far as this user may read them.
    func waypointContext(
        of namespace: String, for targets: [Value]
    ) throws -> (objects: [Value], unreadable: Set<WaypointReference>) {
        var context = try waypointContext(of: namespace)
        var (others, unreadable): (Set<WaypointReference>, Set<WaypointReference>) = ([], [])
        for object in targets + context where object.kind != "Gateway" {
            guard case .waypoint(let reference)? = WaypointChoice(object.metadata, in: namespace) else { continue }
            if !reference.namespace.hasSameBytes(as: namespace) { others.insert(reference) }
        }
        for reference in others.sorted(by: { $0.description.precedesByBytes($1.description) }) {
            do {
                if let other = try gateway(reference) { context.append(other.withKind("Gateway")) }
            } catch let error as APIError {
                guard error.isForbidden else { throw error }
                unreadable.insert(reference)
            }
        }
        return (context, unreadable)
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

    /// The objects of a list, each with its kind.
    func listed(_ kind: String, _ path: String, labels: String? = nil) throws -> [Value] {
        try client.list(path, Selection(labels: labels)).items.map { $0.withKind(kind) }
    }
}

/// Calls `wide`, which reads the whole cluster; where this user may not, and a namespace is meant, `narrow` with that.
func readingWide<Answer>(
    or namespace: String?, _ wide: () throws -> Answer, narrow: (String) throws -> Answer
) throws -> Answer {
    do {
        return try wide()
    } catch let error as APIError {
        guard error.isForbidden, let namespace else { throw error }
        return try narrow(namespace)
    }
}
