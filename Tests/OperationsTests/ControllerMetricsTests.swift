import Testing

@testable import Operations

/// The text that Prometheus reads.
@Suite struct ControllerMetricsTests {
    @Test func turnsAreCountedByControllerAndEnding() {
        var metrics = ControllerMetrics()
        let key = ResourceKey(kind: "ZTunnel", name: "default")
        metrics.count(key, .done, milliseconds: 7)
        metrics.count(key, .failed("x"), milliseconds: 1500)
        metrics.count(key, .invalid("x"), milliseconds: 0)
        metrics.countAdded(key)
        var reading = ControllerMetrics.Reading()
        reading.components = [("istiod", "istio-system", "1.30.3"), ("cni", "a\"b\\c\n", "")]
        reading.nodesNotReady = [("ztunnel", 2)]
        reading.isLeader = true
        let text = metrics.text(reading)
        let lines = Set(text.split(separator: "\n").map(String.init))
        for line in [
            #"controller_runtime_reconcile_total{controller="ztunnel",result="success"} 1"#,
            #"controller_runtime_reconcile_total{controller="ztunnel",result="error"} 2"#,
            #"controller_runtime_reconcile_total{controller="istio",result="success"} 0"#,
            #"controller_runtime_reconcile_errors_total{controller="ztunnel"} 2"#,
            #"controller_runtime_terminal_reconcile_errors_total{controller="ztunnel"} 1"#,
            #"controller_runtime_reconcile_time_seconds_bucket{controller="ztunnel",le="0.01"} 2"#,
            #"controller_runtime_reconcile_time_seconds_bucket{controller="ztunnel",le="+Inf"} 3"#,
            #"controller_runtime_reconcile_time_seconds_sum{controller="ztunnel"} 1.507"#,
            #"leader_election_master_status{name="sail-operator-lock"} 1"#,
            #"sail_component_info{component="istiod",namespace="istio-system",version="1.30.3"} 1"#,
            #"sail_component_info{component="cni",namespace="a\"b\\c\n",version=""} 1"#,
            #"sail_nodes_not_ready{component="ztunnel"} 2"#, #"workqueue_adds_total{controller="ztunnel"} 1"#,
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(text.contains(#"le="2.5""#))
        // Each name has its help and type once.
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
        #expect(Set(types).count == types.count)
    }

    @Test(arguments: [
        "", "GET", "GET /healthz", "GET healthz HTTP/1.1", "GET /\u{0} HTTP/2", "GET  / HTTP/1.1 x", "\r\n\r\n",
    ]) func whatIsNoRequestIsRefused(head: String) {
        #expect(EndpointRequest(head: head) == nil)
    }

    @Test func theTokenOfARequestIsFound() {
        let request = EndpointRequest(
            head: "GET /metrics?a=b HTTP/1.1\r\nHost: x\r\nauthorization:   bearer abc.def\r\n:\r\nx")
        #expect(request?.path == "/metrics")
        #expect(request?.token == "abc.def")
        #expect(EndpointRequest(head: "GET / HTTP/1.1\r\nAuthorization: Basic YTpi")?.token == nil)
    }

    @Test func addressesAreRead() {
        #expect(ListeningSocket.parse(":8081").map { "\($0.host)|\($0.port)" } == "|8081")
        #expect(ListeningSocket.parse("[::1]:1").map { "\($0.host)|\($0.port)" } == "::1|1")
        for text in ["", "8081", ":", ":65536", ":-1", "[::1:80", "a]:80"] {
            #expect(ListeningSocket.parse(text) == nil)
        }
    }
}
