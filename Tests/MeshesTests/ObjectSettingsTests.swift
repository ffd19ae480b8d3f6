import Istio
import Meshes
import Objects
import Patches
import System
import Testing
import Values
import YAML

private let head = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: ambient\n"

private func request(_ texts: [String], flags: [String] = []) throws -> MeshRequest {
    var request = MeshRequest()
    let sources = texts.indices.map { ValueSource.file("\($0).yaml") } + flags.map { .set(.typed, $0) }
    request.user = try UserValues(sources) { path throws(FileFailure) in
        Array(texts[Int(path.prefix { $0 != "." }) ?? 0].utf8)
    }
    return request
}

private func mesh(_ request: MeshRequest) throws -> Mesh { try Mesh(request) { try BuiltInCharts.charts($0, $1) } }

private func objects(_ mesh: Mesh) throws -> [MeshObject] {
    var renderer = MeshRenderer(mesh)
    return try renderer.objects()
}

/// `components.COMPONENT.k8s` with lines of fields below it.
private func pods(_ component: String, _ fields: String...) -> String {
    head + "  components:\n    \(component):\n      k8s:\n" + fields.map { "        \($0)\n" }.joined()
}

private func message(_ texts: String..., flags: [String] = []) -> String {
    do {
        _ = try objects(mesh(request(texts, flags: flags)))
        return "no error"
    } catch {
        return "\(error)"
    }
}

/// The object of a kind and name, parsed.
private func object(_ kind: String, _ name: String, _ texts: [String], flags: [String] = []) throws -> Value {
    let all = try objects(mesh(request(texts, flags: flags)))
    let found = try #require(all.first { $0.identity.kind == kind && $0.identity.name == name })
    return try Value(yaml: found.text.bytes, numbers: .native)
}

private func at(_ value: Value, _ path: String) -> Value? {
    path.split(separator: "/").reduce(value) { value, part -> Value? in
        if let list = value?.list {
            return list.first { $0["name"]?.string == String(part) }
                ?? Int(part).flatMap { list.indices.contains($0) ? list[$0] : nil }
        }
        return value?[String(part)]
    }
}

private let pod = "spec/template/spec"
private let main = pod + "/containers/discovery"

