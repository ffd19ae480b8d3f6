import Arguments
import ChartSources
import Charts
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
    let chart = try chart(request).checkedForInstall(flags.chart)
    let values = try helmValues(request.values)
    let renderer = try renderer(request)
    try renderer.release.checkName()
    if chart.metadata.deprecated { request.console.warn(logged: "this chart is deprecated") }
    if flags.isRaw {
        let files = try logged(request) { warnings in
            var chart = chart
            return try renderer.renderFiles(of: &chart, values: values, warnings: &warnings)
        }
        return try request.print(try raw(files, of: chart, flags).bytes)
    }
    let rendered = try rendered(chart, values, renderer, request)
    if let folder = request.outputFolder { return try write(rendered, to: folder, request) }
    return try request.print(try request.options.postRendered(text(of: rendered, flags).bytes))
}

/// What the body makes; the warnings of the templates' logs are shown, also where it fails.
private func logged<Made>(_ request: Request, _ body: (inout [String]) throws -> Made) throws -> Made {
    var warnings: [String] = []
    let made = Result { try body(&warnings) }
    for warning in warnings { request.console.warn(logged: warning) }
    return try made.get()
}

/// The objects that the templates make; with --debug the texts are printed where they are no objects.
private func rendered(_ chart: Chart, _ values: Mapping, _ renderer: ChartRenderer, _ request: Request) throws
    -> RenderedChart
{
    do {
        return try logged(request) { try renderer.render(chart, values: values, warnings: &$0) }
    } catch {
        guard request.template.isDebugging else { throw error }
        var chart = chart
        // They were shown with the objects that failed.
        var ignored: [String] = []
        let files = try renderer.renderFiles(of: &chart, values: values, warnings: &ignored)
        _ = try request.print(files.debugOutput.bytes)
        throw error
    }
}

/// The chart from this machine or from where its address leads.
private func chart(_ request: Request) throws -> Chart {
    let flags = request.template
    guard flags.repository != nil || flags.chart.contains("://") else {
        let chart = try loadChart(flags.chart)
        let own = chart.metadata.version
        guard let version = flags.version, !version.withoutVersionPrefix.hasSameBytes(as: own.withoutVersionPrefix)
        else { return chart }
        throw ChartFailure(path: flags.chart, reason: "is version \(own), not \(version); leave --version out")
    }
    var options = request.options
    options.charts = [flags.repository ?? flags.chart]
    guard let fetcher = try options.chartFetcher() else { return try loadChart(flags.chart) }
    return try fetcher.chart(flags.repository == nil ? nil : flags.chart, version: flags.version).chart
}

/// Writes a file for each template below the folder, as helm template --output-dir does, and names each part.
private func write(_ rendered: RenderedChart, to folder: String, _ request: Request) throws -> Int32 {
    let flags = request.template
    guard flags.showOnly.isEmpty, request.options.commandFlags.isEmpty else {
        throw UsageError(
            message: "--output-dir writes every template as it is; leave --show-only and --post-renderer out",
            command: "\(request.program) template")
    }
    let base = flags.addsReleaseName ? "\(folder)/\(flags.releaseName)" : folder
    var texts: [String: [UInt8]] = [:]
    var lines = ""
    for part in rendered.fileOutput(
        includingCRDs: flags.includesCRDs, skippingTests: flags.skipsTests,
        skippingHooks: flags.skipsHooks)
    {
        // The name of a chart is anybody's; it must not lead out of the folder.
        guard !part.path.split(separator: "/").contains("..") else {
            throw WriteFailure(path: part.path, reason: "leads out of the folder")
        }
        let path = "\(base)/\(part.path)"
        texts[path, default: []] += part.text.bytes
        lines += "wrote \(path)\n"
    }
    for (path, bytes) in texts.sorted(by: { $0.key.precedesByBytes($1.key) }) {
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try writeFile(path, bytes)
    }
    return try request.print(Array(lines.utf8))
}

private func raw(_ files: [Rendered], of chart: Chart, _ flags: TemplateFlags) throws -> Text {
    if flags.showOnly.isEmpty { return files.rawOutput }
    return try flags.showOnly.map { try files.rawOutput(of: $0, in: chart) }.reduce("", +)
}

private func renderer(_ request: Request) throws -> ChartRenderer {
    let flags = request.template
    let version = try flags.kubeVersion.map { try KubeVersion($0) } ?? .standard
    return ChartRenderer(
        release: ReleaseOptions(
            name: flags.releaseName, namespace: request.namespace ?? "default", isInstall: !flags.isUpgrade,
            isUpgrade: flags.isUpgrade),
        capabilities: Capabilities(kubeVersion: version, addedAPIVersions: flags.apiVersions),
        validatesSchema: !flags.skipsSchema)
}

private func text(of rendered: RenderedChart, _ flags: TemplateFlags) throws -> Text {
    if !flags.showOnly.isEmpty {
        return try rendered.templateOutput(
            showingOnly: flags.showOnly, includingCRDs: flags.includesCRDs,
            skippingTests: flags.skipsTests)
    }
    return rendered.templateOutput(
        includingCRDs: flags.includesCRDs, skippingTests: flags.skipsTests,
        skippingHooks: flags.skipsHooks)
}

/// Values files and flags as `helm template` takes them, with its error texts.
private func helmValues(_ flags: ValueFlags) throws -> Mapping {
    var values = Mapping()
    for path in flags.files {
        do {
            values.merge(try readValues(Text(try readFile(path))))
        } catch {
            throw ChartFailure(path: path, reason: "\(error)")
        }
    }
    for kind in SetFlag.allCases {
        for set in flags.sets where set.flag == kind {
            try values.apply(set.text, of: kind) { path throws(SetError) in
                do {
                    return String(decoding: try readFile(path), as: UTF8.self)
                } catch {
                    throw SetError("open \(path): \(error)")
                }
            }
        }
    }
    return values
}

extension Chart {
    /// The chart, where `helm template` would take it: no library, and with all that it depends on.
    fileprivate func checkedForInstall(_ path: String) throws(ChartFailure) -> Chart {
        if isLibrary { throw ChartFailure(path: path, reason: "library charts are not installable") }
        let missing = missingDependencies
        if missing.isEmpty { return self }
        throw ChartFailure(
            path: path,
            reason: "found in Chart.yaml, but missing in charts/ directory: \(missing.joined(separator: ", "))")
    }
}
