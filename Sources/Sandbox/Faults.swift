package import Values

/// Something that goes wrong, as a script for requests that match.
package struct Fault: Sendable {
    package enum Effect: Sendable {
        /// An answer in place of the right one, with `Retry-After` in seconds where given.
        case status(Int, retryAfter: Int? = nil, message: String = "")
        /// The connection breaks; `afterWriting` only after the request was carried out.
        case reset(afterWriting: Bool = false)
        /// Milliseconds of silence before the right answer.
        case delay(Int)
        /// Half of the right answer's body.
        case cut
        /// Status 200 and this value, whatever was asked for.
        case value(Value)
    }

    /// `nil` is any.
    package var method: String?
    /// Part of the path with its query; empty is any.
    package var path: String
    /// Every so many matching requests.
    package var every: Int
    /// How often it happens at most.
    package var times: Int
    package var effect: Effect
    var seen = 0
    var happened = 0

    package init(
        _ effect: Effect, method: String? = nil, path: String = "", every: Int = 1, times: Int = .max
    ) {
        self.effect = effect
        self.method = method
        self.path = path
        self.every = every
        self.times = times
    }

    /// Whether it happens to this request; counts it.
    mutating func happens(to method: String, _ target: String) -> Bool {
        guard happened < times, self.method == nil || self.method == method, path.isEmpty || target.contains(path)
        else { return false }
        seen += 1
        guard seen % every == 0 else { return false }
        happened += 1
        return true
    }
}

extension Fault.Effect {
    /// The answer sent instead of the right one.
    var answer: HTTPAnswer? {
        if case .value(let value) = self { return HTTPAnswer(value) }
        guard case .status(let code, let retryAfter, let message) = self else { return nil }
        let words = Fault.words[code] ?? ("InternalError", "Internal error occurred: scripted fault")
        var failure = Failure(code, words.reason, message.isEmpty ? words.message : message)
        if let retryAfter { failure.details = ["retryAfterSeconds": .int(retryAfter)] }
        var answer = HTTPAnswer(failure.value, status: code)
        if let retryAfter { answer.headers.append("Retry-After: \(retryAfter)") }
        return answer
    }
}

extension Fault {
    fileprivate static let words: [Int: (reason: String, message: String)] = [
        401: ("Unauthorized", "Unauthorized"),
        429: ("TooManyRequests", "Too many requests, please try again later."),
        503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
        504: ("Timeout", "Timeout: request did not complete within the allotted timeout"),
    ]
}

extension SandboxSettings {
    /// What a scripted admission webhook says to an object of that kind and name.
    func refusal(_ kind: String, _ name: String) -> Failure? {
        guard let text = refusals["\(kind)/\(name)"] ?? refusals["\(kind)/*"] else { return nil }
        return .badRequest("admission webhook \"refuse.sandbox.example\" denied the request: \(text)")
    }

    func isBroken(_ image: String) -> Bool { brokenImage.map(image.contains) ?? false }
    func isNoted(_ uid: String) -> Bool { notedPods.contains(uid) }
}
