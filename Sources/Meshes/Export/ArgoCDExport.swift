import Istio
import Values

/// Argo CD: an Application for each component in waves, and the settings without which the waves mean nothing.
extension Export {
    func argocdFiles() throws -> [ExportedFile] {
        if options.charts == .folders, options.repository == nil { throw ExportError.noRepository(.argocd) }
        var files = try releases.map {
            try file("applications/\(applicationName($0)).yaml", [application($0)], comment: comment(on: $0))
        }
        if options.repository != nil { files.append(try file("parent.yaml", [parent])) }
        files.append(try healthFile())
        return files
    }

    func applicationName(_ release: ExportedRelease) -> String {
        switch release.component {
        case .base: "istio-base"
        case .istiod: "istiod"
        case .cni: "istio-cni"
        case .ztunnel: "ztunnel"
        }
    }

    private func comment(on release: ExportedRelease) -> String {
        let strategy = release.values.value(at: ["updateStrategy", "type"])
        guard release.component == .ztunnel, strategy == "OnDelete" else { return "" }
        return
            "# OnDelete: Argo CD calls the DaemonSet healthy at once, whatever its pods run; nothing waits for the nodes.\n"
    }

    private var parent: Value {
        [
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
            "metadata": ["name": "istio-ambient", "namespace": .string(options.argocdNamespace)],
            "spec": [
                "project": .string(options.project),
                "destination": [
                    "server": "https://kubernetes.default.svc", "namespace": .string(options.argocdNamespace),
                ],
                "source": [
                    "repoURL": .string(options.repository ?? ""), "targetRevision": .string(options.revision),
                    "path": .string(options.inRepository("applications")),
                ],
                "syncPolicy": options.isAutomated
                    ? ["automated": ["prune": false, "selfHeal": true]] : .map(Mapping()),
            ],
        ]
    }

    private func application(_ release: ExportedRelease) -> Value {
        let wave = Component.allCases.firstIndex(of: release.component) ?? 0
        let source = source(
            chart: release.chart, version: release.version,
            helm: ["releaseName": .string(release.name), "valuesObject": .map(release.values)])
        var spec: Mapping = [
            "project": .string(options.project),
            "destination": ["server": .string(options.server), "namespace": .string(release.namespace)],
            "source": source, "syncPolicy": policy(release),
        ]
        if hasWebhooks(release) { spec["ignoreDifferences"] = webhookDifferences }
        return [
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
            "metadata": [
                "name": .string(applicationName(release)), "namespace": .string(options.argocdNamespace),
                "annotations": ["argocd.argoproj.io/sync-wave": .string(String(wave))],
            ], "spec": .map(spec),
        ]
    }

    /// Where a chart comes from, and what Helm makes of it; a template's words where an ApplicationSet fills them in.
    func source(chart: String, version: String, helm: Value) -> Value {
        var source: Mapping = ["helm": helm]
        switch options.charts {
        case .folders:
            source["repoURL"] = .string(options.repository ?? "")
            source["targetRevision"] = .string(options.revision)
            source["path"] = .string(options.inRepository("charts/\(chart)"))
        case .repository(let url):
            // Argo CD writes a registry without its scheme.
            source["repoURL"] = .string(options.charts.isRegistry ? String(url.dropFirst("oci://".count)) : url)
            source["chart"] = .string(chart)
            source["targetRevision"] = .string(version)
        }
        return .map(source)
    }

    /// Without these what is to be left to istiod would be written over all the same.
    var syncOptions: [Value] {
        ["CreateNamespace=true", "ServerSideApply=true", "RespectIgnoreDifferences=true", "ApplyOutOfSyncOnly=true"]
    }

    var retry: Value { ["limit": 5, "backoff": ["duration": "10s", "factor": 2, "maxDuration": "5m"]] }

    /// The labels of a component's namespace.
    func labels(of release: ExportedRelease) -> Mapping {
        namespaces.first { $0.name == release.namespace }?.labels ?? Mapping()
    }

    private func policy(_ release: ExportedRelease) -> Value {
        var options = syncOptions
        // Definitions are never taken away with all that is of them.
        if release.component == .base { options.append("Prune=false") }
        var policy: Mapping = [
            "syncOptions": .list(options), "retry": retry,
        ]
        if self.options.isAutomated {
            policy["automated"] = ["prune": .bool(release.component != .base), "selfHeal": true]
        }
        let labels = labels(of: release)
        if !labels.isEmpty {
            policy["managedNamespaceMetadata"] = ["labels": .map(labels)]
        }
        return .map(policy)
    }

    /// What istiod writes: by the paths of today, and by its name for fields to come.
    var webhookDifferences: Value {
        let bundle: Value = ".webhooks[]?.clientConfig.caBundle"
        return [
            [
                "group": "admissionregistration.k8s.io", "kind": "ValidatingWebhookConfiguration",
                "jqPathExpressions": [".webhooks[]?.failurePolicy", bundle],
                "managedFieldsManagers": ["pilot-discovery"],
            ],
            [
                "group": "admissionregistration.k8s.io", "kind": "MutatingWebhookConfiguration",
                "jqPathExpressions": [bundle], "managedFieldsManagers": ["pilot-discovery"],
            ],
        ]
    }

    /// A patch of Argo CD's own ConfigMap, for who runs Argo CD.
    private func healthFile() throws -> ExportedFile {
        var data: Mapping = ["resource.customizations.health.argoproj.io_Application": .string(applicationHealth)]
        for kind in ["Istio", "IstioCNI", "ZTunnel"] {
            data["resource.customizations.health.sailoperator.io_\(kind)"] = .string(resourceHealth)
        }
        let patch: Value = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "argocd-cm", "namespace": .string(options.argocdNamespace)], "data": .map(data),
        ]
        return try file(
            "argocd-cm-health.yaml", [patch],
            comment: """
                # A patch of Argo CD's settings, which its administrator applies once. Without it a wave does not wait for
                # the Applications of the wave before. Whether it is there:
                #   kubectl get configmap argocd-cm -n \(options.argocdNamespace) -o yaml | grep io_Application
                # kubectl patch configmap argocd-cm -n \(options.argocdNamespace) --patch-file argocd-cm-health.yaml

                """)
    }
}

/// An Application is healthy once its objects are, they are those that Git asks for, and no synchronization is under way.
private let applicationHealth = """
    local result = {status = "Progressing", message = "waits for its first synchronization"}
    local status = obj.status or {}
    local operation = status.operationState or {}
    local health = status.health or {}
    local sync = status.sync or {}
    if operation.phase == "Failed" or operation.phase == "Error" then
      result.status = "Degraded"
      result.message = operation.message or "the synchronization failed"
    elseif health.status == "Degraded" then
      result.status = "Degraded"
      result.message = health.message or ""
    elseif health.status == "Healthy" and sync.status == "Synced" and operation.phase ~= "Running" then
      result.status = "Healthy"
      result.message = ""
    else
      result.message = "health " .. (health.status or "unknown") .. ", " .. (sync.status or "not compared")
    end
    return result

    """

/// A resource of the Sail Operator is healthy when its status says so of the generation that is there.
private let resourceHealth = """
    local result = {status = "Progressing", message = "waits for its status"}
    local status = obj.status or {}
    if status.observedGeneration ~= obj.metadata.generation then
      return result
    end
    result.message = status.state or ""
    if status.state == "Healthy" then
      result.status = "Healthy"
    elseif status.state == "ReconcileError" then
      result.status = "Degraded"
    end
    return result

    """
