internal import ChartSources
internal import Charts
internal import Istio
internal import System
internal import Values

/// What `sail template` is asked for, as `helm template` takes it.
package struct TemplateOptions: Sendable {
    /// Name of the release; `nil` where none is given.
    package var name: String?
    /// A path, an address or, with a repository, the name of a chart there.
    package var chart = ""
    package var includesCRDs = false
    package var showOnly: [String] = []
    package var isRaw = false
    package var apiVersions: [String] = []
    package var kubeVersion: String?
    package var isUpgrade = false
    package var skipsSchema = false
    package var skipsHooks = false
    package var skipsTests = false
    package var generatesName = false
    package var addsReleaseName = false
    package var isDebugging = false
    /// Of the chart, where it is fetched.
    package var version: String?
    package var repository: String?

    package init() {}

    /// As Helm calls a release that has no name.
    package var releaseName: String { name ?? "release-name" }
}

/// One rendering of any chart, with the values that the command line gives.
package struct TemplateRun {
    private let options: OperationOptions
    private let template: TemplateOptions
    private let chart: Chart
    private let values: Mapping
    private let renderer: ChartRenderer

    /// Finds the chart and reads the values; what is wrong with one of them is thrown, in Helm's words.
    package init(_ template: TemplateOptions, _ options: OperationOptions) throws {
        self.template = template
        self.options = options
        chart = try template.chart(options).checkedForInstall(template.chart)
        values = try options.values.helmValues(options.readFile)
        let version = try template.kubeVersion.map { try KubeVersion($0) } ?? .standard
        renderer = ChartRenderer(
            release: ReleaseOptions(
                name: template.releaseName, namespace: options.namespace ?? "default",
                isInstall: !template.isUpgrade, isUpgrade: template.isUpgrade),
            capabilities: Capabilities(kubeVersion: version, addedAPIVersions: template.apiVersions),
            validatesSchema: !template.skipsSchema)
        try renderer.release.checkName()
        if chart.metadata.deprecated { options.ui.warn(logged: "this chart is deprecated") }
    }

    /// The text for standard output. With --debug `print` gets what came out where it is no YAML, before the error.
    package func text(printingBroken print: ([UInt8]) throws -> Void) throws -> [UInt8] {
        if template.isRaw { return try raw(files()).bytes }
        let rendered = try rendered(print)
        let text =
            template.showOnly.isEmpty
            ? rendered.templateOutput(
                includingCRDs: template.includesCRDs, skippingTests: template.skipsTests,
                skippingHooks: template.skipsHooks)
            : try rendered.templateOutput(
                showingOnly: template.showOnly, includingCRDs: template.includesCRDs,
                skippingTests: template.skipsTests)
        return try options.postRendered(text.bytes)
    }

    /// A part of a file for each object, in Helm's order, by the path of its template.
    package func files(printingBroken print: ([UInt8]) throws -> Void) throws -> [(path: String, bytes: [UInt8])] {
        try rendered(print).fileOutput(
            includingCRDs: template.includesCRDs, skippingTests: template.skipsTests,
            skippingHooks: template.skipsHooks
        ).map { ($0.path, $0.text.bytes) }
    }

    private func files() throws -> [Rendered] {
        try logged { warnings in
            var chart = chart
            return try renderer.renderFiles(of: &chart, values: values, warnings: &warnings)
        }
    }

    /// The objects that the templates make; with --debug the texts are printed where they are no objects.
    private func rendered(_ print: ([UInt8]) throws -> Void) throws -> RenderedChart {
        do {
            return try logged { try renderer.render(chart, values: values, warnings: &$0) }
        } catch {
            guard template.isDebugging else { throw error }
            var chart = chart
            // They were shown with the objects that failed.
            var ignored: [String] = []
            let files = try renderer.renderFiles(of: &chart, values: values, warnings: &ignored)
            try print(files.debugOutput.bytes)
            throw error
        }
    }

    /// What the body makes; the warnings of the templates' logs are shown, also where it fails.
    private func logged<Made>(_ body: (inout [String]) throws -> Made) throws -> Made {
        var warnings: [String] = []
        let made = Result { try body(&warnings) }
        for warning in warnings { options.ui.warn(logged: warning) }
        return try made.get()
    }

    private func raw(_ files: [Rendered]) throws -> Text {
        if template.showOnly.isEmpty { return files.rawOutput }
        return try template.showOnly.map { try files.rawOutput(of: $0, in: chart) }.reduce("", +)
    }
}

extension TemplateOptions {
    /// The chart from this machine or from where its address leads.
    fileprivate func chart(_ options: OperationOptions) throws -> Chart {
        guard repository != nil || chart.contains("://") else {
            let found = try loadChart(chart)
            let own = found.metadata.version
            guard let version, !version.withoutVersionPrefix.hasSameBytes(as: own.withoutVersionPrefix) else {
                return found
            }
            throw ChartFailure(path: chart, reason: "is version \(own), not \(version); leave --version out")
        }
        var options = options
        options.charts = [repository ?? chart]
        guard let fetcher = try options.chartFetcher() else { return try loadChart(chart) }
        return try fetcher.chart(repository == nil ? nil : chart, version: version).chart
    }
}

extension ValueFlags {
    /// Values files and flags as `helm template` takes them, with its error texts.
    fileprivate func helmValues(_ readFile: FileReader) throws -> Mapping {
        var values = Mapping()
        for path in files {
            do {
                values.merge(try readValues(Text(try readFile(path))))
            } catch {
                throw ChartFailure(path: path, reason: "\(error)")
            }
        }
        for kind in SetFlag.allCases {
            for set in sets where set.flag == kind {
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
