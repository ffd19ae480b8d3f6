import System
import Testing

/// Several programs at a time, served by one thread.
@Suite struct SubprocessGroupTests {
    private func shell(_ script: String, input: String = "") -> Subprocess {
        Subprocess("/bin/sh", ["-c", script], input: Array(input.utf8))
    }

    private func texts(_ endings: [SubprocessGroup.Ending]) -> [String] {
        endings.map { ending in
            switch ending {
            case .success(let result):
                "\(result.status) \(String(decoding: result.output, as: UTF8.self))"
                    + String(decoding: result.errors, as: UTF8.self)
            case .failure(let failure): "\(failure)"
            }
        }
    }

    @Test func theyRunSideBySideAndAnswerInTheOrderGiven() {
        let programs = (0..<10).map { shell("sleep 0.\(9 - $0); printf \($0); exit \($0)") }
        let start = SystemClock.monotonic()
        let endings = SubprocessGroup(programs, most: 10).run()
        #expect(SystemClock.monotonic() - start < 3000)
        #expect(texts(endings) == (0..<10).map { "\($0) \($0)" })
    }

    @Test func noMoreThanSoManyRunAtATime() {
        let programs = (0..<4).map { _ in shell("sleep 0.2") }
        let start = SystemClock.monotonic()
        var waiting: [[Int]] = []
        let endings = SubprocessGroup(programs, most: 2).run { waiting.append($0) }
        #expect(SystemClock.monotonic() - start >= 400)
        #expect(endings.count == 4)
        #expect(waiting.first == [0, 1, 2, 3])
        #expect(waiting.last?.contains(0) == false)
    }

    @Test func oneThatFailsIsNoHarmToTheOthers() {
        let endings = SubprocessGroup(
            [
                Subprocess("/nonexistent/program"), shell("kill -9 $$"), shell("cat; echo said >&2", input: "typed "),
                shell("sleep 100 & echo left behind"),
            ], most: 8
        ).run()
        #expect(
            texts(endings) == [
                "notFound(\"/nonexistent/program\")", "137 ", "0 typed said\n", "0 left behind\n",
            ])
    }

    @Test func aLotOfTextInBothDirectionsIsNotALock() {
        let text = String(repeating: "0123456789abcdef", count: 50_000)
        let endings = SubprocessGroup((0..<3).map { _ in shell("cat", input: text) }, most: 3).run()
        #expect(texts(endings) == [String](repeating: "0 " + text, count: 3))
    }

    @Test func aProgramSeesTheNameThatItIsCalledBy() throws {
        var program = Subprocess("/bin/sh", ["-c", "printf %s \"$0\""])
        program.calledName = "kubectl-sail"
        #expect(texts(SubprocessGroup([program], most: 1).run()) == ["0 kubectl-sail"])
        #expect(String(decoding: try program.run().output, as: UTF8.self) == "kubectl-sail")
    }

    @Test func nothingToRunIsNoWait() {
        #expect(SubprocessGroup([], most: 8).run().isEmpty)
    }
}
