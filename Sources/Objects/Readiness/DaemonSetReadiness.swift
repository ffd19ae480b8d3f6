internal import Values

/// All nodes that it is for have a pod of the newest template, and that pod is available.
///
/// `maxUnavailable` only says how fast a rollout may go: it is over when no pod is left out.
func daemonSetReadiness(_ object: Value) -> Readiness {
    guard object["status"]?["observedGeneration"]?.int != nil else {
        return .progressing("not observed by its controller yet")
    }
    let desired = count("desiredNumberScheduled", of: object)
    if desired == 0 { return .warning("no node for it to run on") }
    let updated = count("updatedNumberScheduled", of: object)
    let available = count("numberAvailable", of: object)
    // With OnDelete the controller replaces no pod by itself; there is no rollout to wait for.
    let isOnDelete = object[path: "spec", "updateStrategy", "type"]?.string == "OnDelete"
    if !isOnDelete, updated < desired { return .progressing("\(updated) of \(desired) pods updated") }
    if available < desired { return .progressing("\(available) of \(desired) pods available") }
    if isOnDelete, updated < desired {
        return .warning("\(desired - updated) pods still of the old version (OnDelete)")
    }
    return .ready
}
