internal import Applying
internal import Capture
internal import ClusterState
internal import Kubernetes
internal import Objects
internal import Planning
internal import Preflight
internal import System
internal import Values

/// Shows an enrolment.
package protocol EnrolmentDisplay {
    /// Shows the plan; as the result where nothing is done.
    func show(_ plan: EnrolmentPlan, as form: PlanForm) throws
    /// Shows what the run comes to, right above the question.
    func summarize(_ plan: EnrolmentPlan)
    /// Takes how the run has ended, once.
    func report(_ result: EnrolmentResult, of plan: EnrolmentPlan) throws
}

extension EnrolmentRequest {
    /// Shows the plan, asks, writes the labels and waits; returns the exit code.
    package func run(_ options: OperationOptions, _ display: some EnrolmentDisplay) throws -> Int32 {
        try ClusterSession.run(options, needing: .waypoints { $0.enrolmentReads(self) }) { session in
            let plan = try session.enrolmentPlan(self)
            if let dryRun = options.cluster.dryRun {
                if dryRun == .server { try session.rehearse(plan) }
                try display.show(plan, as: .result)
                return 0
            }
            try display.show(plan, as: .preview)
            let result = try session.ask(plan, display)
            for error in result.errors { options.ui.fail(error) }
            try display.report(result, of: plan)
            return result.ending == .interrupted ? options.signals.exitCode : result.code
        }
    }
}

extension ClusterSession {
    /// Asks where something is written, and carries the plan out.
    fileprivate func ask(_ plan: EnrolmentPlan, _ display: some EnrolmentDisplay) throws -> EnrolmentResult {
        if !plan.changes.isEmpty {
            try rehearse(plan)
            display.summarize(plan)
            let verb = plan.request.isRemoval ? "Unenroll" : "Enroll"
            guard try ui.confirm("\(verb) \(plan.subject) on \(plan.cluster.name)?") else {
                ui.note(options.declinedNote)
                return EnrolmentResult(ending: .declined)
            }
        }
        options.signals.listen()
        let verb = plan.request.isRemoval ? "released" : "captured"
        let result = carryOut(plan) { done, total in
            if total > 0 { ui.note("\(verb) \(done) of \(total) pods") }
        }
        if result.code == 0 { ui.note(result.summary(plan)) }
        return result
    }

    /// Whether this user may write the plan's labels, and the server takes them; throws what is missing or refused.
    package func rehearse(_ plan: EnrolmentPlan) throws {
        let permissions = plan.changes.map(\.identity).compactMap { object in
            cluster.discovery.resource(apiVersion: object.apiVersion, kind: object.kind).map {
                Permission("patch", on: object, $0)
            }
        }.unique
        try requirePermissions(permissions, .objects(permissions))
        let refused = try cluster.rehearsed(plan.changes).compactMap { change -> Failure? in
            guard case .refused(let reason) = change.action else { return nil }
            return Failure(change.identity, reason)
        }
        guard refused.isEmpty else { throw Failures(failures: refused, remedy: nil) }
    }

    /// Writes the labels, then waits until the CNI agent has captured, or released, every pod that it can.
    ///
    /// `progress` gets how many of how many pods are done, each time that changes and pods are left. An interruption ends the waiting.
    package func carryOut(_ plan: EnrolmentPlan, progress: (_ done: Int, _ total: Int) -> Void) -> EnrolmentResult {
        let start = SystemClock.monotonic()
        var result = EnrolmentResult(ending: plan.changes.isEmpty ? .unchanged : .done)
        var isWritten = false
        do {
            result.errors = Applier(cluster, options.cluster.apply) { _ in }.write(plan.changes).map(\.description)
            if client.isInterrupted() { throw APIError.interrupted }
            isWritten = true
            if result.errors.isEmpty { try followPods(of: plan, from: start, &result, progress) }
        } catch APIError.interrupted {
            result.ending = .interrupted
            result.errors = [
                isWritten
                    ? "interrupted: the labels are written, and the CNI agent goes on; sail status shows pods that are not captured"
                    : "interrupted before all labels were written; run the same command again to go on"
            ]
        } catch {
            result.errors = ["\(error)"]
        }
        if !result.errors.isEmpty, result.ending != .interrupted { result.ending = .failed }
        result.duration = SystemClock.monotonic() - start
        return result
    }

    /// Waits for the pods where that is asked for; what did not come about is an error of the result.
    private func followPods(
        of plan: EnrolmentPlan, from start: Int, _ result: inout EnrolmentResult, _ progress: (Int, Int) -> Void
    ) throws {
        if options.cluster.apply.waits { try wait(for: plan, from: start, progress) }
        result.workloads = try currentWorkloads(plan)
        guard options.cluster.apply.waits else { return }
        result.errors = result.workloads.filter { $0.state == .waiting }.map { workload in
            complaint(workload, plan.request, after: options.cluster.apply.timeout)
        }
    }

    private func wait(for plan: EnrolmentPlan, from start: Int, _ progress: (Int, Int) -> Void) throws {
        let end = start + options.cluster.apply.timeout
        var shown = -1
        while true {
            let workloads = try currentWorkloads(plan)
            let left = workloads.podCount { $0 == .waiting }
            let total = plan.request.isRemoval ? plan.captured : left + workloads.podCount { $0 == .captured }
            if left != shown, left > 0 { progress(max(0, total - left), total) }
            shown = left
            guard left > 0, SystemClock.monotonic() < end else { return }
            try pause(seconds: 1)
        }
    }

    /// The pods of the plan as they are now.
    private func currentWorkloads(_ plan: EnrolmentPlan) throws -> [WorkloadCapture] {
        var states: [(pod: Value, state: CaptureState)] = []
        for namespace in plan.namespaces {
            let request = plan.request
            let labels = namespace.labels(mode: request.podSelector == nil ? request.mode : namespace.mode)
            for pod in try pods(in: namespace.name, request.podSelector) {
                states.append((pod, plan.state(of: pod, namespace: labels)))
            }
        }
        return workloadCaptures(states)
    }

    /// `Deployment shop/web: 2 pods were not captured within 5m; kubectl …`
    private func complaint(_ workload: WorkloadCapture, _ request: EnrolmentRequest, after timeout: Int) -> String {
        let count = workload.pods.count
        let verb = request.isRemoval ? "released" : "captured"
        let text = "\(workload.title): \(podWords(count)) \(count == 1 ? "was" : "were") not \(verb) within "
        return text + "\(shownDuration(milliseconds: timeout)); \(workload.restart)"
    }
}
