import Testing

/// `install --dry-run=client` exits as an installation on an empty cluster would.
@Suite struct OfflineRehearsalTests {
    @Test func theObjectsAreTheResult() {
        let answer = run(["install", "--dry-run=client", "--profile", "ambient"])
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.output.contains("kind: DaemonSet"))
    }

    @Test(arguments: [
        (["--version", "v1.24.0"], "--allow-end-of-life"),
        (["--set", "pilot.env.PILOT_ENABLE_AMBIENT=false"], "these values switch ambient mode off"),
        (
            ["--ztunnel-rollout", "rolling", "--ztunnel-nodes", "a=b"],
            "--ztunnel-nodes and --ztunnel-pause need a rollout in batches"
        ),
        (["-c", "istiod", "--ztunnel-rollout", "batch=1"], "ztunnel is not part of this run"),
    ])
    func whatTheRunWouldRefuseFailsIt(flags: [String], reason: String) {
        let answer = run(["install", "--dry-run=client", "--profile", "ambient"] + flags)
        #expect(answer.code == 1, "\(flags)")
        #expect(answer.messages.contains(reason), "\(answer.messages)")
    }

    @Test func anInsistenceCountsHereToo() {
        #expect(run(["install", "--dry-run=client", "--version", "v1.24.0", "--allow-end-of-life"]).code == 0)
    }

    @Test func whatHasNoEffectIsSaidOnce() {
        let answer = run(["install", "--dry-run=client", "--profile", "ambient", "--set", "pilot.replicaCount=3"])
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(
            answer.messages.split(separator: "\n").count { $0.contains("has no effect") } == 1, "\(answer.messages)")
    }
}
