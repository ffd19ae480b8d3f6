import Foundation
import Sandbox
import TestSupport
import Testing

/// Standard input, output and error as shells and daemons leave them: closed, full, without a reader, never ready.
@Suite struct StreamTests {
    /// What bash makes of a line in which `sail` is the program.
    private func shell(_ line: String, _ kubeconfig: String = "/nonexistent") throws -> Run {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "sail() { \"$SAIL\" \"$@\"; }; " + line]
        process.environment = ["SAIL": Program.path.path, "KUBECONFIG": kubeconfig, "PATH": "/usr/bin:/bin"]
        let (output, messages) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = messages
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let said = messages.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            messages: String(decoding: said, as: UTF8.self))
    }

    @Test(arguments: [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func aClosedStreamIsNotTakenForAConnection(closed: String) throws {
        let mesh = try Mesh(.sandbox)
        let sandbox = try #require(mesh.cluster.sandbox)
        for line in ["install --dry-run", "install --yes", "status -o json"] {
            let run = try shell(
                "timeout 60 \"$SAIL\" \(line) \(closed); echo code $? >/proc/$$/fd/1", mesh.cluster.kubeconfig)
            #expect(run.output.hasSuffix("code 0\n"), "\(line) \(closed): \(run.output.suffix(100)) \(run.end)")
        }
        // Nothing of the plan went to the server, which would have answered 400.
        #expect(sandbox.requests.allSatisfy { $0.path.hasPrefix("/") && $0.status != 400 })
        #expect(try mesh.sail("status").code == 0)
    }

    @Test(arguments: ["version", "images", "help install", "manifest generate", "completion bash", "versions -o json"])
    func aFullDiskIsAnErrorOfAResult(line: String) throws {
        let run = try shell("sail \(line) >/dev/full")
        #expect(run.code == 1)
        #expect(run.messages == "error: standard output: no space left on device; nothing more was written\n")
    }

    @Test func aFullDiskForMessagesStopsNothing() throws {
        #expect(try shell("sail images --set global.hub=x 2>/dev/full | wc -l").output != "0\n")
        #expect(try shell("sail no-such-command 2>/dev/full").code == 2)
    }

    @Test func aReaderThatIsGoneIsNoComplaint() throws {
        let run = try shell("sail manifest generate | head -1; echo ${PIPESTATUS[0]}")
        #expect(run.messages == "")
        #expect(run.output.hasSuffix("\n0\n"))
    }

    @Test func aPipeThatTakesNothingForNowIsWaitedFor() throws {
        // A reader that makes the pipe non-blocking, as node and ssh do, and is slow; all must arrive.
        let run = try shell(
            """
            python3 -c '
            import fcntl, os, subprocess, time
            read, write = os.pipe()
            fcntl.fcntl(write, fcntl.F_SETFL, os.O_NONBLOCK)
            child = subprocess.Popen([os.environ["SAIL"], "manifest", "generate"], stdout=write)
            os.close(write)
            time.sleep(2)
            size = 0
            while piece := os.read(read, 65536): size += len(piece)
            child.wait()
            print(child.returncode, size > 300000)
            '
            """)
        #expect(run.output == "0 True\n", "\(run.end)")
    }
}
