import Istio
import Values
import YAML

/// The clusters that an ApplicationSet is for.
package enum ExportedClusters: Sendable, Equatable {
    /// By the names that Argo CD has for them, each in a stage.
    case named([ExportedCluster])
    /// Those whose Secret has this label; each value is a stage, or all are one where none is given.
    case labelled(String, stages: [String])

    /// In the order in which they change.
    var stages: [String] {
        switch self {
        case .labelled(_, let stages): return stages
        case .named(let clusters):
            var stages: [String] = []
            for cluster in clusters where !stages.contains(cluster.stage) { stages.append(cluster.stage) }
            return stages
        }
    }
}

/// A cluster of Argo CD by its name, and the stage in which it changes.
package struct ExportedCluster: Sendable, Equatable {
    package var name: String
    package var stage: String

    package init(name: String, stage: String) { (self.name, self.stage) = (name, stage) }
}

/// Argo CD for many clusters: one ApplicationSet, whose steps are the components of each stage, one after the other.
extension Export {
    func applicationSetFiles(_ clusters: ExportedClusters) throws -> [ExportedFile] {
        if options.charts == .folders, options.repository == nil { throw ExportError.noRepository(.argocd) }
        guard options.isAutomated else { throw ExportError.stagesSynchronize }
        return [try file("applicationset.yaml", [applicationSet(clusters)], comment: setComment)]
    }

    private var setComment: String {
        let settings = "configmap argocd-cmd-params-cm -n \(options.argocdNamespace)"
        return """
            # The steps need progressive syncs, which are off by default in Argo CD's ApplicationSet controller; without them no
            # cluster is synchronized. Whether they are on:
            #   kubectl get \(settings) -o yaml | grep applicationsetcontroller.enable.progressive.syncs
            # Nothing is pruned, and the mesh stays when the ApplicationSet is deleted: sail uninstall removes it.

            """
    }

    private func applicationSet(_ clusters: ExportedClusters) throws -> Value {
        var spec: Mapping = [
            "goTemplate": true, "goTemplateOptions": ["missingkey=error"],
            // The second generator is filled in with what the first one gives; values that hold templates of their own
            // are in the first.
            "generators": [["matrix": ["generators": [try componentGenerator(), clusterGenerator(clusters)]]]],
            "strategy": [
                "type": "RollingSync", "deletionOrder": "Reverse",
                "rollingSync": ["steps": .list(steps(clusters.stages))],
            ],
            "syncPolicy": ["preserveResourcesOnDeletion": true], "template": template(clusters),
        ]
        if namespaceLabels.count > 1 { spec["templatePatch"] = .string(namespacePatch) }
        return [
            "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet",
            "metadata": ["name": "istio-ambient", "namespace": .string(options.argocdNamespace)], "spec": .map(spec),
        ]
    }

    private func componentGenerator() throws -> Value {
        let elements = try releases.map { release -> Value in
            var element: Mapping = [
                "component": .string(release.chart), "application": .string(applicationName(release)),
                "release": .string(release.name), "version": .string(release.version),
                "namespaceOfMesh": .string(release.namespace),
                "helmValues": .string(String(decoding: try Value.map(release.values).yamlBytes(), as: UTF8.self)),
            ]
            if namespaceLabels.count > 1 {
                let labels = labels(of: release)
                element["namespaceLabels"] = .string(labels.isEmpty ? "" : try Value.map(labels).json())
            }
            return .map(element)
        }
        return ["list": ["elements": .list(elements)]]
    }

    private func clusterGenerator(_ clusters: ExportedClusters) -> Value {
        switch clusters {
        case .named(let clusters):
            let elements = clusters.map { cluster -> Value in
                ["cluster": .string(cluster.name), "stage": .string(cluster.stage)]
            }
            return ["list": ["elements": .list(elements)]]
        case .labelled(let label, let stages):
            let expression: Value =
                stages.isEmpty
                ? ["key": .string(label), "operator": "Exists"]
                : ["key": .string(label), "operator": "In", "values": .list(stages.map(Value.string))]
            return ["clusters": ["selector": ["matchExpressions": [expression]]]]
        }
    }

    /// The components of a stage in their order, and a stage after the one before it.
    private func steps(_ stages: [String]) -> [Value] {
        func expression(_ key: String, _ value: String) -> Value {
            ["key": .string(key), "operator": "In", "values": [.string(value)]]
        }
        let names: [String?] = stages.isEmpty ? [nil] : stages
        return names.enumerated().flatMap { index, stage in
            releases.map { release -> Value in
                let expressions =
                    (stage.map { [expression("stage", $0)] } ?? []) + [expression("component", release.chart)]
                var step: Mapping = ["matchExpressions": .list(expressions)]
                if options.waitsForPeople, index > 0 {
                    step["maxUpdate"] = 0
                } else if let most = options.mostClusters, [.cni, .ztunnel].contains(release.component) {
                    step["maxUpdate"] = .int(most)
                }
                return .map(step)
            }
        }
    }

    private func template(_ clusters: ExportedClusters) -> Value {
        var labels: Mapping = ["component": "{{.component}}"]
        var destination: Mapping = ["namespace": "{{.namespaceOfMesh}}"]
        let name: String
        switch clusters {
        case .named:
            name = "{{normalize .cluster}}"
            labels["stage"] = "{{.stage}}"
            destination["name"] = "{{.cluster}}"
        case .labelled(let label, let stages):
            name = "{{.nameNormalized}}"
            if !stages.isEmpty { labels["stage"] = .string("{{index .metadata.labels \"\(label)\"}}") }
            destination["server"] = "{{.server}}"
        }
        let source = source(
            chart: "{{.component}}", version: "{{.version}}",
            helm: ["releaseName": "{{.release}}", "values": "{{.helmValues}}"])
        var spec: Mapping = [
            "project": .string(options.project), "destination": .map(destination), "source": source,
            "syncPolicy": setPolicy,
        ]
        if releases.contains(where: hasWebhooks) { spec["ignoreDifferences"] = webhookDifferences }
        return [
            "metadata": [
                "name": .string(name + "-{{.application}}"), "namespace": .string(options.argocdNamespace),
                "labels": .map(labels),
            ], "spec": .map(spec),
        ]
    }

    /// Without `automated`: the controller synchronizes by its steps, and where it has none nothing happens.
    private var setPolicy: Value {
        var policy: Mapping = ["syncOptions": .list(syncOptions + ["Prune=false"]), "retry": retry]
        if namespaceLabels.count == 1, let labels = namespaceLabels.first, !labels.isEmpty {
            policy["managedNamespaceMetadata"] = ["labels": .map(labels)]
        }
        return .map(policy)
    }

    /// The different labels of the components' namespaces.
    private var namespaceLabels: [Mapping] {
        var found: [Mapping] = []
        for labels in releases.map(labels) where !found.contains(where: { Value.map($0) == .map(labels) }) {
            found.append(labels)
        }
        return found
    }

    /// What only some of the Applications have; never empty, since an empty patch is none.
    private var namespacePatch: String {
        """
        metadata:
          labels:
            component: "{{.component}}"
        {{- if .namespaceLabels }}
        spec:
          syncPolicy:
            managedNamespaceMetadata:
              labels: {{.namespaceLabels}}
        {{- end }}

        """
    }
}
