import Objects
import Testing
import Values
import Waypoints
import YAML

/// A small cluster in YAML and the way to one of its objects.
struct Cluster {
    let objects: [Value]

    /// Documents between `---`; labels of namespace `shop` and the Gateway `shop/wp` with an address are there unless
    /// given.
    init(_ text: String, namespace labels: String = "", gateway: String? = nil) throws {
        let namespaces = """
            {kind: Namespace, metadata: {name: shop, labels: {\(labels)}}}
            ---
            {kind: Namespace, metadata: {name: infra, labels: {team: net}}}
            ---
            {kind: GatewayClass, metadata: {name: istio-waypoint}}
            ---
            \(gateway ?? Cluster.gateway("shop/wp"))
            ---

            """
        objects = try (namespaces + text).components(separatedBy: "---\n").map { try Value(yaml: Array($0.utf8)) }
    }

    static func gateway(
        _ path: String, for traffic: String? = nil, listeners: String = "[{port: 15008, protocol: HBONE}]",
        annotations: String = "", addresses: String = "[{type: Hostname, value: w.example}]"
    ) -> String {
        let parts = path.split(separator: "/")
        let labels = traffic.map { "istio.io/waypoint-for: '\($0)'" } ?? ""
        return """
            kind: Gateway
            metadata: {namespace: \(parts[0]), name: \(parts[1]), labels: {\(labels)}, annotations: {\(annotations)}}
            spec: {gatewayClassName: istio-waypoint, listeners: \(listeners)}
            status: {addresses: \(addresses)}
            """
    }

    static func service(_ labels: String = "", spec: String = "clusterIP: 192.0.2.1") -> String {
        "{kind: Service, metadata: {namespace: shop, name: cart, labels: {\(labels)}}, spec: {\(spec)}}"
    }

    static func pod(_ labels: String = "", spec: String = "", status: String = "podIP: 192.0.2.9") -> String {
        """
        {kind: Pod, metadata: {namespace: shop, name: cart-1, labels: {\(labels)}}, spec: {\(spec)}, status: {\(status)}}
        """
    }

    static func entry(_ labels: String = "", spec: String, status: String = "") -> String {
        "{kind: ServiceEntry, metadata: {namespace: shop, name: ext, labels: {\(labels)}}, spec: {\(spec)}, "
            + "status: {addresses: [\(status)]}}"
    }

    /// `through shop/wp` or the word of the reason, for the last object.
    var way: String {
        guard let target = objects.last else { return "" }
        let route = WaypointResolver(objects).route(to: target)
        return route.direct?.rawValue ?? "through \(route.waypoint?.description ?? "")"
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts = [""]
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            if line + "\n" == separator { parts.append("") } else { parts[parts.count - 1] += line + "\n" }
        }
        return parts
    }
}

private let use = "istio.io/use-waypoint"

@Suite struct WaypointLabelTests {
    @Test(
        "The nearer label counts, and nothing falls back to the namespace",
        arguments: [
            ("", "", "no-label"), ("", "\(use): wp", "through shop/wp"), ("\(use): wp", "", "through shop/wp"),
            ("\(use): other", "\(use): wp", "missing"), ("\(use): none", "\(use): wp", "opted-out"),
            ("", "\(use): none", "opted-out"), ("\(use): wp", "\(use): none", "through shop/wp"),
            ("\(use): ''", "\(use): wp", "invalid-label"), ("\(use): Wp", "\(use): wp", "invalid-label"),
            ("\(use): a_b", "", "invalid-label"), ("\(use): a..b", "", "invalid-label"), ("\(use): a.b", "", "missing"),
            ("\(use)-namespace: infra", "\(use): wp", "through shop/wp"),
            ("", "\(use)-namespace: infra", "no-label"), ("\(use): wp, \(use)-namespace: infra", "", "missing"),
            ("\(use): wp, \(use)-namespace: In_fra", "", "invalid-label"),
            ("\(use): none, \(use)-namespace: infra", "", "opted-out"),
        ])
    func labels(own: String, namespace: String, way: String) throws {
        #expect(try Cluster(Cluster.service(own), namespace: namespace).way == way)
    }

    @Test func aWaypointIsReadyByTheAddressInItsStatusAlone() throws {
        for addresses in ["[]", "null"] {
            let gateway = Cluster.gateway("shop/wp", addresses: addresses)
            #expect(try Cluster(Cluster.service("\(use): wp"), gateway: gateway).way == "not-ready")
        }
    }

