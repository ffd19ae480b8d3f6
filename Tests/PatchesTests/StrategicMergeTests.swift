import Objects
import Patches
import Testing
import Values
import YAML

/// An object and a patch as YAML.
func value(_ yaml: String) throws -> Value { try Value(yaml: yaml, numbers: .native) }

/// A value as JSON with sorted keys, for comparing.
func json(_ value: Value?) throws -> String {
    guard let value else { return "deleted" }
    return try value.json(escapingHTML: false)
}

private let deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: d, namespace: a, labels: {app: d}, finalizers: [x.example.com/a]}
    spec:
      strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}
      template:
        metadata: {annotations: {x: "1"}}
        spec:
          tolerations: [{key: a, operator: Exists}]
          containers:
          - name: main
            image: i
            args: [a, b]
            env: [{name: A, value: "1"}, {name: B, value: "2"}, {name: C, value: "3"}]
            ports: [{containerPort: 80, name: http}, {containerPort: 81, name: other}]
            volumeMounts: [{name: v, mountPath: /v}]
          - {name: side, image: s}
          volumes: [{name: v, emptyDir: {}}]
          topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1}]
    """

/// What `kubectl patch --type strategic` makes of the same patches; each was compared with kubectl 1.36.
@Suite struct StrategicMergeTests {
    /// A patch below `spec.template.spec`, and what it leaves there of a field, as JSON.
    static let pods: [(patch: String, field: String, result: String)] = [
        (
            "containers: [{name: main, env: [{name: D, value: '4'}, {name: C, value: '9'}, {name: A, value: '5'}]}]",
            "env",
            #"[{"name":"D","value":"4"},{"name":"B","value":"2"},{"name":"C","value":"9"},{"name":"A","value":"5"}]"#
        ),
        (
            "containers: [{name: main, env: [{name: B, $patch: delete}]}]", "env",
            #"[{"name":"A","value":"1"},{"name":"C","value":"3"}]"#
        ),
        (
            "containers: [{name: main, env: [{name: A, value: null, valueFrom: {fieldRef: {fieldPath: x}}}]}]",
            "env",
            #"[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"x"}}},{"name":"B","value":"2"},{"name":"C","value":"3"}]"#
        ),
        (
            "containers: [{name: main, ports: [{containerPort: 81, name: x}, {containerPort: 82, name: next}]}]",
            "ports",
            #"[{"containerPort":80,"name":"http"},{"containerPort":81,"name":"x"},{"containerPort":82,"name":"next"}]"#
        ),
        ("containers: [{name: main, args: [q]}]", "args", #"["q"]"#),
        (
            "containers: [{name: main, volumeMounts: [{mountPath: /v, name: w}, {mountPath: /x, name: x}]}]",
            "volumeMounts", #"[{"mountPath":"/v","name":"w"},{"mountPath":"/x","name":"x"}]"#
        ),
        ("tolerations: [{key: b}]", "tolerations", #"[{"key":"b"}]"#),
        (
            "volumes: [{name: w, emptyDir: {}}]", "volumes",
            #"[{"emptyDir":{},"name":"w"},{"emptyDir":{},"name":"v"}]"#
        ),
        (
            "volumes: [{name: v, emptyDir: null, configMap: {name: c}}]", "volumes",
            #"[{"configMap":{"name":"c"},"name":"v"}]"#
        ),
        ("volumes: [{$patch: replace}, {name: next}]", "volumes", #"[{"name":"next"}]"#),
        (
            "topologySpreadConstraints: [{topologyKey: zone, maxSkew: 2}, {topologyKey: host}]",
            "topologySpreadConstraints",
            #"[{"maxSkew":2,"topologyKey":"zone"},{"topologyKey":"host"}]"#
        ),
        ("nodeSelector: {a: b, c: null}", "nodeSelector", #"{"a":"b"}"#),
    ]

    @Test(arguments: pods) func listsAreMergedByTheKeysOfTheirTypes(
        patch: String, field: String, result: String
    ) throws {
        let object = try value(deployment)
        let whole: Value = ["spec": ["template": ["spec": try value(patch)]]]
        let identity = try #require(ObjectReference(of: object))
        let merged = try strategicallyMerged(object, whole, of: identity)
        let pod = merged?[path: "spec", "template", "spec"]
        let main = pod?["containers"]?.list?.first { $0["name"] == "main" }
        #expect(try json(pod?[field] ?? main?[field]) == result)
    }

    static let others: [(patch: String, path: [String], result: String)] = [
        (
            "spec: {strategy: {$retainKeys: [type], type: Recreate}}", ["spec", "strategy"],
            #"{"type":"Recreate"}"#
        ),
        ("spec: {strategy: {$patch: delete}}", ["spec", "strategy"], "{}"),
        (
            "spec: {strategy: {$patch: replace, type: Recreate}}", ["spec", "strategy"],
            #"{"type":"Recreate"}"#
        ),
        (
            "metadata: {finalizers: [b, x.example.com/a]}", ["metadata", "finalizers"],
            #"["b","x.example.com/a"]"#
        ),
        (
            "metadata: {$deleteFromPrimitiveList/finalizers: [x.example.com/a]}",
            ["metadata", "finalizers"], "[]"
        ),
        ("metadata: {labels: {app: null, b: c}}", ["metadata", "labels"], #"{"b":"c"}"#),
    ]

    @Test(arguments: others) func mapsAreMergedKeyByKey(patch: String, path: [String], result: String)
        throws
    {
        let object = try value(deployment)
        let identity = try #require(ObjectReference(of: object))
        let merged = try strategicallyMerged(object, value(patch), of: identity)
        #expect(try json(merged?[path[0]]?[path[1]]) == result)
    }

    @Test func aNewContainerStandsFirst() throws {
        let object = try value(deployment)
        let identity = try #require(ObjectReference(of: object))
        let patch: Value = [
            "spec": ["template": ["spec": ["containers": [["name": "new", "image": "n"]]]]]
        ]
        let merged = try strategicallyMerged(object, patch, of: identity)
        let names = merged?[path: "spec", "template", "spec", "containers"]?.list?.compactMap {
            $0["name"]?.string
        }
        #expect(names == ["new", "main", "side"])
    }

    @Test func kindsHaveTheirOwnKeys() throws {
        let service = try value(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: s}
            spec: {ports: [{port: 53, protocol: TCP, name: a}, {port: 53, protocol: UDP, name: b}, {port: 80, name: c}]}
            """)
        let ports = try value(
            "spec: {ports: [{port: 80, targetPort: 8080}, {port: 53, name: z}, {port: 99, name: next}]}")
        let merged = try strategicallyMerged(
            service, ports, of: ObjectReference(apiVersion: "v1", kind: "Service", name: "s"))
        #expect(
            try json(merged?["spec"]?["ports"])
                == #"[{"name":"c","port":80,"targetPort":8080},{"name":"z","port":53,"protocol":"TCP"},"#
                + #"{"name":"b","port":53,"protocol":"UDP"},{"name":"next","port":99}]"#)

        let budget = try value(
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {selector: {a: b}}}"
        )
        let selector = try strategicallyMerged(
            budget, value("spec: {selector: {c: d}}"),
            of: ObjectReference(apiVersion: "policy/v1", kind: "PodDisruptionBudget", name: "p"))
        #expect(try json(selector?["spec"]) == #"{"selector":{"c":"d"}}"#)

        let group = "admissionregistration.k8s.io/v1"
        let hooks = try value(
            "{kind: MutatingWebhookConfiguration, metadata: {name: p}, webhooks: [{name: a, x: 1}, {name: b}]}"
        )
        let hook = try strategicallyMerged(
            hooks, value("webhooks: [{name: b, failurePolicy: Ignore}]"),
            of: ObjectReference(apiVersion: group, kind: "MutatingWebhookConfiguration", name: "p"))
        #expect(
            try json(hook?["webhooks"]) == #"[{"name":"a","x":1},{"failurePolicy":"Ignore","name":"b"}]"#)
    }

    @Test func aCustomResourceGetsAMergePatch() throws {
        let object = try value(
            "{apiVersion: telemetry.istio.io/v1, kind: Telemetry, metadata: {name: t}, spec: {tracing: [{a: 1}]}}"
        )
        let identity = try #require(ObjectReference(of: object))
        let merged = try strategicallyMerged(
            object, value("spec: {tracing: [{b: 2}], x: null}"), of: identity)
        #expect(try json(merged?["spec"]) == #"{"tracing":[{"b":2}]}"#)
    }

    @Test func anObjectIsDeletedByName() throws {
        let object = try value(deployment)
        let identity = try #require(ObjectReference(of: object))
        #expect(try strategicallyMerged(object, ["$patch": "delete"], of: identity) == nil)
    }

    static let faults: [(patch: String, message: String)] = [
        (
            "spec: {template: {spec: {containers: [{image: x}]}}}",
            "an item of containers has no name, by which it is merged"
        ),
        (
            "spec: {template: {spec: {containers: [x]}}}", "an item of containers must be a map with name"
        ),
        (
            "spec: {strategy: {$retainKeys: [rollingUpdate], type: Recreate}}",
            "$retainKeys does not name type"
        ),
        ("spec: {strategy: {$retainKeys: 1}}", "$retainKeys must be a list of keys"),
        ("spec: {strategy: {$patch: remove}}", "$patch is \"remove\", not replace, merge or delete"),
        ("$patch: 1", "$patch is 1, not replace, merge or delete"),
        (
            "spec: {$setElementOrder/x: []}",
            "$setElementOrder/x is no directive that sail takes; leave it out"
        ),
        ("[1]", "a strategic merge patch must be a map"),
    ]

    @Test(arguments: faults) func whatIsNoPatchIsSaid(patch: String, message: String) throws {
        let object = try value(deployment)
        let identity = try #require(ObjectReference(of: object))
        do {
            _ = try strategicallyMerged(object, value(patch), of: identity)
            Issue.record("no error")
        } catch let error as PatchError {
            #expect(error.description.hasPrefix(message), "\(error)")
        }
    }
}
