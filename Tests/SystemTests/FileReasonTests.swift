import System
import Testing

/// Why a file cannot be read is the system's reason, and what to do about it fits to that.
@Suite struct FileReasonTests {
    @Test(arguments: [
        ("/nonexistent/kubeconfig", "no such file or directory", "check the path"),
        ("/", "is a folder, not a file", "name a file in it"),
        ("/etc/passwd/x", "not a directory", "check the path"),
    ])
    func theReasonIsTheSystems(path: String, reason: String, remedy: String) {
        let failure = #expect(throws: FileFailure.self) { try readWholeFile(path) }
        #expect(failure == FileFailure(reason: reason, remedy: remedy))
    }
}
