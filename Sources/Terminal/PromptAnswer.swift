internal import Glibc
internal import System

/// What a user types at a question.
package enum PromptAnswer: Sendable {
    case line(String)
    /// The input ended.
    case end
    /// Ctrl-C; with the exit code that a shell expects.
    case interrupted(code: Int32)
}

private let signalAtQuestion = SignalCount()

/// Reads a line from standard input; SIGINT, SIGTERM and SIGHUP end the question, not the process.
package func readAnswer() -> PromptAnswer {
    signalAtQuestion.number = 0
    let numbers = [SIGINT, SIGTERM, SIGHUP]
    // Whoever started this process may have blocked them, and a block is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    let earlier = numbers.map { number in Glibc.signal(number) { signalAtQuestion.number = $0 } }
    defer { for (number, handler) in zip(numbers, earlier) { Glibc.signal(number, handler) } }
    var line: [UInt8] = []
    while true {
        var file = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        // Unlike read(2), poll(2) is never taken up again after a signal.
        let ready = poll(&file, 1, -1)
        if signalAtQuestion.number != 0 { return .interrupted(code: 128 + signalAtQuestion.number) }
        if ready < 0, errno == EINTR { continue }
        var byte: UInt8 = 0
        switch ready < 0 ? -1 : read(STDIN_FILENO, &byte, 1) {
        case 1 where byte == UInt8(ascii: "\n"): return .line(String(decoding: line, as: UTF8.self))
        case 1: if line.count < 1000 { line.append(byte) }
        case -1 where errno == EINTR || errno == EAGAIN: continue
        default: return line.isEmpty ? .end : .line(String(decoding: line, as: UTF8.self))
        }
    }
}
