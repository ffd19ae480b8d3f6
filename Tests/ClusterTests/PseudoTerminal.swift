import Foundation
import Glibc

/// The built program with a terminal of its own for questions and messages.
final class TerminalProgram {
    private let process = Process()
    private let screen: Int32
    private(set) var text = ""

    init(_ words: String, kubeconfig: String, environment: [String: String] = [:], columns: UInt16 = 100) throws {
        screen = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (unlocked, number): (Int32, UInt32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN, which Swift does not import.
        guard screen >= 0, ioctl(screen, 0x4004_5431, &unlocked) == 0, ioctl(screen, 0x8004_5430, &number) == 0 else {
            throw POSIXError(.ENOTTY)
        }
        let name = "/dev/pts/\(number)"
        let keyboard = open(name, O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(screen, UInt(TIOCSWINSZ), &size)
        let handle = FileHandle(fileDescriptor: keyboard, closeOnDealloc: true)
        process.executableURL = Program.path
        process.arguments = words.split(separator: " ").map(String.init)
        process.environment = ["KUBECONFIG": kubeconfig, "PATH": "/usr/bin:/bin", "USER": "tester", "TERM": "xterm"]
            .merging(environment) { $1 }
        (process.standardInput, process.standardError, process.standardOutput) = (handle, handle, handle)
        try process.run()
    }

    deinit { close(screen) }

    func type(_ text: String) { _ = Array(text.utf8).withUnsafeBytes { write(screen, $0.baseAddress, $0.count) } }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Reads until the screen shows a text, or for 60 seconds; answers whether it does.
    func waits(for mark: String) -> Bool {
        for _ in 0..<600 where !text.contains(mark) { read(milliseconds: 100) }
        return text.contains(mark)
    }

    /// The exit code, and all of the screen's text from then on in `text`.
    func end() -> Int32 {
        while process.isRunning { read(milliseconds: 50) }
        for _ in 0..<3 { read(milliseconds: 20) }
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            ? 128 + process.terminationStatus : process.terminationStatus
    }

    private func read(milliseconds: Int32) {
        var file = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
        guard poll(&file, 1, milliseconds) > 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(screen, &bytes, bytes.count)
        // A pseudo-terminal without a writer fails at once.
        guard count > 0 else {
            usleep(20_000)
            return
        }
        text += String(decoding: bytes[..<count], as: UTF8.self).filter { $0 != "\r" }.replacing("\r\n", with: "\n")
    }
}
