package import Kubernetes
internal import Objects
internal import Planning
internal import Values

extension Cluster {
    /// Collects what the checks need, in one batch of requests and a few lists; what may not be read is named, not fatal.
    package func facts(for intention: Intention) throws(APIError) -> ClusterFacts {
        var facts = ClusterFacts()
        let server = try client.send(.get("/version"))
        let digits = (server["minor"]?.string ?? "").prefix { $0.isNumber }
        facts.version = "\(server["major"]?.string ?? "1").\(digits)"
        facts.servesGatewayAPI = discovery.serves(group: "gateway.networking.k8s.io")
        facts.platform = try detectPlatform()
        try readObjects(&facts)
        facts.namespaces = try readable("namespaces", &facts.unreadable) { () throws(APIError) in
            try client.list("/api/v1/namespaces").items
        }
        let namespaces = Set(intention.desired.map(\.identity.namespace)).subtracting([""]).sorted()
        for namespace in namespaces where facts.namespaces.contains(where: { isNamed($0, namespace) }) {
            facts.quotas += try readable("resourcequotas in \(namespace)", &facts.unreadable) { () throws(APIError) in
                try client.list("/api/v1/namespaces/\(namespace)/resourcequotas").items
            }
        }
        facts.workloads = try readable(ClusterFacts.workloadsName, &facts.unreadable) { () throws(APIError) in
            try workloads()
        }
        try readAdmission(&facts)
        return facts
    }

    private func isNamed(_ object: Value, _ name: String) -> Bool { object["metadata"]?["name"]?.string == name }

    private func readObjects(_ facts: inout ClusterFacts) throws(APIError) {
        let paths = [
            "/api/v1/namespaces/kube-system/configmaps/cilium-config",
            "/apis/crd.projectcalico.org/v1/felixconfigurations/default",
        ]
        let names = ["configmap kube-system/cilium-config", "felixconfigurations"]
        var found: [Value?] = []
        for (name, answer) in zip(names, client.send(paths.map { Call.get($0) })) {
            switch answer {
            case .success(let object): found.append(object)
            case .failure(let error):
                guard error.isNotFound || error.isForbidden else { throw error }
                if error.isForbidden, name != "felixconfigurations" || discovery.serves(group: "crd.projectcalico.org")
                {
                    facts.unreadable.append(name)
                }
                found.append(nil)
            }
        }
        (facts.cilium, facts.felix) = (found[0], found[1])
    }

    private func readAdmission(_ facts: inout ClusterFacts) throws(APIError) {
        for kind in ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] {
            let plural = kind.lowercased() + "s"
            let items = try readable(plural, &facts.unreadable) { () throws(APIError) in
                try client.list("/apis/admissionregistration.k8s.io/v1/\(plural)").items
            }
            facts.webhooks += items.map { $0.withKind(kind) }
        }
        let groups = ["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"]
        facts.definitions = groups.filter { discovery.serves(group: $0) }.flatMap { discovery.kinds(group: $0) }
    }

    private func readable<Item>(
        _ name: String, _ unreadable: inout [String], _ body: () throws(APIError) -> [Item]
    ) throws(APIError) -> [Item] {
        do throws(APIError) {
            return try body()
        } catch {
            guard error.isForbidden else { throw error }
            unreadable.append(name)
            return []
        }
    }
}
