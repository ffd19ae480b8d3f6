import Istio
import Meshes
import System
import Testing
import Values
import YAML

/// The ApplicationSet for many clusters, read as Argo CD reads it.
@Suite struct ExportSetTests {
    private func set(
        _ clusters: ExportedClusters, _ values: String = "", components: Set<Component> = [],
        adjust: (inout ExportOptions) -> Void = { _ in }, request change: (inout MeshRequest) -> Void = { _ in }
    ) throws -> (text: String, value: Value) {
        var request = MeshRequest()
        request.user = try UserValues([.file("mesh.yaml")]) { _ throws(FileFailure) in Array(values.utf8) }
        request.components = components
        change(&request)
        let mesh = try Mesh(request) { try BuiltInCharts.charts($0, $1) }
        var options = ExportOptions()
        options.clusters = clusters
        adjust(&options)
        var renderer = MeshRenderer(mesh)
        let export = try Export(
            mesh, objects: try renderer.objects(), for: .argocd, options, program: "sail 1.2.3")
        let files = try export.files(for: .argocd)
        #expect(files.map(\.path) == ["applicationset.yaml"])
        return (String(decoding: files[0].bytes, as: UTF8.self), try Value(yaml: files[0].bytes, numbers: .native))
    }

    private let three = ExportedClusters.named([
        ExportedCluster(name: "t1", stage: "test"), ExportedCluster(name: "eu", stage: "prod"),
        ExportedCluster(name: "us", stage: "prod"),
    ])

    /// `test base`, with the most clusters behind it where it says so.
    private func steps(_ set: Value) -> [String] {
        (set[path: "spec", "strategy", "rollingSync", "steps"]?.list ?? []).map { step in
            let names = (step["matchExpressions"]?.list ?? []).flatMap { expression -> [String] in
                #expect(expression["operator"] == "In")
                #expect(["stage", "component"].contains(expression["key"]?.string))
                return (expression["values"]?.list ?? []).compactMap(\.string)
            }
            return (names + (step["maxUpdate"]?.int.map { ["\($0)"] } ?? [])).joined(separator: " ")
        }
    }

    private func generators(_ set: Value) throws -> [Value] {
        try #require(set[path: "spec", "generators"]?.list?.first?[path: "matrix", "generators"]?.list)
    }

