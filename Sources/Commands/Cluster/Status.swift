import Arguments
import Glibc
import Operations
import Terminal

/// `sail status`
let statusCommand = Command<Request>(
    "status", summary: "Show how the mesh on the cluster is",
    discussion: """
        Shows which mesh it is, each component, the nodes, the certificates that the mesh hangs on with their expiry \
        (a warning 60 days before), who uses it, and which workloads should be captured and are not, with the command \
        that restarts them.

        Exits with 0 where the mesh is healthy, 1 where it is not; with --watch, 130 after Ctrl-C.
        """,
    section: "Cluster",
    groups: [
        .output([.untilHealthy, .watch]),
        FlagGroup("Waiting", [.timeoutOfWait.needing("wait")]), .installed, .contexts, .common,
    ],
    examples: [
        ("sail status --watch", "Follow an upgrade from another terminal"),
        ("sail status --wait --timeout 10m", "In a pipeline, after an upgrade"),
        ("sail status --contexts 'prod-*'", "Many clusters in one table"),
    ],
    exitStatus: ManualNotes.ofStatus, body: ofContexts(.status, status))

extension Flag<Request> {
    static let untilHealthy = Flag.toggle("wait", help: "Wait until the mesh is healthy, at most --timeout") {
        $0.cluster.waitsForHealth = $1
    }

    fileprivate static let watch = Flag.toggle(
        "watch", short: "w", help: "Show the state again whenever it has changed, until Ctrl-C"
    ) { $0.watches = $1 }
}

private func status(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options, needing: .look) { session in
        if request.watches { return try watch(session, request) }
        let health = try session.awaitedHealth()
        _ = try request.print(health.output(request.console))
        return health.isHealthy ? 0 : 1
    }
}

/// Prints the state whenever it has changed: in the place of the last one on a terminal, below it elsewhere. With --wait
/// until it is healthy.
private func watch(_ session: ClusterSession, _ request: Request) throws -> Int32 {
    let isTerminal = isatty(STDOUT_FILENO) == 1 && request.format == .text
    var last: [UInt8]?
    let health = try session.followHealth { health in
        let output = health.output(request.console)
        let bytes = try output.bytes(request.format)
        guard bytes != last else { return }
        if isTerminal {
            try request.console.clearScreen()
        } else if last != nil, request.format == .text {
            try request.console.print("\n")
        }
        if request.format == .yaml, last != nil { try request.console.write(Array("---\n".utf8)) }
        _ = try request.print(output)
        last = bytes
    }
    return health.isHealthy ? 0 : 1
}
