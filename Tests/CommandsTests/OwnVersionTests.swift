import Commands
import Foundation
import Synchronization
import Terminal
import Testing

/// What `sail version` says of the program itself.
@Suite struct OwnVersionTests {
    private func version(_ words: [String], _ build: BuildInformation) -> String {
        let output = Mutex<[UInt8]>([])
        let console = Console(
            window: 80, messageWindow: 80, output: { bytes in output.withLock { $0 += bytes } }, messages: { _ in })
        #expect(sail(["version"] + words, environment: [:], console: console, build: build) == 0)
        return String(decoding: output.withLock { $0 }, as: UTF8.self)
    }

    private let build = BuildInformation(commit: "3f2c9a", date: "2026-11-27T05:00:00Z", swift: "6.3.1")

    @Test func theBuildIsToldWhereItIsKnown() throws {
        let lines = version([], build).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1] == "built from commit 3f2c9a of 2026-11-27T05:00:00Z, Swift 6.3.1")
        #expect(version([], BuildInformation(swift: "6.3.1")).contains("\nbuilt from Swift 6.3.1\n"))
        #expect(!version([], BuildInformation()).contains("built from"))
    }

    @Test func inJSONWhatIsNotKnownIsLeftOut() throws {
        let whole = try JSONSerialization.jsonObject(with: Data(version(["-o", "json"], build).utf8)) as? [String: Any]
        #expect(whole?["commit"] as? String == "3f2c9a")
        #expect(whole?["date"] as? String == "2026-11-27T05:00:00Z")
        #expect(whole?["swift"] as? String == "6.3.1")
        let catalogue = whole?["catalogue"] as? [String: Any]
        #expect(catalogue?["default"] as? String == whole?["istio"] as? String)
        #expect(catalogue?["oldest"] as? String == "v1.24.0")
        let text = version(["-o", "json"], BuildInformation())
        #expect(!text.contains("commit") && !text.contains("date") && !text.contains("null"))
    }

    @Test func flagsOfTheClusterNeedTheCheck() {
        let answer = run(["version", "--context", "production"])
        #expect(answer.code == 2)
        #expect(answer.messages.contains("--check"), "\(answer.messages)")
    }
}
