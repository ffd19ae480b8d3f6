import Arguments

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
                .toggle("raw", help: "With --show-only: the template's text as it came out, unparsed") {
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
    body: { _ in 0 })
