import Arguments
import Operations
import Terminal
import Values

/// `sail reconcile`
let reconcileCommand = Command<Request>(
    "reconcile", summary: "Bring the mesh to what the Sail Operator's resources say",
    discussion: """
        Reads the resources of the Sail Operator (sailoperator.io/v1) from the cluster, or from files, checks them as \
        their definitions do, shows the plan, asks, applies it component by component, and writes what it found into the \
        status of each resource. A component without a resource is left alone; a resource that is being deleted has its \
        component removed, once nothing is enrolled any more.

        It runs once. While a Sail Operator is at work it refuses to start. Exits with 0 where every resource is Healthy \
        in the end, with 1 where one is not.

        With --watch it goes on: a controller that follows the resources and the objects of the mesh, and has a turn for a \
        resource whenever something changes. It asks nothing, since the resources are the consent, puts back what others \
        change in the mesh's objects, and makes them the resources' own: deleting a resource removes its component. One \
        works at a time, by the Lease sail-operator-lock that the Sail Operator has, too. SIGINT and SIGTERM end it with 0 \
        after the request in flight; it ends with 1 where another one has taken the Lease.
        """, section: "Cluster",
    groups: [
        FlagGroup("Resources", [.resourceFiles, .createNamespaces, .imageDigests, .catalogue, .charts] + meshFlags),
        FlagGroup("Controller", [.watch, .healthAddress, .metricsAddress, .manifest, .image, .controllerNamespace]),
        .applying, .plan,
        .ownership, .rollout, .checking, .installed, .output([.endOfLife]), .common,
    ],
    examples: [
        ("sail reconcile", "Shows the plan for the resources of the cluster, asks, applies"),
        ("sail reconcile -f mesh.yaml --dry-run", "The plan for the resources of a file"),
        ("sail reconcile --manifest --image registry.example.com/sail:0.2.0", "The objects that do so in a cluster"),
        ("sail reconcile --watch", "Keeps the mesh as the resources say, until Ctrl-C"),
    ], body: reconcile)

/// Flags of the mesh that no resource has a field for.
private let meshFlags = FlagGroup<Request>.mesh.flags.filter { ["fips", "platform"].contains($0.name) }

extension Flag<Request> {
    fileprivate static let resourceFiles = Flag.value(
        "filename", short: "f", "FILE", help: "File with the resources, in the place of the cluster's; - for stdin",
        repeatable: true, completion: .files
    ) { $0.values.files += try commaSeparated($1) }

    fileprivate static let watch = Flag.toggle(
        "watch", short: "w", help: "Go on: have a turn whenever a resource or an object of the mesh changes"
    ) { $0.watches = $1 }

    fileprivate static let healthAddress = Flag.value(
        "health-addr", "ADDRESS",
        help: "With --watch: serve /healthz and /readyz there in plain HTTP, :8081; 0, the default, is nowhere"
    ) { $0.controller.health = $1 }

    fileprivate static let metricsAddress = Flag.value(
        "metrics-addr", "ADDRESS",
        help: "With --watch: serve /metrics there over TLS, :8443, to those whom the API server lets get it; 0, the "
            + "default, is nowhere"
    ) { $0.controller.metrics = $1 }

    fileprivate static let manifest = Flag.toggle(
        "manifest", help: "Print the objects that run the controller in a cluster: for kubectl apply -f -"
    ) { $0.wantsManifest = $1 }

    fileprivate static let image = Flag.value(
        "image", "IMAGE", help: "With --manifest: the image of sail, where you have pushed it"
    ) { $0.image = $1 }

    fileprivate static let controllerNamespace = Flag.value(
        "controller-namespace", "NAME", help: "With --manifest: where the controller runs, sail-operator by default"
    ) {
        guard isDNSLabel($1) else { throw InvalidValue(expectation: "a namespace: lower-case letters, digits and -") }
        $0.controllerNamespace = $1
    }

    fileprivate static let imageDigests = Flag.value(
        "image-digests", "FILE",
        help: "References of images by version, as the Sail Operator has them: images.v1_30_3.ztunnel=REFERENCE",
        completion: .files
    ) { $0.imageDigests = $1 }

    fileprivate static let createNamespaces = Flag.toggle(
        "create-namespaces", help: "Create the namespaces of the resources where they are missing"
    ) { $0.createsNamespaces = $1 }
}

private func reconcile(_ request: Request) throws -> Int32 {
    if let fault = faultOfFlags(request) { throw UsageError(message: fault, command: "\(request.program) reconcile") }
    if request.wantsManifest { return try printManifest(request) }
    guard request.watches else { return try Pipeline.run(.reconcile, request.options) }
    return try Controller.run(request.options, serving: request.controller)
}

/// Flags that would have no effect.
private func faultOfFlags(_ request: Request) -> String? {
    if request.watches, request.wantsManifest { return "--watch runs the controller, --manifest prints it; give one" }
    if request.watches, let flag = flagOfOneRun(request) {
        return "--watch follows the resources of the cluster, run after run: it takes no \(flag)"
    }
    if !request.watches, request.controller.health != nil || request.controller.metrics != nil {
        return "--health-addr and --metrics-addr are the controller's; add --watch"
    }
    if !request.wantsManifest, request.image != nil || request.controllerNamespace != nil {
        return "--image and --controller-namespace go with --manifest"
    }
    return nil
}

/// Prints the objects that run the controller.
private func printManifest(_ request: Request) throws -> Int32 {
    let placeholder = "registry.example.com/sail:\(releaseNumber)"
    if request.image == nil {
        request.console.warn("the image \(placeholder) is a placeholder; give yours with --image")
    }
    var manifest = ControllerManifest(request.options, image: request.image ?? placeholder)
    if let namespace = request.controllerNamespace { manifest.namespace = namespace }
    let objects = try manifest.objects()
    return try request.print(documents(objects))
}

/// A flag that says how one run is shown or carried out.
private func flagOfOneRun(_ request: Request) -> String? {
    let cluster = request.options.cluster
    let given: [(flag: String, isGiven: Bool)] = [
        ("-f", !request.options.values.files.isEmpty), ("--dry-run", cluster.dryRun != nil),
        ("-o", request.format != .text), ("--rollback-on-failure", cluster.rollsBackOnFailure),
    ]
    return given.first(where: \.isGiven)?.flag
}
