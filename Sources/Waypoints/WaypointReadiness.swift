package import Objects
package import Values

extension Waypoint {
    /// Whether a waypoint's Gateway takes traffic: Programmed for its newest spec, and with an address. A label that names
    /// one before that leads past its L7 policies.
    package static func readiness(of gateway: Value) -> Readiness {
        if gateway.metadata.isBeingDeleted { return .progressing("being deleted") }
        guard let programmed = findCondition("Programmed", of: gateway), programmed["status"]?.string != "Unknown"
        else {
            return .progressing("no controller has programmed it yet")
        }
        if let observed = programmed["observedGeneration"]?.int, let generation = gateway.metadata.generation,
            observed < generation
        {
            return .progressing("its controller has not observed the change yet")
        }
        guard programmed["status"]?.string == "True" else {
            let accepted = findCondition("Accepted", of: gateway)
            let cause = accepted?["status"]?.string == "False" ? accepted ?? programmed : programmed
            let words = [cause["reason"]?.string ?? "", cause["message"]?.string ?? ""].filter { !$0.isEmpty }
            return .progressing(words.isEmpty ? "not programmed" : words.joined(separator: ": ").onOneLine)
        }
        guard gateway["status"]?["addresses"]?.list?.isEmpty == false else { return .progressing("has no address yet") }
        return .ready
    }
}
