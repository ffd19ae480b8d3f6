import Foundation
import Operations
import Planning
import Synchronization
import Terminal
import Testing

@testable import Commands

/// Errors as they reach the terminal.
@Suite struct SharedRemedyTests {
    private func shown(_ error: any Error) -> String {
        let messages = Mutex<[UInt8]>([])
        let console = Console(output: { _ in }, messages: { bytes in messages.withLock { $0 += bytes } })
        console.fail(error)
        return String(decoding: messages.withLock { $0 }, as: UTF8.self)
    }

    @Test func oneFailureHasItsRemedyBehindIt() {
        #expect(
            shown(Failures(failures: [Failure(nil, "a is wrong")], remedy: "fix a")) == "error: a is wrong; fix a\n")
    }

    @Test func whatHelpsAgainstSeveralStandsBelowThem() {
        let failures = ["a", "b", "c"].map { Failure(nil, "\($0) is wrong") }
        #expect(
            shown(Failures(failures: failures, remedy: "fix all"))
                == "error: a is wrong\nerror: b is wrong\nerror: c is wrong\nto fix these 3: fix all\n")
    }

    @Test func eachFindingHasItsOwnRemedy() {
        let failures = Failures([
            (Failure(nil, "a"), "fix a"), (Failure(nil, "b"), "fix both"), (Failure(nil, "c"), "fix both"),
        ])
        #expect(shown(failures) == "error: a; fix a\nerror: b\nerror: c\nto fix these 2: fix both\n")
    }
}
