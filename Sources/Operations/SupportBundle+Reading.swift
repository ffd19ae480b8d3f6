import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import System
import Values
import Waypoints
import YAML

extension ClusterSession {
    /// Reads objects, events and logs of the mesh; what cannot be read is a gap, and the others are read all the same.
    package func supportBundle() throws -> SupportBundle {
        var bundle = SupportBundle(cluster: client.connection.name, time: SystemClock.now())
        let records = readable("release records", &bundle) { try history() } ?? ReleaseHistory()
        let workloads = readable("workloads", &bundle) { try cluster.workloads() } ?? []
        let places = Set(workloads.map(\.identity.namespace) + records.records.map(\.namespace))
        let namespaces =
            places.isEmpty ? [options.namespace ?? "istio-system"] : places.sorted { $0.precedesByBytes($1) }
        addObjects(of: records, workloads, namespaces, &bundle)
        addLists(namespaces, &bundle)
        var pods: [Value] = []
        for workload in workloads {
            pods += readable("pods of \(workload.identity)", &bundle) { try cluster.pods(of: workload) } ?? []
        }
        for pod in pods { add(pod.withKind("Pod"), "pods", &bundle) }
        addLogs(of: pods, &bundle)
        return bundle
    }

    /// What a body reads; `nil`, and a gap, where it fails. Nothing more is asked of a cluster after an interruption.
    private func readable<Result>(_ what: String, _ bundle: inout SupportBundle, _ body: () throws -> Result) -> Result?
    {
        do {
            return try body()
        } catch {
            bundle.miss(what, "\(error)")
            return nil
        }
    }

    private func add(_ object: Value, _ folder: String, _ bundle: inout SupportBundle) {
        let metadata = object.metadata
        let place = metadata.namespace.isEmpty ? "" : SupportBundle.fileName(metadata.namespace) + "."
        let name = SupportBundle.fileName("\(object.kind.lowercased())-\(metadata.name)")
        bundle.add("\(folder)/\(place)\(name).yaml") { try Redaction.object(object).yamlBytes() }
    }

    /// Every recorded object, the workloads, and what is applied beside them.
    private func addObjects(
        of history: ReleaseHistory, _ workloads: [Workload], _ namespaces: [String], _ bundle: inout SupportBundle
    ) {
        var identities = namespaces.map { ObjectReference(apiVersion: "v1", kind: "Namespace", name: $0) }
        identities += workloads.map(\.identity)
        for component in Component.allCases {
            guard let newest = history.latest(of: component).last else { continue }
            identities += identified(newest.manifest).map(\.identity)
        }
        var seen: Set<ObjectReference> = []
        let wanted = identities.filter { seen.insert($0).inserted }
        let known = wanted.compactMap { identity in cluster.path(of: identity).map { (identity, APIRequest.get($0)) } }
        for (item, answer) in zip(known, client.send(known.map(\.1))) {
            switch answer {
            case .success(let object): add(object.withKind(item.0.kind), "objects", &bundle)
            case .failure(let error): bundle.miss("\(item.0)", error.reason)
            }
        }
    }

    /// Lists that are about the mesh as a whole, a file each.
    private func addLists(_ namespaces: [String], _ bundle: inout SupportBundle) {
        let gateways = cluster.discovery.preferred(group: gatewayGroup, kind: "Gateway")?.path()
        var lists: [(file: String, path: String, selection: Selection)] = [
            (
                "webhooks-validating.yaml", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
                .init()
            ),
            ("webhooks-mutating.yaml", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", .init()),
            ("namespaces.yaml", "/api/v1/namespaces", .init()), ("nodes.yaml", "/api/v1/nodes", .init()),
        ]
        if let gateways { lists.append(("gateways.yaml", gateways, .init())) }
        for namespace in namespaces {
            let place = SupportBundle.fileName(namespace)
            lists.append(("events/\(place).yaml", "/api/v1/namespaces/\(namespace)/events", .init()))
            lists.append(("services/\(place).yaml", "/api/v1/namespaces/\(namespace)/services", .init()))
            lists.append(
                ("leases/\(place).yaml", "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases", .init()))
        }
        for (file, path, selection) in lists {
            guard let items = readable(file, &bundle, { try client.list(path, selection).items }) else { continue }
            let shown = items.prefix(SupportBundle.mostItems).map(Redaction.object)
            if items.count > shown.count {
                bundle.miss(file, "\(items.count - shown.count) of \(items.count) items left out")
            }
            bundle.add("lists/" + file) { try Value.list(shown).yamlBytes() }
        }
    }

    /// The logs of each container, of the run before too where it was restarted; pods that are not ready first.
    private func addLogs(of pods: [Value], _ bundle: inout SupportBundle) {
        let ordered = pods.map { (isReady: readiness(of: $0.withKind("Pod")).isReady, pod: $0) }
            .sorted { first, second in
                first.isReady != second.isReady
                    ? !first.isReady : first.pod.metadata.title.precedesByBytes(second.pod.metadata.title)
            }.map(\.pod)
        if ordered.count > SupportBundle.mostPods {
            bundle.miss("logs", "\(ordered.count - SupportBundle.mostPods) of \(ordered.count) pods left out")
        }
        for pod in ordered.prefix(SupportBundle.mostPods) {
            let statuses = ["initContainerStatuses", "containerStatuses"].flatMap { pod["status"]?[$0]?.list ?? [] }
            let containers = ["initContainers", "containers"].flatMap { pod["spec"]?[$0]?.list ?? [] }
            for container in containers.compactMap({ $0["name"]?.string }) {
                let restarts = statuses.first { $0["name"]?.string == container }?["restartCount"]?.int ?? 0
                addLog(pod.metadata, container, isPrevious: false, &bundle)
                if restarts > 0 { addLog(pod.metadata, container, isPrevious: true, &bundle) }
            }
        }
    }

    private func addLog(
        _ pod: ObjectMetadata, _ container: String, isPrevious: Bool, _ bundle: inout SupportBundle
    ) {
        var query = [
            (name: "container", value: container), (name: "tailLines", value: String(SupportBundle.logLines)),
            (name: "limitBytes", value: String(SupportBundle.logBytes)), (name: "timestamps", value: "true"),
        ]
        if isPrevious { query.append((name: "previous", value: "true")) }
        let path = "/api/v1/namespaces/\(pod.namespace)/pods/\(pod.name)/log"
        let place = "\(SupportBundle.fileName(pod.namespace))/\(SupportBundle.fileName(pod.name))"
        let file = "logs/\(place)/\(SupportBundle.fileName(container))\(isPrevious ? ".previous" : "").log"
        var call = APIRequest(.get, path, query: query, accept: "*/*").expecting(.anything)
        // A node that does not answer now is not waited for: its log is a gap.
        call.attempts = 1
        let request = call
        let answer = readable(file, &bundle) { try client.send(request) }
        guard let answer else { return }
        let text = answer.string ?? (try? answer.json()) ?? ""
        bundle.add(file) { Array(text.utf8.suffix(SupportBundle.logBytes)) }
    }
}

extension SupportBundle {
    /// The most objects of one list.
    static let mostItems = 500
}
