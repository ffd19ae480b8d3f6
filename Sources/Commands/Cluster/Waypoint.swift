import Arguments
import Operations
import Terminal
import Values

/// `sail waypoint …`
let waypointCommand = Command<Request>(
    "waypoint", summary: "Make and show waypoints, who goes through them and who goes past them", section: "Cluster",
    children: [
        waypointApplyCommand,
        waypointDeleteCommand,
        Command(
            "list", summary: "List waypoints with their type, state, version, pods and users",
            groups: [
                FlagGroup("Waypoint", [.waypointNamespace, .allNamespaces]), .list(), .cluster, .common,
            ],
            examples: [("sail waypoint list -A", "Of the whole cluster")], body: listWaypoints),
        Command(
            "status", summary: "Say of each waypoint whether it is ready, and what keeps it from that",
            discussion: """
                Exits with 1 where one is not ready. Without --wait it asks once; with it, it ends at the latest when \
                --timeout expires, and shows all waypoints then too.
                """,
            operands: [
                Operand("NAME", help: "Names of waypoints, all by default", count: .any) { $0.operands.append($1) }
            ],
            groups: [
                FlagGroup("Waypoint", [.waypointNamespace, .allNamespaces]),
                FlagGroup("Waiting", [.untilReady, .timeoutOfWait.needing("wait")]), .list(), .cluster, .common,
            ],
            examples: [("sail waypoint status -A --wait --timeout 90s", "In a pipeline")], body: showWaypointStatus),
        Command(
            "trace", summary: "Say for each Service, ServiceEntry and pod which waypoint its traffic goes through",
            discussion: """
                Answers as istiod and ztunnel do: which istio.io/use-waypoint label counts, which waypoint it means, and \
                whether that exists, has an address, admits the namespace and takes this kind of traffic. Where one of \
                these fails, traffic goes directly to its target, and the waypoint's L7 policies are not applied.

                Exits with 1 where traffic goes past a waypoint that is asked for.
                """,
            operands: [
                Operand(
                    "NAMESPACE[/KIND/NAME]",
                    help: "A namespace, or one object in it: shop/service/cart, shop/pod/cart-1",
                    count: .optional
                ) { $0.operands.append($1) }
            ],
            groups: [
                FlagGroup("Waypoint", [.waypointNamespace, .allNamespaces]), .output(), .cluster, .common,
            ],
            examples: [
                ("sail waypoint trace shop", "Everything in namespace shop"),
                ("sail waypoint trace shop/service/cart", "One Service"),
            ],
            body: traceWaypoints),
        Command(
            "generate", summary: "Print the Gateway of a waypoint; asks no cluster",
            groups: [
                FlagGroup("Waypoint", [.waypointNamespace, .waypointName, .waypointTraffic, .waypointRevision]),
                .waypointOptions, .output(), .common,
            ],
            examples: [("sail waypoint generate -n shop --for all | kubectl apply -f -", "Make it with kubectl")],
            body: generateWaypoint),
    ])

extension Request {
    /// The namespace that is meant; `nil` for all.
    func waypointNamespace(_ session: ClusterSession) -> String? {
        waypoint.isEverywhere ? nil : waypoint.request.namespace ?? session.contextNamespace
    }

    /// What showing waypoints takes of the cluster.
    var waypointReads: Need {
        .waypoints { $0.waypointReads(in: waypointNamespace($0)) }
    }

    /// Says that there are none; that is no failure.
    func sayNoWaypoints(in namespace: String?) -> Int32 {
        console.note("no waypoints found" + (namespace.map { " in namespace \($0)" } ?? ""))
        return 0
    }
}

private func listWaypoints(_ request: Request) throws -> Int32 {
    try ClusterSession.run(request.options, needing: request.waypointReads) { session in
        let namespace = request.waypointNamespace(session)
        let rows = try session.waypointSummaries(in: namespace)
        guard !rows.isEmpty || !request.format.isLines else {
            return request.sayNoWaypoints(in: namespace)
        }
        var table = Table(["NAMESPACE", "NAME", "TYPE", "REVISION", "PROGRAMMED", "VERSION", "READY", "USED BY"])
        for row in rows { table.append(row.cells) }
        var output = Output(table.text(width: request.console.window, style: request.console.style)) {
            .list(rows.map(\.value))
        }
        output.names = { rows.map { $0.typedName } }
        return try request.print(output)
    }
}

private func traceWaypoints(_ request: Request) throws -> Int32 {
    let named = try request.operands.first.map { word in
        let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
        guard let namespace = parts.first, parts.count == 1 || parts[1].split(separator: "/").count == 2 else {
            throw UsageError(
                message: "\(word): name a NAMESPACE or NAMESPACE/KIND/NAME, such as shop/service/cart",
                command: "\(request.program) waypoint trace")
        }
        return (namespace: namespace, object: parts.count == 2 ? parts[1] : nil)
    }
    func place(_ session: ClusterSession) -> String? { named?.namespace ?? request.waypointNamespace(session) }
    let need = Need.waypoints { $0.waypointReads(in: place($0), withTargets: true) }
    return try ClusterSession.run(request.options, needing: need) { session in
        let ways = try session.waypointWays(in: place(session), only: named?.object)
        var table = Table(["", "NAMESPACE", "OBJECT", "LABEL", "WAY"])
        for row in ways.rows {
            let sign = row.isThrough.map { request.console.text(of: $0 ? .good : .bad) }
            table.append([sign ?? "", row.namespace, row.object, row.label, row.verdict])
        }
        _ = try request.print(
            Output(
                (ways.rows.isEmpty ? "" : table.text(width: request.console.window, style: request.console.style))
                    + ways.summary + "\n"
            ) { .list(ways.rows.map(\.value)) })
        return ways.bypassed > 0 ? 1 : 0
    }
}

private func generateWaypoint(_ request: Request) throws -> Int32 {
    let objects = try request.waypoint.request.objects(in: request.waypoint.request.namespace, request.options)
    return try request.print(
        Output(
            text: { try Array(objects.map { try $0.printedYAML() }.joined(separator: Array("---\n".utf8))) },
            value: { objects.count == 1 ? objects[0] : .list(objects) }))
}

extension WaypointSummary {
    fileprivate var cells: [String] {
        let kinds = ["Service", "ServiceEntry", "Pod"]
        let used = kinds.compactMap { kind in
            users[kind].map { "\($0) \(kind.lowercased())\($0 == 1 ? "" : kind == "ServiceEntry" ? "" : "s")" }
        }
        return [
            namespace, name, trafficType, revision,
            isProgrammed ? "True" : "False" + (reason.isEmpty ? "" : " (\(reason))"), version ?? "-", pods,
            used.isEmpty ? "-" : used.joined(separator: ", "),
        ]
    }
}
