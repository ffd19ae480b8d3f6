import GoTemplate
package import Values

/// Renders a chart as `helm template` and `helm install` do.
package struct ChartRenderer: Sendable {
    package var release: ReleaseOptions
    package var capabilities: Capabilities
    package var engine: Engine
    package var validatesSchema: Bool

    package init(
        release: ReleaseOptions = ReleaseOptions(), capabilities: Capabilities = Capabilities(),
        engine: Engine = Engine(), validatesSchema: Bool = true
    ) {
        self.release = release
        self.capabilities = capabilities
        self.engine = engine
        self.validatesSchema = validatesSchema
    }

    /// The objects and hooks of a chart with the user's values. `warnings` gets the lines of Helm's log, without time
    /// stamps, also where there is an error.
    package func render(
        _ chart: Chart, values: Mapping, warnings: inout [String]
    ) throws(ChartRenderError) -> RenderedChart {
        var chart = chart
        let files = try renderFiles(of: &chart, values: values, warnings: &warnings)
        do throws(SortedManifests.Failure) {
            let sorted = try SortedManifests(files.filter { !$0.isNotes })
            warnings += sorted.warnings
            return RenderedChart(chart: chart, files: files, manifests: sorted.manifests, hooks: sorted.hooks)
        } catch {
            throw .manifest(error)
        }
    }

    /// The outputs of all templates but partials, sorted by path. `chart` becomes what its dependencies leave of it.
    package func renderFiles(
        of chart: inout Chart, values: Mapping, warnings: inout [String]
    ) throws(ChartRenderError) -> [Rendered] {
        try process(&chart, values, &warnings)
        let composed = try compose(chart, values, &warnings)
        try checkKubeVersion(chart.metadata)
        let templates = RenderValues.templates(
            of: chart, values: composed, release: release, capabilities: capabilities)
        do {
            return try engine.render(templates).sorted { $0.path < $1.path }
        } catch let error as RenderError {
            throw .template(error)
        } catch {
            throw .template(RenderError(Text("rendering template failed: \(error)")))
        }
    }

    private func process(_ chart: inout Chart, _ values: Mapping, _ warnings: inout [String]) throws(ChartRenderError) {
        var processing = DependencyProcessing()
        defer { warnings += processing.warnings }
        do throws(CoalescingError) {
            try processing.process(&chart, values: values)
        } catch {
            throw .dependencies(error)
        }
    }

    /// The root chart's values, checked against the schemas.
    private func compose(
        _ chart: Chart, _ values: Mapping, _ warnings: inout [String]
    ) throws(ChartRenderError) -> Map {
        let composed: Map
        do throws(CoalescingError) {
            composed = try Coalescing.coalesce(chart, into: Map(values), warnings: &warnings)
        } catch {
            throw .values(error)
        }
        if validatesSchema, let problems = schemaProblems(of: chart, composed, &warnings) { throw .schema(problems) }
        return composed
    }

    private func checkKubeVersion(_ metadata: Metadata) throws(ChartRenderError) {
        let version = capabilities.kubeVersion
        if metadata.kubeVersion.isEmpty || isCompatible(metadata.kubeVersion, version.normalized) { return }
        throw .kubeVersion(wanted: metadata.kubeVersion, present: version.version)
    }
}

/// Why a chart does not render; the texts are Helm's.
package enum ChartRenderError: Error, CustomStringConvertible {
    case dependencies(CoalescingError)
    case values(CoalescingError)
    /// What the values violate, chart by chart.
    case schema(String)
    case kubeVersion(wanted: String, present: String)
    case template(RenderError)
    case manifest(SortedManifests.Failure)

    package var description: String {
        switch self {
        case .dependencies(let error): "chart dependencies processing failed: \(error)"
        case .values(let error): error.description
        case .schema(let problems):
            "values don't meet the specifications of the schema(s) in the following chart(s):\n" + problems
        case .kubeVersion(let wanted, let present):
            "chart requires kubeVersion: \(wanted) which is incompatible with Kubernetes \(present)"
        case .template(let error): error.description
        case .manifest(let error): error.description
        }
    }
}
