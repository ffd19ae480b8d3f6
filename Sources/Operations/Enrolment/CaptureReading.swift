internal import Capture
internal import ClusterState
internal import Istio
internal import Kubernetes
internal import Objects
internal import Planning
internal import Preflight
internal import Values
internal import Waypoints
internal import YAML

extension ClusterSession {
    /// The CNI agent's rules with the state of the nodes. Throws where the cluster has no ambient mode.
    func captureRules(_ workloads: [Workload], _ notes: inout [String]) throws -> CaptureRules {
        var rules = CaptureRules()
        guard let agent = workloads.first(where: { $0.component == .cni }) else { return rules }
        let path = "/api/v1/namespaces/\(agent.identity.namespace)/configmaps/istio-cni-config"
        do throws(APIError) {
            let data = try client.send(.get(path).expecting(.kinds(["ConfigMap"])))["data"]
            let listed = data?["EXCLUDE_NAMESPACES"]?.string ?? data?["EXCLUDED_NAMESPACES"]?.string ?? ""
            rules.excludedNamespaces = Set(listed.split { $0 == "," || $0 == " " }.map(String.init))
            if let text = data?["AMBIENT_ENABLEMENT_SELECTOR"]?.string,
                let selectors = (try? Value(yaml: text, numbers: .native))?.list
            {
                rules.selectors = selectors
            }
        } catch {
            guard error.isNotFound || error.isForbidden else { throw error }
            notes.append("the CNI agent's settings could not be read: its exclusions are not known")
        }
        rules.nodes = try captureNodes(workloads, &notes)
        return rules
    }

    /// Which nodes have ready agents; `nil` where they may not be read.
    private func captureNodes(_ workloads: [Workload], _ notes: inout [String]) throws -> [String: CaptureNode]? {
        do throws(APIError) {
            var nodes: [String: CaptureNode] = [:]
            for node in try client.list("/api/v1/nodes", accept: Client.metadataOnly).items {
                let system = node.metadata.label("kubernetes.io/os") ?? ""
                nodes[node.metadata.name] = CaptureNode(isWindows: system == "windows")
            }
            for workload in workloads where Component.nodeAgents.contains(workload.component) {
                for pod in try cluster.pods(of: workload) where readiness(of: pod.withKind("Pod")).isReady {
                    let node = pod["spec"]?["nodeName"]?.string ?? ""
                    if workload.component == .cni { nodes[node]?.hasAgent = true }
                    if workload.component == .ztunnel { nodes[node]?.hasZtunnel = true }
                }
            }
            return nodes
        } catch {
            guard error.isForbidden else { throw error }
            notes.append("nodes or their agents could not be read: pods of nodes without a ready ztunnel are not known")
            return nil
        }
    }

    /// What stops working for `pods`, those that will be captured, of a namespace.
    func captureHazards(_ namespace: Value, _ pods: [Value], rootNamespace: String) throws -> [CaptureHazard] {
        let name = namespace.metadata.name
        var hazards: [CaptureHazard] = []
        let policies = try readPolicies("networking.k8s.io", "NetworkPolicy", [name], &hazards)
        hazards += networkPolicyHazards(policies, of: pods)
        hazards += try unreadPolicies(name)
        let roots = Set([name, rootNamespace]).sorted { $0.precedesByBytes($1) }
        let group = "security.istio.io"
        let authorizations = try readPolicies(group, "AuthorizationPolicy", roots, &hazards)
        let hasTargets = authorizations.contains { $0["spec"]?["targetRefs"] != nil || $0["spec"]?["targetRef"] != nil }
        let through = hasTargets ? try servicesThroughWaypoints(in: name) : []
        hazards += AuthorizationHazards(rootNamespace: rootNamespace, throughWaypoint: through)
            .find(authorizations, of: pods)
        let authentications = try readPolicies(group, "PeerAuthentication", roots, &hazards)
        hazards += authenticationHazards(authentications, rootNamespace: rootNamespace)
        return hazards + podSecurityHazards(namespace)
    }

    /// Settings of the cluster's network that break ambient mode.
    func networkHazards() throws -> [CaptureHazard] {
        let parts: Set<ClusterFacts.Part> = [.cilium, .felix]
        var facts = try cluster.facts(for: DesiredMesh(), parts)
        facts.pending = Set(ClusterFacts.Part.allCases).subtracting(parts)
        return preflight(DesiredMesh(), facts).filter { ["cilium", "calico"].contains($0.check) }.map {
            CaptureHazard(.cni, nil, $0.message, remedy: $0.remedy)
        }
    }

    /// The objects of a kind in these namespaces; none where the server does not know it. One that may not be read is a
    /// hazard of its own.
    private func readPolicies(
        _ group: String, _ kind: String, _ namespaces: [String], _ hazards: inout [CaptureHazard]
    ) throws -> [Value] {
        guard let resource = cluster.discovery.preferred(group: group, kind: kind) else { return [] }
        var found: [Value] = []
        for namespace in namespaces {
            do throws(APIError) {
                found += try client.list(resource.path(namespace: namespace)).items
            } catch {
                guard error.isForbidden else { throw error }
                hazards.append(
                    CaptureHazard(
                        .unknown, nil, "you may not read \(resource.name) of \(namespace): they were not checked",
                        remedy: readingRemedy))
            }
        }
        return found
    }

    /// Policies of other makers, whose rules are not known here.
    private func unreadPolicies(_ namespace: String) throws -> [CaptureHazard] {
        let kinds = [("cilium.io", "CiliumNetworkPolicy"), ("crd.projectcalico.org", "NetworkPolicy")]
        return try kinds.compactMap { group, kind in
            var ignored: [CaptureHazard] = []
            let found = try readPolicies(group, kind, [namespace], &ignored)
            guard let first = found.first else { return nil }
            let addresses = AmbientTraffic.probeAddresses.joined(separator: " or ")
            let message =
                "is not checked, \(found.count) of its kind: they must admit TCP \(AmbientTraffic.port) between pods, "
                + "and the kubelet's probes from \(addresses)"
            return CaptureHazard(
                .unknown, ObjectReference(apiVersion: group + "/v1", kind: kind, item: first), message)
        }
    }

    /// The policies of a namespace that ztunnel enforces.
    func policiesOfZtunnel(in namespace: String) throws -> [ObjectReference] {
        let group = "security.istio.io"
        var ignored: [CaptureHazard] = []
        let authorizations = try readPolicies(group, "AuthorizationPolicy", [namespace], &ignored).filter {
            $0["spec"]?["targetRefs"] == nil && $0["spec"]?["targetRef"] == nil
        }
        let authentications = try readPolicies(group, "PeerAuthentication", [namespace], &ignored)
        return [("AuthorizationPolicy", authorizations), ("PeerAuthentication", authentications)].flatMap {
            kind, items in
            items.map { ObjectReference(apiVersion: group + "/v1", kind: kind, item: $0) }
        }
    }

    private func servicesThroughWaypoints(in namespace: String) throws -> Set<String> {
        do {
            let traces = try waypointTraces(in: namespace)
            return Set(traces.filter { $0.route.direct == nil && $0.target.kind == "Service" }.map(\.target.name))
        } catch is Failures {
            // Without the Gateway API there are no waypoints.
            return []
        }
    }
}
