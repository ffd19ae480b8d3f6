import Capture
import Testing
import Values

/// What stops working once pods are captured.
@Suite struct HazardTests {
    private func policy(_ spec: String) throws -> Value {
        try object("{metadata: {name: web, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, \(spec)}}")
    }

    private func hazards(_ specs: String..., pods: [Value]? = nil) throws -> [String] {
        try networkPolicyHazards(specs.map(policy), of: pods ?? [pod()]).map { "\($0.kind.rawValue) \($0.text)" }
    }

    @Test(arguments: [
        // Closed: pods by another port alone.
        ("ingress: [{ports: [{port: 8080}]}]", 1),
        ("ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]", 1),
        ("egress: [{to: [{namespaceSelector: {}}], ports: [{port: 443}]}], policyTypes: [Egress]", 1),
        // Open: the port itself, a range, all ports.
        ("ingress: [{ports: [{port: 8080}, {port: 15008, protocol: TCP}]}]", 0),
        ("ingress: [{ports: [{port: 8000, endPort: 16000}]}]", 0), ("ingress: [{from: [{podSelector: {}}]}]", 0),
        ("ingress: [{ports: [{protocol: TCP}]}]", 0),
        // A rule beside it admits the same clients, or all.
        ("ingress: [{ports: [{port: 8080}]}, {ports: [{port: 15008}]}]", 0),
        (
            "ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}, {from: [{podSelector: {}}], ports: [{port: 15008}]}]",
            0
        ),
        (
            "ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}, "
                + "{from: [{namespaceSelector: {}}], ports: [{port: 15008}]}]", 1
        ),
        // Not of pods, not TCP, nothing admitted before.
        ("ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 443}]}]", 0),
        ("egress: [{ports: [{port: 53, protocol: UDP}]}], policyTypes: [Egress]", 0), ("policyTypes: [Ingress]", 0),
        // Numbers beyond any port.
        ("ingress: [{ports: [{port: 9223372036854775807, endPort: -1}]}]", 1),
    ])
    func policiesHaveToAdmitThePortOfAmbientMode(spec: String, count: Int) throws {
        let found = try hazards(spec)
        #expect(found.count == count, "\(found)")
    }

    @Test func aPolicyOfOtherPodsIsLeftAlone() throws {
        let other = try pod(labels: "app: db")
        #expect(try hazards("ingress: [{ports: [{port: 8080}]}]", pods: [other]) == [])
    }

