internal import Glibc

/// SIGINT, SIGTERM and SIGHUP while a program runs in a process group of its own, where the terminal's Ctrl-C does not
/// reach it: they are kept back until the program was ended, and then take their usual course in this process.
///
/// A class, so that `end` can be called twice.
final class PassedSignals {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]
    private static let last = SignalCount()

    private var earlier: [(number: Int32, action: sigaction)] = []
    private var earlierMask = sigset_t()

    /// What came in the meantime.
    var received: Int32? { PassedSignals.last.number == 0 ? nil : PassedSignals.last.number }

    init() {
        PassedSignals.last.number = 0
        // Whoever started this process may have blocked them, and a block is inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in PassedSignals.numbers { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, &earlierMask)
        for number in PassedSignals.numbers {
            var old = sigaction()
            guard sigaction(number, nil, &old) == 0 else { continue }
            // What is ignored, as under nohup(1), stays so.
            if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                continue
            }
            var new = sigaction()
            new.__sigaction_handler.sa_handler = { PassedSignals.last.number = $0 }
            sigemptyset(&new.sa_mask)
            guard sigaction(number, &new, nil) == 0 else { continue }
            earlier.append((number, old))
        }
    }

    /// Puts everything back; `signal` is then raised again.
    func end(raising signal: Int32? = nil) {
        if signal == nil, !earlier.isEmpty { pthread_sigmask(SIG_SETMASK, &earlierMask, nil) }
        for entry in earlier {
            var action = entry.action
            sigaction(entry.number, &action, nil)
        }
        earlier = []
        if let signal { raise(signal) }
    }
}
