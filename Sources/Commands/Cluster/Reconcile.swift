import Arguments
import Operations

/// `sail reconcile`
let reconcileCommand = Command<Request>(
    "reconcile", summary: "Bring the mesh to what the Sail Operator's resources say",
    discussion: """
        Reads the resources of the Sail Operator (sailoperator.io/v1) from the cluster, or from files, checks them as \
        their definitions do, shows the plan, asks, applies it component by component, and writes what it found into the \
        status of each resource. A component without a resource is left alone; a resource that is being deleted has its \
        component removed, once nothing is enrolled any more.

        It runs once. While a Sail Operator is at work it refuses to start.

        Exits with 0 where every resource is Healthy in the end, with 1 where one is not.
        """, section: "Cluster",
    groups: [
        FlagGroup("Resources", [.resourceFiles, .createNamespaces, .catalogue, .charts] + meshFlags), .applying, .plan,
        .ownership, .rollout, .checking, .installed, .output([.endOfLife]), .common,
    ],
    examples: [
        ("sail reconcile", "Shows the plan for the resources of the cluster, asks, applies"),
        ("sail reconcile -f mesh.yaml --dry-run", "The plan for the resources of a file"),
    ], body: reconcile)

/// Flags of the mesh that no resource has a field for.
private let meshFlags = FlagGroup<Request>.mesh.flags.filter { ["fips", "platform"].contains($0.name) }

extension Flag<Request> {
    fileprivate static let resourceFiles = Flag.value(
        "filename", short: "f", "FILE", help: "File with the resources, in the place of the cluster's; - for stdin",
        repeatable: true, completion: .files
    ) { $0.values.files += try commaSeparated($1) }

    fileprivate static let createNamespaces = Flag.toggle(
        "create-namespaces", help: "Create the namespaces of the resources where they are missing"
    ) { $0.createsNamespaces = $1 }
}

private func reconcile(_ request: Request) throws -> Int32 { try Pipeline.run(.reconcile, request.options) }
