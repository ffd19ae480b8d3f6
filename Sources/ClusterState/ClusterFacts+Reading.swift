internal import Glibc
package import Kubernetes
internal import Objects
internal import Planning
package import Preflight
internal import System
package import Values
internal import Waypoints

extension Cluster {
    /// Collects what checks need: the first requests together, then what follows from them.
    ///
    /// A part that may not be read, or whose answer is an error, is named with the reason; the others are read all the
    /// same. Throws where nothing can be done with this cluster at all, or where an essential part cannot be read.
    package func facts(
        for mesh: DesiredMesh, _ parts: Set<ClusterFacts.Part> = preflightNeeds(nil),
        essential: Set<ClusterFacts.Part> = []
    ) throws(APIError) -> ClusterFacts {
        var facts = ClusterFacts()
        facts.pending = parts.intersection([.objects, .plan, .records, .permissions])
        facts.servesGatewayAPI = discovery.serves(group: gatewayGroup)
        facts.servesGatewayV1 =
            discovery.resource(apiVersion: WaypointManifest.apiVersion, kind: "Gateway") != nil
        let groups = ["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"]
        facts.definitions = groups.filter { discovery.serves(group: $0) }.flatMap { discovery.kinds(group: $0) }
        let readers = Cluster.readers.filter { parts.contains($0.part) }
        let places = Set(mesh.desired.map(\.identity.namespace)).subtracting([""]).sorted()
        client.prefetch(readers.flatMap { $0.ahead(places) })
        for reader in readers {
            do throws(APIError) {
                try reader.read(self, places, &facts)
            } catch {
                if error.isFatal || essential.contains(reader.part) { throw error }
                facts.unreadable[reader.part] = error.status?.message.firstLine ?? "\(error)"
            }
        }
        return facts
    }

    /// The requests that the facts for a command begin with, for `prefetch`: a mesh in these namespaces.
    package static func factCalls(_ kind: RunKind, in places: [String]) -> [APIRequest] {
        let parts = preflightNeeds(kind)
        return readers.filter { parts.contains($0.part) }.flatMap { $0.ahead(places) }
    }

    /// How one part is read, in an order in which later parts may build on earlier ones.
    private struct Reader {
        let part: ClusterFacts.Part
        /// Requests that can be sent together with those of all parts, for a mesh in these namespaces.
        var ahead: ([String]) -> [APIRequest] = { _ in [] }
        let read: (Cluster, [String], inout ClusterFacts) throws(APIError) -> Void
    }