    @Test(
        "An address that nothing can send to leads nowhere",
        arguments: [
            ("{type: NamedAddress, value: n}", "not-ready"), ("{type: IPAddress, value: somewhere}", "not-ready"),
            ("{type: IPAddress, value: 192.0.2.7}", "through shop/wp"), ("{value: 192.0.2.7}", "through shop/wp"),
            ("{type: NamedAddress, value: n}, {type: Hostname, value: w}", "through shop/wp"),
        ])
    func addresses(listed: String, way: String) throws {
        let gateway = Cluster.gateway("shop/wp", addresses: "[\(listed)]")
        #expect(try Cluster(Cluster.service("\(use): wp"), gateway: gateway).way == way)
        // Type and namespace are looked at before it.
        let narrow = Cluster.gateway("shop/wp", for: "workload", addresses: "[\(listed)]")
        #expect(try Cluster(Cluster.service("\(use): wp"), gateway: narrow).way == "wrong-type")
    }

    @Test func aGatewayOfIstiosOwnKindIsNoWaypoint() throws {
        let own = "{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {namespace: shop, name: wp}}"
        #expect(try Cluster("\(own)\n---\n\(Cluster.service("\(use): wp"))").way == "through shop/wp")
        #expect(try Cluster(Cluster.service("\(use): wp"), gateway: own).way == "missing")
    }

    @Test(
        "What is no address counts as istiod counts it",
        arguments: [
            (Cluster.pod("\(use): wp", status: "podIP: x"), "not-applicable"),
            (Cluster.pod("\(use): wp", status: "podIP: 192.0.2.9, podIPs: [{ip: ''}]"), "not-applicable"),
            (Cluster.entry("\(use): wp", spec: "hosts: [a.b], addresses: [10.0.0.0/8]"), "through shop/wp"),
            (Cluster.entry("\(use): wp", spec: "hosts: [a.b], addresses: [192.0.2.1, x]"), "no-address"),
            (Cluster.entry("\(use): wp", spec: "hosts: [a.b], addresses: ['10.0.0.0/99']"), "no-address"),
            (Cluster.entry("\(use): wp", spec: "hosts: [a.b], addresses: ['']"), "no-address"),
        ])
    func noAddress(target: String, way: String) throws {
        let gateway = Cluster.gateway("shop/wp", for: "all")
        #expect(try Cluster(target, gateway: gateway).way == way)
    }

    @Test(
        "The type must fit",
        arguments: [
            (nil, "through shop/wp", "wrong-type"), ("service", "through shop/wp", "wrong-type"),
            ("workload", "wrong-type", "through shop/wp"), ("all", "through shop/wp", "through shop/wp"),
            ("none", "wrong-type", "wrong-type"), ("Service", "wrong-type", "wrong-type"),
            ("", "wrong-type", "wrong-type"),
        ] as [(String?, String, String)])
    func types(traffic: String?, service: String, pod: String) throws {
        let gateway = Cluster.gateway("shop/wp", for: traffic)
        #expect(try Cluster(Cluster.service("\(use): wp"), gateway: gateway).way == service)
        #expect(try Cluster(Cluster.pod("\(use): wp"), gateway: gateway).way == pod)
    }

    @Test func theClassSaysTheTypeWhereTheGatewayDoesNot() throws {
        let gatewayClass =
            "{kind: GatewayClass, metadata: {name: istio-waypoint, labels: {istio.io/waypoint-for: all}}}"
        #expect(try Cluster("\(gatewayClass)\n---\n\(Cluster.pod("\(use): wp"))").way == "through shop/wp")
    }

    @Test(
        "Ingress gateways go through by the object's label, else by its namespace's",
        arguments: [
            ("", "", false), ("'true'", "", true), ("", "'true'", true), ("'false'", "'true'", false),
            ("T", "", true), ("'1'", "", true), ("'yes'", "", false), ("''", "'true'", false),
        ])
    func ingress(own: String, namespace: String, takes: Bool) throws {
        let label = "istio.io/ingress-use-waypoint"
        let cluster = try Cluster(
            Cluster.service("\(use): wp" + (own.isEmpty ? "" : ", \(label): \(own)")),
            namespace: namespace.isEmpty ? "" : "\(label): \(namespace)")
        let target = try #require(cluster.objects.last)
        #expect(WaypointResolver(cluster.objects).route(to: target).takesIngress == takes)
    }
}

