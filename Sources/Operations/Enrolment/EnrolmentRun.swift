internal import Applying
internal import Capture
internal import ClusterState
internal import Kubernetes
internal import Objects
internal import Planning
internal import Preflight
internal import System
internal import Values

extension ClusterSession {
    /// Whether this user may write the plan's labels; throws what is missing. The server checks the changes themselves.
    package func rehearse(_ plan: EnrolmentPlan) throws {
        let permissions = plan.changes.map(\.object).compactMap { object in
            cluster.discovery.resource(apiVersion: object.apiVersion, kind: object.kind).map {
                Permission("patch", on: object, $0)
            }
        }.unique
        try requirePermissions(permissions, .objects(permissions))
        try cluster.write(plan.changes, isDryRun: true)
    }

    /// Writes the labels, then waits until the CNI agent has captured, or released, every pod that it can.
    ///
    /// `progress` gets how many of how many pods are done, each time that changes and pods are left. An interruption ends the waiting.
    package func carryOut(_ plan: EnrolmentPlan, progress: (_ done: Int, _ total: Int) -> Void) -> EnrolmentResult {
        let start = SystemClock.monotonic()
        var result = EnrolmentResult(ending: plan.changes.isEmpty ? .unchanged : .done)
        do {
            try cluster.write(plan.changes)
            if options.cluster.apply.waits { try wait(for: plan, from: start, progress) }
            result.workloads = try currentWorkloads(plan)
            guard options.cluster.apply.waits else { return result }
            result.errors = result.workloads.filter { $0.state == .waiting }.map { workload in
                complaint(workload, plan.request, after: options.cluster.apply.timeout)
            }
        } catch APIError.interrupted {
            result.ending = .interrupted
            result.errors = [
                "interrupted: the labels are written, and the CNI agent goes on; sail status shows pods that are not captured"
            ]
        } catch {
            result.errors = ["\(error)"]
        }
        if !result.errors.isEmpty, result.ending != .interrupted { result.ending = .failed }
        result.duration = SystemClock.monotonic() - start
        return result
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
