import Arguments
import Istio
import Meshes
import Terminal
import Values

/// What a command line asks for, as the commands read it.
struct Request: Sendable {
    var console: Console
    var environment: [String: String]

    // Which mesh.
    var profile: String?
    var version: String?
    var platform: String?
    var namespace: String?
    var componentNamespaces: [Component: String] = [:]
    var components: [Component] = []
    var charts: [String] = []
    /// The SHA-256 that the archives of charts must have, by the charts' names.
    var chartPins: [String: String] = [:]
    /// Whether charts without such a digest are refused: their source was stored and not given.
    var takesPinnedChartsOnly = false
    /// What --catalogue says, and what was read there.
    var catalogueSource: String?
    var givenCatalogue: GivenCatalogue?
    var isFIPS = false
    var values = ValueFlags()

    // Which cluster, and how it is changed.
    var cluster = ClusterFlags()
    var revision: Int?

    // How a chart is rendered.
    var template = TemplateFlags()

    // What is printed.
    var format = Format.text
    var outputFolder: String?
    var explain: String?
    var operands: [String] = []
    var wantsAll = false
    var wantsChanges = false
    var asksSource = false
    var wantsDigests = false
    var clears = false
    var isManual = false
    var isReference = false

    init(console: Console, environment: [String: String]) {
        self.console = console
        self.environment = environment
    }
}

/// Values files and `--set` flags, in the order given within each kind.
struct ValueFlags: Sendable {
    var files: [String] = []
    var sets: [(flag: SetFlag, text: String)] = []
}

/// Flags of `sail template`, as of `helm template`.
struct TemplateFlags: Sendable {
    var name = ""
    var chart = ""
    var includesCRDs = false
    var showOnly: [String] = []
    var isRaw = false
    var apiVersions: [String] = []
    var kubeVersion: String?
    var isUpgrade = false
    var skipsSchema = false
    var skipsHooks = false
    var skipsTests = false
}

/// In which form a result is printed.
enum Format: String, CaseIterable, Sendable {
    case text, yaml, json
}
