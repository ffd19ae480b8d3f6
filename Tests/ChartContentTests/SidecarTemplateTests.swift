import Testing
import Values

@Suite("Templates that are merged into pods")
struct SidecarTemplateTests {
    private func template(
        _ input: PodInput, file: String = "injection-template", environment: [String: String] = [:]
    ) throws -> Value {
        try #require(try run(file, try input.datum(), environment: environment).first)
    }

    private func container(_ template: Value, _ name: String = "istio-proxy") -> Value? {
        template["spec"]?.named(name, in: "initContainers") ?? template["spec"]?.named(name, in: "containers")
    }

    /// The value that follows a flag in a container's arguments.
    private func argument(_ flag: String, of container: Value?) -> String? {
        let arguments = (container?["args"]?.list ?? []).compactMap(\.string)
        guard let position = arguments.firstIndex(of: flag), position + 1 < arguments.count else { return nil }
        return arguments[position + 1]
    }

    @Test func aNativeSidecarRestartsAndDrains() throws {
        let spec = try #require(try template(PodInput())["spec"])
        #expect(spec.names(in: "initContainers") == ["istio-init", "istio-proxy"])
        #expect(spec["containers"] == nil)
        let proxy = spec.named("istio-proxy", in: "initContainers")
        #expect(proxy?["restartPolicy"] == "Always")
        #expect(
            proxy?[path: "lifecycle", "preStop", "exec", "command"] == [
                "pilot-agent", "request", "--debug-port=15020", "POST", "drain",
            ])
    }

    @Test func aPodCanChooseTheKindOfSidecar() throws {
        var input = PodInput(annotations: ["sidecar.istio.io/nativeSidecar": "false"])
        #expect(try template(input)["spec"]?.names(in: "containers") == ["istio-proxy"])
        #expect(container(try template(input))?["lifecycle"] == nil)
        input.native = false
        input.annotations = ["sidecar.istio.io/nativeSidecar": "true"]
        #expect(try template(input)["spec"]?.names(in: "initContainers") == ["istio-init", "istio-proxy"])
    }

    @Test func anOlderIstiodSaysByItsEnvironmentWhetherSidecarsAreNative() throws {
        var input = PodInput()
        input.mesh.lacking = ["NativeSidecars"]
        #expect(try template(input)["spec"]?.names(in: "containers") == ["istio-proxy"])
        let native = try template(input, environment: ["ENABLE_NATIVE_SIDECARS": "true"])
        #expect(native["spec"]?.names(in: "containers") == [])
    }

    @Test func anApplicationCanBeHeldUntilTheProxyIsReady() throws {
        var input = PodInput(native: false)
        input.mesh.holdsApplication = true
        let command: Value = ["pilot-agent", "wait"]
        #expect(container(try template(input))?[path: "lifecycle", "postStart", "exec", "command"] == command)
        input.mesh.holdsApplication = nil
        input.mesh.overrides = "{global: {proxy: {holdApplicationUntilProxyStarts: true}}}"
        #expect(container(try template(input))?[path: "lifecycle", "postStart", "exec", "command"] == command)
        input.mesh.overrides = "{global: {proxy: {lifecycle: {postStart: {sleep: {seconds: 1}}}}}}"
        #expect(container(try template(input))?["lifecycle"] == ["postStart": ["sleep": ["seconds": 1]]])
    }

    @Test func trafficAnnotationsBecomeArguments() throws {
        let input = PodInput(annotations: [
            "traffic.sidecar.istio.io/includeOutboundIPRanges": "10.0.0.0/8",
            "traffic.sidecar.istio.io/excludeOutboundIPRanges": "10.1.0.0/16",
            "traffic.sidecar.istio.io/includeInboundPorts": "1,2",
            "traffic.sidecar.istio.io/excludeInboundPorts": "4,15020",
            "traffic.sidecar.istio.io/includeOutboundPorts": "5",
            "traffic.sidecar.istio.io/excludeOutboundPorts": "6",
            "traffic.sidecar.istio.io/excludeInterfaces": "eth1",
            "istio.io/reroute-virtual-interfaces": "net1",
        ])
        let rules = container(try template(input), "istio-init")
        let expected = [
            "-p": "15001", "-z": "15006", "-u": "1337", "-m": "REDIRECT", "-i": "10.0.0.0/8", "-x": "10.1.0.0/16",
            "-b": "1,2", "-d": "15090,15021,4,15020", "-q": "5", "-o": "6", "-c": "eth1", "-k": "net1",
        ]
        for (flag, value) in expected { #expect(argument(flag, of: rules) == value, "\(flag)") }
    }

    @Test func withoutInterceptionThereAreNoRules() throws {
        let input = PodInput(annotations: ["sidecar.istio.io/interceptionMode": "NONE"], native: false)
        let template = try template(input)
        #expect(template["spec"]?["initContainers"] == nil)
        #expect(container(template)?.variable("ISTIO_META_INTERCEPTION_MODE") == "NONE")
    }

    @Test func transparentProxyingNeedsRoot() throws {
        var input = PodInput()
        input.mesh.user = 1_000_620_000
        input.mesh.interceptionMode = "TPROXY"
        let template = try template(input)
        #expect(argument("-u", of: container(template, "istio-init")) == "1337")
        let context = container(template)?["securityContext"]
        #expect(context?["runAsUser"] == 0)
        #expect(context?["runAsGroup"] == 1337)
        #expect(context?["runAsNonRoot"] == false)
        #expect(context?["capabilities"] == ["add": ["NET_ADMIN"], "drop": ["ALL"]])
    }

    @Test func aRangeOfUsersIsKept() throws {
        var input = PodInput()
        input.mesh.user = 1_000_620_000
        let template = try template(input)
        #expect(argument("-u", of: container(template, "istio-init")) == "1000620000")
        #expect(container(template)?[path: "securityContext", "runAsUser"] == 1_000_620_000)
        #expect(container(template)?[path: "securityContext", "runAsGroup"] == 1_000_620_000)
    }

    @Test func withTheNodeAgentAPodOnlyChecksTheRules() throws {
        var input = PodInput(annotations: ["k8s.v1.cni.cncf.io/networks": "other"])
        input.mesh.overrides = "{pilot: {cni: {enabled: true, provider: multus}}}"
        let template = try template(input)
        let check = container(template, "istio-validation")
        #expect(check?["args"]?.list?.suffix(2) == ["--run-validation", "--skip-rule-apply"])
        #expect(check?[path: "securityContext", "capabilities"] == ["drop": ["ALL"]])
        #expect(check?[path: "securityContext", "runAsNonRoot"] == true)
        let annotations = template[path: "metadata", "annotations"]
        #expect(annotations?["k8s.v1.cni.cncf.io/networks"] == "other, default/istio-cni")
        #expect(annotations?["sidecar.istio.io/interceptionMode"] == "REDIRECT")
        #expect(annotations?["traffic.sidecar.istio.io/includeOutboundIPRanges"] == "*")
        #expect(annotations?["traffic.sidecar.istio.io/includeInboundPorts"] == "*")
        #expect(annotations?["traffic.sidecar.istio.io/excludeInboundPorts"] == "15020")
    }

    @Test func resourcesComeFromAnnotationsElseFromTheValues() throws {
        var input = PodInput()
        let usual: Value = [
            "limits": ["cpu": "2000m", "memory": "1024Mi"], "requests": ["cpu": "100m", "memory": "128Mi"],
        ]
        #expect(container(try template(input))?["resources"] == usual)
        #expect(container(try template(input), "istio-init")?["resources"] == usual)
        input.mesh.overrides = "{global: {proxy: {resources: {limits: null, requests: {cpu: null}}}}}"
        #expect(container(try template(input))?["resources"]?["requests"] == ["memory": "128Mi"])
        input.annotations = ["sidecar.istio.io/proxyCPU": "1", "sidecar.istio.io/proxyMemoryLimit": "1Gi"]
        #expect(
            container(try template(input))?["resources"] == ["requests": ["cpu": "1"], "limits": ["memory": "1Gi"]])
    }

    @Test func probesFollowThePodsWishes() throws {
        var input = PodInput(annotations: [
            "status.sidecar.istio.io/port": "123",
            "readiness.status.sidecar.istio.io/initialDelaySeconds": "1",
            "readiness.status.sidecar.istio.io/periodSeconds": "2",
            "readiness.status.sidecar.istio.io/failureThreshold": "3",
        ])
        var proxy = container(try template(input))
        #expect(
            proxy?["readinessProbe"] == [
                "httpGet": ["path": "/healthz/ready", "port": 15021], "initialDelaySeconds": 1, "periodSeconds": 2,
                "timeoutSeconds": 3, "failureThreshold": 3,
            ])
        #expect(proxy?[path: "startupProbe", "failureThreshold"] == 600)
        #expect(argument("-d", of: container(try template(input), "istio-init")) == "15090,15021,123")
        input.annotations = ["status.sidecar.istio.io/port": "0"]
        proxy = container(try template(input))
        #expect(proxy?["readinessProbe"] == nil)
        #expect(proxy?["startupProbe"] == nil)
    }

    @Test func theProxyLearnsWhatItServes() throws {
        var input = PodInput(labels: ["app": "shop"])
        input.containers = [
            ("shop", "shop:1", [("http", 80), ("", 81)]), ("log", "log:1", []), ("istio-proxy", "auto", []),
        ]
        input.owner = ("batch/v1", "Job", "store", "restock")
        input.mesh.compliancePolicy = "fips-140-2"
        input.mesh.proxyMetadata = ["ISTIO_META_DNS_CAPTURE": "true"]
        let template = try template(input)
        let proxy = container(template)
        let expected = [
            "ISTIO_META_POD_PORTS":
                "[\n    {\"name\":\"http\",\"containerPort\":80}\n    ,{\"containerPort\":81}\n]",
            "ISTIO_META_APP_CONTAINERS": "shop,log", "ISTIO_META_WORKLOAD_NAME": "restock",
            "ISTIO_META_OWNER": "kubernetes://apis/batch/v1/namespaces/store/jobs/restock",
            "COMPLIANCE_POLICY": "fips-140-2", "ISTIO_META_DNS_CAPTURE": "true", "ISTIO_META_CLUSTER_ID": "Kubernetes",
        ]
        for (name, value) in expected { #expect(proxy?.variable(name) == value, "\(name)") }
        #expect(container(template, "istio-init")?.variable("ISTIO_META_DNS_CAPTURE") == "true")
        #expect(template[path: "metadata", "annotations", "kubectl.kubernetes.io/default-container"] == "shop")
    }

    @Test(
        arguments: [
            ([:], "hello", "latest"),
            (["app": "a", "version": "v1"], "a", "v1"),
            (["app": "a", "app.kubernetes.io/name": "b", "app.kubernetes.io/version": "v2"], "b", "v2"),
            (
                [
                    "app.kubernetes.io/name": "b", "service.istio.io/canonical-name": "c",
                    "service.istio.io/canonical-revision": "v3",
                ], "c", "v3"
            ),
        ] as [([String: String], String, String)])
    func aWorkloadHasOneNameAndRevision(labels: [String: String], name: String, revision: String) throws {
        let result = try template(PodInput(labels: labels))[path: "metadata", "labels"]
        #expect(result?["service.istio.io/canonical-name"]?.string == name)
        #expect(result?["service.istio.io/canonical-revision"]?.string == revision)
        #expect(result?["security.istio.io/tlsMode"] == "istio")
    }

    @Test func aLongNameIsCut() throws {
        let name = String(repeating: "x", count: 62) + "-y"
        let input = PodInput(owner: ("v1", "Pod", "", name))
        let label = try template(input)[path: "metadata", "labels", "service.istio.io/canonical-name"]?.string
        #expect(label == String(repeating: "x", count: 62))
    }

    @Test(
        arguments: [
            (
                [:], "shop:1.2",
                "service.namespace=default,service.version=1.2,service.instance.id=default.$(POD_NAME).hello"
            ),
            (
                [:], "host:5000/shop@sha256:ab",
                "service.namespace=default,service.version=sha256:ab,service.instance.id=default.$(POD_NAME).hello"
            ),
            ([:], "host:5000/shop", "service.namespace=default,service.instance.id=default.$(POD_NAME).hello"),
            (
                [
                    "resource.opentelemetry.io/service.namespace": "n",
                    "resource.opentelemetry.io/service.version": "v",
                    "resource.opentelemetry.io/service.instance.id": "i",
                ], "shop:1.2",
                "service.namespace=n,service.version=v,service.instance.id=i"
            ),
        ] as [([String: String], String, String)])
    func tracesNameTheServiceWhereTheProviderAsksForIt(
        annotations: [String: String], image: String, expected: String
    ) throws {
        var input = PodInput(annotations: annotations, containers: [("hello", image, [])])
        input.owner.namespace = "default"
        #expect(container(try template(input))?.variable("OTEL_RESOURCE_ATTRIBUTES") == nil)
        input.mesh.extensionProviders = """
            [{"name":"otel","opentelemetry":{"serviceAttributeEnrichment":"OTEL_SEMANTIC_CONVENTIONS"}}]
            """
        #expect(container(try template(input))?.variable("OTEL_RESOURCE_ATTRIBUTES") == expected)
    }

    @Test func anImageWithASlashIsTakenAsItIs() throws {
        var input = PodInput(annotations: ["sidecar.istio.io/proxyImage": "registry/own:2"])
        #expect(container(try template(input))?["image"] == "registry/own:2")
        #expect(container(try template(input), "istio-init")?["image"] == "registry/own:2")
        input.annotations = ["sidecar.istio.io/proxyImage": "own"]
        #expect(container(try template(input))?["image"] == "hub/proxyv2:1")
    }

    @Test func aPodWithoutAnOwnerIsNamedByItsLabelsOnly() throws {
        let template = try template(PodInput(owner: ("v1", "Pod", "", "")))
        #expect(template[path: "metadata", "labels", "service.istio.io/canonical-name"] == "")
        #expect(container(template)?.variable("ISTIO_META_OWNER") == nil)
    }

    @Test func volumesCanBeAddedByAnnotation() throws {
        var input = PodInput(annotations: [
            "sidecar.istio.io/userVolume": #"{"extra":{"emptyDir":{}}}"#,
            "sidecar.istio.io/userVolumeMount": #"{"extra":{"mountPath":"/extra"}}"#,
            "sidecar.istio.io/bootstrapOverride": "mine",
        ])
        input.mesh.overrides = "{global: {mountMtlsCerts: true}}"
        let template = try template(input)
        #expect(template["spec"]?.named("extra", in: "volumes") == ["name": "extra", "emptyDir": [:]])
        #expect(container(template)?.named("extra", in: "volumeMounts")?["mountPath"] == "/extra")
        #expect(template["spec"]?.named("custom-bootstrap-volume", in: "volumes")?["configMap"] == ["name": "mine"])
        #expect(template["spec"]?.named("istio-certs", in: "volumes")?[path: "secret", "secretName"] == "istio.default")
        let mounts = Set(container(template)?.names(in: "volumeMounts") ?? [])
        let volumes = template["spec"]?.names(in: "volumes") ?? []
        #expect(mounts.isSubset(of: volumes))
    }

    @Test func aGatewayPodIsAProxyAndNothingElse() throws {
        let input = PodInput(
            owner: ("apps/v1", "Deployment", "", "ingress"), containers: [("istio-proxy", "auto", [])])
        let template = try template(input, file: "gateway-injection-template")
        #expect(template["spec"]?.names(in: "containers") == ["istio-proxy"])
        #expect(template["spec"]?["initContainers"] == nil)
        #expect(container(template)?["args"]?.list?.prefix(2) == ["proxy", "router"])
        #expect(template[path: "metadata", "labels", "security.istio.io/tlsMode"] == nil)
        #expect(template[path: "metadata", "annotations", "kubectl.kubernetes.io/default-container"] == nil)
        #expect(template[path: "spec", "securityContext", "sysctls"]?.list?.count == 1)
        #expect(container(template)?["securityContext"] == ["runAsUser": 1337, "runAsGroup": 1337])
    }

    @Test func theAgentServesGRPCApplications() throws {
        let template = try template(PodInput(), file: "grpc-agent")
        #expect(template["spec"]?.names(in: "containers") == ["istio-proxy", "hello"])
        #expect(container(template, "hello")?.variable("GRPC_XDS_BOOTSTRAP") == "/etc/istio/proxy/grpc-bootstrap.json")
        #expect(container(template)?.variable("DISABLE_ENVOY") == "true")
        #expect(container(template)?.variable("ISTIO_META_GENERATOR") == "grpc")
        let mounts = Set(["istio-proxy", "hello"].flatMap { container(template, $0)?.names(in: "volumeMounts") ?? [] })
        let volumes = template["spec"]?.names(in: "volumes") ?? []
        #expect(mounts.isSubset(of: volumes))
    }

    @Test func gRPCCanBeTriedWithoutAnAgent() throws {
        var input = PodInput()
        input.mesh.overrides = "{revision: canary}"
        let template = try template(input, file: "grpc-simple")
        let script = container(template, "grpc-bootstrap-init")?["command"]?.list?.last?.string ?? ""
        #expect(script.contains(#""server_uri": "dns:///istiod-canary.${ISTIO_NAMESPACE}.svc:15010""#))
        #expect(container(template, "hello")?.variable("GRPC_XDS_BOOTSTRAP") == "/var/lib/grpc/data/bootstrap.json")
    }
}
