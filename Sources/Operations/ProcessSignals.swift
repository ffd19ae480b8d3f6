import Glibc
import System

/// SIGINT, SIGTERM and SIGHUP (a lost ssh connection) in a run that writes: the first one ends the run after the
/// request in flight, with its records closed and the lock released; the second one ends it at once.
///
/// Before the first write nobody listens, and a signal ends the process as usual.
package struct ProcessSignals: Signals {
    private static let count = SignalCount()
    private static let signal = SignalCount(SIGINT)
    nonisolated(unsafe) private static var isMasked = false

    package init() {}

    package var areAsking: Bool { ProcessSignals.count.number > 0 && !ProcessSignals.isMasked }
    package var happened: Bool { ProcessSignals.count.number > 0 }

    /// 130, 143 or 129.
    package var exitCode: Int32 { 128 + ProcessSignals.signal.number }

    package func listen() {
        // They are made by their first use, for which a handler is not the place.
        _ = (ProcessSignals.count, ProcessSignals.signal)
        // Whoever started this process may have blocked them for its own threads, and a block is inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let earlier = Glibc.signal(number) { number in
                ProcessSignals.count.number += 1
                ProcessSignals.signal.number = number
                if ProcessSignals.count.number > 1 { _exit(128 + number) }
            }
            // nohup(1): the run is to outlive its terminal.
            if number == SIGHUP, ProcessSignals.isIgnored(earlier) { Glibc.signal(SIGHUP, SIG_IGN) }
        }
    }

    private static func isIgnored(_ handler: __sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    package func masked<Result>(_ body: () -> Result) -> Result {
        ProcessSignals.isMasked = true
        defer { ProcessSignals.isMasked = false }
        return body()
    }
}
