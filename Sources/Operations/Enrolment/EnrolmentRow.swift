internal import Capture

/// A workload of the plan, with what becomes of its pods.
package struct EnrolmentRow: Sendable {
    /// What the run brings about for a workload's pods.
    package enum Effect: Sendable { case captured, released }

    /// `Deployment shop/web`
    package let title: String
    package let pods: Int
    /// `nil` where nothing changes.
    package let effect: Effect?
    /// The same in words, with what to do about it: `no: opted-out; …`.
    package let text: String
}

extension EnrolmentPlan {
    /// A row for each workload.
    package var rows: [EnrolmentRow] { workloads.map { row($0) } }

    /// What stops working, and what to do about it.
    package var hazardTexts: [(text: String, remedy: String?)] { hazards.map { ($0.text, $0.remedy) } }

    private func row(_ workload: WorkloadCapture) -> EnrolmentRow {
        let (effect, text) = outcome(of: workload.state)
        var remedy: String?
        if case .excluded = workload.state, !request.isRemoval { remedy = workload.remedy }
        return EnrolmentRow(
            title: workload.title, pods: workload.pods.count, effect: effect,
            text: remedy.map { "\(text); \($0)" } ?? text)
    }

    private func outcome(of state: CaptureState) -> (effect: EnrolmentRow.Effect?, text: String) {
        let isRemoval = request.isRemoval
        return switch state {
        case .captured: isRemoval ? (nil, "no: enrolled by a label of their own") : (nil, "already")
        case .waiting: isRemoval ? (.released, "yes") : (.captured, "yes")
        case .starting: (.captured, "when they start")
        case .excluded(.notEnrolled): (nil, isRemoval ? "not captured" : "no: not enrolled")
        case .excluded(let obstacle): (nil, isRemoval ? "not captured" : "no: \(obstacle.words)")
        }
    }
}
