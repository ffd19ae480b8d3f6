import Istio
import Values

/// Flux: a Kustomization for each component, which is not applied before the one before it is ready, and its HelmRelease.
extension Export {
    func fluxFiles() throws -> [ExportedFile] {
        if options.charts == .folders, options.repository == nil { throw ExportError.noRepository(.flux) }
        var files = [
            try file("kustomizations.yaml", gitRepository + releases.map(kustomization)),
            try file("sources/sources.yaml", namespaceObjects + helmRepository),
        ]
        for release in releases { files.append(try file("\(release.chart)/release.yaml", [helmRelease(release)])) }
        return files
    }

    private var isFromGit: Bool { options.charts == .folders }
    private var meshNamespace: String { releases.first?.namespace ?? "istio-system" }
    private var gitName: String { options.repository == nil ? "flux-system" : "istio-ambient" }

    /// The source of the folder, where it is not the one that Flux was started with.
    private var gitRepository: [Value] {
        guard let repository = options.repository else { return [sources] }
        let git: Value = [
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": ["name": .string(gitName), "namespace": .string(options.fluxNamespace)],
            "spec": ["interval": "10m", "url": .string(repository), "ref": ["branch": .string(options.revision)]],
        ]
        return [git, sources]
    }

    /// What the releases need: namespaces and the repository of charts.
    private var sources: Value { kustomization("sources", dependingOn: [], timeout: "5m") }

    private func kustomization(_ release: ExportedRelease) -> Value {
        // A rollout of ztunnel takes its pods' grace period node by node.
        let timeout = release.component == .ztunnel ? "30m" : "15m"
        return kustomization(
            release.chart, dependingOn: ["istio-" + (previous(release)?.chart ?? "sources")], timeout: timeout,
            namespace: release.namespace)
    }

    private func kustomization(
        _ folder: String, dependingOn names: [String], timeout: String, namespace: String? = nil
    ) -> Value {
        var spec: Mapping = [
            "interval": "1h", "retryInterval": "2m", "timeout": .string(timeout),
            "path": .string("./" + options.inRepository(folder)), "prune": false, "wait": true,
            "sourceRef": ["kind": "GitRepository", "name": .string(gitName)],
        ]
        if !names.isEmpty { spec["dependsOn"] = .list(names.map { ["name": .string($0)] }) }
        return [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": ["name": .string("istio-" + folder), "namespace": .string(options.fluxNamespace)],
            "spec": .map(spec),
        ]
    }

    private var helmRepository: [Value] {
        guard case .repository(let url) = options.charts else { return [] }
        var spec: Mapping = ["interval": "1h", "url": .string(url)]
        if options.charts.isRegistry { spec["type"] = "oci" }
        return [
            [
                "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "HelmRepository",
                "metadata": ["name": "istio", "namespace": .string(meshNamespace)], "spec": .map(spec),
            ]
        ]
    }

    private func helmRelease(_ release: ExportedRelease) -> Value {
        let source: Value =
            isFromGit
            ? ["kind": "GitRepository", "name": .string(gitName), "namespace": .string(options.fluxNamespace)]
            : ["kind": "HelmRepository", "name": "istio", "namespace": .string(meshNamespace)]
        var chart: Mapping = [
            "chart": .string(isFromGit ? "./" + options.inRepository("charts/\(release.chart)") : release.chart),
            "sourceRef": source,
        ]
        if isFromGit { chart["reconcileStrategy"] = "Revision" } else { chart["version"] = .string(release.version) }
        var spec: Mapping = [
            "releaseName": .string(release.name), "interval": "1h",
            "timeout": release.component == .ztunnel ? "30m" : "15m", "chart": ["spec": .map(chart)],
            // The definitions are templates of base.
            "install": ["crds": "Skip", "remediation": ["retries": 3]],
            // A data plane that failed is looked at, not rolled twice.
            "upgrade": ["crds": "Skip", "remediation": ["retries": 0]],
            "driftDetection": drift(release), "values": .map(release.values),
        ]
        if let previous = previous(release) {
            spec["dependsOn"] = [["name": .string(previous.name), "namespace": .string(previous.namespace)]]
        }
        if hasWebhooks(release), !release.keepsFailurePolicy { spec["postRenderers"] = [withoutFailurePolicy] }
        return [
            "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
            "metadata": ["name": .string(release.name), "namespace": .string(release.namespace)], "spec": .map(spec),
        ]
    }

    func hasWebhooks(_ release: ExportedRelease) -> Bool { [.base, .istiod].contains(release.component) }

    /// istiod writes into the webhooks, which is no drift.
    private func drift(_ release: ExportedRelease) -> Value {
        guard hasWebhooks(release) else { return ["mode": "enabled"] }
        let kinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]
        return [
            "mode": "enabled",
            "ignore": .list(kinds.map { ["paths": ["/webhooks"], "target": ["kind": .string($0)]] }),
        ]
    }

    /// An upgrade that writes what istiod owns would end in a conflict.
    private var withoutFailurePolicy: Value {
        [
            "kustomize": [
                "patches": [
                    [
                        "target": ["kind": "ValidatingWebhookConfiguration"],
                        "patch": "- op: remove\n  path: /webhooks/0/failurePolicy\n",
                    ]
                ]
            ]
        ]
    }
}
