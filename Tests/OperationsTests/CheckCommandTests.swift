import Foundation
import Operations
import Planning
import TestSupport
import Testing
import Values

/// `--check-command`: the user's own check after each component and each batch.
@Suite struct CheckCommandTests {
    /// A program in a folder of its own, that writes what it was told into `calls`.
    private struct Script {
        let folder: URL
        var path: String { folder.appending(path: "check.sh").path }

        init(_ body: String) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let line =
                #"echo "$SAIL_OPERATION $SAIL_COMPONENT $SAIL_VERSION ${SAIL_BATCH:-0}/${SAIL_BATCHES:-0} "#
                + #"$SAIL_NODE_COUNT $SAIL_NODES" >> "# + folder.path + "/calls"
            try "#!/bin/sh\n\(line)\n\(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }

        var calls: [String] {
            let text = (try? String(contentsOf: folder.appending(path: "calls"), encoding: .utf8)) ?? ""
            return text.split(separator: "\n").map(String.init)
        }
    }

    private func give(_ script: Script, _ options: inout OperationOptions) {
        var flags = CommandFlags()
        flags.program = script.path
        options.commandFlags[.checkCommand] = flags
    }

    @Test func itRunsAfterEachComponentThatChangedAndIsToldWhich() throws {
        let bench = try Bench()
        let script = try Script("exit 0")
        defer { try? FileManager.default.removeItem(at: script.folder) }
        #expect(try bench.run(.install) { give(script, &$0) } == 0, "\(bench.ui.text)")
        let version = Bench.new
        #expect(
            script.calls.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
                "install base \(version)", "install istiod \(version)", "install cni \(version)",
                "install ztunnel \(version)",
            ])
        #expect(script.calls.last?.contains(" 3 n1") == true, "\(script.calls)")
        // Nothing changes: nothing is checked.
        #expect(try bench.run(.upgrade) { give(script, &$0) } == 0)
        #expect(script.calls.count == 4)
    }

    @Test func aFailureHaltsTheRunWithItsLastLines() throws {
        let bench = try Bench()
        let script = try Script(#"[ "$SAIL_COMPONENT" = istiod ] || exit 0; echo "error rate 4 %"; exit 3"#)
        defer { try? FileManager.default.removeItem(at: script.folder) }
        #expect(try bench.run(.install) { give(script, &$0) } == 1)
        #expect(
            bench.ui.text.contains("check command check.sh ended with exit code 3 after istiod"), "\(bench.ui.text)")
        #expect(bench.ui.text.contains("| error rate 4 %"))
        #expect(script.calls.count == 2)
        #expect(try bench.revisions().contains { $0.contains("istiod") && $0.contains("failed") })
    }

    @Test func itRunsAfterEachBatchOfZtunnel() throws {
        let bench = try Bench()
        let script = try Script(#"[ "$SAIL_BATCH" = 2 ] && exit 1; exit 0"#)
        defer { try? FileManager.default.removeItem(at: script.folder) }
        #expect(
            try bench.run(.install) {
                $0.values.sets.append((.typed, "ztunnel.updateStrategy.type=OnDelete"))
                $0.cluster.apply.rollout = .batch(1)
            } == 0, "\(bench.ui.text)")
        let code = try bench.run(.upgrade) {
            $0.values.sets.append((.typed, "ztunnel.logLevel=debug"))
            $0.cluster.apply.rollout = .batch(1)
            give(script, &$0)
        }
        #expect(code == 1, "\(bench.ui.text)")
        #expect(script.calls.filter { $0.contains("ztunnel") }.map { $0.split(separator: " ")[3] } == ["1/3", "2/3"])
        #expect(bench.ui.text.contains("1 pod keeps the old revision"), "\(bench.ui.text)")
    }

    @Test func onlyItsNameAndDigestAreStoredAndALaterRunWithoutItStops() throws {
        let bench = try Bench()
        let script = try Script("exit 0")
        defer { try? FileManager.default.removeItem(at: script.folder) }
        #expect(try bench.run(.install) { give(script, &$0) } == 0, "\(bench.ui.text)")
        let before = script.calls.count
        let message = bench.failure(.upgrade) { $0.values.sets.append((.typed, "ztunnel.logLevel=debug")) }
        #expect(message.contains("--check-command check.sh"), "\(message)")
        #expect(script.calls.count == before)
        var dropped = CommandFlags()
        dropped.isDropped = true
        #expect(
            try bench.run(.upgrade) {
                $0.values.sets.append((.typed, "ztunnel.logLevel=debug"))
                $0.commandFlags[.checkCommand] = dropped
            } == 0, "\(bench.ui.text)")
        #expect(script.calls.count == before)
    }

    @Test func aProgramThatHangsIsEndedWithTheRunsTime() throws {
        let bench = try Bench()
        let script = try Script("sleep 60")
        defer { try? FileManager.default.removeItem(at: script.folder) }
        let code = try bench.run(.install) {
            give(script, &$0)
            $0.cluster.apply.timeout = 2000
        }
        #expect(code == 1)
        #expect(bench.ui.text.contains("did not end within the"), "\(bench.ui.text)")
    }
}
