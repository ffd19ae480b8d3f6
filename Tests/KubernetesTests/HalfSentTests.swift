import Foundation
import Glibc
import HTTP
import Synchronization
import TestSupport
import Testing

/// A request whose body is still being sent when writing is no longer allowed.
@Suite struct HalfSentTests {
    @Test func aBodyThatIsStillBeingSentIsCutShort() throws {
        // A server that accepts connections and reads nothing: a body of 32 MB does not fit into the sockets' buffers.
        let (socket, port) = listening()
        defer { close(socket) }
        let transport = try CurlTransport()
        let request = Request(
            "PUT", "http://127.0.0.1:\(port)/large", body: [UInt8](repeating: 0x61, count: 32 << 20))
        let start = Date()
        let mayStart = { Date().timeIntervalSince(start) < 1 }
        var results: [Result<Response, TransportError>] = []
        transport.perform([request], mayStart: mayStart) { results.append($1) }
        guard case .failure(.withheld)? = results.first else {
            Issue.record("\(results)")
            return
        }
        // What arrived is less than what the header announces, so that no server acts on it.
        let connection = accept(socket, nil, nil)
        defer { close(connection) }
        var received = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += count
        }
        #expect(received > 0)
        #expect(received < 32 << 20)
    }
}
