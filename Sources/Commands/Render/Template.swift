import Arguments
import Istio
import Objects
import Operations
import Planning
import Terminal
import Values

/// `sail template`
let templateCommand = Command<Request>(
    "template", summary: "Render any chart, as helm template does",
    discussion: """
        CHART is a folder, a .tgz, https://…/NAME-VERSION.tgz, oci://REGISTRY/PATH/NAME, or with --repo the name of a \
        chart there. Fetched charts are checked and kept as those of --charts are.
        """,
    section: "Render",
    operands: [
        Operand(
            "NAME", help: "Name of the release, release-name where it is left out", count: .optional, completion: .files
        ) { $0.template.name = $1 },
        Operand("CHART", help: "The chart", completion: .files) { $0.template.chart = $1 },
    ],
    groups: [
        rendering, fetching, FlagGroup("Post-renderer", [.postRenderer, .postRendererArguments]), .values, .common,
    ],
    examples: [
        ("sail template web ./chart -f values.yaml --set image.tag=2", "A chart with values"),
        ("sail template web oci://registry.example.com/charts/web --version 1.2.3", "A chart from a registry"),
    ],
    body: renderTemplate)

private let fetching = FlagGroup<Request>(
    "Chart",
    [
        .value("version", "VERSION", help: "Version of the chart, its newest release by default") {
            $0.template.version = $1
        },
        .value("repo", "URL", help: "Repository that CHART is the name of a chart in") { $0.template.repository = $1 },
    ])

private let rendering = FlagGroup<Request>(
    "Rendering",
    [
        .value("namespace", short: "n", "NAMESPACE", help: "Namespace of the release") { $0.namespace = $1 },
        .toggle("generate-name", short: "g", help: "No name is given: the release is called release-name") {
            $0.template.generatesName = $1
        },
        .toggle("include-crds", help: "Print the chart's custom resource definitions too") {
            $0.template.includesCRDs = $1
        },
        // Of installations in Helm; of what is rendered --include-crds alone decides.
        .toggle("skip-crds", help: "Leave them out, as without --include-crds, which comes first") { _, _ in },
        .value(
            "show-only", short: "s", "FILE", help: "Only what this template makes", repeatable: true, completion: .files
        ) { $0.template.showOnly.append($1) },
        .value(
            "output-dir", "FOLDER", help: "Write a file for each template into this folder", completion: .directories
        ) { $0.outputFolder = $1 },
        .toggle("release-name", help: "Begin the paths with a folder of the release's name") {
            $0.template.addsReleaseName = $1
        }.needing("output-dir"),
        .toggle("raw", help: "The templates' text as it came out, unparsed") { $0.template.isRaw = $1 },
        .toggle("debug", help: "Print what came out even where it is no YAML, before the error") {
            $0.template.isDebugging = $1
        },
        .value(
            "api-versions", short: "a", "VERSION", help: "Kubernetes API version the cluster has", repeatable: true
        ) { request, word in request.template.apiVersions += word.split(separator: ",").map(String.init) },
        .value("kube-version", "VERSION", help: "Kubernetes version of the cluster") { $0.template.kubeVersion = $1 },
        .toggle("is-upgrade", help: "Set .Release.IsUpgrade instead of .Release.IsInstall") {
            $0.template.isUpgrade = $1
        },
        .toggle("validate-schema", help: "Check values with values.schema.json", negatable: true) {
            $0.template.skipsSchema = !$1
        },
        .toggle("skip-schema-validation", help: "Same as --no-validate-schema") { $0.template.skipsSchema = $1 },
        .toggle("no-hooks", help: "Leave hooks out") { $0.template.skipsHooks = $1 },
        .toggle("skip-tests", help: "Leave test hooks out") { $0.template.skipsTests = $1 },
    ])

private func renderTemplate(_ request: Request) throws -> Int32 {
    let flags = request.template
    if flags.generatesName, let name = flags.name {
        throw UsageError(
            message: "--generate-name and the name \"\(name)\" exclude each other; leave one of them out",
            command: "\(request.program) template")
    }
    let run = try TemplateRun(flags, request.options)
    if let folder = request.outputFolder, !flags.isRaw { return try write(run, to: folder, request) }
    return try request.print(try run.text { _ = try request.print($0) })
}

/// Writes a file for each template below the folder, as helm template --output-dir does, and names each part.
private func write(_ run: TemplateRun, to folder: String, _ request: Request) throws -> Int32 {
    let flags = request.template
    guard flags.showOnly.isEmpty, request.options.commandFlags.isEmpty else {
        throw UsageError(
            message: "--output-dir writes every template as it is; leave --show-only and --post-renderer out",
            command: "\(request.program) template")
    }
    let base = flags.addsReleaseName ? "\(folder)/\(flags.releaseName)" : folder
    var texts: [String: [UInt8]] = [:]
    var lines = ""
    for part in try run.files(printingBroken: { _ = try request.print($0) }) {
        // The name of a chart is anybody's; it must not lead out of the folder.
        guard !part.path.split(separator: "/").contains("..") else {
            throw WriteFailure(path: part.path, reason: "leads out of the folder")
        }
        let path = "\(base)/\(part.path)"
        texts[path, default: []] += part.bytes
        lines += "wrote \(path)\n"
    }
    for (path, bytes) in texts.sorted(by: { $0.key.precedesByBytes($1.key) }) {
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try writeFile(path, bytes)
    }
    return try request.print(Array(lines.utf8))
}
