import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import Values
import Waypoints
import YAML

extension WaypointApply {
    /// The labels that lead what is enrolled through the waypoint.
    func labelEdits() throws -> [LabelEdit] {
        var edits: [LabelEdit] = []
        for enrolment in request.enrolments { edits += try targets(of: enrolment).map { edit($0) } }
        for name in request.otherNamespaces ?? [] where !name.hasSameBytes(as: reference.namespace) {
            edits.append(edit(ObjectReference(apiVersion: "v1", kind: "Namespace", name: name)))
        }
        // Each object once, however often it was named.
        return edits.reduce(into: []) { kept, edit in
            if !kept.contains(where: { $0.identity == edit.identity }) { kept.append(edit) }
        }
    }

    private func edit(_ target: ObjectReference) -> LabelEdit {
        let isHome = target.place.hasSameBytes(as: reference.namespace)
        var labels: [String: String?] = [
            WaypointLabel.use: reference.name,
            // One that is left of another waypoint would lead into its namespace.
            WaypointLabel.useNamespace: isHome ? String?.none : reference.namespace,
        ]
        if request.takesIngress, target.kind != "Pod" { labels[WaypointLabel.ingress] = "true" }
        return LabelEdit(target, labels)
    }

    private func targets(of enrolment: WaypointEnrolment) throws -> [ObjectReference] {
        let namespace = reference.namespace
        switch enrolment {
        case .namespace: return [ObjectReference(apiVersion: "v1", kind: "Namespace", name: namespace)]
        case .service(let name):
            return [ObjectReference(apiVersion: "v1", kind: "Service", namespace: namespace, name: name)]
        case .pod(let name):
            return [ObjectReference(apiVersion: "v1", kind: "Pod", namespace: namespace, name: name)]
        case .serviceEntry(let name):
            let resource = session.cluster.discovery.preferred(group: "networking.istio.io", kind: "ServiceEntry")
            return [
                ObjectReference(
                    apiVersion: resource?.apiVersion ?? "networking.istio.io/v1", kind: "ServiceEntry",
                    namespace: namespace, name: name)
            ]
        case .pods(let selector): return try pods(selector)
        }
    }

    private func pods(_ selector: String) throws -> [ObjectReference] {
        let items: [Value]
        do throws(APIError) {
            items = try session.client.list(
                "/api/v1/namespaces/\(reference.namespace)/pods", Selection(labels: selector)
            ).items
        } catch {
            guard error.status?.code == 400 else { throw error }
            throw Failures(
                failures: [Failure(nil, "--enroll pods=\(selector.onOneLine): \(error)")],
                remedy: "write it as kubectl's -l: app=web,tier!=cache")
        }
        // A waypoint's own pods do not go through one.
        let own = items.filter { $0.metadata.label(IstioLabel.gatewayName) == nil && !$0.metadata.isBeingDeleted }
        guard !own.isEmpty else {
            throw Failures(
                failures: [
                    Failure(
                        nil,
                        "--enroll pods=\(selector.onOneLine): no pod in namespace \(reference.namespace) has these labels"
                    )
                ], remedy: "see them with kubectl get pods -n \(reference.namespace) --show-labels")
        }
        return own.map { ObjectReference(apiVersion: "v1", kind: "Pod", item: $0) }
    }
}

extension OperationOptions {
    /// The overlays of a file of `--parameters`: the data of such a ConfigMap, or the ConfigMap itself.
    func waypointOptions(fromFile path: String) throws -> WaypointOptions {
        let place = "--parameters \(path)".onOneLine
        let map: Mapping
        do {
            guard let found = try Value(yaml: readFile(path), numbers: .native).map else {
                throw Failures(
                    failures: [Failure(nil, "\(place): is no map")], remedy: "give the patches by their keys")
            }
            map = found
        } catch let failures as Failures {
            throw failures
        } catch {
            throw Failures(failures: [Failure(nil, "\(place): \(error)".onOneLine)], remedy: nil)
        }
        guard map["kind"]?.string == "ConfigMap" else { return try WaypointOptions(map, from: place) }
        return try WaypointOptions(map["data"]?.map ?? Mapping(), from: place)
    }
}
