import Objects
import Testing
import Values

/// An object with `generation` 2 of which its controller has observed as much.
private func object(_ kind: String, spec: Value = [:], status: Value = [:], metadata: Value = [:]) -> Value {
    var status = status.map ?? Mapping()
    if status["observedGeneration"] == nil { status["observedGeneration"] = 2 }
    var own = metadata.map ?? Mapping()
    own["name"] = "x"
    own["generation"] = 2
    return ["kind": .string(kind), "metadata": .map(own), "spec": spec, "status": .map(status)]
}

private func condition(_ type: String, _ status: String, reason: String = "", message: String? = nil) -> Value {
    var condition: Mapping = ["type": .string(type), "status": .string(status), "reason": .string(reason)]
    if let message { condition["message"] = .string(message) }
    return ["conditions": [.map(condition)]]
}

@Suite struct ReadinessTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let object: Value
        let expected: Readiness

        init(_ name: String, _ object: Value, _ expected: Readiness) {
            (testDescription, self.object, self.expected) = (name, object, expected)
        }
    }

    static let anyKind = [
        Case(
            "an object that is being deleted",
            object("ConfigMap", metadata: ["deletionTimestamp": "2026-11-26T00:00:00Z"]), .progressing("being deleted")),
        Case("a null deletionTimestamp", object("ConfigMap", metadata: ["deletionTimestamp": .null]), .ready),
        Case(
            "a controller that is behind",
            object("Deployment", status: ["observedGeneration": 1, "replicas": 1, "updatedReplicas": 1]),
            .progressing("the controller has not observed the change yet")),
        Case("a kind without a rule", object("ConfigMap"), .ready),
        Case("no kind at all", ["metadata": ["name": "x"]], .ready),
        Case("text in the place of an object", "text", .ready),
        Case(
            "Stalled", object("Other", status: condition("Stalled", "True", message: "no quota\nleft")),
            .failed("no quota left")),
        Case(
            "Stalled without a message", object("Other", status: condition("Stalled", "True")),
            .failed("its controller says that it is stalled")),
        Case("not Stalled", object("Other", status: condition("Stalled", "False")), .ready),
        Case(
            "Reconciling", object("Other", status: condition("Reconciling", "True")),
            .progressing("its controller is still at work")),
    ]

    private static func daemonSet(
        _ desired: Value?, _ updated: Int, _ available: Int, _ strategy: Value = ["type": "RollingUpdate"]
    ) -> Value {
        var status: Mapping = ["updatedNumberScheduled": .int(updated), "numberAvailable": .int(available)]
        status["desiredNumberScheduled"] = desired
        return object("DaemonSet", spec: ["updateStrategy": strategy], status: .map(status))
    }

    static let daemonSets = [
        Case("all pods updated and available", daemonSet(3, 3, 3), .ready),
        Case("not observed", ["kind": "DaemonSet"], .progressing("not observed by its controller yet")),
        Case("no node", daemonSet(0, 0, 0), .warning("no node for it to run on")),
        Case("no numbers", daemonSet(nil, 0, 0), .warning("no node for it to run on")),
        Case("some pods old", daemonSet(3, 1, 3), .progressing("1 of 3 pods updated")),
        Case("some pods not available", daemonSet(3, 3, 2), .progressing("2 of 3 pods available")),
        Case(
            "maxUnavailable does not end a rollout early",
            daemonSet(3, 3, 2, ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 3]]),
            .progressing("2 of 3 pods available")),
        Case(
            "OnDelete waits for no rollout", daemonSet(3, 1, 3, ["type": "OnDelete"]),
            .warning("2 pods still of the old version (OnDelete)")),
        Case(
            "OnDelete waits for pods to be available", daemonSet(3, 1, 2, ["type": "OnDelete"]),
            .progressing("2 of 3 pods available")),
        Case("OnDelete with all pods new", daemonSet(3, 3, 3, ["type": "OnDelete"]), .ready),
    ]

    private static func deployment(_ replicas: Int?, _ total: Int, _ updated: Int, _ available: Int) -> Value {
        object(
            "Deployment", spec: replicas.map { ["replicas": .int($0)] } ?? [:],
            status: [
                "replicas": .int(total), "updatedReplicas": .int(updated), "availableReplicas": .int(available),
            ])
    }

    static let deployments = [
        Case("all as wanted", deployment(2, 2, 2, 2), .ready),
        Case("one pod where nothing is said", deployment(nil, 1, 1, 1), .ready),
        Case("none where nothing is said", deployment(nil, 0, 0, 0), .progressing("0 of 1 pods updated")),
        Case("scaled to 0", deployment(0, 0, 0, 0), .ready),
        Case("not observed", ["kind": "Deployment"], .progressing("not observed by its controller yet")),
        Case("a rollout in its beginning", deployment(3, 4, 1, 3), .progressing("1 of 3 pods updated")),
        Case("one old pod left", deployment(3, 4, 3, 3), .progressing("waiting for 1 old pod to terminate")),
        Case("old pods left", deployment(3, 5, 3, 3), .progressing("waiting for 2 old pods to terminate")),
        Case("new pods not available", deployment(3, 3, 3, 1), .progressing("1 of 3 pods available")),
        Case(
            "the deadline exceeded",
            object(
                "Deployment",
                status: condition("Progressing", "False", reason: "ProgressDeadlineExceeded", message: "too slow")),
            .failed("too slow")),
        Case(
            "the deadline exceeded without a message",
            object("Deployment", status: condition("Progressing", "False", reason: "ProgressDeadlineExceeded")),
            .failed("progress deadline exceeded")),
    ]

    private static func statefulSet(_ updated: Int, _ ready: Int, _ strategy: Value = [:]) -> Value {
        object(
            "StatefulSet", spec: ["replicas": 3, "updateStrategy": strategy],
            status: ["updatedReplicas": .int(updated), "readyReplicas": .int(ready)])
    }

    static let statefulSets = [
        Case("all as wanted", statefulSet(3, 3), .ready),
        Case("some pods old", statefulSet(1, 3), .progressing("1 of 3 pods updated")),
        Case("some pods not ready", statefulSet(3, 2), .progressing("2 of 3 pods ready")),
        Case("a partition", statefulSet(1, 3, ["rollingUpdate": ["partition": 2]]), .ready),
        Case(
            "a partition under way", statefulSet(0, 3, ["rollingUpdate": ["partition": 2]]),
            .progressing("0 of 1 pods updated")),
        Case("a partition beyond all pods", statefulSet(0, 3, ["rollingUpdate": ["partition": 9]]), .ready),
        Case("OnDelete", statefulSet(0, 3, ["type": "OnDelete"]), .ready),
        Case(
            "OnDelete with pods not ready", statefulSet(0, 1, ["type": "OnDelete"]), .progressing("1 of 3 pods ready")),
    ]

    static let jobs = [
        Case("complete", object("Job", status: condition("Complete", "True")), .ready),
        Case("running", object("Job"), .progressing("waits for Complete")),
        Case("failed", object("Job", status: condition("Failed", "True", message: "backoff")), .failed("backoff")),
        Case("failed without a word", object("Job", status: condition("Failed", "True")), .failed("the job failed")),
        Case("suspended", object("Job", status: condition("Suspended", "True")), .warning("suspended")),
    ]

    static let pods = [
        Case("ready", object("Pod", status: condition("Ready", "True")), .ready),
        Case(
            "not ready", object("Pod", status: condition("Ready", "False", message: "containers with unready status")),
            .progressing("containers with unready status")),
        Case("without conditions", object("Pod", status: ["phase": "Pending"]), .progressing("waits for Ready")),
        Case("succeeded", object("Pod", status: ["phase": "Succeeded"]), .ready),
        Case("failed", object("Pod", status: ["phase": "Failed", "message": "evicted"]), .failed("evicted")),
        Case("failed without a word", object("Pod", status: ["phase": "Failed"]), .failed("the pod failed")),
    ]

    static let others = [
        Case(
            "a definition that is served", object("CustomResourceDefinition", status: condition("Established", "True")),
            .ready),
        Case(
            "a definition that is not served yet", object("CustomResourceDefinition"),
            .progressing("waits for Established")),
        Case(
            "a definition whose names are taken",
            object("CustomResourceDefinition", status: condition("NamesAccepted", "False", message: "in use")),
            .failed("names not accepted: in use")),
        Case("a namespace", object("Namespace", status: ["phase": "Active"]), .ready),
        Case(
            "a namespace that ends", object("Namespace", status: ["phase": "Terminating"]),
            .progressing("phase Terminating")),
        Case("a claim without a phase", object("PersistentVolumeClaim"), .progressing("phase unknown")),
        Case("a claim that is bound", object("PersistentVolumeClaim", status: ["phase": "Bound"]), .ready),
        Case("an APIService", object("APIService", status: condition("Available", "True")), .ready),
        Case("an APIService without its backend", object("APIService"), .progressing("waits for Available")),
        Case("a Gateway", object("Gateway", status: condition("Programmed", "True")), .ready),
        Case(
            "a Gateway under way", object("Gateway", status: condition("Programmed", "Unknown")),
            .progressing("waits for Programmed")),
        Case("a Service", object("Service", spec: ["type": "ClusterIP"]), .ready),
        Case(
            "a load balancer without an address", object("Service", spec: ["type": "LoadBalancer"]),
            .progressing("waits for its load balancer's address")),
        Case(
            "a load balancer with one",
            object(
                "Service", spec: ["type": "LoadBalancer"],
                status: ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]), .ready),
    ]

    @Test(arguments: [anyKind, daemonSets, deployments, statefulSets, jobs, pods, others].flatMap { $0 })
    func everyRule(_ example: Case) {
        #expect(readiness(of: example.object) == example.expected)
    }

    @Test func whatIsReadyAndWhatThereIsToSay() {
        #expect(Readiness.ready.isReady && Readiness.ready.message.isEmpty)
        #expect(Readiness.warning("a").isReady && Readiness.warning("a").message == "a")
        #expect(!Readiness.progressing("b").isReady && Readiness.progressing("b").message == "b")
        #expect(!Readiness.failed("c").isReady && Readiness.failed("c").message == "c")
    }

    @Test(arguments: ["DaemonSet", "Deployment", "StatefulSet"], [Int.max, Int.min, -1, 0, 1])
    func numbersMayBeAnything(kind: String, number: Int) {
        for other in [Int.max, Int.min, -1, 0, 1] {
            let counts: Mapping = [
                "observedGeneration": .int(other), "desiredNumberScheduled": .int(number),
                "updatedNumberScheduled": .int(other), "numberAvailable": .int(number), "replicas": .int(number),
                "updatedReplicas": .int(other), "availableReplicas": .int(number), "readyReplicas": .int(other),
            ]
            let strategy: Value = ["type": "OnDelete", "rollingUpdate": ["partition": .int(other)]]
            _ = readiness(
                of: [
                    "kind": .string(kind), "metadata": ["generation": .int(number)],
                    "spec": ["replicas": .int(other), "updateStrategy": strategy], "status": .map(counts),
                ])
        }
    }
}
