import Arguments
import Istio
import Meshes
import Operations
import Terminal
import Values

/// `sail export`
let exportCommand = Command<Request>(
    "export", summary: "Write the mesh for Argo CD, Flux, Helm and other tools",
    discussion: """
        For each component the chart of its version with the values that differ from what the chart and its profile hold, \
        in the order base, istiod, cni, ztunnel, each after the one before is ready. With kustomize the rendered objects, with \
        operator the resources that ask for them, which give the same mesh or are not written. \
        The same flags write the same bytes; --check compares them with a folder that was written before.

        Exits with 0, with --check with 1 where the folder differs and 2 where it cannot be compared.
        """,
    section: "Render",
    children: ExportForm.allCases.map { form in
        Command(
            form.rawValue, summary: form.summary,
            groups: [.mesh, .values, .patching, FlagGroup("Export", flags(of: form)), .installed, .common],
            examples: form.examples, exitStatus: ManualNotes.ofDifference
        ) { try export(form, $0) }
    })

extension ExportForm {
    fileprivate var examples: [(line: String, text: String)] {
        let place = " --repo-url https://git.example.com/platform.git --path istio"
        switch self {
        case .argocd, .flux:
            return [
                ("sail export \(rawValue) -O istio\(place)", "Into the folder istio of that repository"),
                ("sail export \(rawValue) --check istio\(place)", "In a pipeline: is the folder up to date?"),
            ]
        case .kustomize: return [("sail export kustomize -O istio && kubectl apply -k istio/base", "One component")]
        case .helm: return [("sail export helm --platform gke -O istio && istio/commands.sh", "Values and commands")]
        case .resources:
            return [("sail export operator -O istio && sail reconcile -f istio/mesh.yaml", "One run of them")]
        }
    }
}

private func flags(of form: ExportForm) -> [Flag<Request>] {
    var flags: [Flag<Request>] = [
        .component,
        .value("output-dir", short: "O", "FOLDER", help: "Write into this folder", completion: .directories) {
            guard !$1.isEmpty else { throw InvalidValue(expectation: "the path of a folder") }
            $0.outputFolder = $1
        },
        .value(
            "check", "FOLDER", help: "Write nothing; compare what this folder holds", completion: .directories
        ) {
            guard !$1.isEmpty else { throw InvalidValue(expectation: "the path of a folder") }
            $0.export.checked = $1
        },
        .toggle("from-cluster", help: "Versions, names, namespaces and values as stored with the mesh on the cluster") {
            $0.export.isFromCluster = $1
        },
    ]
    if form.isOfCharts { flags += chartFlags }
    if form == .argocd || form == .flux { flags += placeFlags }
    if form == .argocd { flags += argocdFlags + clusterSetFlags }
    if form == .flux {
        flags.append(
            .value("flux-namespace", "NAMESPACE", help: "Namespace of Flux, flux-system by default") {
                $0.export.options.fluxNamespace = try namespace($1)
            })
    }
    return flags
}

private let chartFlags: [Flag<Request>] = [
    .value("chart-repo", "URL", help: "Repository of the charts, https:// or oci://; Istio's own by default") {
        guard $1.hasPrefix("https://") || $1.hasPrefix("http://") || $1.hasPrefix("oci://"), $1.utf8.count > 8 else {
            throw InvalidValue(expectation: "an address that begins with https:// or oci://")
        }
        $0.export.options.charts = .repository($1)
    },
    .value(
        "chart-source", "SOURCE", help: "istio for the charts of --chart-repo, built-in for sail's own, written beside",
        completion: .words { _ in ["istio", "built-in"].map { Candidate($0) } }
    ) {
        switch $1 {
        case "built-in": $0.export.options.charts = .folders
        case "istio": break
        default: throw InvalidValue(expectation: "istio or built-in")
        }
    },
    .value(
        "webhook-policy", "POLICY", help: "fail: istiod's webhooks are closed before it runs; keep by default",
        completion: .words { _ in ["keep", "fail"].map { Candidate($0) } }
    ) {
        guard ["keep", "fail"].contains($1) else { throw InvalidValue(expectation: "keep or fail") }
        $0.export.options.closesWebhooks = $1 == "fail"
    },
]

private let placeFlags: [Flag<Request>] = [
    .value("repo-url", "URL", help: "Git repository that will hold the folder") { $0.export.options.repository = $1 },
    .value("path", "PATH", help: "Where the folder will lie in that repository") {
        guard !$1.hasPrefix("/"), !$1.split(separator: "/").contains("..") else {
            throw InvalidValue(expectation: "a path below the repository")
        }
        $0.export.options.path = $1
    },
    .value("revision", "REVISION", help: "Branch of that repository, main by default") {
        $0.export.options.revision = $1
    },
]

private let argocdFlags: [Flag<Request>] = [
    .value("project", "NAME", help: "Project of Argo CD, default by default") { $0.export.options.project = $1 },
    .value("argocd-namespace", "NAMESPACE", help: "Namespace of Argo CD, argocd by default") {
        $0.export.options.argocdNamespace = try namespace($1)
    },
    .value("destination-server", "URL", help: "Cluster of the mesh, Argo CD's own by default") {
        $0.export.options.server = $1
    },
    .toggle("automated", help: "Let Argo CD synchronize by itself", negatable: true) {
        $0.export.options.isAutomated = $1
    },
]

/// A namespace's name; throws `InvalidValue`.
private func namespace(_ name: String) throws -> String {
    guard isDNSLabel(name) else { throw InvalidValue(expectation: "a namespace's name") }
    return name
}

private func export(_ form: ExportForm, _ request: Request) throws -> Int32 {
    guard let folder = request.export.checked ?? request.outputFolder else {
        throw UsageError(
            message: "say where the files go with --output-dir FOLDER, or what is compared with --check FOLDER",
            command: "\(request.program) export \(form.rawValue)")
    }
    try request.refuseContradictions(form)
    guard request.export.checked != nil else {
        let files = try exportedFiles(form, request)
        try ExportFolder(folder).write(files)
        return try request.print(
            Array("wrote \(files.count == 1 ? "1 file" : "\(files.count) files") to \(folder)\n".utf8))
    }
    let differences: [String]
    do {
        differences = try ExportFolder(folder).differences(from: exportedFiles(form, request))
    } catch {
        for line in messageLines("\(error)") { request.console.fail(line) }
        return 2
    }
    try request.console.print(differences.map { $0 + "\n" }.joined())
    if !differences.isEmpty { request.console.note("sail export \(form.rawValue) -O \(folder) brings it up to date") }
    return differences.isEmpty ? 0 : 1
}

private func exportedFiles(_ form: ExportForm, _ request: Request) throws -> [ExportedFile] {
    try request.options.exportedFiles(
        for: form, request.export.options, fromCluster: request.export.isFromCluster,
        program: "sail \(releaseNumber)")
}
