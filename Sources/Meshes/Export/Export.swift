import Istio
package import Objects
package import Values
import YAML

/// A mesh written for another tool that installs it.
package struct Export: Sendable {
    let releases: [ExportedRelease]
    let options: ExportOptions
    /// Labels of the namespaces of the components, by name; sail's own objects beside those of the charts.
    let namespaces: [(name: String, labels: Mapping)]
    let objects: [MeshObject]
    /// The resources of the Sail Operator; empty for every other form.
    package let resources: [Mapping]
    /// The comment line that each file begins with.
    let mark: String

    /// Works the releases out of a mesh and its rendered objects; throws `ExportError`, or what rendering throws.
    ///
    /// `program` is the name and number of this tool, for the comment.
    package init(_ mesh: Mesh, objects: [MeshObject], for form: ExportForm, _ options: ExportOptions, program: String)
        throws
    {
        self.options = options
        self.objects = objects
        mark = "# Written by \(program) for Istio \(mesh.release.version): sail export \(form.rawValue)\n"
        namespaces = objects.filter { $0.component == nil && $0.identity.kind == "Namespace" }.map { object in
            let labels = (try? Value(yaml: object.text.bytes))?[path: "metadata", "labels"]?.map
            return (object.identity.name, labels ?? Mapping())
        }
        if form != .kustomize, mesh.changesObjects { throw ExportError.patched(form) }
        resources = form == .resources ? try mesh.resources() : []
        guard form.isOfCharts else {
            releases = []
            return
        }
        releases = try mesh.parts.map { part in
            var values = try mesh.reducedValues(of: part, forIstioCharts: options.charts != .folders)
            if options.closesWebhooks, [.base, .istiod].contains(part.component) {
                values.set("Fail", at: ["base", "validationFailurePolicy"])
            }
            return ExportedRelease(
                component: part.component, name: part.instanceName, namespace: part.namespace,
                version: part.release.version.withoutVersionPrefix, values: values)
        }
        if options.closesWebhooks, let old = releases.first(where: { !$0.keepsFailurePolicy }) {
            throw ExportError.noWebhookPolicy(old.version)
        }
    }

    /// All files, in the order of their paths' use.
    package func files(for form: ExportForm) throws -> [ExportedFile] {
        switch form {
        case .argocd: try options.clusters.map(applicationSetFiles) ?? argocdFiles()
        case .flux: try fluxFiles()
        case .helm: try helmFiles()
        case .kustomize: try kustomizeFiles()
        case .resources: try resourceFiles()
        }
    }

    /// A YAML file of these documents under the mark.
    func file(_ path: String, _ documents: [Value], comment: String = "") throws -> ExportedFile {
        var bytes = Array((mark + comment).utf8)
        for (index, document) in documents.enumerated() {
            if index > 0 { bytes += "---\n".utf8 }
            bytes += try document.yamlBytes()
        }
        return ExportedFile(path: path, bytes: bytes)
    }

    /// The namespaces of the components, for tools that make none by themselves.
    var namespaceObjects: [Value] {
        namespaces.map { name, labels in
            var metadata: Mapping = ["name": .string(name)]
            if !labels.isEmpty { metadata["labels"] = .map(labels) }
            return ["apiVersion": "v1", "kind": "Namespace", "metadata": .map(metadata)]
        }
    }

    /// The charts that a component waits for: the one before it.
    func previous(_ release: ExportedRelease) -> ExportedRelease? {
        guard let index = releases.firstIndex(where: { $0.component == release.component }), index > 0 else {
            return nil
        }
        return releases[index - 1]
    }
}

/// Why a mesh cannot be exported.
package enum ExportError: Error, CustomStringConvertible, Equatable {
    /// What changes rendered objects is in no chart's values.
    case patched(ExportForm)
    /// Charts of this version have no such value.
    case noWebhookPolicy(String)
    /// The files must lie in a repository that the tool reads.
    case noRepository(ExportForm)
    /// Stages change by themselves, one after the other.
    case stagesSynchronize
    /// The resources would not ask for this object as the flags do.
    case notTheSame(ObjectReference)

    package var description: String {
        switch self {
        case .patched(let form):
            "patches and an IstioOperator's k8s settings are no values of a chart, which \(form.installer) installs; "
                + "use sail export kustomize, or leave them out"
        case .noWebhookPolicy(let version):
            "--webhook-policy fail: the charts of \(version) have no base.validationFailurePolicy, which came with 1.28.6, "
                + "1.29.2 and 1.30.0; leave the flag out"
        case .noRepository(let form):
            "sail export \(form.rawValue) with sail's own charts: they are read from Git; say where the folder will lie "
                + "with --repo-url and --path"
        case .stagesSynchronize:
            "an ApplicationSet with stages is synchronized step by step; use --manual-stages to have each stage wait for you, "
                + "or leave --no-automated out"
        case .notTheSame(let object):
            "resources of the Sail Operator cannot ask for this mesh: \(object) would differ; a null that takes a default "
                + "away, compatibilityVersion and an earlier installer's names have no field there; use sail export kustomize"
        }
    }
}

extension Mesh {
    /// Whether something beside the charts has a say in the rendered objects.
    fileprivate var changesObjects: Bool { !objectSettings.isEmpty || !patchFiles.isEmpty }
}
