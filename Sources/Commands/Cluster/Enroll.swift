import Arguments
import Operations
import Planning
import Terminal
import Values

/// `sail enroll` and `sail unenroll`
let enrolmentCommands = [
    Command<Request>(
        "enroll", summary: "Take namespaces, or pods of them, into the mesh",
        discussion: """
            Sets the label istio.io/dataplane-mode=ambient, by which the CNI agent captures running pods without a restart. \
            Shows before which pods will be captured and which not, and what would stop working: NetworkPolicies that do \
            not admit TCP 15008 or the kubelet's probes, AuthorizationPolicies that ztunnel cannot enforce, settings of \
            the network.

            Waits until every pod that can be captured is captured. Exits with 1 where one was not; a pod that never can \
            be, such as one on the host's network, is listed and not waited for.
            """,
        section: "Cluster",
        operands: [.namespace("NAMESPACE", .any, help: "Namespaces to take in")],
        groups: [
            FlagGroup("Enrolling", [.enrolledNamespace, .podSelector, .approval, .dryRun, .waitsForPods, .timeout]),
            .output(), .cluster,
            .common,
        ],
        examples: [
            ("sail enroll shop", "All pods of namespace shop"),
            ("sail enroll shop --dry-run", "What that would change"),
            ("sail enroll shop --pods app=cart", "Only the pods of cart"),
        ]
    ) { try enrol($0) },
    Command<Request>(
        "unenroll", summary: "Take namespaces, or pods of them, out of the mesh",
        discussion: """
            Takes the label istio.io/dataplane-mode off and waits until the CNI agent has released the pods: they run on \
            without a restart, without mTLS and without the policies of ztunnel. The way before sail uninstall.
            """,
        section: "Cluster",
        operands: [.namespace("NAMESPACE", .any, help: "Namespaces to take out")],
        groups: [
            FlagGroup(
                "Unenrolling",
                [.enrolledNamespace, .podSelector, .allEnrolled, .approval, .dryRun, .waitsForPods, .timeout]),
            .output(),
            .cluster, .common,
        ],
        examples: [
            ("sail unenroll shop", "All pods of namespace shop"),
            ("sail unenroll --all", "Everything that is enrolled, before sail uninstall"),
        ]
    ) { request in
        var request = request
        request.enrolment.isRemoval = true
        return try enrol(request)
    },
]

extension Operand<Request> {
    fileprivate static func namespace(_ name: String, _ count: Count, help: String) -> Operand {
        Operand(name, help: help, count: count) { $0.enrolment.namespaces.append($1) }
    }
}

extension Flag<Request> {
    fileprivate static let podSelector = Flag.value(
        "pods", "SELECTOR", help: "Only pods with these labels, by a label of their own: app=cart"
    ) {
        guard !$1.isEmpty else { throw InvalidValue(expectation: "a label selector such as app=cart") }
        $0.enrolment.podSelector = $1
    }

    fileprivate static let enrolledNamespace = Flag.value(
        "namespace", short: "n", "NAMESPACE", help: "A namespace, as the operand names it", repeatable: true
    ) { $0.enrolment.namespaces.append($1) }

    fileprivate static let allEnrolled = Flag.toggle("all", help: "All namespaces and pods that are enrolled") {
        $0.enrolment.takesAll = $1
    }

    fileprivate static let waitsForPods = Flag.toggle(
        "wait", help: "Wait until the CNI agent has seen to all pods (the default)", negatable: true
    ) { $0.cluster.apply.waits = $1 }
}

private func enrol(_ request: Request) throws -> Int32 {
    try request.checkEnrolment()
    let need = Need.waypoints { $0.enrolmentReads(request.enrolment) }
    return try ClusterSession.run(request.options, needing: need) { session in
        let plan = try session.enrolmentPlan(request.enrolment)
        if let dryRun = request.cluster.dryRun {
            if dryRun == .server { try session.rehearse(plan) }
            let output = EnrolmentOutput(plan, request.console.style, request.console.window)
            return try request.print(Output(output.plan + output.summary) { .map(plan.fields) })
        }
        request.console.show(EnrolmentOutput(plan, request.console).plan)
        let result = try request.carryOut(plan, session)
        for error in result.errors { request.console.fail(error) }
        if request.format != .text { _ = try request.print(Output("") { result.value(plan) }) }
        return result.ending == .interrupted ? request.options.signals.exitCode : result.code
    }
}

extension Request {
    /// What the tables of flags and operands cannot say.
    fileprivate func checkEnrolment() throws {
        let command = "sail \(enrolment.verb)"
        if enrolment.takesAll, !enrolment.namespaces.isEmpty || enrolment.podSelector != nil {
            throw UsageError(message: "--all stands alone: it takes no NAMESPACE and no --pods", command: command)
        }
        guard enrolment.takesAll || !enrolment.namespaces.isEmpty else {
            let usage = "usage: \(command) NAMESPACE…" + (enrolment.isRemoval ? ", or \(command) --all" : "")
            throw UsageError(message: "NAMESPACE is missing; \(usage)", command: command)
        }
    }

    /// Asks, writes and waits.
    fileprivate func carryOut(_ plan: EnrolmentPlan, _ session: ClusterSession) throws -> EnrolmentResult {
        if !plan.changes.isEmpty {
            try session.rehearse(plan)
            console.show(EnrolmentOutput(plan, console).summary)
            let verb = plan.request.isRemoval ? "Unenroll" : "Enroll"
            guard try options.ui.confirm("\(verb) \(plan.subject) on \(plan.cluster.name)?") else {
                console.note("nothing was changed")
                return EnrolmentResult(ending: .declined)
            }
        }
        options.signals.listen()
        let verb = plan.request.isRemoval ? "released" : "captured"
        let result = session.carryOut(plan) { done, total in
            if total > 0 { console.note("\(verb) \(done) of \(total) pods") }
        }
        if result.code == 0 { console.note(result.summary(plan)) }
        return result
    }
}
