import Glibc
import Objects
import Planning
import Values

/// A socket that listens where a flag says.
enum ListeningSocket {
    /// Host and port of `:8081`, `127.0.0.1:8081` or `[::1]:8081`; `nil` for any other text.
    static func parse(_ address: String) -> (host: String, port: UInt16)? {
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            return nil
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return host.contains("]") || host.contains("[") ? nil : (host, port)
    }

    /// Opens it; without a host for all addresses. Answers the descriptor and the port, which the system chooses where 0
    /// is given.
    static func open(_ address: String) throws -> (Int32, Int) {
        guard let (host, port) = parse(address) else {
            throw Failures(
                failures: [Failure(nil, "\"\(address)\" is no address to listen at")],
                remedy: "write host and port, or the port alone: 127.0.0.1:8081, :8081")
        }
        var failure = "no such address"
        for wanted in host.isEmpty ? ["::", "0.0.0.0"] : [host] {
            var hints = addrinfo()
            hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(wanted, String(port), &hints, &found) == 0, let info = found?.pointee else { continue }
            defer { freeaddrinfo(found) }
            let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let descriptor = socket(info.ai_family, info.ai_socktype | flags, 0)
            guard descriptor >= 0 else { continue }
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            if bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, listen(descriptor, 64) == 0 {
                return (descriptor, self.port(of: descriptor) ?? Int(port))
            }
            failure = String(cString: strerror(errno))
            close(descriptor)
        }
        throw Failures(
            failures: [Failure(nil, "\(address) cannot be listened at: \(failure)")], remedy: "give another address")
    }

    private static func port(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) == 0 }
        }
        guard isKnown else { return nil }
        // The port has the same place in addresses of both families.
        return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }
}
