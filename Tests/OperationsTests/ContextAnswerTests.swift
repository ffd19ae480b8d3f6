import Testing
import Values

@testable import Operations
@testable import System

/// What one of several contexts answered.
@Suite struct ContextAnswerTests {
    private func answer(_ status: Int, _ output: String, _ errors: String = "") -> ContextAnswer {
        ContextAnswer("prod", Subprocess.Result(status: status, output: Array(output.utf8), errors: Array(errors.utf8)))
    }

    @Test func aResultKeepsItsMessages() {
        let found = answer(1, #"{"state": "Degraded"}"#, "warning: slow\nnote: seen\n")
        #expect(found.value?["state"] == "Degraded")
        #expect(found.exitCode == 1 && found.errors == [])
        #expect(found.messages == ["warning: slow", "note: seen"])
    }

    @Test func withoutAResultTheErrorsAreTheAnswer() {
        let found = answer(1, "", "warning: slow\nerror: no mesh found\nerror: second\n")
        #expect(found.value == nil)
        #expect(found.errors == ["no mesh found", "second"])
        #expect(found.messages == ["warning: slow"])
    }

    @Test func whatEndsWithoutAWordIsNeverASuccess() {
        #expect(answer(0, "").errors == ["printed no result"])
        #expect(answer(0, "").exitCode == 1)
        #expect(answer(137, "").errors == ["was ended by signal 9"])
        #expect(answer(0, "{half").value == nil)
        #expect(answer(0, "{half").exitCode == 1)
    }
}
