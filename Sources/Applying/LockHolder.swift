internal import Glibc
internal import Values

/// The name of a run as the holder of a lock: `user@host (pid 12 of 3f9a1c02)`.
///
/// The last part identifies the machine since its start, and its process namespace: containers and clones share host
/// names and process numbers, and a run in one of them must not take another's for dead.
struct LockHolder: CustomStringConvertible {
    private let place: String
    private let system: String
    /// Whether `system` names a machine and its processes, or is only a number of its own.
    private let isSystemKnown: Bool
    private let pid: pid_t

    static let own = LockHolder()

    private init() {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let user = getenv("USER").map { String(cString: $0) } ?? String(getuid())
        place = "\(user)@\(host) (pid "
        let signs = LockHolder.bootIdentity + LockHolder.processNamespace
        isSystemKnown = !signs.isEmpty
        let number = isSystemKnown ? SHA256.hash(signs).prefix(4) : (0..<4).map { _ in UInt8.random(in: 0...255) }[...]
        system = " of " + number.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        pid = getpid()
    }

    var description: String { "\(place)\(pid)\(system))" }

    /// Whether a holder was a process of this very machine and user that is there no longer.
    static func isDead(_ name: String) -> Bool { own.isDead(name) }

    private func isDead(_ name: String) -> Bool {
        let end = "\(system))"
        guard isSystemKnown, name.hasPrefix(place), name.hasSuffix(end), name.count > place.count + end.count,
            let pid = pid_t(name.dropFirst(place.count).dropLast(end.count)), pid > 0
        else { return false }
        return kill(pid, 0) != 0 && errno == ESRCH
    }

    /// Changes with each start of the machine.
    private static var bootIdentity: [UInt8] {
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    private static var processNamespace: [UInt8] {
        var bytes = [CChar](repeating: 0, count: 64)
        let count = readlink("/proc/self/ns/pid", &bytes, bytes.count)
        return bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    }
}
