internal import Values

/// As many pods as wanted are ready, and those that its strategy lets it replace are of the newest template.
func statefulSetReadiness(_ object: Value) -> Readiness {
    let desired = wantedReplicas(of: object)
    let ready = count("readyReplicas", of: object)
    let updated = count("updatedReplicas", of: object)
    let strategy = object[path: "spec", "updateStrategy"]
    // With OnDelete the controller replaces no pod by itself; below a partition neither.
    let isOnDelete = strategy?["type"]?.string == "OnDelete"
    let partition = clampedCount(strategy?["rollingUpdate"]?["partition"]?.int ?? 0)
    let replaced = isOnDelete ? 0 : max(0, desired - partition)
    if updated < replaced { return .progressing("\(updated) of \(replaced) pods updated") }
    return ready < desired ? .progressing("\(ready) of \(desired) pods ready") : .ready
}