    @Test func theFixIsACommand() throws {
        let found = try networkPolicyHazards([policy("ingress: [{ports: [{port: 8080}]}]")], of: [pod()])
        #expect(
            found.first?.text
                == "NetworkPolicy shop/web: does not admit TCP 15008 to Deployment web, by which captured clients connect"
        )
        #expect(
            found.first?.remedy
                == "kubectl -n shop patch networkpolicy web --type json -p "
                + #"'[{"op":"add","path":"/spec/ingress/0/ports/-","value":{"port":15008,"protocol":"TCP"}}]'"#)
    }

    private static let probe =
        "containers: [{name: c, ports: [{name: http, containerPort: 8080}], "
        + "readinessProbe: {httpGet: {port: http}}}]"

    @Test(arguments: [
        ("policyTypes: [Ingress]", "", 1), ("ingress: [{from: [{podSelector: {}}]}]", "", 1),
        ("ingress: [{from: [{ipBlock: {cidr: 169.254.7.127/32}}]}, {from: [{podSelector: {}}]}]", "", 0),
        ("ingress: [{from: [{ipBlock: {cidr: 169.254.0.0/16}}], ports: [{port: http}]}]", "", 0),
        ("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]", "", 1),
        ("ingress: [{}]", "", 0), ("egress: [], policyTypes: [Egress]", "", 0),
        // A pod with both kinds of address is probed from both.
        ("policyTypes: [Ingress]", "podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]", 2),
        ("policyTypes: [Ingress]", "podIPs: [{ip: 'fd00::1'}], podIP: 'fd00::1'", 1),
    ])
    func policiesHaveToAdmitTheProbesOfTheNode(spec: String, status: String, count: Int) throws {
        let text = status.contains("podIP:") ? "podIPs: [{ip: 'fd00::1'}]" : status
        var pod = try pod(spec: HazardTests.probe, status: text)
        if status.contains("podIP:") {
            pod = try object(
                "{metadata: {name: a, namespace: shop, labels: {app: web}}, spec: {\(HazardTests.probe)}, "
                    + "status: {podIP: 'fd00::1'}}")
        }
        let found = try hazards(spec, pods: [pod]).filter { $0.hasPrefix("probes ") }
        #expect(found.count == count, "\(found)")
    }

    @Test func aPodWithoutProbesOfTheNetworkIsNotProbed() throws {
        let pod = try pod(spec: "containers: [{name: c, livenessProbe: {exec: {command: [a]}}}]")
        #expect(try hazards("policyTypes: [Ingress]", pods: [pod]) == [])
    }

    // MARK: - Policies of Istio

    private func authorization(_ spec: String, namespace: String = "shop", through: Set<String> = []) throws -> [String]
    {
        let policy = try object("{metadata: {name: p, namespace: \(namespace)}, spec: {\(spec)}}")
        return AuthorizationHazards(rootNamespace: "istio-system", throughWaypoint: through).find(
            [policy], of: [try pod()]
        )
        .map(\.message)
    }

    @Test func rulesOfHTTPAreNotForZtunnel() throws {
        let http = "rules: [{to: [{operation: {methods: [GET], paths: [/a]}}]}]"
        #expect(
            try authorization(http) == [
                "ztunnel does not know HTTP attributes (methods, paths): its rules with them never match, and what they "
                    + "allowed is refused"
            ])
        #expect(try authorization("action: DENY, " + http).first?.contains("deny more") == true)
        #expect(try authorization("action: CUSTOM, provider: {name: x}").first?.contains("action CUSTOM") == true)
        let tokens = "rules: [{from: [{source: {requestPrincipals: ['*']}}], when: [{key: 'request.headers[x]'}]}]"
        #expect(try authorization(tokens).first?.contains("request.headers[x], requestPrincipals") == true)
        let tcp =
            "rules: [{to: [{operation: {ports: ['80']}}], from: [{source: {principals: [a]}}], when: [{key: source.ip}]}]"
        #expect(try authorization(tcp) == [])
        // Of other pods, and of the whole mesh.
        #expect(try authorization("selector: {matchLabels: {app: db}}, " + http) == [])
        #expect(try authorization(http, namespace: "istio-system").count == 1)
        #expect(try authorization("selector: {matchLabels: {app: web}}, " + http, namespace: "istio-system") == [])
    }

    @Test func policiesOfServicesNeedAWaypoint() throws {
        let spec = "targetRefs: [{kind: Service, name: cart}], rules: [{to: [{operation: {methods: [GET]}}]}]"
        #expect(try authorization(spec).first?.contains("Service cart, whose traffic goes through no waypoint") == true)
        #expect(try authorization(spec, through: ["cart"]) == [])
        #expect(try authorization("targetRefs: [{kind: Gateway, name: waypoint}]") == [])
    }

    @Test(arguments: [
        ("shop STRICT", 1), ("istio-system STRICT", 1), ("istio-system STRICT,shop PERMISSIVE", 0),
        ("istio-system STRICT,shop UNSET", 1), ("istio-system PERMISSIVE", 0), ("", 0),
    ])
    func strictAuthenticationShutsOutTheRest(policies: String, count: Int) throws {
        let objects = try policies.split(separator: ",").map { text -> Value in
            let words = text.split(separator: " ")
            return try object("{metadata: {name: p, namespace: \(words[0])}, spec: {mtls: {mode: \(words[1])}}}")
        }
        #expect(authenticationHazards(objects, rootNamespace: "istio-system").count == count)
    }
}
