import Glibc
import Synchronization
import TLSServer
package import Values

/// A Kubernetes API server in memory, on 127.0.0.1 over TLS, with stand-ins for controllers and kubelets.
package final class Sandbox: Sendable {
    /// Good for everything.
    package static let adminToken = "sandbox-admin"
    /// Good for what `SandboxSettings.grants` give to `viewer`.
    package static let viewerToken = "sandbox-viewer"
    /// Refused with 401, as any other.
    package static let expiredToken = "sandbox-expired"

    /// A request that came, and what it got.
    package struct Entry: Sendable, Equatable {
        package var method: String
        package var path: String
        package var query: [String: String]
        package var status: Int
        /// Whether objects were written: the version moved.
        package var isWrite: Bool
    }

    struct Book: Sendable {
        var entries: [Entry] = []
        var faults: [Fault] = []
        var hooks: [Int: @Sendable () -> Void] = [:]
        var writes = 0
        var writeHooks: [Int: @Sendable () -> Void] = [:]
    }

    let world: Mutex<World>
    let book = Mutex(Book())
    let isStopped = Atomic(false)
    private let accepted = Atomic(0)
    let tls: TLSContext?
    private let socket: Int32
    /// The authority's certificate, PEM.
    package let authority: String
    package let port: Int

    /// Starts to serve at once, on threads of its own.
    package init(_ settings: SandboxSettings = SandboxSettings()) throws(SandboxError) {
        let days = settings.certificateDays
        do throws(TLSServerError) {
            let identity =
                !settings.usesTLS
                ? nil : days == ServerIdentity.days ? try ServerIdentity.shared.get() : try ServerIdentity(days: days)
            authority = identity?.authority ?? ""
            tls = if let identity { try TLSContext(identity) } else { nil }
        } catch {
            throw .tls(error)
        }
        (socket, port) = try Sandbox.listen(settings.port)
        world = Mutex(World(settings))
        startThread { self.acceptConnections() }
        startThread { self.keepTicking() }
    }

    package var url: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }

    /// A kubeconfig for this server.
    package func kubeconfig(token: String = Sandbox.adminToken) -> String {
        let data = tls == nil ? "" : ", certificate-authority-data: \(base64(Array(authority.utf8)))"
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: sandbox, cluster: {server: "\(url)"\(data)}}
            users:
            - {name: sandbox, user: {token: "\(token)"}}
            contexts:
            - {name: sandbox, context: {cluster: sandbox, user: sandbox}}
            current-context: sandbox

            """
    }

    /// Ends serving; open connections break.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    // MARK: What tests ask and set

    package var requests: [Entry] { book.withLock { $0.entries } }
    /// How many connections were opened so far.
    package var connections: Int { accepted.load(ordering: .relaxed) }
    package var writes: [Entry] { requests.filter(\.isWrite) }
    package func forgetRequests() {
        book.withLock { book in
            book.entries = []
            book.writes = 0
        }
    }

    package func add(_ fault: Fault) { book.withLock { $0.faults.append(fault) } }
    package func clearFaults() { book.withLock { $0.faults = [] } }

    /// Runs `action` when so many requests have come since the start or the last `forgetRequests`, before that one is
    /// answered.
    package func at(request number: Int, do action: @escaping @Sendable () -> Void) {
        book.withLock { $0.hooks[number] = action }
    }

    /// Runs `action` when so many requests have written since the start or the last `forgetRequests`, after that one was
    /// carried out and before it is answered.
    package func at(write number: Int, do action: @escaping @Sendable () -> Void) {
        book.withLock { $0.writeHooks[number] = action }
    }

    /// Forgets what was to be done `at` requests and writes that did not come.
    package func forgetActions() {
        book.withLock { book in
            book.hooks = [:]
            book.writeHooks = [:]
        }
    }

    /// Changes settings while it runs: broken images, times, permissions, refusals.
    package func change(_ body: @Sendable (inout SandboxSettings) -> Void) {
        world.withLock {
            body(&$0.settings)
            // Controllers look again: what was withheld may come now.
            $0.pods.seenVersion = -1
        }
    }

    /// From now on watches and lists from before are too old (410).
    package func compact() {
        world.withLock {
            $0.oldestWatch = $0.version + 1
            $0.oldestList = $0.version + 1
        }
    }

    /// All there is at this moment.
    package func snapshot() -> SandboxSnapshot { SandboxSnapshot(world: world.withLock { $0 }) }

    /// Goes back, or on, to what was there when the snapshot was taken; open watches are too old then.
    package func restore(_ snapshot: SandboxSnapshot) { world.withLock { $0 = snapshot.world } }

    /// The object at a path such as `/api/v1/namespaces/default`.
    package func object(_ path: String) -> Value? {
        world.withLock { world in world.target(path).flatMap { world.object($0) } }
    }

    /// How many writes there were so far.
    package var version: Int { world.withLock { $0.version } }

    private static func listen(_ port: Int) throws(SandboxError) -> (Int32, Int) {
        let file = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, size) == 0 && Glibc.listen(file, 128) == 0
                    && getsockname(file, address, &size) == 0
            }
        }
        guard isBound else { throw .noPort(port) }
        return (file, Int(UInt16(bigEndian: address.sin_port)))
    }

    private func acceptConnections() {
        while !isStopped.load(ordering: .relaxed) {
            let file = accept(socket, nil, nil)
            guard file >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            accepted.add(1, ordering: .relaxed)
            var yes: Int32 = 1
            setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            startThread { self.serve(file) }
        }
    }

    private func keepTicking() {
        while !isStopped.load(ordering: .relaxed) {
            world.withLock { $0.tick() }
            usleep(10_000)
        }
    }
}

/// What a sandbox held at one moment, good for any number of sandboxes.
package struct SandboxSnapshot: Sendable {
    let world: World
}

/// Runs `body` on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Deep trees are walked recursively.
    pthread_attr_setstacksize(&attributes, 4 << 20)
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    let started = pthread_create(
        &thread, &attributes,
        { pointer in
            guard let pointer else { return nil }
            Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
            return nil
        }, box)
    if started != 0 { Unmanaged<Box>.fromOpaque(box).release() }
    pthread_attr_destroy(&attributes)
}
