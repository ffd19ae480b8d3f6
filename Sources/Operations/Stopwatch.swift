internal import System

/// The time since a moment, for what is shown of a run while it goes.
package struct Stopwatch: Sendable {
    private let start: Int
    private let now: @Sendable () -> Int

    /// Starts now, by a clock of milliseconds.
    package init(now: @escaping @Sendable () -> Int = { SystemClock.monotonic() }) {
        self.now = now
        start = now()
    }

    /// How many milliseconds have passed.
    package var elapsed: Int { now() - start }

    /// The same as people read it: `1m5s`.
    package var text: String { shownDuration(milliseconds: elapsed) }
}
