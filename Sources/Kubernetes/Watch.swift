internal import Objects
internal import Values

/// How far a watch has come.
struct Watch {
    let end: Int
    /// The collection's, for messages.
    let path: String
    /// Where to go on from.
    var version: String
    /// Streams in a row that broke, or ended at once.
    var failures = 0
    /// The objects known so far, by namespace and name: only the metadata that names them.
    var known: [String: Value] = [:]

    enum Outcome {
        case goesOn
        /// The receiver has seen enough.
        case ended
        /// The version is too old for the server.
        case expired
    }

    /// `end` by the monotonic clock, in milliseconds.
    init(_ listing: Listing, end: Int, path: String) {
        self.end = end
        self.path = path
        version = listing.resourceVersion
        for item in listing.items { know(item) }
    }

    static func key(_ object: Value) -> String {
        object.metadata.namespace + "/" + object.metadata.name
    }

    mutating func know(_ object: Value) {
        var metadata = Mapping()
        for key in ["name", "namespace", "uid"] { metadata[key] = object["metadata"]?[key] }
        known[Watch.key(object)] = ["metadata": .map(metadata)]
    }

    /// Takes a line of the stream and moves on the version to resume from.
    mutating func take(_ line: Value, _ receive: (Event) -> Bool) -> (Outcome, APIError?) {
        let object = line["object"] ?? .null
        let type = line["type"]?.string ?? ""
        if type == "ERROR" {
            let error =
                Status(object).map(APIError.status)
                ?? .status(
                    Status(code: 500, reason: "", message: "the watch ended with an error"))
            return error.isGone ? (.expired, nil) : (.goesOn, error)
        }
        guard object.map != nil, let next = object.metadata.resourceVersion else {
            let reason = "events of objects were expected, another line came"
            return (.goesOn, .unexpectedAnswer(request: "GET \(path)?watch=true", reason: reason))
        }
        version = next
        guard let kind = Event.Kind(rawValue: type) else { return (.goesOn, nil) }
        if kind == .deleted { known[Watch.key(object)] = nil } else { know(object) }
        return (receive(Event(kind: kind, object: object)) ? .goesOn : .ended, nil)
    }
}
