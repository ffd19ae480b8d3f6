internal import Values

/// As many pods as wanted are of the newest template and available, and none of an older one is left.
func deploymentReadiness(_ object: Value) -> Readiness {
    guard object["status"]?["observedGeneration"]?.int != nil else {
        return .progressing("not observed by its controller yet")
    }
    if let progress = findCondition("Progressing", of: object),
        progress["reason"]?.string == "ProgressDeadlineExceeded"
    {
        return .failed(progress.conditionMessage ?? "progress deadline exceeded")
    }
    let desired = wantedReplicas(of: object)
    let updated = count("updatedReplicas", of: object)
    let total = count("replicas", of: object)
    let available = count("availableReplicas", of: object)
    if updated < desired { return .progressing("\(updated) of \(desired) pods updated") }
    if total > updated { return .progressing("waiting for \(oldPods(total - updated)) to terminate") }
    if available < updated { return .progressing("\(available) of \(updated) pods available") }
    return .ready
}
