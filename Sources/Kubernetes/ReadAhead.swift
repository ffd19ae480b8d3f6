internal import Values

/// Answers to calls that will be made soon, fetched together; each is used once, and none outlives a write.
struct ReadAhead {
    private var answers: [String: Result<Value, APIError>] = [:]

    /// The answer to the call, where it is there.
    mutating func take(_ call: Call) -> Result<Value, APIError>? {
        guard !answers.isEmpty else { return nil }
        guard call.verb == .get else {
            answers = [:]
            return nil
        }
        return answers.removeValue(forKey: ReadAhead.key(call))
    }

    func holds(_ call: Call) -> Bool { answers[ReadAhead.key(call)] != nil }

    mutating func keep(_ call: Call, _ answer: Result<Value, APIError>) {
        answers[ReadAhead.key(call)] = answer
    }

    private static func key(_ call: Call) -> String {
        call.query.reduce(call.path + " " + call.accept) { "\($0) \($1.name)=\($1.value)" }
    }
}

extension Client {
    /// Sends calls together whose answers will be asked for one after the other, to save round trips.
    package func readAhead(_ calls: [Call]) {
        let missing = calls.filter { !ahead.holds($0) }
        send(missing) { ahead.keep(missing[$0], $1) }
    }
}
