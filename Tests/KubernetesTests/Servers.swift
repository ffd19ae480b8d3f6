import Foundation
import Glibc

/// A port of 127.0.0.1 where every connection gets those bytes at once, whatever it says.
func answeringAtOnce(_ text: String) -> UInt16 {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            _ = bind(file, address, size)
            _ = listen(file, 16)
            _ = getsockname(file, address, &size)
        }
    }
    Thread {
        while true {
            let connection = accept(file, nil, nil)
            guard connection >= 0 else { return }
            _ = text.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            usleep(200_000)
            close(connection)
        }
    }.start()
    return UInt16(bigEndian: address.sin_port)
}
