import Objects
import Planning
import Testing
import Values
import YAML

/// A DaemonSet as sail sends it and as the server then keeps it.
private let sentText = """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: ztunnel, namespace: istio-system, labels: {app: ztunnel}, annotations: {}}
    spec:
      selector: {matchLabels: {app: ztunnel}}
      template:
        spec:
          containers:
          - name: istio-proxy
            args: [proxy, ztunnel]
            ports: [{containerPort: 15020}]
            resources: {requests: {cpu: 1000m, memory: 2048Mi}}
            env:
            - {name: A, value: ""}
            - {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          volumes:
          - {name: tmp, emptyDir: {}}
    """
private let liveText = """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: ztunnel
      namespace: istio-system
      labels: {app: ztunnel, foreign: yes}
      annotations: {deprecated.daemonset.template.generation: "1"}
      uid: u
      managedFields:
      - manager: helm
        operation: Apply
        apiVersion: apps/v1
        fieldsV1:
          f:metadata: {f:annotations: {}, f:labels: {f:app: {}}}
          f:spec:
            f:selector: {}
            f:template:
              f:spec:
                f:containers:
                  'k:{"name":"istio-proxy"}':
                    .: {}
                    f:name: {}
                    f:args: {}
                    f:ports: {'k:{"containerPort":15020,"protocol":"TCP"}': {.: {}, f:containerPort: {}}}
                    f:resources: {f:requests: {f:cpu: {}, f:memory: {}}}
                    f:env:
                      'k:{"name":"A"}': {.: {}, f:name: {}, f:value: {}}
                      'k:{"name":"B"}': {.: {}, f:name: {}, f:valueFrom: {f:fieldRef: {}}}
                f:volumes: {'k:{"name":"tmp"}': {.: {}, f:name: {}, f:emptyDir: {}}}
      - manager: kube-controller-manager
        operation: Update
        apiVersion: apps/v1
        subresource: status
        fieldsV1: {f:status: {f:numberReady: {}}}
    spec:
      selector: {matchLabels: {app: ztunnel}}
      revisionHistoryLimit: 10
      template:
        spec:
          dnsPolicy: ClusterFirst
          containers:
          - name: istio-proxy
            args: [proxy, ztunnel]
            imagePullPolicy: IfNotPresent
            ports: [{containerPort: 15020, protocol: TCP}]
            resources: {requests: {cpu: "1", memory: 2Gi}}
            env:
            - {name: A}
            - {name: B, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}}
          volumes:
          - {name: tmp, emptyDir: {}}
    status: {numberReady: 3}
    """

private let statusEntry =
    "manager: kube-controller-manager\n    operation: Update\n    apiVersion: apps/v1\n    subresource: status\n"

@Suite struct SettledTests {
    private func isSettled(_ sent: String, _ live: String, by manager: FieldManager = .helm) throws -> Bool {
        let sent = try Value(yaml: Array(sent.utf8), numbers: .native)
        return try Planning.isSettled(sent, live: Value(yaml: Array(live.utf8), numbers: .native), by: manager)
    }

    @Test func whatTheServerCompletedIsSettled() throws {
        #expect(try isSettled(sentText, liveText))
    }

    @Test(arguments: [
        // What we send has changed.
        ("args: [proxy, ztunnel]", "args: [proxy, other]"),
        ("args: [proxy, ztunnel]", "args: [ztunnel, proxy]"),
        ("labels: {app: ztunnel}", "labels: {app: ztunnel, new: label}"),
        ("labels: {app: ztunnel}", "labels: {}"),
        (", annotations: {}", ""),
        ("memory: 2048Mi", "memory: 2049Mi"),
        ("cpu: 1000m, ", ""),
        ("{name: tmp, emptyDir: {}}", "{name: tmp, emptyDir: {medium: Memory}}"),
        ("fieldPath: metadata.name", "fieldPath: metadata.namespace"),
        ("{name: A, value: \"\"}", "{name: A, value: x}"),
        ("{name: A, value: \"\"}", "{name: C, value: \"\"}"),
        ("        - {name: A, value: \"\"}\n", ""),
        ("[{containerPort: 15020}]", "[{containerPort: 15020, protocol: UDP}]"),
        ("[{containerPort: 15020}]", "[{containerPort: 15020}, {containerPort: 15020}]"),
        ("apiVersion: apps/v1", "apiVersion: apps/v2"),
        ("name: ztunnel,", "name: other,"),
    ])
    func whatIsSentOtherwiseIsNot(text: String, other: String) throws {
        let sent = sentText.replacing(text, with: other, maxReplacements: 1)
        #expect(sent != sentText)
        #expect(try !isSettled(sent, liveText))
    }

