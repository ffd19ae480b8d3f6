import Glibc

/// What one kind's inputs came to.
package struct Tally: Sendable {
    package var inputs = 0
    /// Inputs that a reader took.
    package var taken = 0
    package var failures: [Failure] = []
    /// The most memory that a process needed, in bytes.
    package var peak = 0
    /// The processor's time.
    package var seconds = 0.0
}

/// An input that did not end in an answer.
package struct Failure: Sendable {
    package enum Way: Sendable, Equatable {
        case signal(Int32)
        case hang
        case memory
    }

    package var number: Int
    package var way: Way
}

/// Runs inputs in child processes, so that one that traps, hangs or grows ends alone, and is known by its number.
package struct Batch {
    /// Seconds of this program's time that an input may take.
    private static let longest = 20
    private static let mostMemory = 1 << 30
    private static let memoryCode: Int32 = 3

    /// What parent and child share: the number to read next, and how many were taken.
    private struct Progress {
        var number: Int
        var taken: Int
        var peak: Int
    }

    private let progress: UnsafeMutablePointer<Progress>

    package init() {
        let shared = mmap(
            nil, MemoryLayout<Progress>.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        guard let shared, shared != MAP_FAILED else { fatalError("no shared memory") }
        progress = shared.bindMemory(to: Progress.self, capacity: 1)
    }

    /// Reads the inputs with these numbers, as many of them as the processor's time `seconds` is enough for.
    package func run(
        _ subject: Subject, seed: UInt64, kept: [[UInt8]] = [], numbers: Range<Int>, seconds: Double? = nil
    ) -> Tally {
        var tally = Tally()
        let input = subject.inputs(seed: seed, kept: kept)
        var next = numbers.lowerBound
        while next < numbers.upperBound, tally.seconds < seconds ?? .infinity {
            // A child for each thousand keeps what leaks from adding up.
            let end = min(numbers.upperBound, next + 1000)
            let left = seconds.map { $0 - tally.seconds } ?? .infinity
            progress.initialize(to: Progress(number: next, taken: 0, peak: 0))
            let (status, time) = child {
                for number in next..<end where Batch.processorTime() < left {
                    Batch.limitTime()
                    if subject.read(input(number)) { progress.pointee.taken += 1 }
                    progress.pointee.peak = Batch.peak()
                    if progress.pointee.peak > Batch.mostMemory { _exit(Batch.memoryCode) }
                    progress.pointee.number = number + 1
                }
            }
            tally.taken += progress.pointee.taken
            tally.peak = max(tally.peak, progress.pointee.peak)
            tally.seconds += time
            next = progress.pointee.number
            if let way = Batch.way(status) {
                tally.failures.append(Failure(number: next, way: way))
                next += 1
            }
        }
        tally.inputs = next - numbers.lowerBound
        return tally
    }

    /// Reads one input, with what the child says on standard error in the open.
    package func replay(_ subject: Subject, _ bytes: [UInt8]) -> Failure.Way? {
        let (status, _) = child(isSilent: false) {
            Batch.limitTime()
            _ = subject.read(bytes)
            if Batch.peak() > Batch.mostMemory { _exit(Batch.memoryCode) }
        }
        return Batch.way(status)
    }

    /// Swift hides fork(2), which is safe in a process of one thread.
    private static let fork: @convention(c) () -> pid_t = unsafeBitCast(
        dlsym(nil, "fork"), to: (@convention(c) () -> pid_t).self)

    /// Answers how the child ended, and the processor's time that it took.
    private func child(isSilent: Bool = true, _ body: () -> Void) -> (status: Int32, seconds: Double) {
        let process = Batch.fork()
        if process == 0 {
            // A trap ends the child at once, without a backtrace.
            for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGPROF, SIGALRM] {
                signal(number, SIG_DFL)
            }
            if isSilent { dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) }
            var space = rlimit(rlim_cur: 8 << 30, rlim_max: 8 << 30)
            setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space)
            var core = rlimit(rlim_cur: 0, rlim_max: 0)
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
            body()
            _exit(0)
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        return (status, Batch.seconds(usage.ru_utime) + Batch.seconds(usage.ru_stime))
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func way(_ status: Int32) -> Failure.Way? {
        let number = status & 0x7F
        if number == SIGPROF || number == SIGALRM { return .hang }
        if number != 0 { return .signal(number) }
        return (status >> 8) & 0xFF == 0 ? nil : .memory
    }

    /// By the processor's time, and by the clock for what sleeps.
    private static func limitTime() {
        var processor = itimerval()
        processor.it_value.tv_sec = longest
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &processor, nil)
        var clock = itimerval()
        clock.it_value.tv_sec = longest * 30
        setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &clock, nil)
    }

    private static func peak() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
