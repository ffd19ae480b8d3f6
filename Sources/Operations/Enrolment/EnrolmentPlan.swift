package import Capture
internal import Istio
package import Objects
package import Planning
internal import Values

/// What `sail enroll` and `sail unenroll` are asked for.
package struct EnrolmentRequest: Sendable {
    package var namespaces: [String] = []
    /// Only pods with these labels, by a label of their own.
    package var podSelector: String?
    /// Whether they leave the mesh.
    package var isRemoval = false
    /// Whether all that is enrolled leaves the mesh.
    package var takesAll = false

    package init() {}

    /// `enroll`, `unenroll`
    package var verb: String { isRemoval ? "unenroll" : "enroll" }
    /// `istio.io/dataplane-mode=ambient`, or `istio.io/dataplane-mode-` as kubectl takes a label off.
    package var labelText: String { IstioLabel.mode + (mode.map { "=\($0)" } ?? "-") }
    /// The label's value afterwards.
    var mode: String? { isRemoval ? nil : IstioLabel.ambient }
}

/// What enrolling or unenrolling changes, and what becomes of the pods.
package struct EnrolmentPlan: Sendable {
    package let request: EnrolmentRequest
    /// The context and the server's address.
    package let cluster: (name: String, server: String)
    /// Namespaces and pods whose label changes; none where all is as asked for.
    package internal(set) var changes: [Change] = []
    /// What the pods are once the labels are written, by workload.
    package internal(set) var workloads: [WorkloadCapture] = []
    /// What stops working then.
    package internal(set) var hazards: [CaptureHazard] = []
    package internal(set) var notes: [String] = []
    /// The namespaces that pods are read in.
    var namespaces: [NamespaceEnrolment] = []
    var rules = CaptureRules()

    init(_ request: EnrolmentRequest, cluster: (name: String, server: String)) {
        (self.request, self.cluster) = (request, cluster)
    }

    /// How many pods are, or will be, in these states.
    package func count(_ isCounted: (CaptureState) -> Bool) -> Int {
        workloads.podCount(where: isCounted)
    }

    /// Pods that the CNI agent sees to: captures, or releases.
    package var captured: Int { count { $0 == .waiting || ($0 == .captured && !request.isRemoval) } }
    package var total: Int { count { _ in true } }

    /// `captures 9 of 12 pods`
    package var effect: String {
        let starting = count { $0 == .starting }
        let later = starting == 0 ? "" : ", \(starting) more once started"
        guard request.isRemoval else { return "captures \(captured) of \(podWords(total))\(later)" }
        let staying = count { $0 == .captured }
        return "releases \(podWords(captured))" + (staying == 0 ? "" : ", \(staying) stay captured")
    }

    /// `namespace shop`, `namespaces shop and cart`, `3 pods in namespace shop`
    package var subject: String {
        let names = namespaces.map(\.name)
        let place = (names.count == 1 ? "namespace " : "namespaces ") + names.joined(most: 3)
        guard changes.contains(where: { $0.identity.kind == "Pod" }) else { return place }
        let pods = changes.count { $0.identity.kind == "Pod" }
        return "\(podWords(pods)) in \(place)"
    }
}

extension EnrolmentPlan {
    /// What a pod is in a namespace with these labels. Where pods leave the mesh, one that stays enrolled counts as
    /// captured, and one that is still marked is waited for.
    func state(of pod: Value, namespace labels: [String: String]) -> CaptureState {
        let state = rules.state(of: pod, namespace: labels)
        guard request.isRemoval else { return state }
        switch state {
        case .captured, .waiting, .starting: return .captured
        case .excluded: return CaptureRules.isMarked(pod.metadata) ? .waiting : state
        }
    }
}

extension EnrolmentPlan {
    /// A label that is written.
    package struct Label: Sendable {
        package let object: ObjectReference
        package let name: String
        package let before: String?
        /// `nil` where it is taken off.
        package let after: String?
    }

    /// The labels that are written, by object.
    package var labels: [Label] {
        changes.map { change in
            Label(
                object: change.identity, name: IstioLabel.mode,
                before: change.live?.metadata.label(IstioLabel.mode), after: request.mode)
        }
    }
}

/// `1 pod`, `2 pods`
package func podWords(_ count: Int) -> String { count == 1 ? "1 pod" : "\(count) pods" }

/// How enrolling or unenrolling has ended.
package struct EnrolmentResult: Sendable {
    /// The ways in which it ends.
    package enum Ending: String, Sendable {
        case done, unchanged, declined, failed, interrupted
    }

    package var ending: Ending
    /// The pods as they are at the end, by workload.
    package var workloads: [WorkloadCapture] = []
    package var errors: [String] = []
    /// How long it took from the approval on, in milliseconds.
    package var duration = 0

    package init(ending: Ending) { self.ending = ending }

    package var code: Int32 { [.done, .unchanged].contains(ending) ? 0 : 1 }
}
