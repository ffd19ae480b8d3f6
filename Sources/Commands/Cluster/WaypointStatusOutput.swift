import Operations
import Terminal
import Values

func showWaypointStatus(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options, needing: request.waypointReads) { session in
        let namespace = request.waypointNamespace(session)
        let states = try session.waypointStates(
            in: namespace, names: request.operands, waits: request.waypoint.waits)
        guard !states.isEmpty || !request.format.isLines else {
            return request.sayNoWaypoints(in: namespace)
        }
        var output = Output(text(states, request.console)) { .list(states.map(\.value)) }
        output.names = { states.map { $0.summary.typedName } }
        _ = try request.print(output)
        return states.allSatisfy(\.isReady) ? 0 : 1
    }
}

/// A row for each waypoint, and below the table a line for each reason.
private func text(_ states: [WaypointState], _ console: Console) -> String {
    var table = Table(["", "NAMESPACE", "NAME", "TYPE", "VERSION", "READY", "STATE"])
    for state in states {
        let summary = state.summary
        table.append([
            console.text(of: state.isReady ? .good : .bad), summary.namespace,
            summary.name, summary.trafficType, summary.version ?? "-", summary.pods,
            state.isReady ? "ready" : state.state,
        ])
    }
    let reasons = states.flatMap { state in
        state.reasons.map { "\(state.summary.title): \($0.onOneLine)\n" }
    }
    return table.text(console, overflowing: 4) + (reasons.isEmpty ? "" : "\n" + reasons.joined())
}