/// What `k8s` of an IstioOperator says and no value can: laid over the rendered objects, as istioctl does.
@Suite struct ObjectSettingsTests {
    static let patched: [(component: String, field: String, kind: String, name: String, path: String, result: String)] =
        [
            ("pilot", "imagePullPolicy: Always", "Deployment", "istiod", main + "/imagePullPolicy", #""Always""#),
            (
                "pilot", "readinessProbe: {initialDelaySeconds: 55, httpGet: {path: /healthy}}", "Deployment", "istiod",
                main + "/readinessProbe",
                #"{"httpGet":{"path":"/healthy","port":8080},"initialDelaySeconds":55,"periodSeconds":3,"timeoutSeconds":5}"#
            ),
            (
                "pilot", "readinessProbe: {tcpSocket: {port: 8080}}", "Deployment", "istiod", main + "/readinessProbe",
                #"{"initialDelaySeconds":1,"periodSeconds":3,"tcpSocket":{"port":8080},"timeoutSeconds":5}"#
            ),
            (
                "pilot", "securityContext: {fsGroup: 1337, sysctls: [{name: a, value: b}]}", "Deployment", "istiod",
                pod + "/securityContext", #"{"fsGroup":1337,"sysctls":[{"name":"a","value":"b"}]}"#
            ),
            ("pilot", "strategy: {type: Recreate}", "Deployment", "istiod", "spec/strategy", #"{"type":"Recreate"}"#),
            (
                "pilot", "strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 2}}", "Deployment", "istiod",
                "spec/strategy/rollingUpdate/maxSurge", "2"
            ),
            (
                "pilot", "service: {type: NodePort, ports: [{port: 443, nodePort: 30443}]}", "Service", "istiod",
                "spec/type", #""NodePort""#
            ),
            (
                "pilot", "env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: new.path}}}]", "Deployment",
                "istiod",
                main + "/env/POD_NAME/valueFrom/fieldRef", #"{"apiVersion":"v1","fieldPath":"new.path"}"#
            ),
            (
                "pilot", "env: [{name: CLUSTER_ID, valueFrom: {secretKeyRef: {name: s, key: k}}}]", "Deployment",
                "istiod",
                main + "/env/CLUSTER_ID", #"{"name":"CLUSTER_ID","valueFrom":{"secretKeyRef":{"key":"k","name":"s"}}}"#
            ),
            (
                "pilot", "env: [{name: GOMAXPROCS, value: '2'}]", "Deployment", "istiod", main + "/env/GOMAXPROCS",
                #"{"name":"GOMAXPROCS","value":"2"}"#
            ),
            ("pilot", "env: [{name: NEW}]", "Deployment", "istiod", main + "/env/NEW", #"{"name":"NEW","value":""}"#),
            (
                "pilot", "hpaSpec: {maxReplicas: 33, scaleTargetRef: {name: other}}", "HorizontalPodAutoscaler",
                "istiod",
                "spec/scaleTargetRef", #"{"apiVersion":"apps/v1","kind":"Deployment","name":"other"}"#
            ),
            (
                "pilot",
                "hpaSpec: {metrics: [{type: Resource, resource: {name: memory, targetAverageUtilization: 44}}]}",
                "HorizontalPodAutoscaler", "istiod", "spec/metrics",
                #"[{"resource":{"name":"memory","target":{"averageUtilization":44,"type":"Utilization"}},"type":"Resource"}]"#
            ),
            (
                "pilot", "hpaSpec: {metrics: [{type: External, external: {metric: {name: q}}}]}",
                "HorizontalPodAutoscaler",
                "istiod", "spec/metrics/0/type", #""External""#
            ),
            (
                "pilot", "hpaSpec: {minReplicas: 2, maxReplicas: 9}", "HorizontalPodAutoscaler", "istiod",
                "spec/maxReplicas", "9"
            ),
            (
                "cni", "nodeSelector: {pool: a}", "DaemonSet", "istio-cni-node", pod + "/nodeSelector",
                #"{"kubernetes.io/os":"linux","pool":"a"}"#
            ),
            ("cni", "priorityClassName: high", "DaemonSet", "istio-cni-node", pod + "/priorityClassName", #""high""#),
            ("ztunnel", "priorityClassName: high", "DaemonSet", "ztunnel", pod + "/priorityClassName", #""high""#),
            (
                "cni", "volumes: [{name: extra, emptyDir: {}}]", "DaemonSet", "istio-cni-node", pod + "/volumes/extra",
                #"{"emptyDir":{},"name":"extra"}"#
            ),
            (
                "cni", "volumeMounts: [{name: extra, mountPath: /extra}]", "DaemonSet", "istio-cni-node",
                pod + "/containers/install-cni/volumeMounts/extra", #"{"mountPath":"/extra","name":"extra"}"#
            ),
            (
                "ztunnel", "env: [{name: SECRET, valueFrom: {secretKeyRef: {name: s, key: k}}}]", "DaemonSet",
                "ztunnel",
                pod + "/containers/istio-proxy/env/SECRET/valueFrom/secretKeyRef/key", #""k""#
            ),
            (
                "ztunnel",
                "overlays: [{kind: DaemonSet, name: ztunnel, patches: [{path: spec.minReadySeconds, value: 7}]}]",
                "DaemonSet", "ztunnel", "spec/minReadySeconds", "7"
            ),
            (
                "pilot",
                #"overlays: [{kind: MutatingWebhookConfiguration, name: istio-sidecar-injector, patches: [{path: 'webhooks.[name:namespace\.sidecar-injector\.istio\.io].timeoutSeconds', value: 3}]}]"#,
                "MutatingWebhookConfiguration", "istio-sidecar-injector",
                "webhooks/namespace.sidecar-injector.istio.io/timeoutSeconds", "3"
            ),
            (
                "base",
                "overlays: [{kind: ServiceAccount, name: istio-reader-service-account, patches: [{path: automountServiceAccountToken, value: false}]}]",
                "ServiceAccount", "istio-reader-service-account", "automountServiceAccountToken", "false"
            ),
        ]

    @Test(arguments: patched)
    func aFieldWithoutAValueChangesTheObject(
        component: String, field: String, kind: String, name: String, path: String, result: String
    ) throws {
        var request = try request([pods(component, field)])
        request.components = Set(Component.allCases.filter { $0.traits.operatorKey == component })
        let found = try #require(
            objects(mesh(request)).first { $0.identity.kind == kind && $0.identity.name == name })
        #expect(try at(Value(yaml: found.text.bytes, numbers: .native), path)?.json() == result)
        let origins = found.changedBy
        let isValue = origins.isEmpty
        #expect(isValue || origins.allSatisfy { $0.hasPrefix("components.\(component).k8s.") }, "\(origins)")
    }

    @Test func aDisruptionBudgetHasOneBound() throws {
        let budget = try object(
            "PodDisruptionBudget", "istiod",
            [
                pods(
                    "pilot", "hpaSpec: {minReplicas: 2}",
                    "podDisruptionBudget: {maxUnavailable: 1, selector: {matchLabels: {a: b}}}")
            ])
        #expect(try budget["spec"]?.json() == #"{"maxUnavailable":1,"selector":{"matchLabels":{"a":"b"}}}"#)
    }

    @Test func theOtherObjectsStayAsTheirChartsMadeThem() throws {
        let plain = try objects(mesh(request([head])))
        let changed = try objects(mesh(request([pods("pilot", "imagePullPolicy: Always")])))
        #expect(plain.map(\.identity) == changed.map(\.identity))
        for (old, new) in zip(plain, changed) where new.changedBy.isEmpty {
            // The record of the user's values alone tells of the file.
            if old.identity.kind == "ConfigMap" && old.identity.name == "values" { continue }
            #expect(old.text == new.text, "\(old.identity)")
        }
        #expect(changed.count { !$0.changedBy.isEmpty } == 1)
    }

    @Test func overlaysComeAfterFieldsAndFilesAfterOverlays() throws {
        let text = pods(
            "pilot", "imagePullPolicy: Always",
            "overlays: [{kind: Deployment, name: istiod, patches: [{path: 'spec.template.spec.containers.[name:discovery].imagePullPolicy', value: Never}]}]"
        )
        #expect(try at(object("Deployment", "istiod", [text]), main + "/imagePullPolicy") == "Never")
        var request = try request([text])
        request.patchFiles = [
            try PatchFile(
                Array(
                    "target: {kind: Deployment}\npatch: [{op: replace, path: /spec/template/spec/containers/0/imagePullPolicy, value: Always}]\n"
                        .utf8),
                name: "p.yaml")
        ]
        let istiod = try #require(objects(mesh(request)).first { $0.identity.kind == "Deployment" })
        #expect(try at(Value(yaml: istiod.text.bytes, numbers: .native), main + "/imagePullPolicy") == "Always")
        #expect(
            istiod.changedBy == [
                "components.pilot.k8s.imagePullPolicy", "components.pilot.k8s.overlays", "patch p.yaml",
            ])
    }

    @Test func laterFilesAreLaidOverEarlierOnes() throws {
        let first = pods(
            "pilot", "readinessProbe: {initialDelaySeconds: 5, periodSeconds: 7}",
            "env: [{name: A, valueFrom: {fieldRef: {fieldPath: a}}}, {name: B, valueFrom: {fieldRef: {fieldPath: b}}}]")
        let second = pods(
            "pilot", "readinessProbe: {initialDelaySeconds: 6}",
            "env: [{name: B, valueFrom: {fieldRef: {fieldPath: c}}}]")
        let deployment = try object("Deployment", "istiod", [first, second])
        #expect(at(deployment, main + "/readinessProbe/initialDelaySeconds") == 6)
        #expect(at(deployment, main + "/readinessProbe/periodSeconds") == 7)
        #expect(at(deployment, main + "/env/A/valueFrom/fieldRef/fieldPath") == "a")
        #expect(at(deployment, main + "/env/B/valueFrom/fieldRef/fieldPath") == "c")
    }

    @Test func aNullTakesAnEarlierFieldBack() throws {
        let first = pods("pilot", "readinessProbe: {initialDelaySeconds: 5}", "nodeSelector: {a: b}")
        let second = pods("pilot", "readinessProbe:", "nodeSelector: null")
        let deployment = try object("Deployment", "istiod", [first, second])
        #expect(at(deployment, main + "/readinessProbe/initialDelaySeconds") == 1)
        #expect(at(deployment, pod + "/nodeSelector") == nil)
    }

    static let refused: [(text: String, expected: String)] = [
        (
            pods("pilot", "readinessProbe: {htpGet: {}}"),
            "0.yaml:8:26: unknown key spec.components.pilot.k8s.readinessProbe.htpGet; did you mean httpGet?"
        ),
        (
            pods("pilot", "readinessProbe: 1"),
            "0.yaml:8:9: spec.components.pilot.k8s.readinessProbe must be a map, not number 1"
        ),
        (
            pods("pilot", "imagePullPolicy: Alway"),
            "0.yaml:8:9: spec.components.pilot.k8s.imagePullPolicy must be one of Always"
        ),
        (
            pods("pilot", "strategy: {typ: Recreate}"),
            "0.yaml:8:20: unknown key spec.components.pilot.k8s.strategy.typ; did you mean type?"
        ),
        (
            pods("pilot", "strategy: {rollingUpdate: {maxSurg: 1}}"),
            "0.yaml:8:36: unknown key spec.components.pilot.k8s.strategy.rollingUpdate.maxSurg"
        ),
        (
            pods("pilot", "securityContext: {capabilities: {}}"),
            "0.yaml:8:27: unknown key spec.components.pilot.k8s.securityContext.capabilities"
        ),
        (
            pods("pilot", "env: [{name: A, value: b, valueFrom: {}}]"),
            "0.yaml:8:15: spec.components.pilot.k8s.env.0: an entry has either a value or valueFrom"
        ),
        (pods("pilot", "env: [{value: b}]"), "0.yaml:8:15: spec.components.pilot.k8s.env.0: an entry has a name, and"),
        (pods("pilot", "overlays: {}"), "0.yaml:8:9: spec.components.pilot.k8s.overlays must be a list"),
        (
            pods("pilot", "overlays: [{kind: Deployment}]"),
            "0.yaml:8:20: spec.components.pilot.k8s.overlays.0: an overlay has kind, name and patches"
        ),
        (
            pods("pilot", "overlays: [{kind: A, name: b, patches: [{value: 1}]}]"),
            "0.yaml:8:49: spec.components.pilot.k8s.overlays.0.patches.0: a patch has a path"
        ),
        (
            pods("pilot", "overlays: [{kind: A, name: b, patches: [{path: 'a.['}]}]"),
            "0.yaml:8:50: spec.components.pilot.k8s.overlays.0.patches.0.path: \"[\" is no part of a path"
        ),
        (
            pods("pilot", "overlays: [{kind: Deployment, name: istoid, patches: [{path: spec.a, value: 1}]}]"),
            "0.yaml:8:9: components.pilot.k8s.overlays: kind Deployment, name istoid matches no object; did you mean Deployment istio-system/istiod?"
        ),
        (
            pods(
                "pilot",
                "overlays: [{kind: Deployment, name: istiod, patches: [{path: 'spec.template.spec.containers.[name:discvery].image', value: x}]}]"
            ),
            "0.yaml:8:9: components.pilot.k8s.overlays: Deployment istio-system/istiod: spec.template.spec.containers.[name:discvery].image: there is no [name:discvery]; there are discovery"
        ),
        (
            pods("pilot", "overlays: [{kind: Deployment, name: istiod, patches: [{path: metadata.name, value: x}]}]"),
            "0.yaml:8:9: components.pilot.k8s.overlays: Deployment istio-system/istiod: a patch may not change apiVersion"
        ),
        (
            pods("cni", "service: {type: NodePort}"),
            "0.yaml:8:9: spec.components.cni.k8s.service: the component has no Service"
        ),
        (
            pods("ztunnel", "hpaSpec: {maxReplicas: 2}"),
            "0.yaml:8:9: spec.components.ztunnel.k8s.hpaSpec: a DaemonSet has a pod on"
        ),
        (
            pods("cni", "podDisruptionBudget: {}"),
            "0.yaml:8:9: spec.components.cni.k8s.podDisruptionBudget: a DaemonSet has no"
        ),
        (
            pods("base", "resources: {}"),
            "0.yaml:8:9: spec.components.base.k8s.resources: base has no pods; of k8s it has overlays"
        ),
    ]

    @Test(arguments: refused) func whatCannotBeIsSaidWithItsPlace(text: String, expected: String) {
        #expect(message(text).hasPrefix(expected), "\(message(text))")
    }

    @Test func anAutoscalerThatIsSwitchedOffCannotBePatched() {
        let text = pods("pilot", "hpaSpec: {behavior: {scaleDown: {stabilizationWindowSeconds: 9}}}")
        #expect(message(text) == "no error")
        let answer = message(text, flags: ["pilot.autoscaleEnabled=false"])
        #expect(
            answer.hasPrefix(
                "0.yaml:8:9: components.pilot.k8s.hpaSpec: kind HorizontalPodAutoscaler, name istiod matches no"),
            "\(answer)")
    }
}

/// `unvalidatedValues`, which no schema is asked about.
@Suite struct UnvalidatedValuesTests {
    @Test func unknownKeysReachTheChart() throws {
        let text = head + "  unvalidatedValues: {myKey: a, pilot: {other: b}, ztunnel: {third: c}}\n"
        let parts = try mesh(request([text])).parts
        #expect(parts[1].values["myKey"] == "a")
        #expect(parts[1].values.value(at: ["pilot", "other"]) == "b")
        #expect(parts[3].values["third"] == "c")
        #expect(message(text.replacing("unvalidatedValues", with: "values")).hasPrefix("0.yaml:5:12: unknown key"))
    }

    @Test func theyWinOverAllOtherValues() throws {
        let first = head + "  unvalidatedValues: {pilot: {env: {A: unvalidated}}}\n"
        let second = head + "  values: {pilot: {env: {A: later}}}\n"
        let mesh = try mesh(request([first, second], flags: ["pilot.env.A=flag"]))
        #expect(mesh.parts[1].values.value(at: ["pilot", "env", "A"]) == "unvalidated")
        #expect(mesh.userValues.value(at: ["pilot", "env", "A"]) == "flag")
        #expect(mesh.unvalidatedValues.value(at: ["pilot", "env", "A"]) == "unvalidated")
    }
}
