import Istio
import Objects
import Planning
import Preflight
import Testing
import Values

private func daemon(_ requests: Value, limits: Value = [:]) -> Desired {
    Desired(
        component: .ztunnel,
        identity: ObjectReference(apiVersion: "apps/v1", kind: "DaemonSet", namespace: "mesh", name: "ztunnel"),
        object: [
            "spec": [
                "template": [
                    "spec": [
                        "priorityClassName": "system-node-critical",
                        "containers": [
                            ["name": "istio-proxy", "resources": ["requests": requests, "limits": limits]]
                        ],
                    ]
                ]
            ]
        ])
}

private func quota(_ hard: Value, used: Value = [:], spec: Value = [:]) -> Value {
    [
        "metadata": ["name": "q", "namespace": "mesh"], "spec": spec,
        "status": ["hard": hard, "used": used],
    ]
}

private func limitRange(_ limit: Mapping) -> Value {
    var limit = limit
    limit["type"] = "Container"
    return ["metadata": ["name": "l", "namespace": "mesh"], "spec": ["limits": [.map(limit)]]]
}

private func findings(_ desired: Desired, quotas: [Value] = [], limits: [Value] = [], nodes: Int? = 3) -> [String] {
    var facts = ClusterFacts()
    (facts.quotas, facts.limits, facts.nodes) = (quotas, limits, nodes)
    return preflight(DesiredMesh(desired: [desired]), facts).map(\.message)
}

@Suite struct QuotaTests {
    private static let podLimits: [(limit: Mapping, limits: Value, fault: String?)] = [
        (
            ["max": ["memory": "600Mi"]], .map(Mapping()),
            "its pod has no limit for memory, and a pod has a max of 600Mi"
        ),
        (["max": ["memory": "600Mi"]], ["memory": "512Mi"], nil),
        (["max": ["memory": "500Mi"]], ["memory": "512Mi"], "its pod limits memory to 512Mi, more than the max 500Mi"),
        (["min": ["cpu": "1"]], .map(Mapping()), "its pod requests cpu 200m, less than the min 1 of a pod"),
        (["min": ["cpu": "100m"]], .map(Mapping()), nil),
        (["default": ["memory": "1Gi"]], .map(Mapping()), nil),
    ]

    @Test(arguments: podLimits)
    func aLimitRangeOfWholePodsBlocks(limit: Mapping, limits: Value, fault: String?) {
        var limit = limit
        limit["type"] = "Pod"
        let range: Value = ["metadata": ["name": "l", "namespace": "mesh"], "spec": ["limits": [.map(limit)]]]
        let found = findings(daemon(["cpu": "200m", "memory": "512Mi"], limits: limits), limits: [range])
        #expect(found.count == (fault == nil ? 0 : 1))
        if let fault { #expect(found.first?.contains(fault) == true, "\(found)") }
    }

    private let usual = daemon(["cpu": "200m", "memory": "512Mi"])

    @Test func aDaemonSetTakesAPodOnEveryNode() {
        let memory = quota(["requests.memory": "2Gi"], used: ["requests.memory": "1Gi"])
        #expect(findings(usual, quotas: [memory], nodes: 2).isEmpty)
        #expect(
            findings(usual, quotas: [memory], nodes: 3) == [
                "ResourceQuota mesh/q has no room: requests.memory 1Gi used of 2Gi, and the pods to come (3 of DaemonSet "
                    + "mesh/ztunnel) need 1536Mi"
            ])
        #expect(findings(usual, quotas: [quota(["pods": "2"])], nodes: 3).count == 1)
        #expect(findings(usual, quotas: [quota(["cpu": "1"])], nodes: 5).isEmpty)
        #expect(findings(usual, quotas: [quota(["cpu": "1"])], nodes: 6).count == 1)
    }

    @Test func aQuotaOfLimitsWantsThemFromEveryContainer() {
        let limits = quota(["limits.memory": "100Gi"])
        #expect(
            findings(usual, quotas: [limits]) == [
                "ResourceQuota mesh/q limits limits.memory, and DaemonSet mesh/ztunnel sets no limits.memory for istio-proxy"
            ])
        #expect(findings(daemon(["memory": "512Mi"], limits: ["memory": "1Gi"]), quotas: [limits]).isEmpty)
        #expect(findings(usual, quotas: [limits], limits: [limitRange(["default": ["memory": "1Gi"]])]).isEmpty)
        #expect(findings(daemon([:]), quotas: [quota(["requests.cpu": "9"])]).count == 1)
    }

    @Test func aQuotaOfOtherPodsIsNoneOfOurs() {
        let scope: (Value) -> Value = { ["scopeSelector": ["matchExpressions": [$0]]] }
        let others: [Value] = [
            ["scopes": ["Terminating"]], ["scopes": ["BestEffort"]],
            scope(["scopeName": "PriorityClass", "operator": "In", "values": ["low"]]),
            scope(["scopeName": "PriorityClass", "operator": "DoesNotExist"]),
        ]
        for spec in others { #expect(findings(usual, quotas: [quota(["pods": "0"], spec: spec)]).isEmpty, "\(spec)") }
        let own = scope(["scopeName": "PriorityClass", "operator": "In", "values": ["system-node-critical"]])
        #expect(findings(usual, quotas: [quota(["pods": "0"], spec: own)]).count == 1)
    }

    @Test(
        arguments: [
            (["max": ["memory": "256Mi"]], "requests memory 512Mi, more than its max 256Mi"),
            (["default": ["memory": "300Mi"]], "requests memory 512Mi, more than the limit 300Mi that it gets from it"),
            (["min": ["cpu": "500m"]], "requests cpu 200m, less than its min 500m"),
            (["max": ["memory": "1Gi", "cpu": "2"]], nil), (["default": ["memory": "512Mi"]], nil),
        ] as [(Mapping, String?)])
    func limitRangesBelowOurRequestsBlock(limit: Mapping, fault: String?) {
        let expected = fault.map {
            ["LimitRange mesh/l refuses DaemonSet mesh/ztunnel: container istio-proxy \($0)"]
        }
        #expect(findings(usual, limits: [limitRange(limit)]) == expected ?? [])
    }

    @Test func numbersOutOfRangeNeitherTrapNorBlock() {
        let huge = quota(["pods": "99999999999999999999E", "memory": .int(Int.max)], used: ["memory": .int(Int.max)])
        _ = findings(usual, quotas: [huge], limits: [limitRange(["max": ["cpu": "1e999"]])], nodes: Int.max)
        #expect(findings(usual, quotas: [quota(["pods": .double(1e300)])]).isEmpty)
    }
}