@Suite struct WaypointAdmissionTests {
    private func way(_ listeners: String, annotations: String = "", namespace: String = "team: shop") throws -> String {
        try Cluster(
            Cluster.service("\(use): gate, \(use)-namespace: infra"), namespace: namespace,
            gateway: Cluster.gateway("infra/gate", listeners: listeners, annotations: annotations)
        ).way
    }

    private func hbone(_ routes: String) -> String {
        "{port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {\(routes)}}}"
    }

    @Test(
        "Another namespace is admitted by allowedRoutes",
        arguments: [
            ("", false), ("from: Same", false), ("from: All", true), ("from: Selector", false),
            ("from: Selector, selector: {}", true), ("from: Selector, selector: {matchLabels: {team: shop}}", true),
            ("from: Selector, selector: {matchLabels: {team: net}}", false), ("selector: {}", false),
            ("from: All, selector: {matchLabels: {team: net}}", true),
            ("from: Selector, selector: {matchExpressions: [{key: team, operator: In, values: [shop]}]}", true),
            ("from: Selector, selector: {matchExpressions: [{key: team, operator: NotIn, values: [shop]}]}", false),
            ("from: Selector, selector: {matchExpressions: [{key: gone, operator: NotIn, values: [shop]}]}", true),
            ("from: Selector, selector: {matchExpressions: [{key: team, operator: Exists}]}", true),
            ("from: Selector, selector: {matchExpressions: [{key: team, operator: DoesNotExist}]}", false),
            ("from: Selector, selector: {matchExpressions: [{key: team, operator: Like}]}", false),
        ])
    func admission(routes: String, isAdmitted: Bool) throws {
        #expect(try way("[\(hbone(routes))]") == (isAdmitted ? "through infra/gate" : "not-allowed"))
    }

    @Test func theFirstListenerOfTheTunnelCounts() throws {
        #expect(try way("[\(hbone("from: Same")), \(hbone("from: All"))]") == "not-allowed")
        #expect(try way("[{port: 80, protocol: HTTP}, \(hbone("from: All"))]") == "through infra/gate")
        #expect(try way("[]") == "not-allowed")
        let plain = "{port: 15008, protocol: hbone, allowedRoutes: {namespaces: {from: All}}}"
        #expect(try way("[\(plain)]") == "not-allowed")
    }

    @Test(
        "The inbound binding names the listener",
        arguments: [
            ("PROXY/15088", true), ("PROXY", true), ("NONE/15088", true), ("NONE", false), ("TLS/15088", false),
            ("PROXY/x", true), ("PROXY/99999999999999999999", false), ("PROXY/1/2", false), ("", false),
        ])
    func binding(text: String, isAdmitted: Bool) throws {
        let proxy = "{port: 15088, protocol: istio.io/PROXY, allowedRoutes: {namespaces: {from: All}}}"
        let way = try way(
            "[\(proxy), \(hbone("from: Same"))]",
            annotations: "ambient.istio.io/waypoint-inbound-binding: '\(text)'")
        #expect(way == (isAdmitted ? "through infra/gate" : "not-allowed"))
    }
}

@Suite struct WaypointTargetTests {
    private let all = Cluster.gateway("shop/wp", for: "all")
    private let inherited = "\(use): wp"

    @Test(
        "Services without a waypoint, and without an address to know their traffic by",
        arguments: [
            ("", "clusterIP: None", "no-address"), ("", "clusterIPs: [None]", "no-address"), ("", "", "no-address"),
            ("", "type: ExternalName", "not-applicable"),
            ("", "type: LoadBalancer, clusterIP: 192.0.2.1", "through shop/wp"),
            ("gateway.istio.io/managed: istio.io-mesh-controller", "clusterIP: 192.0.2.1", "not-applicable"),
            ("gateway.istio.io/managed: istio.io-eastwest-controller", "clusterIP: 192.0.2.1", "not-applicable"),
            ("gateway.istio.io/managed: istio.io-gateway-controller", "clusterIP: 192.0.2.1", "through shop/wp"),
        ])
    func services(labels: String, spec: String, way: String) throws {
        #expect(try Cluster(Cluster.service(labels, spec: spec), namespace: inherited, gateway: all).way == way)
    }

