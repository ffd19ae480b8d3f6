import Istio
import Meshes
import System
import Testing
import Values

/// The fields of the mesh configuration, which istiod reads with the types of its own API and refuses to start with others.
@Suite struct MeshConfigTypeTests {
    @Test(arguments: [
        ("{accessLogFile: 1}", "v.yaml:1:14: meshConfig.accessLogFile must be a string, not number 1"),
        ("{enableTracing: yes please}", "v.yaml:1:14: meshConfig.enableTracing must be true or false"),
        (
            "{outboundTrafficPolicy: {mode: ALLOW}}",
            "v.yaml:1:38: meshConfig.outboundTrafficPolicy.mode must be one of REGISTRY_ONLY, ALLOW_ANY, "
                + "ALLOW_ANY_DYNAMIC_DNS, not \"ALLOW\""
        ),
        (
            "{accessLogEncoding: json}",
            "v.yaml:1:14: meshConfig.accessLogEncoding must be one of TEXT, JSON, not \"json\" (did you mean JSON?)"
        ),
        (
            "{connectTimeout: 10}",
            "v.yaml:1:14: meshConfig.connectTimeout must be a duration such as 10s, not number 10"
        ),
        (
            "{connectTimeout: 10 seconds}",
            "v.yaml:1:14: meshConfig.connectTimeout must be a duration such as 10s, not string \"10 seconds\""
        ),
        ("{proxyListenPort: 1.5}", "v.yaml:1:14: meshConfig.proxyListenPort must be a whole number"),
        ("{trustDomainAliases: td2}", "v.yaml:1:14: meshConfig.trustDomainAliases must be a list, not string \"td2\""),
        (
            "{defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: true}}}",
            "v.yaml:1:46: meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE must be a string, not boolean true"
        ),
        (
            "{defaultConfig: {concurrency: 3000000000}}",
            "v.yaml:1:30: meshConfig.defaultConfig.concurrency must be a whole number from -2147483648 to 2147483647"
        ),
        (
            "{discoverySelectors: [{matchLabels: {a: 1}}]}",
            "v.yaml:1:50: meshConfig.discoverySelectors.0.matchLabels.a must be a string, not number 1"
        ),
        ("{extensionProviders: {name: a}}", "v.yaml:1:14: meshConfig.extensionProviders must be a list"),
        (
            "{defaultProviders: {metrics: prometheus}}",
            "v.yaml:1:33: meshConfig.defaultProviders.metrics must be a list"
        ),
        ("{localityLbSetting: {distribute: [{to: {a: much}, from: 1}]}}", "v.yaml:1:"),
        ("[]", "v.yaml:1:1: meshConfig must be a map, not array"),
    ])
    func aFieldOfAnotherTypeIsRefusedInItsPlace(values: String, expected: String) {
        let message = fault(ofValues: "meshConfig: \(values)\n")
        #expect(message.hasPrefix(expected), "\(message)")
    }

    /// A field that is not known here may be one of a later istiod.
    @Test(arguments: [
        "{accessLogFile: /dev/stdout, accessLogEncoding: JSON, enableAutoMtls: false, connectTimeout: 1m30s}",
        "{trustDomain: td, trustDomainAliases: [a], outboundTrafficPolicy: {mode: REGISTRY_ONLY}, rootNamespace: null}",
        "{defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: \"true\", B: null}, concurrency: 0, drainDuration: 45s}}",
        "{defaultConfig: {holdApplicationUntilProxyStarts: true, gatewayTopology: {numTrustedProxies: 2}, later: 1}}",
        "{discoverySelectors: [{matchLabels: {a: b}}, {matchExpressions: [{key: a, operator: Exists}]}]}",
        "{extensionProviders: [{name: otel, opentelemetry: {service: o.example.com, port: 4317}}, {name: z, later: {}}]}",
        "{localityLbSetting: {distribute: [{from: a/*, to: {a/*: 80, b/*: 20}}], failover: [{from: a, to: b}]}}",
        "{tcpKeepalive: {probes: 9, time: 10s}, tlsDefaults: {minProtocolVersion: TLSV1_3}, fieldOfALaterVersion: 1}",
        "{serviceScopeConfigs: [{scope: GLOBAL, servicesSelector: {matchLabels: {a: b}}}], ingressService: x}", "null",
    ])
    func whatIstiodReadsIsTaken(values: String) {
        #expect(fault(ofValues: "meshConfig: \(values)\n") == "no error")
    }
}
