import ClusterState
import Kubernetes
import Objects
import Planning
import Values
import Waypoints

extension ClusterSession {
    /// Why a waypoint is not ready, as far as the cluster shows it: the class, the options that istiod only logs about, its
    /// pods. A line for each reason; what may not be read is left out.
    func diagnose(_ waypoint: WaypointReference) throws -> [String] {
        var lines: [String] = []
        lines += try readable { try classReasons() }
        guard let gateway = try gateway(waypoint) else { return ["the Gateway does not exist"] }
        lines += try readable { try optionReasons(gateway, in: waypoint.namespace) }
        lines += try readable { try defaultReasons() }
        lines += try readable { try podReasons(waypoint) }
        return lines.map(\.trimmedLine)
    }

    /// What the user may read; nothing where a permission is missing.
    private func readable(_ body: () throws -> [String]) throws -> [String] {
        do {
            return try body()
        } catch let error as APIError {
            guard error.isForbidden else { throw error }
            return []
        }
    }

    private func classReasons() throws -> [String] {
        let name = WaypointManifest.className
        let found: Value
        switch try waypointClass() {
        case .found(let object): found = object
        case .missing: return ["GatewayClass \(name) does not exist: istiod makes it, so see sail status"]
        case .unreadable: return []
        }
        let accepted = findCondition("Accepted", of: found)
        guard accepted?["status"]?.string == "True" else {
            let reason = accepted?["message"]?.string ?? "no controller has looked at it"
            return ["GatewayClass \(name) is not accepted: \(reason); see whether istiod runs: sail status"]
        }
        return []
    }

    /// A Gateway's own parametersRef. With anything wrong here istiod renders nothing.
    private func optionReasons(_ gateway: Value, in namespace: String) throws -> [String] {
        guard let reference = gateway["spec"]?["infrastructure"]?["parametersRef"] else { return [] }
        guard let name = WaypointManifest.parameters(of: gateway) else {
            let kind = reference["kind"]?.string ?? ""
            return ["its parametersRef is of kind \(kind): istiod takes a ConfigMap of group \"\" alone"]
        }
        let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: namespace, name: name)
        guard let map = try cluster.get([identity])[0] else {
            return ["\(identity) does not exist, which its parametersRef names: create it, or take the reference off"]
        }
        return faults(map, identity)
    }

    /// The defaults of the class, in istiod's namespace.
    private func defaultReasons() throws -> [String] {
        let selection = Selection(labels: "gateway.istio.io/defaults-for-class=\(WaypointManifest.className)")
        return try client.list("/api/v1/configmaps", selection).items.flatMap { map in
            faults(map, ObjectReference(apiVersion: "v1", kind: "ConfigMap", item: map))
        }
    }

    private func faults(_ map: Value, _ identity: ObjectReference) -> [String] {
        do {
            _ = try WaypointOptions(map["data"]?.map ?? Mapping(), from: "\(identity)")
            return []
        } catch {
            return ["\(error)"]
        }
    }

    /// Its Deployment, and what keeps that from having ready pods.
    private func podReasons(_ waypoint: WaypointReference) throws -> [String] {
        let identity = waypoint.deployment
        guard let deployment = try cluster.get([identity])[0] else {
            return [
                "istiod has made no Deployment for it; its log says why: kubectl logs -n istio-system deploy/istiod"
            ]
        }
        let state = readiness(of: deployment)
        guard !state.isReady else { return [] }
        return ["\(identity): \(state.message)"]
            + (try Diagnosis(cluster).explain(identity)).split(separator: "\n").map(String.init)
    }
}

extension String {
    fileprivate var trimmedLine: String { String(onOneLine.drop { $0 == " " }) }
}
