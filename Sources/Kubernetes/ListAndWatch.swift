internal import Glibc
internal import Objects
internal import System
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
    /// Secrets may have a megabyte each, and a page has to be held in memory.
    private static let pageSizeOfSecrets = "64"
    /// More than any cluster has of what is listed here; a server that goes on is not one.
    static let mostItems = 500_000
    static let mostPages = 5_000
    /// What to accept for a list of which only the objects' metadata count.
    package static let metadataOnly =
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"

    /// The call for a collection's first page, for `prefetch`.
    package static func firstPage(
        _ path: String, _ selection: Selection = Selection(), accept: String = "application/json"
    ) -> APIRequest {
        let isLarge = path.hasSuffix("/secrets") && accept != metadataOnly
        return APIRequest(
            .get, path, query: selection.query + [("limit", isLarge ? pageSizeOfSecrets : pageSize)], accept: accept
        ).expecting(.list)
    }

    /// The call for the first page of `summaries`, for `prefetch`.
    package static func firstSummaries(_ path: String, _ selection: Selection = Selection()) -> APIRequest {
        var call = firstPage(path, selection, accept: metadataOnly)
        call.omitsManagedFields = true
        return call
    }

    /// The whole collection, in pages; from the start again where a page's token has expired. An error where the server
    /// gives a token twice, or more pages than there can be.
    ///
    /// `accept` may ask for another form than whole objects.
    package func list(
        _ path: String, _ selection: Selection = Selection(), accept: String = "application/json"
    ) throws(APIError) -> Listing {
        var listing = Listing(resourceVersion: "")
        listing.resourceVersion = try read(
            Client.firstPage(path, selection, accept: accept),
            page: { listing.items += $0 }, restart: { listing.items = [] })
        return listing
    }

    /// What is kept of each object of a collection, without `metadata.managedFields`, read page by page: only what
    /// `keep` makes of the objects is in memory at the end.
    ///
    /// The server sends the metadata alone where it can (PartialObjectMetadataList); where `isWhole`, or where it
    /// cannot, `keep` gets whole objects.
    package func summaries<Summary>(
        _ path: String, _ selection: Selection = Selection(), isWhole: Bool = false, keep: (Value) -> Summary?
    ) throws(APIError) -> [Summary] {
        var first = Client.firstSummaries(path, selection)
        if isWhole { first.accept = "application/json" }
        var found: [Summary] = []
        _ = try read(first, page: { found += $0.lazy.compactMap(keep) }, restart: { found = [] })
        return found
    }

    /// Reads the pages of a collection one after the other and answers its version; `restart` is called where all
    /// pages come once more.
    private func read(
        _ first: APIRequest, page receive: ([Value]) -> Void, restart: () -> Void
    ) throws(APIError) -> String {
        var token = ""
        var tokens: Set<String> = []
        var (restarts, count) = (0, 0)
        while true {
            var call = first
            // In one piece where pages have expired twice.
            if restarts == 2 { call.query.removeAll { $0.name == "limit" } }
            if !token.isEmpty { call.query.append(("continue", token)) }
            do throws(APIError) {
                let page = try send(call)
                let items = page["items"]?.list ?? []
                count += items.count
                receive(items)
                token = page["metadata"]?["continue"]?.string ?? ""
                let isEndless =
                    count > Client.mostItems || tokens.count >= Client.mostPages
                    || !token.isEmpty && !tokens.insert(token).inserted
                if isEndless { throw APIError.endlessList(first.path) }
                if token.isEmpty { return page.metadata.resourceVersion ?? "" }
            } catch {
                guard error.isGone, restarts < 2 else { throw error }
                restarts += 1
                restart()
                (token, count) = ("", 0)
                tokens = []
            }
        }
    }

    /// Follows a collection from a listing until `receive` answers `false` or the time is over (milliseconds).
    ///
    /// A stream that ends is resumed from the last bookmark; after 410 the collection is listed again: `receive`
    /// gets every object as added, after those that were seen before and are there no longer, as deleted. Answers
    /// whether `receive` ended it.
    package func watch(
        _ path: String, _ selection: Selection = Selection(), from listing: Listing, milliseconds: Int,
        receive: (Event) -> Bool
    ) throws(APIError) -> Bool {
        var watch = Watch(listing, end: SystemClock.monotonic() + milliseconds, path: path)
        while SystemClock.monotonic() < watch.end {
            beat()
            betweenStreams?()
            if isInterrupted() { break }
            let start = SystemClock.monotonic()
            let seconds = max(1, min(heartbeat == nil ? 300 : Client.heartbeatSeconds, (watch.end - start) / 1000))
            let query =
                selection.query + [
                    ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", watch.version),
                    ("timeoutSeconds", String(seconds)),
                ]
            var outcome = Watch.Outcome.goesOn
            do throws(APIError) {
                var failure: APIError?
                try stream(.get(path, query: query), milliseconds: watch.end - start) { line in
                    (outcome, failure) = watch.take(line, receive)
                    return outcome == .goesOn && failure == nil
                }
                if let failure { throw failure }
                if SystemClock.monotonic() - start >= 1000 {
                    watch.failures = 0
                } else if outcome != .ended {
                    watch.failures += 1
                }
            } catch {
                if error.isGone {
                    outcome = .expired
                    watch.failures += 1
                } else {
                    try count(error, &watch)
                }
            }
            if outcome == .ended { return true }
            if outcome == .expired, try !take(list(path, selection), &watch, receive) { return true }
            if watch.failures > 0 {
                pause(milliseconds: min(100 << min(watch.failures, 6), 5000, watch.end - SystemClock.monotonic()))
            }
        }
        return false
    }

    /// Takes a fresh list in the place of changes that were missed; answers whether to go on.
    private func take(_ fresh: Listing, _ watch: inout Watch, _ receive: (Event) -> Bool) -> Bool {
        let items = Dictionary(fresh.items.map { (Watch.key($0), $0) }, uniquingKeysWith: { first, _ in first })
        for (key, object) in watch.known.sorted(by: { $0.key < $1.key }) where items[key] == nil {
            watch.known[key] = nil
            guard receive(Event(kind: .deleted, object: object)) else { return false }
        }
        watch.version = fresh.resourceVersion
        for item in fresh.items {
            watch.know(item)
            guard receive(Event(kind: .added, object: item)) else { return false }
        }
        return true
    }

    /// A broken stream is resumed; one that never opens, or that is refused, is an error.
    private func count(_ error: APIError, _ watch: inout Watch) throws(APIError) {
        watch.failures += 1
        let isPassing: Bool
        switch error {
        case .transport: isPassing = true
        case .status(let status):
            isPassing = status.code == 429 || status.code >= 500 || (watch.failures == 1 && renewsLogin(after: error))
        default: isPassing = false
        }
        guard isPassing, watch.failures < Client.attempts else { throw error }
    }
}
