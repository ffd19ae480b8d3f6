import Glibc

/// Opens /dev/null in the place of standard input, output and error where they are closed (`sail install >&-`).
///
/// To be called before anything else is opened: a file or a connection would otherwise get the number of a closed
/// stream, and what is meant for people would be written into it.
package func openStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
        // open(2) takes the lowest free number, which is this one. The root folder takes no bytes, which is an error.
        if open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY) < 0 { _ = open("/", O_RDONLY) }
    }
}

/// Writes all bytes. A closed reader is no failure; a descriptor that takes nothing for now is waited for.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(WriteError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written >= 0 {
            rest = rest.dropFirst(written)
            continue
        }
        switch errno {
        case EPIPE: return
        case EINTR: continue
        case EAGAIN:
            var file = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&file, 1, -1)
        case let code: throw WriteError(code: code)
        }
    }
}

/// A failed write(2) to standard output; a closed reader is not one.
package struct WriteError: Error, CustomStringConvertible {
    let code: Int32

    package var description: String {
        let reason = String(cString: strerror(code))
        return "standard output: \(reason.prefix(1).lowercased())\(reason.dropFirst()); nothing more was written"
    }
}
