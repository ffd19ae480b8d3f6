internal import CSystem
internal import Glibc

/// A program to run: found on PATH where the name has no slash, with its arguments and the text for its standard input.
package struct Subprocess: Sendable {
    package var program: String
    package var arguments: [String]
    /// The name that the program sees itself called by; `program` where `nil`.
    package var calledName: String?
    /// Variables set beside those of this process.
    package var environment: [(name: String, value: String)]
    package var input: [UInt8]
    /// Where the program's standard error goes: to ours, or into the result.
    package var sharesErrorStream: Bool
    /// Whether the program reads our standard input (it may ask the user something) instead of `input`.
    package var sharesInput: Bool

    package init(
        _ program: String, _ arguments: [String] = [], environment: [(name: String, value: String)] = [],
        input: [UInt8] = [], sharesErrorStream: Bool = false, sharesInput: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.sharesErrorStream = sharesErrorStream
        self.sharesInput = sharesInput
    }

    /// What a program left behind when it ended.
    package struct Result: Sendable {
        /// The exit code, or 128 and the signal's number.
        package var status: Int
        package var output: [UInt8]
        package var errors: [UInt8]
    }

    package enum Failure: Error, Sendable, Equatable {
        /// A signal ended this run, and with it the program.
        case interrupted(String)
        case notFound(String)
        case notStarted(String, reason: String)
        case timedOut(String, seconds: Int)
        case tooMuchOutput(String)
    }

    static let largestOutput = 16 << 20

    /// Runs the program to its end and gathers what it prints, at most 16 MiB; kills it, and what it has started, after
    /// `seconds`. It gets no file or connection of this process beside its own three. `meanwhile` is called several times a
    /// second as long as it runs.
    package func run(seconds: Int = 60, meanwhile: () -> Void = {}) throws(Failure) -> Result {
        var pipes = Pipes()
        defer { pipes.closeAll() }
        let signals = sharesInput ? nil : PassedSignals()
        defer { signals?.end() }
        let child = try start(&pipes)
        pipes.closeChildEnds()
        var end = SystemClock.monotonic() + seconds * 1000
        var result = Result(status: 0, output: [], errors: [])
        var pending = input[...]
        // What a child of the program still holds open is waited for a second after the program's own end.
        var status: Int?
        while pipes.isOpen {
            meanwhile()
            if status == nil, let ended = code(of: child) {
                status = ended
                end = min(end, SystemClock.monotonic() + 1000)
            }
            if let signal = signals?.received {
                if status == nil { stop(child) }
                signals?.end(raising: signal)
                throw .interrupted(program)
            }
            guard SystemClock.monotonic() < end else {
                if status != nil { break }
                stop(child)
                throw .timedOut(program, seconds: seconds)
            }
            pipes.exchange(&pending, &result, milliseconds: min(end - SystemClock.monotonic(), 100))
            guard result.output.count + result.errors.count <= Subprocess.largestOutput else {
                if status == nil { stop(child) }
                throw .tooMuchOutput(program)
            }
        }
        result.status = status ?? wait(for: child)
        return result
    }

    func start(_ pipes: inout Pipes) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        guard pipes.open() else { throw .notStarted(program, reason: String(cString: strerror(errno))) }
        if !sharesInput { posix_spawn_file_actions_adddup2(&actions, pipes.childInput, 0) }
        posix_spawn_file_actions_adddup2(&actions, pipes.childOutput, 1)
        if !sharesErrorStream { posix_spawn_file_actions_adddup2(&actions, pipes.childErrors, 2) }
        if sharesInput { pipes.closeInput() }
        // Whatever was opened without close-on-exec, such as by libcurl.
        _ = csystem_close_from(&actions, STDERR_FILENO + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        configure(&attributes)

        var child: pid_t = 0
        let arguments = ([calledName ?? program] + self.arguments).map { strdup($0) } + [nil]
        let environment = mergedEnvironment().map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        let code = posix_spawnp(&child, program, &actions, &attributes, arguments, environment)
        guard code == 0 else {
            throw code == ENOENT ? .notFound(program) : .notStarted(program, reason: String(cString: strerror(code)))
        }
        return child
    }

    private func configure(_ attributes: inout posix_spawnattr_t) {
        // This process ignores SIGPIPE; the child gets the default back. No signal is blocked for it.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        // A group of its own can be ended as a whole; a program that asks on the terminal has to stay in ours.
        if !sharesInput { flags |= POSIX_SPAWN_SETPGROUP }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    private func mergedEnvironment() -> [String] {
        var lines: [String] = []
        var current = environ
        while let line = current.pointee {
            let text = String(cString: line)
            if !environment.contains(where: { text.hasPrefix("\($0.name)=") }) { lines.append(text) }
            current += 1
        }
        return lines + environment.map { "\($0.name)=\($0.value)" }
    }

    private func stop(_ child: pid_t) {
        kill(sharesInput ? child : -child, SIGKILL)
        _ = wait(for: child)
    }

    func wait(for child: pid_t) -> Int {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return exitCode(status)
    }

    /// `nil` as long as it runs.
    func code(of child: pid_t) -> Int? {
        var status: Int32 = 0
        return waitpid(child, &status, WNOHANG) == child ? exitCode(status) : nil
    }

    private func exitCode(_ status: Int32) -> Int {
        let signal = status & 0x7F
        return signal == 0 ? Int(status >> 8) & 0xFF : 128 + Int(signal)
    }
}
