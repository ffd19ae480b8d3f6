import Operations
import Testing

/// `sail upgrade` with nothing to do.
@Suite struct NewerVersionNoteTests {
    @Test func anUpgradeWithoutChangesSaysWhichNewerVersionThereIs() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
        #expect(try bench.run(.upgrade) { $0.version = nil } == 0)
        #expect(bench.ui.text.contains("newer than v1.30.3: v1.31.0"), "\(bench.ui.text)")
        #expect(bench.ui.text.contains("sail diff --version v1.31.0 shows the upgrade"))
        // An installation says nothing of upgrades.
        #expect(try bench.run(.install) == 0)
        #expect(!bench.ui.text.contains("newer than"))
    }
}
