internal import Values

/// Answers to calls that will be made soon, fetched together; each is used once, and none outlives a write.
struct ResponsePrefetch {
    private var answers: [String: Result<Value, APIError>] = [:]

    /// The answer to the call, where it is there.
    mutating func take(_ call: APIRequest) -> Result<Value, APIError>? {
        guard !answers.isEmpty else { return nil }
        guard call.verb == .get else {
            answers = [:]
            return nil
        }
        return answers.removeValue(forKey: ResponsePrefetch.key(call))
    }

    func holds(_ call: APIRequest) -> Bool { answers[ResponsePrefetch.key(call)] != nil }

    mutating func keep(_ call: APIRequest, _ answer: Result<Value, APIError>) {
        answers[ResponsePrefetch.key(call)] = answer
    }

    private static func key(_ call: APIRequest) -> String {
        let form = call.accept + (call.omitsManagedFields ? " without managers" : "")
        return call.query.reduce(call.path + " " + form) { "\($0) \($1.name)=\($1.value)" }
    }
}

extension Client {
    /// Sends calls together whose answers will be asked for one after the other, to save round trips.
    package func prefetch(_ calls: [APIRequest]) {
        let missing = calls.filter { !ahead.holds($0) }
        send(missing) { ahead.keep(missing[$0], $1) }
    }
}
