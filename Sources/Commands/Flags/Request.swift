import Meshes
import Operations
import Terminal

/// What a command line asks for, as the commands read it.
@dynamicMemberLookup
struct Request: Sendable {
    var console: Console
    /// What the operation behind the command is asked to do.
    var options: OperationOptions

    // How a chart is rendered.
    var template = TemplateOptions()

    // Who is enrolled.
    var enrolment = EnrolmentRequest()

    // For which tool the mesh is exported.
    var export = ExportFlags()

    // Where the controller serves health and metrics.
    var controller = ControllerAddresses()
    /// Whether the objects that run it are printed, with which image and where.
    var wantsManifest = false
    var image: String?
    var controllerNamespace: String?

    // Which waypoint.
    var waypoint = WaypointFlags()
    /// What the user calls this program: `sail`, or `kubectl sail` for the plugin.
    var program = "sail"
    var build = BuildInformation()
    /// Finds the defaults of flags, for the command that shows them.
    var configReport: @Sendable () -> ConfigReport = { ConfigReport() }

    // Which contexts, where the command is about several.
    var contextPatterns: [String] = []
    var wantsAllContexts = false
    /// The command line for one of them, and the request that it gives.
    var line = ContextLine()

    // What is printed.
    var format = Format.text
    var outputFolder: String?
    var outputFile: String?
    var explain: String?
    var wantsSchema = false
    var operands: [String] = []
    var wantsAll = false
    var wantsChanges = false
    var asksSource = false
    var isFromCluster = false
    var wantsDigests = false
    var watches = false
    var checksVersions = false
    var clears = false
    var isManual = false
    var isReference = false

    init(console: Console, environment: [String: String]) {
        self.console = console
        options = OperationOptions(
            ui: CommandLineUI(console: console, format: .text, isApproved: false), environment: environment,
            userAgent: "sail/" + releaseNumber, readFile: readUserFile)
    }

    /// The options are read and set as the request's own.
    subscript<Option>(dynamicMember path: WritableKeyPath<OperationOptions, Option>) -> Option {
        get { options[keyPath: path] }
        set { options[keyPath: path] = newValue }
    }

    /// What the options tell of themselves is read alike.
    subscript<Option>(dynamicMember path: KeyPath<OperationOptions, Option>) -> Option { options[keyPath: path] }

    /// The same request, whose operation speaks with the user as its flags say.
    var withUI: Request {
        var request = self
        request.options.ui = CommandLineUI(
            console: console, format: format, isApproved: options.cluster.isApproved,
            isDumb: options.environment["TERM"] == "dumb")
        return request
    }
}

/// A command line about several contexts as it would be typed for one of them.
struct ContextLine: Sendable {
    /// The words; without what says how the result is printed.
    var words: @Sendable (_ context: String) -> [String] = { _ in [] }
    /// What the words ask for, with the defaults that the config file has for the context.
    var request: @Sendable (_ context: String) throws -> Request? = { _ in nil }
}

/// What the flags of `sail waypoint` say.
struct WaypointFlags: Sendable {
    /// What is asked of one waypoint.
    var request = WaypointRequest()
    /// Which are to be deleted.
    var selection = WaypointSelection()
    /// Whether their states are waited for.
    var waits = false
    var isEverywhere = false
}

/// What an export is asked for, beside the mesh.
struct ExportFlags: Sendable {
    var options = ExportOptions()
    var isFromCluster = false
    // Which flag says the clusters of an ApplicationSet.
    var namesClusters = false
    var labelsClusters = false
    /// The folder that is compared, in place of being written.
    var checked: String?
}

extension Request {
    /// Prints a result in the wanted format, in one piece; returns the exit code of success.
    func print(_ output: Output) throws -> Int32 {
        try output.print(format, to: console)
        return 0
    }

    /// Prints data as it is.
    func print(_ bytes: [UInt8]) throws -> Int32 {
        try console.write(bytes)
        return 0
    }
}
