internal import Glibc

/// Several programs that run side by side, a bounded number at a time; one thread serves them all by one poll loop.
package struct SubprocessGroup {
    package let programs: [Subprocess]
    /// How many run at the same time.
    package let most: Int

    package init(_ programs: [Subprocess], most: Int) {
        (self.programs, self.most) = (programs, max(1, most))
    }

    /// What became of one program.
    package typealias Ending = Swift.Result<Subprocess.Result, Subprocess.Failure>

    /// How long a program that was asked to end may take before it is killed, in milliseconds.
    private static let patience = 2000

    /// Runs all to their ends, the first ones first; none is limited in time. `meanwhile` is called several times a
    /// second with the places of those that have not ended. A signal to this process ends them all, and then takes its
    /// usual course.
    package func run(meanwhile: ([Int]) -> Void = { _ in }) -> [Ending] {
        let signals = PassedSignals()
        defer { signals.end() }
        var endings = [Ending?](repeating: nil, count: programs.count)
        var running: [Running] = []
        var next = 0
        while next < programs.count || !running.isEmpty {
            while next < programs.count, running.count < most, signals.received == nil {
                do throws(Subprocess.Failure) {
                    running.append(try Running(programs[next], at: next))
                } catch {
                    endings[next] = .failure(error)
                }
                next += 1
            }
            if let signal = signals.received {
                end(&running)
                signals.end(raising: signal)
                return programs.indices.map { endings[$0] ?? .failure(.interrupted(programs[$0].program)) }
            }
            meanwhile(endings.indices.filter { endings[$0] == nil })
            SubprocessGroup.exchange(&running)
            for index in running.indices {
                if let ending = running[index].ending() { endings[running[index].place] = ending }
            }
            running.removeAll { endings[$0.place] != nil }
        }
        return endings.compactMap { $0 }
    }

    /// Waits a moment for any of the pipes, and moves what can be moved.
    private static func exchange(_ running: inout [Running]) {
        var files: [pollfd] = []
        for index in running.indices { files += running[index].polled() }
        guard poll(&files, nfds_t(files.count), 100) > 0 else { return }
        for index in running.indices { running[index].move(files[(3 * index)..<(3 * index + 3)]) }
    }

    /// Asks all to end, so that what they have started ends with them, and kills those that do not.
    private func end(_ running: inout [Running]) {
        for program in running { program.send(SIGTERM) }
        let limit = SystemClock.monotonic() + SubprocessGroup.patience
        while SystemClock.monotonic() < limit, running.contains(where: { !$0.hasEnded }) {
            SubprocessGroup.exchange(&running)
            for index in running.indices { running[index].look() }
        }
        for index in running.indices { running[index].kill() }
    }
}

/// One program of a group as long as it runs.
private struct Running {
    let place: Int
    private let program: Subprocess
    private let child: pid_t
    private var pipes = Pipes()
    private var pending: ArraySlice<UInt8>
    private var result = Subprocess.Result(status: 0, output: [], errors: [])
    private var status: Int?
    /// When what a child of the program still holds open is waited for no longer.
    private var limit = Int.max

    var hasEnded: Bool { status != nil }

    init(_ program: Subprocess, at place: Int) throws(Subprocess.Failure) {
        (self.program, self.place) = (program, place)
        pending = program.input[...]
        do throws(Subprocess.Failure) {
            child = try program.start(&pipes)
        } catch {
            pipes.closeAll()
            throw error
        }
        pipes.closeChildEnds()
    }

    mutating func polled() -> [pollfd] { pipes.polled(closingInput: pending.isEmpty) }

    mutating func move(_ files: ArraySlice<pollfd>) { pipes.move(files, &pending, &result) }

    func send(_ signal: Int32) { _ = Glibc.kill(-child, signal) }

    /// Looks whether the program has ended.
    mutating func look() {
        guard status == nil, let ended = program.code(of: child) else { return }
        (status, limit) = (ended, SystemClock.monotonic() + 1000)
    }

    mutating func kill() {
        if status == nil {
            send(SIGKILL)
            status = program.wait(for: child)
        }
        pipes.closeAll()
    }

    /// How the program ended; `nil` as long as it runs, or something that it started holds its output open.
    mutating func ending() -> SubprocessGroup.Ending? {
        guard result.output.count + result.errors.count <= Subprocess.largestOutput else {
            kill()
            return .failure(.tooMuchOutput(program.program))
        }
        look()
        if !pipes.isOpen, status == nil { status = program.wait(for: child) }
        guard let status, !pipes.isOpen || SystemClock.monotonic() >= limit else { return nil }
        result.status = status
        pipes.closeAll()
        return .success(result)
    }
}
