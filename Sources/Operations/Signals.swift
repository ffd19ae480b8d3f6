/// The signals that may end a run before its end.
package protocol Signals: Sendable {
    /// Takes signals from now on; before, one ends the process as usual.
    func listen()
    /// Whether the run is to end after the request in flight; never while `masked` runs.
    var areAsking: Bool { get }
    /// Whether a signal has come.
    var happened: Bool { get }
    /// What a shell expects of a program that the signal ended.
    var exitCode: Int32 { get }
    /// What must still be written after an interruption: the records of it.
    func masked<Result>(_ body: () -> Result) -> Result
}
