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
    return try request.enrolment.run(
        request.options, EnrolmentConsole(console: request.console, format: request.format))
}

/// Shows an enrolment on the console: the plan among the messages, the result in the wanted format.
private struct EnrolmentConsole: EnrolmentDisplay {
    let console: Console
    let format: Format

    func show(_ plan: EnrolmentPlan, as form: PlanForm) throws {
        guard form == .result else { return console.show(EnrolmentOutput(plan, console).plan) }
        let output = EnrolmentOutput(plan, console.style, console.window)
        try Output(output.plan + output.summary) { .map(plan.fields) }.print(format, to: console)
    }

    func summarize(_ plan: EnrolmentPlan) { console.show(EnrolmentOutput(plan, console).summary) }

    func report(_ result: EnrolmentResult, of plan: EnrolmentPlan) throws {
        guard format != .text else { return }
        try Output("") { result.value(plan) }.print(format, to: console)
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
}
