package import HTTP
package import Istio
package import Kubernetes
package import Planning
package import System
package import Values

/// What an operation is asked to do, and what it needs of the process: everything that is no text or exit code.
package struct OperationOptions: Sendable {
    package var ui: any OperationUI
    package var environment: [String: String]
    package var readFile: FileReader
    /// The signals that end a run.
    package var signals: any Signals = ProcessSignals()
    /// Opens the network.
    package var makeTransport: @Sendable (any Signals) throws -> any Transport = network
    /// The flags of the command line, to be kept with the run's records: nothing secret is among them.
    package var shownFlags: [String] = []
    /// What the run has come to; only of a run that applies.
    var journal: RunJournal?
    /// How the server is told who asks.
    package var userAgent: String

    // Which mesh.
    package var profile: String?
    package var version: String?
    package var platform: String?
    package var namespace: String?
    package var componentNamespaces: [Component: String] = [:]
    package var components: [Component] = []
    package var charts: [String] = []
    /// The SHA-256 that the archives of charts must have, by the charts' names.
    package var chartPins: [String: String] = [:]
    /// Whether charts without such a digest are refused: their source was stored and not given.
    package var takesPinnedChartsOnly = false
    /// What --catalogue says, and what was read there.
    package var catalogueSource: String?
    package var givenCatalogue: GivenCatalogue?
    package var isFIPS = false
    package var values = ValueFlags()
    /// Files of --patch, in the order given.
    package var patchFiles: [String] = []
    /// Whether the stored patches are dropped: --no-patch.
    package var dropsPatches = false
    /// Programs of the user's that take part, by the flag that names them.
    package var commandFlags: [UserCommand.Role: CommandFlags] = [:]

    /// The flags whose values come from the user's config file, by name: what is stored with a mesh comes before them.
    package var configured: Set<String> = []

    /// What the plan that was shown earlier would do, where another one is not to be carried out.
    var shownWork: PlannedWork?

    /// Whether the namespaces of resources are made where they are missing.
    package var createsNamespaces = false
    /// Whether images are referenced and releases named as the Sail Operator does, of the components that have a resource.
    package var actsAsOperator = false
    /// Where an operator records its release of base: its own namespace; `nil` where there is none.
    var operatorNamespace: String?
    /// Whether the release of base comes to the mesh's namespace from wherever it is recorded.
    var movesBase = false
    /// The file of `--image-digests`.
    package var imageDigests: String?
    /// What becomes of the resources that the run is about.
    var report: ResourceReport?
    /// The namespace of the Lease that excludes operators; `nil` where the run needs none.
    var operatorLock: String?
    /// What a turn of the controller adds to a run; `nil` outside it.
    var controller: ControllerTerms?

    // Which cluster, and how it is changed.
    package var cluster = ClusterOptions()
    /// The revision of istiod's release that a rollback leads to.
    package var revision: Int?

    package init(
        ui: any OperationUI, environment: [String: String], userAgent: String, readFile: @escaping FileReader
    ) {
        self.ui = ui
        self.environment = environment
        self.userAgent = userAgent
        self.readFile = readFile
    }

    /// The same, with `input` in the place of what standard input holds: several runs cannot each read that.
    package func readingInput(_ input: [UInt8]) -> OperationOptions {
        var options = self
        let read = readFile
        options.readFile = { path throws(FileFailure) in path == "-" ? input : try read(path) }
        return options
    }
}

/// Values files and `--set` flags, in the order given within each kind.
package struct ValueFlags: Sendable {
    package var files: [String] = []
    package var sets: [(flag: SetFlag, text: String)] = []
    /// Resources of the cluster, by the names that messages give them.
    package var resources: [(name: String, resource: Mapping)] = []

    package init() {}
}

/// Which cluster an operation is about, and how it is changed.
package struct ClusterOptions: Sendable {
    package var connection = ConnectionOptions()
    package var apply = ApplyOptions()
    /// Whether the user approved all changes beforehand.
    package var isApproved = false
    package var dryRun: DryRunKind?
    /// How much of the differences is shown; what fits the command where `nil`.
    package var difference: DifferenceForm?
    /// Whether objects that differ in labels alone are shown too.
    package var showsAll = false
    package var historyMax = 10
    package var rollsBackOnFailure = false
    package var allowsEndOfLife = false
    package var takesOwnership = false
    package var releasesResources = false
    /// Whether an adoption leaves owners and resources to sail's own controller.
    package var adoptsAsController = false
    package var allowsManaged = false
    package var resetsValues = false
    package var purgesCRDs = false
    /// How many objects may be deleted with their definitions.
    package var confirmedPurge: Int?
    package var waitsForHealth = false
    /// The file or address of --gateway-api.
    package var gatewayBundle: String?
    package var traces = false

    package init() {}
}

/// What `--dry-run` asks for.
package enum DryRunKind: String, CaseIterable, Sendable {
    /// Nothing is sent: the objects are listed as they would be applied to an empty cluster.
    case client
    /// The plan against the cluster, as before a real run.
    case server
}
