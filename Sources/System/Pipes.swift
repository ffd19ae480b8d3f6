internal import CSystem
internal import Glibc

/// The three pipes between this process and a child, -1 where an end is closed.
struct Pipes {
    private var input: (read: Int32, write: Int32) = (-1, -1)
    private var output: (read: Int32, write: Int32) = (-1, -1)
    private var errors: (read: Int32, write: Int32) = (-1, -1)

    var childInput: Int32 { input.read }
    var childOutput: Int32 { output.write }
    var childErrors: Int32 { errors.write }
    var isOpen: Bool { output.read >= 0 || errors.read >= 0 }

    /// Opens all with close-on-exec, so that the child has only what is duplicated for it. `false` when out of files.
    mutating func open() -> Bool {
        for path in [\Pipes.input, \Pipes.output, \Pipes.errors] {
            var ends: [Int32] = [-1, -1]
            guard csystem_pipe(&ends) == 0 else { return false }
            self[keyPath: path] = (ends[0], ends[1])
        }
        return true
    }

    mutating func closeInput() { close(&input.write) }

    mutating func closeChildEnds() {
        close(&input.read)
        close(&output.write)
        close(&errors.write)
    }

    mutating func closeAll() {
        closeChildEnds()
        close(&input.write)
        close(&output.read)
        close(&errors.read)
    }

    /// Waits until one of the pipes is ready, and moves what can be moved.
    mutating func exchange(_ pending: inout ArraySlice<UInt8>, _ result: inout Subprocess.Result, milliseconds: Int) {
        var files = polled(closingInput: pending.isEmpty)
        guard poll(&files, 3, Int32(clamping: milliseconds)) > 0 else { return }
        move(files[...], &pending, &result)
    }

    /// The three ends of ours as poll(2) takes them.
    mutating func polled(closingInput: Bool) -> [pollfd] {
        if closingInput { closeInput() }
        return [
            pollfd(fd: input.write, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output.read, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors.read, events: Int16(POLLIN), revents: 0),
        ]
    }

    /// Moves what can be moved, by what poll(2) answered for the three ends.
    mutating func move(
        _ files: ArraySlice<pollfd>, _ pending: inout ArraySlice<UInt8>, _ result: inout Subprocess.Result
    ) {
        let answers = files.map(\.revents)
        if answers[0] != 0 { write(&pending) }
        if answers[1] != 0 { read(&output.read, into: &result.output) }
        if answers[2] != 0 { read(&errors.read, into: &result.errors) }
    }

    /// Writes at most 512 bytes, which a pipe that polls as writable takes without blocking.
    private mutating func write(_ pending: inout ArraySlice<UInt8>) {
        let count = pending.prefix(512).withUnsafeBytes { Glibc.write(input.write, $0.baseAddress, $0.count) }
        if count > 0 { pending = pending.dropFirst(count) } else { close(&input.write) }
    }

    private func read(_ file: inout Int32, into bytes: inout [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(file, &buffer, buffer.count)
        if count > 0 { bytes.append(contentsOf: buffer[..<count]) } else { close(&file) }
    }

    private func close(_ file: inout Int32) {
        if file >= 0 { Glibc.close(file) }
        file = -1
    }
}