    @Test(
        "Pods by their state",
        arguments: [
            ("", "", "phase: Running, podIP: 192.0.2.9", "through shop/wp"),
            ("", "", "phase: Pending, podIPs: [{ip: 192.0.2.9}]", "through shop/wp"),
            ("", "", "phase: Pending", "not-applicable"),
            ("", "", "phase: Succeeded, podIP: 192.0.2.9", "not-applicable"),
            ("", "", "phase: Failed, podIP: 192.0.2.9", "not-applicable"),
            ("", "hostNetwork: true", "podIP: 192.0.2.9", "host-network"),
            ("istio.io/dataplane-mode: none", "", "podIP: 192.0.2.9", "through shop/wp"),
            ("gateway.networking.k8s.io/gateway-name: wp", "", "podIP: 192.0.2.9", "not-applicable"),
            ("gateway.networking.k8s.io/gateway-name: gone", "", "podIP: 192.0.2.9", "through shop/wp"),
        ])
    func pods(labels: String, spec: String, status: String, way: String) throws {
        #expect(
            try Cluster(Cluster.pod(labels, spec: spec, status: status), namespace: inherited, gateway: all).way == way)
    }

    @Test(
        "ServiceEntries by revision and address",
        arguments: [
            ("", "addresses: [192.0.2.7], hosts: [a.example]", "", "through shop/wp"),
            ("istio.io/rev: canary", "addresses: [192.0.2.7]", "", "other-revision"),
            ("istio.io/rev: default", "addresses: [192.0.2.7]", "", "through shop/wp"),
            ("", "resolution: DNS, hosts: [a.example]", "{host: a.example, value: 240.240.0.1}", "through shop/wp"),
            ("", "resolution: DNS, hosts: [a.example]", "{host: b.example, value: 240.240.0.1}", "no-address"),
            ("", "resolution: NONE, hosts: [a.example]", "{host: a.example, value: 240.240.0.1}", "no-address"),
            ("", "hosts: [a.example]", "{host: a.example, value: 240.240.0.1}", "no-address"),
            ("", "resolution: STATIC, hosts: ['*.example']", "{host: '*.example', value: 240.240.0.1}", "no-address"),
            (
                "", "resolution: DYNAMIC_DNS, hosts: ['*.example']", "{host: '*.example', value: 240.240.0.1}",
                "through shop/wp"
            ),
            (
                "networking.istio.io/enable-autoallocate-ip: 'False'", "resolution: DNS, hosts: [a.example]",
                "{host: a.example, value: 240.240.0.1}", "no-address"
            ),
        ])
    func entries(labels: String, spec: String, status: String, way: String) throws {
        #expect(
            try Cluster(Cluster.entry(labels, spec: spec, status: status), namespace: inherited, gateway: all).way
                == way)
    }

    @Test func objectsWithoutTheirPartsHaveAnAnswer() throws {
        for text in ["{kind: Service}", "{kind: Pod, status: []}", "{kind: ServiceEntry, spec: null}", "{}"] {
            let object = try Value(yaml: Array(text.utf8))
            #expect(WaypointResolver([object]).route(to: object).direct != nil)
        }
    }
}

/// What a trace says of objects that get no waypoint at all: one reason each.
@Suite struct TraceReasonTests {
    @Test(arguments: [
        (Cluster.service(spec: "type: ExternalName, externalName: db.example"), "is only a name in DNS"),
        (Cluster.service("gateway.istio.io/managed: istio.io-mesh-controller"), "belongs to a gateway itself"),
        (Cluster.pod("gateway.networking.k8s.io/gateway-name: wp"), "belongs to a gateway itself"),
        (Cluster.pod(status: "phase: Succeeded, podIP: 192.0.2.9"), "the pod has ended"),
        (Cluster.pod(status: "phase: Pending"), "the pod has no address yet"),
    ])
    func theReasonIsOne(object: String, reason: String) throws {
        let cluster = try Cluster(object, namespace: "istio.io/use-waypoint: wp")
        let target = try #require(cluster.objects.last)
        let trace = WaypointTrace(target, WaypointResolver(cluster.objects))
        #expect(trace.verdict.hasPrefix("direct: ") && trace.verdict.contains(reason), "\(trace.verdict)")
        #expect(!trace.verdict.contains(" or "))
    }
}

/// A waypoint's Service, Deployment and label values have its name.
@Suite struct WaypointNameTests {
    @Test(arguments: ["a.b", "1shop", "-a", "A", "none", String(repeating: "a", count: 64), "ü"])
    func aNameThatNoServiceCanHaveIsRefused(name: String) {
        #expect(throws: WaypointNameError.self) { try WaypointManifest(name: name) }
    }

    @Test(arguments: ["", "a", "wp-2", String(repeating: "a", count: 63)])
    func aLabelIsAName(name: String) throws {
        #expect(try WaypointManifest(name: name).name == (name.isEmpty ? "waypoint" : name))
    }
}
