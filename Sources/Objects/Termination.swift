package import Values

/// An object that is being deleted, and what holds it.
package struct Termination: Sendable, Equatable {
    /// What keeps it that Kubernetes does not remove by itself: `finalizer example.com/hold`.
    package var holders: [String]

    package init(holders: [String] = []) {
        self.holders = holders
    }

    /// Whether waiting alone will not end it.
    package var isHeld: Bool { !holders.isEmpty }
}

extension Termination: CustomStringConvertible {
    /// `is being deleted, held by finalizer example.com/hold`
    package var description: String {
        guard isHeld else { return "is being deleted" }
        return "is being deleted, held by " + holders.joined(most: 3)
    }
}

/// How the deletion of an object goes, by the object alone; `nil` where it is not being deleted.
package func termination(of object: Value) -> Termination? {
    guard object.metadata.isBeingDeleted else { return nil }
    let own = foreignFinalizers(object.metadata.finalizers)
    let others = object["kind"]?.string == "Namespace" ? finalizersInside(object) : []
    return Termination(holders: own.map { "finalizer \($0)" } + others.map { "finalizer \($0) of objects in it" })
}

/// Finalizers that Kubernetes' own controllers remove.
private let ownFinalizers: Set<String> = [
    "foregroundDeletion", "orphan", "kubernetes", "customresourcecleanup.apiextensions.k8s.io",
    "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection", "service.kubernetes.io/load-balancer-cleanup",
    "batch.kubernetes.io/job-tracking",
]

private func foreignFinalizers(_ names: [String]) -> [String] { names.filter { !ownFinalizers.contains($0) } }

/// What the namespace controller says of a namespace that it cannot empty:
/// `Some content in the namespace has finalizers remaining: example.com/hold in 2 resource instances`.
private func finalizersInside(_ namespace: Value) -> [String] {
    guard let condition = findCondition("NamespaceFinalizersRemaining", of: namespace), condition.isTrue,
        let message = condition["message"]?.string
    else { return [] }
    let listed = Text(message).split(by: ": ").last ?? Text("")
    let names = listed.split(by: ", ").compactMap { $0.split(by: " in ").first?.string }
    return foreignFinalizers(names.filter { !$0.isEmpty })
}
