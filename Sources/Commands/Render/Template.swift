import Arguments
import Charts
import Objects
import Operations
import Planning
import Terminal
import Values

/// `sail template`
let templateCommand = Command<Request>(
    "template", summary: "Render any chart, as helm template does", section: "Render",
    operands: [
        Operand("NAME", help: "Name of the release") { $0.template.name = $1 },
        Operand("CHART", help: "Folder or .tgz of the chart", completion: .files) { $0.template.chart = $1 },
    ],
    groups: [
        FlagGroup(
            "Rendering",
            [
                .value(
                    "namespace", short: "n", "NAMESPACE", help: "Namespace of the release"
                ) { $0.namespace = $1 },
                .toggle("include-crds", help: "Print the chart's custom resource definitions too") {
                    $0.template.includesCRDs = $1
                },
                .value(
                    "show-only", short: "s", "FILE", help: "Only what this template makes", repeatable: true,
                    completion: .files
                ) { $0.template.showOnly.append($1) },
                .toggle("raw", help: "The templates' text as it came out, unparsed") {
                    $0.template.isRaw = $1
                },
                .value(
                    "api-versions", short: "a", "VERSION", help: "Kubernetes API version the cluster has",
                    repeatable: true
                ) { request, word in request.template.apiVersions += word.split(separator: ",").map(String.init) },
                .value("kube-version", "VERSION", help: "Kubernetes version of the cluster") {
                    $0.template.kubeVersion = $1
                },
                .toggle("is-upgrade", help: "Set .Release.IsUpgrade instead of .Release.IsInstall") {
                    $0.template.isUpgrade = $1
                },
                .toggle("validate-schema", help: "Check values with values.schema.json", negatable: true) {
                    $0.template.skipsSchema = !$1
                },
                .toggle("skip-schema-validation", help: "Same as --no-validate-schema") {
                    $0.template.skipsSchema = $1
                },
                .toggle("no-hooks", help: "Leave hooks out") { $0.template.skipsHooks = $1 },
                .toggle("skip-tests", help: "Leave test hooks out") { $0.template.skipsTests = $1 },
            ]), .values, .common,
    ],
    examples: [("sail template web ./chart -f values.yaml --set image.tag=2", "A chart with values")],
    body: renderTemplate)

private func renderTemplate(_ request: Request) throws -> Int32 {
    let flags = request.template
    var chart = try loadChart(flags.chart).checkedForInstall(flags.chart)
    let values = try helmValues(request.values)
    let renderer = try renderer(request)
    try renderer.release.checkName()
    var warnings = chart.metadata.deprecated ? ["this chart is deprecated"] : []
    defer { for warning in warnings { request.console.warn(logged: warning) } }
    if flags.isRaw {
        let files = try renderer.renderFiles(of: &chart, values: values, warnings: &warnings)
        return try request.print(try raw(files, of: chart, flags).bytes)
    }
    let rendered = try renderer.render(chart, values: values, warnings: &warnings)
    return try request.print(try text(of: rendered, flags).bytes)
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
            name: flags.name, namespace: request.namespace ?? "default", isInstall: !flags.isUpgrade,
            isUpgrade: flags.isUpgrade),
        capabilities: Capabilities(kubeVersion: version, addedAPIVersions: flags.apiVersions),
        validatesSchema: !flags.skipsSchema)
}

private func text(of rendered: RenderedChart, _ flags: TemplateFlags) throws -> Text {
    if !flags.showOnly.isEmpty {
        return try rendered.templateOutput(
            showingOnly: flags.showOnly, includingCRDs: flags.includesCRDs, skippingTests: flags.skipsTests)
    }
    return rendered.templateOutput(
        includingCRDs: flags.includesCRDs, skippingTests: flags.skipsTests, skippingHooks: flags.skipsHooks)
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
