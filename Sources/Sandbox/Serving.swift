import Glibc
import Synchronization
import Values

extension Sandbox {
    /// Serves a connection until either side ends it.
    func serve(_ file: Int32) {
        guard let connection = Connection(file, tls) else { return }
        while !isStopped.load(ordering: .relaxed), let request = connection.readRequest() {
            guard answer(request, connection) else { return }
        }
    }

    /// Whether the connection may go on.
    private func answer(_ request: HTTPRequest, _ connection: Connection) -> Bool {
        let (effects, hook, index) = note(request)
        hook?()
        var isCut = false
        var isBroken = false
        for effect in effects {
            if let answer = effect.answer {
                finish(index, answer.status, isWrite: false)
                return connection.write(answer.bytes(closing: false))
            }
            switch effect {
            case .delay(let milliseconds): usleep(UInt32(milliseconds) * 1000)
            case .reset(let afterWriting) where !afterWriting:
                connection.reset()
                return false
            case .reset: isBroken = true
            case .cut: isCut = true
            case .status, .value: break
            }
        }
        if request.method == "GET", request.isSet("watch") { return watch(request, connection, index) }
        let (answer, isWrite) = world.withLock { world in
            let before = world.version
            let answer = world.answer(request)
            return (answer, request.method != "GET" && world.version > before)
        }
        finish(index, answer.status, isWrite: isWrite)
        if isBroken {
            connection.reset()
            return false
        }
        let bytes = answer.bytes(closing: false)
        if isCut {
            _ = connection.write(Array(bytes.prefix(bytes.count - answer.body.count / 2 - 1)))
            return false
        }
        return connection.write(bytes)
    }

    private func note(_ request: HTTPRequest) -> ([Fault.Effect], (@Sendable () -> Void)?, Int) {
        book.withLock { book in
            let query = request.query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
            let target = request.path + (query.isEmpty ? "" : "?" + query)
            var effects: [Fault.Effect] = []
            for position in book.faults.indices where book.faults[position].happens(to: request.method, target) {
                effects.append(book.faults[position].effect)
            }
            book.entries.append(
                Entry(method: request.method, path: request.path, query: request.query, status: 0, isWrite: false))
            return (effects, book.hooks.removeValue(forKey: book.entries.count), book.entries.count - 1)
        }
    }

    private func finish(_ index: Int, _ status: Int, isWrite: Bool) {
        let hook = book.withLock { book -> (@Sendable () -> Void)? in
            guard book.entries.indices.contains(index) else { return nil }
            book.entries[index].status = status
            book.entries[index].isWrite = isWrite
            guard isWrite else { return nil }
            book.writes += 1
            return book.writeHooks.removeValue(forKey: book.writes)
        }
        hook?()
    }
}

// MARK: - Watches

extension Sandbox {
    private struct Watch {
        var target: Target
        var selectors: Selectors
        var cursor: Int
        var hasBookmarks: Bool
        var table: Table?
        /// Whether a bookmark says where the objects that are there already end.
        var tellsInitialEnd = false

        /// A line of the watch.
        func line(_ type: String, _ object: Value) -> Value {
            ["type": .string(type), "object": table?.of(object) ?? object]
        }
    }

    private enum Step {
        case lines([(type: String, object: Value, version: Int)])
        case expired(Failure)
    }

    private func watch(_ request: HTTPRequest, _ connection: Connection, _ index: Int) -> Bool {
        let started = world.withLock { world in Sandbox.start(request, &world) }
        switch started {
        case .failure(let failure):
            finish(index, failure.code, isWrite: false)
            return connection.write(HTTPAnswer(failure.value, status: failure.code).bytes(closing: false))
        case .success((let watch, let first)):
            finish(index, 200, isWrite: false)
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            guard connection.write(Array(head.utf8)) else { return false }
            return follow(watch, first, connection, seconds: Double(request.query["timeoutSeconds"] ?? "") ?? 1800)
        }
    }

    private static func start(
        _ request: HTTPRequest, _ world: inout World
    ) -> Result<(Watch, [Value]), Failure> {
        do throws(Failure) {
            let user = try world.user(request)
            guard let target = world.target(request.path) else { throw .unknownResource }
            try world.checkAccess(user, "watch", target)
            let selectors = try Selectors(request, of: target.kind)
            let version = Int(request.query["resourceVersion"] ?? "") ?? 0
            var watch = Watch(
                target: target, selectors: selectors, cursor: version,
                hasBookmarks: request.isSet("allowWatchBookmarks"), table: Table(request, target),
                tellsInitialEnd: request.isSet("sendInitialEvents"))
            guard version == 0 || watch.tellsInitialEnd else { return .success((watch, [])) }
            watch.cursor = world.version
            let items = world.all(target.kind.resource, namespace: target.namespace)
                .filter { selectors.match($0) && (target.name.isEmpty || $0.name == target.name) }
            var lines = items.map { watch.line("ADDED", world.shown($0, target)) }
            if watch.tellsInitialEnd { lines.append(bookmark(watch, endsInitial: true)) }
            return .success((watch, lines))
        } catch {
            return .failure(error)
        }
    }

    private func follow(_ start: Watch, _ first: [Value], _ connection: Connection, seconds: Double) -> Bool {
        var watch = start
        let end = monotonic() + seconds
        let pause = world.withLock { $0.settings.bookmarkSeconds }
        var nextBookmark = monotonic() + pause
        for line in first { guard Sandbox.send(line, connection) else { return false } }
        while !isStopped.load(ordering: .relaxed), monotonic() < end {
            switch world.withLock({ world in Sandbox.step(&watch, world) }) {
            case .expired(let failure):
                guard Sandbox.send(["type": "ERROR", "object": failure.value], connection) else { return false }
                return connection.write(Array("0\r\n\r\n".utf8))
            case .lines(let lines):
                for line in lines {
                    guard Sandbox.send(watch.line(line.type, line.object), connection) else { return false }
                }
            }
            if watch.hasBookmarks, monotonic() >= nextBookmark {
                nextBookmark = monotonic() + pause
                guard Sandbox.send(Sandbox.bookmark(watch), connection) else { return false }
            }
            if connection.isGone(milliseconds: 10) { return false }
        }
        if watch.hasBookmarks { _ = Sandbox.send(Sandbox.bookmark(watch), connection) }
        return connection.write(Array("0\r\n\r\n".utf8))
    }

    private static func step(_ watch: inout Watch, _ world: World) -> Step {
        guard watch.cursor >= world.oldestWatch else {
            return .expired(.expired("too old resource version: \(watch.cursor) (\(world.oldestWatch))"))
        }
        let lines = world.news(watch.target, watch.selectors, after: watch.cursor)
        watch.cursor = world.version
        return .lines(lines)
    }

    private static func bookmark(_ watch: Watch, endsInitial: Bool = false) -> Value {
        var object: Value = [
            "kind": .string(watch.target.kind.name), "apiVersion": .string(watch.target.apiVersion),
            "metadata": ["resourceVersion": .string(String(watch.cursor))],
        ]
        if endsInitial { object[at: "metadata", "annotations"] = ["k8s.io/initial-events-end": "true"] }
        return watch.line("BOOKMARK", object)
    }

    private static func send(_ line: Value, _ connection: Connection) -> Bool {
        let bytes = line.jsonBytes
        let size = String(bytes.count + 1, radix: 16)
        return connection.write(Array("\(size)\r\n".utf8) + bytes + Array("\n\r\n".utf8))
    }
}
