import Glibc
import Values

/// Keeps deep recursion (templates that call themselves 100,000 times, ten thousand parentheses) off the end of the
/// machine's stack: where it runs low, the rest runs on a new, large one.
package final class NativeStack {
    /// The lowest address that the present stack may grow down to.
    private var limit: UInt
    private var extensions = 0

    /// What a caller's stack is trusted to have left; small enough for any thread.
    private static let trusted: UInt = 192 << 10
    private static let reserve: UInt = 128 << 10
    private static let extensionSize = 512 << 20
    private static let mostExtensions = 6

    /// Thrown where even the large stacks are used up, or none can be had.
    package struct Exhausted: Error {}

    package init() {
        let here = NativeStack.address
        limit = here > NativeStack.trusted ? here - NativeStack.trusted : 0
    }

    private static var address: UInt {
        var local: UInt8 = 0
        return withUnsafeMutablePointer(to: &local) { UInt(bitPattern: $0) }
    }

    /// Runs `body` here, or on a new stack where little is left of this one.
    @inline(__always)
    package func withRoom<Result>(_ body: () throws -> Result) throws -> Result {
        if NativeStack.address > limit { return try body() }
        return try onNewStack(body)
    }

    /// Runs `body` on a new stack.
    @inline(never)
    package func onNewStack<Result>(_ body: () throws -> Result) throws -> Result {
        guard extensions < NativeStack.mostExtensions else { throw Exhausted() }
        let before = limit
        extensions += 1
        defer {
            extensions -= 1
            limit = before
        }
        return try withoutActuallyEscaping(body) { body in
            var outcome: Swift.Result<Result, any Error> = .failure(Exhausted())
            try withUnsafeMutablePointer(to: &outcome) { outcome in
                try run(size: NativeStack.extensionSize) {
                    outcome.pointee = Swift.Result(catching: body)
                }
            }
            return try outcome.get()
        }
    }

    /// Runs `body` on a thread of its own, whose stack has `size` bytes, and waits for it.
    private func run(size: Int, _ body: @escaping () -> Void) throws {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { throw Exhausted() }
        defer { pthread_attr_destroy(&attributes) }
        guard pthread_attr_setstacksize(&attributes, size) == 0 else { throw Exhausted() }
        let job = Unmanaged.passRetained(
            Job { [self] in
                limit = NativeStack.address - UInt(size) + NativeStack.reserve
                body()
            })
        var thread = pthread_t()
        let started = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, job.toOpaque())
        guard started == 0 else {
            job.release()
            throw Exhausted()
        }
        pthread_join(thread, nil)
    }

    // MARK: Releasing

    /// Where the stack of this thread was when it began to release a tree of maps.
    private static let start: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private static let mostForReleasing: UInt = 256 << 10

    /// Releases a map's entries, in which there may be maps within each other by the million: each takes a piece of
    /// the stack. What is nested deeper than a part of the stack allows is kept in memory instead.
    static func release(_ entries: inout [Text: GoValue]) {
        if entries.isEmpty { return }
        let here = address
        guard let first = pthread_getspecific(start).map({ UInt(bitPattern: $0) }) else {
            pthread_setspecific(start, UnsafeRawPointer(bitPattern: here))
            entries = [:]
            pthread_setspecific(start, nil)
            return
        }
        if first > here, first - here > mostForReleasing { _ = Unmanaged.passRetained(Remains(entries)) }
        entries = [:]
    }

    private final class Remains {
        let entries: [Text: GoValue]

        init(_ entries: [Text: GoValue]) {
            self.entries = entries
        }
    }

    private final class Job {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }
}
