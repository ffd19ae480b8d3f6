internal import Objects
package import Values

/// What became of an object of a collection that is followed: what was kept of it before, and what is kept now.
package struct ObjectNews: Sendable {
    package enum Kind: Sendable { case added, changed, deleted }

    package var kind: Kind
    package var old: Value?
    package var new: Value?

    package init(_ kind: Kind, old: Value? = nil, new: Value? = nil) {
        (self.kind, self.old, self.new) = (kind, old, new)
    }

    /// The object as it is, or as it was.
    package var object: Value { new ?? old ?? .null }
}

/// A collection that is followed beside other requests: listed, watched from there, and listed again once the server has
/// forgotten where the watch was. What happened meanwhile is found by comparison.
///
/// A class, since lines of the stream come while others use the connection. It sends in `step` alone.
package final class CollectionWatch {
    private enum State {
        /// It is to be listed at this time.
        case unlisted(at: Int)
        /// Its stream is to be opened at this time.
        case closed(at: Int)
        case following(WatchStream, since: Int)
    }

    private let client: Client
    private let path: String
    private let selection: Selection
    private let isMetadataOnly: Bool
    private let keep: (Value) -> Value
    private var state = State.unlisted(at: 0)
    private var watch: Watch
    /// What is kept of each object, by namespace and name.
    private var objects: [String: Value] = [:]
    private var news: [ObjectNews] = []
    private var isExpired = false
    private var failure: APIError?
    private var failures = 0
    /// Whether the collection was listed once.
    package private(set) var isListed = false
    /// Why it cannot be followed at the moment.
    package private(set) var trouble: APIError?

    /// `keep` makes of an object what is compared and handed over. Where `isMetadataOnly` the server is asked for no
    /// more than metadata.
    package init(
        _ client: Client, _ path: String, _ selection: Selection = Selection(), isMetadataOnly: Bool = false,
        keep: @escaping (Value) -> Value
    ) {
        (self.client, self.path, self.selection, self.keep) = (client, path, selection, keep)
        self.isMetadataOnly = isMetadataOnly
        watch = Watch(Listing(resourceVersion: ""), end: Int.max, path: path)
    }

    /// Seconds of a stream, with a part by chance so that the streams of many do not end together.
    private static let seconds = 300
    /// Milliseconds until a stream that has ended at once, or a list that was refused, is tried again at most.
    private static let longestPause = 30_000
    /// A stream that was followed so long has worked.
    private static let shortest = 1000
    private static let metadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"

    /// The call for the first page, for `prefetch`.
    package var firstPage: APIRequest { Client.firstPage(path, selection, accept: accept) }

    private var accept: String { isMetadataOnly ? Client.metadataOnly : "application/json" }

    /// All that is kept, by namespace and name.
    package var kept: [Value] { objects.sorted { $0.key.precedesByBytes($1.key) }.map(\.value) }

    /// What has happened since it was last asked.
    package func take() -> [ObjectNews] {
        defer { news = [] }
        return news
    }

    package var hasNews: Bool { !news.isEmpty }

    /// When `step` has something to do, by the clock of `step`; `nil` while the stream goes on.
    package var due: Int? {
        switch state {
        case .unlisted(let time), .closed(let time): time
        case .following(let stream, let since):
            stream.hasEnded ? 0 : trouble == nil ? nil : since + CollectionWatch.shortest
        }
    }

    /// Does what is due at `now`, in milliseconds of a clock that only goes forward: lists, opens the stream, or takes
    /// note of its end.
    package func step(now: Int) {
        switch state {
        case .unlisted(let time): if now >= time { list(now) }
        case .closed(let time): if now >= time { open(now) }
        case .following(let stream, let since):
            if let ending = client.ending(of: stream) {
                end(ending, lasted: now - since, now)
            } else if now - since >= CollectionWatch.shortest {
                trouble = nil
            }
        }
    }

    /// Ends the stream.
    package func close() {
        if case .following(let stream, _) = state { stream.close() }
    }

    private func list(_ now: Int) {
        do throws(APIError) {
            take(try client.list(path, selection, accept: accept))
            (isListed, trouble) = (true, nil)
            state = .closed(at: now)
            open(now)
        } catch {
            wait(error, now) { .unlisted(at: $0) }
        }
    }

    private func take(_ listing: Listing) {
        var now: [String: Value] = [:]
        for item in listing.items { now[Watch.key(item)] = keep(item) }
        for (key, old) in objects.sorted(by: { $0.key.precedesByBytes($1.key) }) where now[key] == nil {
            news.append(ObjectNews(.deleted, old: old))
        }
        for item in listing.items {
            guard let new = now[Watch.key(item)] else { continue }
            let old = objects[Watch.key(item)]
            if old != new { news.append(ObjectNews(old == nil ? .added : .changed, old: old, new: new)) }
        }
        objects = now
        // Which objects there are is kept here.
        watch = Watch(Listing(resourceVersion: listing.resourceVersion), end: Int.max, path: path)
    }

    private func open(_ now: Int) {
        let seconds = CollectionWatch.seconds + Int.random(in: 0...CollectionWatch.seconds)
        var call = APIRequest.get(
            path,
            query: selection.query + [
                ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", watch.version),
                ("timeoutSeconds", String(seconds)),
            ])
        if isMetadataOnly { call.accept = CollectionWatch.metadata }
        (isExpired, failure) = (false, nil)
        do throws(APIError) {
            let stream = try client.open(call, seconds: seconds) { [weak self] line in self?.take(line) }
            state = .following(stream, since: now)
        } catch {
            wait(error, now) { .closed(at: $0) }
        }
    }

    /// Takes a line of the stream; it must not send.
    private func take(_ line: Value) {
        guard !isExpired, failure == nil else { return }
        trouble = nil
        let (outcome, error) = watch.take(line) { event in
            take(event)
            return true
        }
        watch.known = [:]
        isExpired = outcome == .expired
        failure = error
        if isExpired || error != nil { close() }
    }

    private func take(_ event: Event) {
        let key = Watch.key(event.object)
        let old = objects[key]
        if event.kind == .deleted {
            objects[key] = nil
            news.append(ObjectNews(.deleted, old: old ?? keep(event.object)))
            return
        }
        let new = keep(event.object)
        guard old != new else { return }
        objects[key] = new
        news.append(ObjectNews(old == nil ? .added : .changed, old: old, new: new))
    }

    private func end(_ ending: APIError?, lasted: Int, _ now: Int) {
        let error = failure ?? ending
        if isExpired || error?.isGone == true {
            state = .unlisted(at: now)
            return
        }
        if lasted >= CollectionWatch.shortest { failures = 0 }
        guard let error else {
            if lasted >= CollectionWatch.shortest { return state = .closed(at: now) }
            failures += 1
            return state = .closed(at: now + pause)
        }
        _ = client.renewsLogin(after: error)
        // Refused for good, or an answer of something else: what is there is read anew.
        wait(error, now) { error.isPassing ? .closed(at: $0) : .unlisted(at: $0) }
    }

    private func wait(_ error: APIError, _ now: Int, _ next: (Int) -> State) {
        trouble = error
        failures += 1
        state = next(now + pause)
    }

    private var pause: Int { min(100 << min(failures, 10), CollectionWatch.longestPause) }
}
