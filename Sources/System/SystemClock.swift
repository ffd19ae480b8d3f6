internal import Glibc

/// The clocks of this machine.
package enum SystemClock {
    /// Milliseconds of a clock that only goes forward, and stops while the machine sleeps: for timeouts.
    package static func monotonic() -> Int { milliseconds(CLOCK_MONOTONIC) }

    /// The same, where the time that the machine slept counts too: how old a lock is to others.
    package static func sinceBoot() -> Int { milliseconds(CLOCK_BOOTTIME) }

    /// Seconds since 1970, by a clock that an administrator may set.
    package static func now() -> Int { Int(time(nil)) }

    /// Waits; a signal may end the wait early.
    package static func sleep(milliseconds: Int) {
        guard milliseconds > 0 else { return }
        usleep(UInt32(clamping: milliseconds.multipliedReportingOverflow(by: 1000).partialValue))
    }

    private static func milliseconds(_ clock: Int32) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
