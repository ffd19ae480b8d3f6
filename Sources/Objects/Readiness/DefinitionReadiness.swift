internal import Values

/// The API server serves its kind.
func definitionReadiness(_ object: Value) -> Readiness {
    if let accepted = findCondition("NamesAccepted", of: object), accepted["status"]?.string == "False" {
        return .failed("names not accepted: \(accepted.conditionMessage ?? "")")
    }
    return condition("Established", of: object)
}