    @Test func theStepsAreTheComponentsOfEachStageInOrder() throws {
        let set = try set(three).value
        #expect(
            steps(set) == [
                "test base", "test istiod", "test cni", "test ztunnel", "prod base", "prod istiod", "prod cni",
                "prod ztunnel",
            ])
        #expect(set[path: "spec", "strategy", "type"] == "RollingSync")
        #expect(set[path: "spec", "strategy", "deletionOrder"] == "Reverse")
        #expect(set[path: "spec", "syncPolicy", "preserveResourcesOnDeletion"] == true)
        // A label of the template for each key that the steps select by.
        let labels = set[path: "spec", "template", "metadata", "labels"]
        #expect(labels == ["component": "{{.component}}", "stage": "{{.stage}}"])
        #expect(
            steps(try self.set(three, adjust: { $0.mostClusters = 2 }).value) == [
                "test base", "test istiod", "test cni 2", "test ztunnel 2", "prod base", "prod istiod", "prod cni 2",
                "prod ztunnel 2",
            ])
        let waiting = try self.set(three, adjust: { ($0.mostClusters, $0.waitsForPeople) = (2, true) }).value
        #expect(
            steps(waiting) == [
                "test base", "test istiod", "test cni 2", "test ztunnel 2", "prod base 0", "prod istiod 0",
                "prod cni 0", "prod ztunnel 0",
            ])
    }

    @Test func everyClusterGetsEveryComponent() throws {
        let set = try set(three, "{global: {platform: gke}, ztunnel: {terminationGracePeriodSeconds: 77}}").value
        let generators = try generators(set)
        let components = try #require(generators[0][path: "list", "elements"]?.list)
        #expect(components.map { $0["component"] } == ["base", "istiod", "cni", "ztunnel"])
        #expect(components.map { $0["application"] } == ["istio-base", "istiod", "istio-cni", "ztunnel"])
        #expect(components.allSatisfy { $0["version"] == "1.30.3" && $0["namespaceOfMesh"] == "istio-system" })
        let ztunnel = try Value(yaml: Array((components[3]["helmValues"]?.string ?? "").utf8), numbers: .native)
        #expect(ztunnel["terminationGracePeriodSeconds"] == 77)
        #expect(
            generators[1][path: "list", "elements"] == [
                ["cluster": "t1", "stage": "test"], ["cluster": "eu", "stage": "prod"],
                ["cluster": "us", "stage": "prod"],
            ])
        let spec = set[path: "spec", "template", "spec"]
        #expect(spec?["destination"] == ["namespace": "{{.namespaceOfMesh}}", "name": "{{.cluster}}"])
        #expect(spec?[path: "source", "chart"] == "{{.component}}")
        #expect(spec?[path: "source", "helm"] == ["releaseName": "{{.release}}", "values": "{{.helmValues}}"])
        // Every parameter of the template is one of the generators', since a missing key is an error.
        #expect(
            set[path: "spec", "goTemplate"] == true && set[path: "spec", "goTemplateOptions"] == ["missingkey=error"])
        let known = Set(components[0].map?.map(\.0) ?? []).union(["cluster", "stage"])
        let text = try #require(set[path: "spec", "template"]).json(escapingHTML: false)
        for match in text.matches(of: /\{\{(?:normalize )?\.(\w+)\}\}/) {
            #expect(known.contains(String(match.1)), "\(match.1)")
        }
    }

    @Test func theWebhooksAreLeftToIstiodAndNothingIsPruned() throws {
        let set = try set(three).value
        let spec = set[path: "spec", "template", "spec"]
        #expect(spec?["ignoreDifferences"]?.list?.count == 2)
        #expect(spec?["syncPolicy"]?["automated"] == nil)
        let options = spec?["syncPolicy"]?["syncOptions"]?.list ?? []
        for option in ["RespectIgnoreDifferences=true", "ServerSideApply=true", "Prune=false"] {
            #expect(options.contains(.string(option)), "\(option)")
        }
        #expect(
            try self.set(three, components: [.ztunnel]).value[path: "spec", "template", "spec", "ignoreDifferences"]
                == nil)
    }

    @Test func clustersOfALabelAreFoundByIt() throws {
        let set = try set(.labelled("example.com/env", stages: ["test", "prod"])).value
        #expect(
            try generators(set)[1][path: "clusters", "selector", "matchExpressions"] == [
                ["key": "example.com/env", "operator": "In", "values": ["test", "prod"]]
            ])
        #expect(steps(set).count == 8 && steps(set)[4] == "prod base")
        let template = set[path: "spec", "template"]
        #expect(template?[path: "metadata", "labels", "stage"] == "{{index .metadata.labels \"example.com/env\"}}")
        #expect(template?[path: "metadata", "name"] == "{{.nameNormalized}}-{{.application}}")
        #expect(template?[path: "spec", "destination", "server"] == "{{.server}}")
        let plain = try self.set(.labelled("env", stages: [])).value
        #expect(steps(plain) == ["base", "istiod", "cni", "ztunnel"])
        #expect(
            try generators(plain)[1][path: "clusters", "selector", "matchExpressions"] == [
                ["key": "env", "operator": "Exists"]
            ])
        #expect(plain[path: "spec", "template", "metadata", "labels"] == ["component": "{{.component}}"])
    }

    @Test func valuesThatHoldTemplatesAreNotFilledIn() throws {
        let (text, value) = try set(three, "meshConfig: {accessLogFormat: '{{ .cluster }} {{- end }}'}")
        // The first generator is taken as it is; only the second one is filled in, with what the first one gives.
        let elements = try generators(value)[0][path: "list", "elements"]?.list ?? []
        #expect(elements[1]["helmValues"]?.string?.contains("{{ .cluster }} {{- end }}") == true)
        #expect(text.contains("applicationsetcontroller.enable.progressive.syncs"))
    }

    @Test func namespacesWithLabelsOfTheirOwnAreAPatch() throws {
        let set = try set(
            three, "{global: {network: east}}", request: { $0.componentNamespaces = [.ztunnel: "ztunnel"] }
        )
        .value
        let elements = try generators(set)[0][path: "list", "elements"]?.list ?? []
        let labels = elements.map { $0["namespaceLabels"]?.string }
        let own = #"{"topology.istio.io/network":"east"}"#
        #expect(labels == [own, own, own, ""])
        let patch = set[path: "spec", "templatePatch"]?.string ?? ""
        #expect(patch.hasPrefix("metadata:\n") && patch.contains("labels: {{.namespaceLabels}}\n"))
        // One namespace needs no patch.
        let one = try self.set(three, "{global: {network: east}}").value
        #expect(one[path: "spec", "templatePatch"] == nil)
        #expect(
            one[path: "spec", "template", "spec", "syncPolicy", "managedNamespaceMetadata", "labels"] == [
                "topology.istio.io/network": "east"
            ])
    }

    /// The fields that the definition of Argo CD 3.5 has, by the field that holds them; of others an API server takes nothing.
    private static let known: [String: Set<String>] = [
        "": ["apiVersion", "kind", "metadata", "spec"],
        "spec": [
            "applyNestedSelectors", "generators", "goTemplate", "goTemplateOptions", "ignoreApplicationDifferences",
            "preservedFields", "strategy", "syncPolicy", "template", "templatePatch", "destination",
            "ignoreDifferences",
            "info", "project", "revisionHistoryLimit", "source", "sources",
        ],
        "metadata": ["name", "namespace", "labels", "annotations", "finalizers"],
        "strategy": ["type", "rollingSync", "deletionOrder"], "rollingSync": ["steps"],
        "steps": ["matchExpressions", "maxUpdate"], "matchExpressions": ["key", "operator", "values"],
        "generators": ["clusters", "list", "matrix"], "matrix": ["generators", "template"],
        "list": ["elements", "elementsYaml", "template"], "clusters": ["selector", "values", "template", "flatList"],
        "selector": ["matchLabels", "matchExpressions"], "template": ["metadata", "spec"],
        "syncPolicy": [
            "applicationsSync", "preserveResourcesOnDeletion", "automated", "syncOptions", "retry",
            "managedNamespaceMetadata",
        ],
        "destination": ["name", "namespace", "server"],
        "source": ["chart", "helm", "path", "repoURL", "targetRevision"],
        "helm": ["releaseName", "values", "valuesObject"],
        "retry": ["limit", "backoff", "refresh"], "backoff": ["duration", "factor", "maxDuration"],
        "ignoreDifferences": [
            "group", "kind", "name", "namespace", "jsonPointers", "jqPathExpressions", "managedFieldsManagers",
        ],
        "managedNamespaceMetadata": ["labels", "annotations"],
    ]

    /// The fields below a field that its definition does not have; labels and parameters have any names.
    private func strays(_ value: Value, in field: String) -> [String] {
        if let list = value.list { return list.flatMap { strays($0, in: field) } }
        guard let map = value.map, !["labels", "annotations", "elements"].contains(field) else { return [] }
        let known = ExportSetTests.known[field] ?? []
        return map.flatMap { key, value in (known.contains(key) ? [] : ["\(field).\(key)"]) + strays(value, in: key) }
    }

    @Test func everyFieldIsOneOfTheDefinition() throws {
        let label = ExportedClusters.labelled("env", stages: ["test", "prod"])
        for set in [
            try set(three, "{global: {network: east}}", request: { $0.componentNamespaces = [.ztunnel: "z"] }),
            try set(label, adjust: { ($0.mostClusters, $0.waitsForPeople) = (3, true) }),
            try set(label, adjust: { ($0.charts, $0.repository) = (.folders, "https://git.example.com/x.git") }),
        ] {
            #expect(strays(set.value, in: "") == [])
        }
    }

    @Test func stagesWithoutSynchronizationAreRefused() {
        #expect(throws: ExportError.stagesSynchronize) { try set(three, adjust: { $0.isAutomated = false }) }
        #expect(throws: ExportError.noRepository(.argocd)) { try set(three, adjust: { $0.charts = .folders }) }
    }
}
