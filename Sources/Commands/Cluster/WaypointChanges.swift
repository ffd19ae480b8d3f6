import Arguments
import Operations
import Planning

/// `sail waypoint apply`
let waypointApplyCommand = Command<Request>(
    "apply", summary: "Make a waypoint, or change it, and lead traffic through it",
    discussion: """
        The Gateway is applied, and waited for until it is programmed and has an address. Only then are the labels set \
        that lead traffic through it: before, traffic would go past it, and past its L7 policies. A run that is interrupted or fails before leaves no label.

        What is not given stays as it is on the cluster: the type, the revision, the namespaces that are admitted, and \
        the options of its pods, which are kept in the ConfigMap NAME-waypoint-options.
        """,
    groups: [
        FlagGroup("Waypoint", [.waypointNamespace, .waypointName, .waypointTraffic, .waypointRevision]),
        .enrolling, .waypointOptions, .waypointApplying("it is ready"), .gatewayAPI, .plan, .cluster, .output(),
        .common,
    ],
    examples: [
        ("sail waypoint apply -n shop --enroll-namespace", "All Services of namespace shop go through it"),
        ("sail waypoint apply -n shop --for all --enroll service/cart --enroll pods=app=db", "Some of them"),
        ("sail waypoint apply -n infra --use-from shop,blog --hpa 2:5", "One for other namespaces, scaled by CPU"),
    ],
    body: { try WaypointApply.run($0.waypoint.request, $0.options) })

/// `sail waypoint delete`
let waypointDeleteCommand = Command<Request>(
    "delete", summary: "Take the labels off that lead through waypoints, and delete them",
    discussion: """
        Shows who uses them, and which policies and routes will not be enforced any more. The labels are taken off first, \
        in all namespaces, so that none is left that names a waypoint which does not exist; then the Gateways are \
        deleted, and their pods waited for.
        """,
    operands: [Operand("NAME", help: "Names of waypoints", count: .any) { $0.operands.append($1) }],
    groups: [
        FlagGroup("Waypoint", [.waypointNamespace, .allNamespaces, .allWaypoints, .revisionToDelete, .keepLabels]),
        .waypointApplying("their pods have ended"), .plan, .cluster, .output(), .common,
    ],
    examples: [
        ("sail waypoint delete waypoint -n shop", "One of them"),
        ("sail waypoint delete --all -A", "All of the cluster"),
    ],
    body: deleteWaypoints)

private func deleteWaypoints(_ request: Request) throws -> Int32 {
    var selection = request.waypoint.selection
    selection.names = request.operands
    selection.namespace = request.waypoint.request.namespace
    selection.isEverywhere = request.waypoint.isEverywhere
    if let fault = selection.fault { throw UsageError(message: fault, command: "\(request.program) waypoint delete") }
    return try WaypointDelete.run(selection, request.options)
}

extension FlagGroup<Request> {
    /// The Gateway API's definitions, which waypoints are made of.
    static let gatewayAPI = FlagGroup(
        "Gateway API",
        [
            .value(
                "gateway-api", "FILE|URL",
                help: "Apply this bundle of the Gateway API first, with a question of its own; never over a newer one",
                completion: .files
            ) {
                guard !$1.isEmpty else { throw InvalidValue(expectation: "a file or an address") }
                $0.cluster.gatewayBundle = $1
            }
        ])

    /// How a change of waypoints is made, which waits until `end`.
    static func waypointApplying(_ end: String) -> FlagGroup {
        FlagGroup(
            "Applying",
            [
                .approval, .dryRun,
                .toggle("wait", short: "w", help: "Wait until \(end) (the default)", negatable: true) {
                    $0.cluster.apply.waits = $1
                },
                .timeout, .forceConflicts,
                .toggle(
                    "allow-managed", help: "Go on although Argo CD or Flux manages the objects",
                    environment: "SAIL_ALLOW_MANAGED"
                ) { $0.cluster.allowsManaged = $1 },
            ])
    }
}
