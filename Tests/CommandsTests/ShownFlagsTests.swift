import Testing

@testable import Commands

/// The flags that a run's records keep.
@Suite struct ShownFlagsTests {
    @Test(arguments: [
        ("upgrade --version v1.30.3 --yes", ["--version v1.30.3"]),
        ("install -y --kubeconfig k --context=prod -o json --set a.b=1", ["--set a.b=1"]),
        ("install --set global.dbPassword=hunter2 -f v.yaml", ["--set global.dbPassword=***", "-f v.yaml"]),
        ("install --set=a=1,apiToken=x", ["--set=a=***"]),
        ("install --set-json x={\"secret\":1}", ["--set-json x=***"]),
        ("install --charts https://u:p@host/charts", ["--charts https://***@host/charts"]),
        (
            "upgrade --post-renderer /home/me/pr.sh --post-renderer-args --token=x --post-renderer-args=y",
            ["--post-renderer pr.sh", "--post-renderer-args …", "--post-renderer-args …"]
        ),
        ("upgrade --check-command=./a/check --post-renderer", ["--check-command check", "--post-renderer"]),
        ("upgrade", []), ("", []), ("--set", ["--set"]), ("install --set", ["--set"]), ("install --kubeconfig", []),
    ])
    func theyHoldNothingSecretOrLocal(line: String, expected: [String]) {
        #expect(shownFlags(line.split(separator: " ").map(String.init)) == expected)
    }

    @Test func aLongCommandLineIsCut() {
        let words = ["install"] + (0..<1000).flatMap { ["--set", "key.number\($0)=\($0)"] }
        let shown = shownFlags(words)
        #expect(shown.last == "…")
        #expect(shown.joined().utf8.count < 2100)
    }
}