    @Test(arguments: [
        // Somebody has edited, removed, added, moved or doubled something.
        ("memory: 2Gi", "memory: 3Gi"),
        ("cpu: \"1\"", "cpu: 999m"),
        ("args: [proxy, ztunnel]", "args: [proxy, ztunnel, more]"),
        ("labels: {app: ztunnel, foreign: yes}", "labels: {foreign: yes}"),
        ("        - {name: A}\n", ""),
        ("        - {name: A}\n", "        - {name: A, value: x}\n"),
        ("        - {name: A}\n", "        - {name: A}\n        - {name: A}\n"),
        ("        - {name: A}\n", "        - {name: A}\n        - {name: Foreign}\n"),
        ("        - {name: A}\n", "        - {name: A, valueFrom: {}}\n        - {name: Foreign}\n"),
        ("{name: tmp, emptyDir: {}}", "{name: tmp, hostPath: {path: /}}"),
        ("{name: tmp, emptyDir: {}}", "{name: tmp, emptyDir: {sizeLimit: 1}}"),
        ("apiVersion: v1, fieldPath", "apiVersion: v2, fieldPath"),
        ("selector: {matchLabels: {app: ztunnel}}", "selector: {matchLabels: {app: ztunnel, more: x}}"),
        // Somebody has taken a field, or left us one that is no longer sent.
        ("f:labels: {f:app: {}}", "f:labels: {}"),
        ("f:labels: {f:app: {}}", "f:labels: {f:app: {}, f:old: {}}"),
        ("f:cpu: {}, ", ""),
        ("'k:{\"name\":\"A\"}': {.: {}, f:name: {}, f:value: {}}", "'k:{\"name\":\"A\"}': {.: {}, f:name: {}}"),
        // The entry is not the one that our apply writes.
        ("manager: helm", "manager: other"),
        ("manager: helm", "manager: sail"),
        ("operation: Apply", "operation: Update"),
        ("    apiVersion: apps/v1\n    fieldsV1:", "    apiVersion: apps/v1beta1\n    fieldsV1:"),
        (statusEntry, "manager: helm\n    operation: Apply\n    apiVersion: apps/v1\n"),
        (statusEntry, "manager: sail\n    operation: Apply\n    apiVersion: apps/v1\n"),
        (statusEntry, "manager: helm\n    operation: Update\n    apiVersion: apps/v1\n"),
        (statusEntry, "manager: kubectl\n    operation: Apply\n    apiVersion: apps/v1\n"),
    ])
    func whatLivesOtherwiseIsNot(text: String, other: String) throws {
        let live = liveText.replacing(text, with: other, maxReplacements: 1)
        #expect(live != liveText)
        #expect(try !isSettled(sentText, live))
    }

    @Test(arguments: [
        ("1000m", "1", true), ("2048Mi", "2Gi", true), ("1.5", "1500m", true), ("1k", "1000", true),
        ("0.5Gi", "512Mi", true), ("1G", "1Gi", false), ("100m", "0.2", false), ("1e3", "1000", false),
        ("", "0", false),
    ])
    func quantitiesCountByWhatTheyAre(sent: String, live: String, isSame: Bool) throws {
        let sent = sentText.replacing("cpu: 1000m", with: "cpu: \"\(sent)\"")
        let live = liveText.replacing("cpu: \"1\"", with: "cpu: \"\(live)\"")
        #expect(try isSettled(sent, live) == isSame)
    }

    @Test func anObjectWithoutFieldsNeedsNoEntry() throws {
        let sent = "{apiVersion: v1, kind: Namespace, metadata: {name: n}}"
        #expect(
            try isSettled(sent, "{apiVersion: v1, kind: Namespace, metadata: {name: n, labels: {a: b}}}", by: .sail))
        let owned = "[{manager: sail, operation: Apply, apiVersion: v1, fieldsV1: {f:metadata: {f:labels: {f:a: {}}}}}]"
        #expect(
            try !isSettled(
                sent,
                "{apiVersion: v1, kind: Namespace, metadata: {name: n, labels: {a: b}, managedFields: \(owned)}}",
                by: .sail))
    }

    @Test func setsAndListsOfRulesAreComparedAsTheServerKeepsThem() throws {
        let sent = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: w}
            webhooks:
            - name: a.b
              rules: [{operations: [CREATE]}]
            """
        let live = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: w
              managedFields:
              - manager: helm
                operation: Apply
                apiVersion: admissionregistration.k8s.io/v1
                fieldsV1: {f:webhooks: {'k:{"name":"a.b"}': {.: {}, f:name: {}, f:rules: {}}}}
            webhooks:
            - name: a.b
              timeoutSeconds: 10
              rules: [{operations: [CREATE], scope: "*"}]
            """
        #expect(try isSettled(sent, live))
        #expect(try !isSettled(sent, live.replacing("\"*\"", with: "Namespaced")))
        #expect(try !isSettled(sent, live.replacing("[CREATE]", with: "[CREATE, UPDATE]")))
    }
}
