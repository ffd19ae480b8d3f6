internal import Glibc
package import Values

/// A collection as of one moment.
package struct Listing: Sendable {
    package var items: [Value]
    /// Where a watch goes on from.
    package var resourceVersion: String

    package init(items: [Value] = [], resourceVersion: String) {
        self.items = items
        self.resourceVersion = resourceVersion
    }
}

/// A watch's news of one object.
package struct Event: Sendable {
    package enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    package var kind: Kind
    package var object: Value
}

/// Which objects of a collection: Kubernetes' selectors.
package struct Selection: Sendable {
    package var labels: String?
    package var fields: String?

    package init(labels: String? = nil, fields: String? = nil) {
        self.labels = labels
        self.fields = fields
    }

    var query: [(name: String, value: String)] {
        [labels.map { ("labelSelector", $0) }, fields.map { ("fieldSelector", $0) }].compactMap { $0 }
    }
}

extension Client {
    private static let pageSize = "500"

    /// The call for a collection's first page, for `readAhead`.
    package static func firstPage(
        _ path: String, _ selection: Selection = Selection(), accept: String = "application/json"
    ) -> Call {
        Call(.get, path, query: selection.query + [("limit", pageSize)], accept: accept)
    }

    /// The whole collection, in pages; from the start again where a page's token has expired.
    ///
    /// `accept` may ask for another form than whole objects.
    package func list(
        _ path: String, _ selection: Selection = Selection(), accept: String = "application/json"
    ) throws(APIError) -> Listing {
        var items: [Value] = []
        var token = ""
        var restarts = 0
        while true {
            var call = Client.firstPage(path, selection, accept: accept)
            if !token.isEmpty { call.query.append(("continue", token)) }
            do throws(APIError) {
                let page = try send(call)
                items += page["items"]?.list ?? []
                token = page["metadata"]?["continue"]?.string ?? ""
                if token.isEmpty {
                    return Listing(items: items, resourceVersion: page["metadata"]?["resourceVersion"]?.string ?? "")
                }
            } catch {
                guard error.isGone, restarts < 3 else { throw error }
                restarts += 1
                items = []
                token = ""
            }
        }
    }

    /// Follows a collection from a listing until `receive` answers `false` or the time is over (milliseconds).
    ///
    /// A stream that ends is taken up again from the last bookmark; after 410 the collection is listed anew and
    /// `receive` gets every object as added, so a receiver must take state, not changes. Answers whether `receive`
    /// ended it.
    package func watch(
        _ path: String, _ selection: Selection = Selection(), from listing: Listing, milliseconds: Int,
        receive: (Event) -> Bool
    ) throws(APIError) -> Bool {
        let end = now() + milliseconds
        var version = listing.resourceVersion
        var failures = 0
        while now() < end, !isInterrupted() {
            beat()
            let seconds = max(1, min(heartbeat == nil ? 300 : Client.heartbeatSeconds, (end - now()) / 1000))
            let query =
                selection.query + [
                    ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
                    ("timeoutSeconds", String(seconds)),
                ]
            var isDone = false
            var isExpired = false
            do throws(APIError) {
                try stream(.get(path, query: query), milliseconds: end - now()) { line in
                    switch Client.news(line, &version) {
                    case .event(let event): isDone = !receive(event)
                    case .expired: isExpired = true
                    case .nothing: break
                    }
                    return !isDone && !isExpired
                }
                failures = 0
            } catch {
                if error.isGone { isExpired = true } else { try Client.count(error, &failures) }
                if !isExpired { usleep(UInt32(min(200 << failures, 5000)) * 1000) }
            }
            if isDone { return true }
            if isExpired {
                let fresh = try list(path, selection)
                version = fresh.resourceVersion
                for item in fresh.items where !receive(Event(kind: .added, object: item)) { return true }
            }
        }
        return false
    }

    private enum News {
        case event(Event)
        case expired
        case nothing
    }

    /// Takes a line of the stream and moves on the version to resume from.
    private static func news(_ line: Value, _ version: inout String) -> News {
        let object = line["object"] ?? .null
        let type = line["type"]?.string ?? ""
        if type == "ERROR" { return .expired }
        if let next = object["metadata"]?["resourceVersion"]?.string { version = next }
        return Event.Kind(rawValue: type).map { .event(Event(kind: $0, object: object)) } ?? .nothing
    }

    /// A broken stream is taken up again; one that never stands, or that is refused, is an error.
    private static func count(_ error: APIError, _ failures: inout Int) throws(APIError) {
        failures += 1
        let isPassing: Bool
        switch error {
        case .transport: isPassing = true
        case .status(let status): isPassing = status.code == 429 || status.code >= 500
        default: isPassing = false
        }
        guard isPassing, failures < Client.attempts else { throw error }
    }

    /// Milliseconds of a clock that only goes forward.
    private func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
