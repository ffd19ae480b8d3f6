internal import Values

/// It serves, or has run to its end.
func podReadiness(_ object: Value) -> Readiness {
    switch object["status"]?["phase"]?.string {
    case "Succeeded": .ready
    case "Failed": .failed(object["status"]?.conditionMessage ?? "the pod failed")
    default: condition("Ready", of: object)
    }
}