    private static let leases = Selection(fields: "metadata.name=" + MeshManager.leaseName)
    private static let leasesPath = "/apis/coordination.k8s.io/v1/leases"
    private static let webhookKinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]

    private static func webhookPath(_ kind: String) -> String {
        "/apis/admissionregistration.k8s.io/v1/\(kind.lowercased())s"
    }

    private static var readers: [Reader] {
        [
            Reader(part: .version, ahead: { _ in [serverVersion] }) { cluster, _, facts throws(APIError) in
                try cluster.readVersion(&facts)
            },
            Reader(part: .namespaces, ahead: { _ in [Client.firstPage("/api/v1/namespaces")] }) {
                cluster, _, facts throws(APIError) in
                facts.namespaces = try cluster.client.list("/api/v1/namespaces").items
            },
            Reader(part: .quotas, ahead: { perNamespace("resourcequotas", $0) }) {
                cluster, places, facts throws(APIError) in
                facts.quotas = try cluster.list("resourcequotas", places)
            },
            Reader(part: .limits, ahead: { perNamespace("limitranges", $0) }) {
                cluster, places, facts throws(APIError) in
                facts.limits = try cluster.list("limitranges", places)
            },
            Reader(part: .nodes) { cluster, _, facts throws(APIError) in try cluster.readNodes(&facts) },
            Reader(part: .cilium, ahead: { _ in [ciliumCall] }) { cluster, _, facts throws(APIError) in
                facts.cilium = try cluster.optional(ciliumCall)
            },
            Reader(part: .felix) { cluster, _, facts throws(APIError) in
                guard cluster.discovery.serves(group: "crd.projectcalico.org") else { return }
                let path = "/apis/crd.projectcalico.org/v1/felixconfigurations/default"
                facts.felix = try cluster.optional(.get(path).expecting(.kinds(["FelixConfiguration"])))
            },
            Reader(part: .workloads, ahead: { _ in workloadCalls }) { cluster, _, facts throws(APIError) in
                facts.workloads = try cluster.workloads()
            },
            Reader(part: .webhooks, ahead: { _ in webhookKinds.map { Client.firstPage(webhookPath($0)) } }) {
                cluster, _, facts throws(APIError) in
                facts.webhooks = try cluster.webhooks()
            },
            Reader(part: .gatewayAPI) { cluster, _, facts throws(APIError) in
                guard facts.servesGatewayAPI else { return }
                let definition = try cluster.optional(gatewayDefinition)
                facts.gatewayBundle = definition?.metadata.annotation("\(gatewayGroup)/bundle-version")
            },
            Reader(part: .services) { cluster, _, facts throws(APIError) in try cluster.readServices(&facts) },
            Reader(part: .leases, ahead: { _ in [Client.firstPage(leasesPath, leases)] }) {
                cluster, _, facts throws(APIError) in
                facts.managers += try cluster.leaseHolders()
            },
            Reader(part: .deployments, ahead: { _ in [Client.firstPage(deploymentsPath)] }) {
                cluster, _, facts throws(APIError) in
                facts.managers += try cluster.client.list(deploymentsPath).items.compactMap {
                    MeshManager(deployment: $0)
                }
            },
        ]
    }

    private static let deploymentsPath = "/apis/apps/v1/deployments"
    private static var gatewayDefinition: APIRequest {
        APIRequest.get(
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gateways.\(gatewayGroup)"
        ).expecting(.kinds(["CustomResourceDefinition"]))
    }
    private static var ciliumCall: APIRequest {
        APIRequest.get("/api/v1/namespaces/kube-system/configmaps/cilium-config").expecting(.kinds(["ConfigMap"]))
    }

    /// The server's version.
    package static var serverVersion: APIRequest { APIRequest.get("/version").expecting(.fields(["major", "minor"])) }

    private func readVersion(_ facts: inout ClusterFacts) throws(APIError) {
        let server = try client.send(Cluster.serverVersion)
        let digits = (server["minor"]?.string ?? "").prefix { $0.isASCII && $0.isNumber }
        facts.version = "\(server["major"]?.string ?? "1").\(digits)"
    }

    /// The platform is recognised by a single node; their number only matters where there is a quota.
    private func readNodes(_ facts: inout ClusterFacts) throws(APIError) {
        facts.platform = try detectPlatform()
        guard !facts.quotas.isEmpty else { return }
        facts.nodes = try client.list("/api/v1/nodes", accept: Client.metadataOnly).items.count { node in
            node.metadata.label("kubernetes.io/os") ?? "linux" == "linux"
        }
    }

    /// The operators whose Lease is renewed. One whose clock may be wrong is judged by whether its Lease changes for as
    /// long as it holds, by our own clock.
    private func leaseHolders() throws(APIError) -> [MeshManager] {
        let first = try client.list(Cluster.leasesPath, Cluster.leases).items
        var found: [MeshManager] = []
        var doubtful: [(lease: Value, manager: MeshManager, seconds: Int)] = []
        for lease in first {
            guard let manager = MeshManager(lease: lease) else { continue }
            switch MeshManager.state(ofLease: lease, now: SystemClock.now(), seconds: RFC3339.seconds) {
            case .renewed: found.append(manager)
            case .doubtful(let seconds): doubtful.append((lease, manager, seconds))
            case .expired: break
            }
        }
        var waited = 0
        while !doubtful.isEmpty {
            client.pause(milliseconds: 1000)
            waited += 1
            let current = try client.list(Cluster.leasesPath, Cluster.leases).items
            doubtful.removeAll { lease, manager, seconds in
                let same = current.first { $0["metadata"]?["namespace"] == lease["metadata"]?["namespace"] }
                guard let same, same["spec"] == lease["spec"] else {
                    if same != nil { found.append(manager) }
                    return true
                }
                return waited >= seconds
            }
        }
        return found
    }

    /// All admission webhooks, each with its kind.
    package func webhooks() throws(APIError) -> [Value] {
        var found: [Value] = []
        for kind in Cluster.webhookKinds {
            found += try client.list(Cluster.webhookPath(kind)).items.map { $0.withKind(kind) }
        }
        return found
    }

    /// Whether the Services can answer that fail-closed webhooks call.
    private func readServices(_ facts: inout ClusterFacts) throws(APIError) {
        let services = Set(facts.webhooks.flatMap(\.failClosedHooks).compactMap(\.serviceName))
            .filter { !$0.contains("/istiod") }.sorted()
        let places = services.map { $0.split(separator: "/").map(String.init) }.filter { $0.count == 2 }
        let calls = places.map {
            APIRequest.get("/api/v1/namespaces/\($0[0])/services/\($0[1])").expecting(.kinds(["Service"]))
        }
        client.prefetch(calls + places.map { Client.firstPage(Cluster.slices(in: $0[0]), Cluster.slices(of: $0[1])) })
        for (place, call) in zip(places, calls) {
            let name = "\(place[0])/\(place[1])"
            guard let service = try optional(call) else {
                facts.deadServices[name] = "Service \(name) does not exist"
                continue
            }
            guard service["spec"]?["type"]?.string != "ExternalName", try !hasEndpoints(place[0], place[1]) else {
                continue
            }
            facts.deadServices[name] = "Service \(name) has no ready endpoints"
        }
    }

    private static func slices(in namespace: String) -> String {
        "/apis/discovery.k8s.io/v1/namespaces/\(namespace)/endpointslices"
    }

    private static func slices(of service: String) -> Selection {
        Selection(labels: "kubernetes.io/service-name=" + service)
    }

    private func hasEndpoints(_ namespace: String, _ name: String) throws(APIError) -> Bool {
        guard discovery.serves(group: "discovery.k8s.io") else { return true }
        let slices = try client.list(Cluster.slices(in: namespace), Cluster.slices(of: name)).items
        return slices.contains { slice in
            (slice["endpoints"]?.list ?? []).contains { $0[path: "conditions", "ready"]?.bool ?? true }
        }
    }

    // MARK: - Lists of the mesh's namespaces

    private static func perNamespace(_ resource: String, _ places: [String]) -> [APIRequest] {
        places.map { Client.firstPage("/api/v1/namespaces/\($0)/\(resource)") }
    }

    private func list(_ resource: String, _ places: [String]) throws(APIError) -> [Value] {
        var found: [Value] = []
        for namespace in places {
            found += try client.list("/api/v1/namespaces/\(namespace)/\(resource)").items
        }
        return found
    }

    private func optional(_ call: APIRequest) throws(APIError) -> Value? {
        do throws(APIError) {
            return try client.send(call)
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }
}

extension String {
    fileprivate var firstLine: String { String(prefix { !$0.isNewline }) }
}
