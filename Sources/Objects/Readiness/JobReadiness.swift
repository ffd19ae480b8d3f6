internal import Values

/// It has run to its end, or is suspended until a user resumes it.
func jobReadiness(_ object: Value) -> Readiness {
    if let failed = findCondition("Failed", of: object), failed.isTrue {
        return .failed(failed.conditionMessage ?? "the job failed")
    }
    if let suspended = findCondition("Suspended", of: object), suspended.isTrue { return .warning("suspended") }
    return condition("Complete", of: object)
}
