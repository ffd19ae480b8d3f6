import GoTemplate
import Testing
import Values
import YAML

@testable import Charts

@Suite struct RenderingTests {
    private func render(_ files: [String: String], _ values: Mapping = [:]) throws -> RenderedChart {
        var warnings: [String] = []
        let renderer = ChartRenderer(release: ReleaseOptions(name: "rel", namespace: "ns"))
        return try renderer.render(try loadChart(files), values: values, warnings: &warnings)
    }

    /// The outputs of the templates as they came out.
    private func outputs(_ files: [String: String]) throws -> [Text] {
        var chart = try loadChart(files)
        var warnings: [String] = []
        return try ChartRenderer().renderFiles(of: &chart, values: [:], warnings: &warnings).map(\.text)
    }

    private func renderError(_ files: [String: String]) -> String {
        do {
            _ = try render(files)
            return "no error"
        } catch {
            return String(describing: error)
        }
    }

    @Test(arguments: [
        ("a: 1\n---\nb: 2\n", ["a: 1", "b: 2\n"]), ("---\na: 1", ["a: 1"]), ("a: 1\n---b: 2", ["a: 1", "b: 2"]),
        ("a: 1 \n \n---\t\n\n  b: 2", ["a: 1", "b: 2"]), ("a: 1\r\n---\r\nb: 2\r\n", ["a: 1", "b: 2\r\n"]),
        ("a: 1\n---\n---\nb: 2", ["a: 1", "---\nb: 2"]), ("a: 1\n----\n", ["a: 1", "-\n"]), ("", []), ("\n\n---\n", []),
        ("a: |\n  x\n  ---\n  y", ["a: |\n  x\n  ---\n  y"]), ("# c\n---\n", ["# c"]), ("\u{A0}a: 1", ["a: 1"]),
    ])
    func splitting(text: String, documents: [String]) {
        #expect(splitManifests(Text(text)).map(\.string) == documents)
    }

    @Test func documentsComeInTheOrderOfInstallation() throws {
        let result = try render([
            "templates/b.yaml": "kind: Deployment\n---\nkind: Zed\n---\nkind: Service\nn: 1\n",
            "templates/a.yaml": "kind: Service\nn: 2\n---\nkind: Another\n---\nkind: Namespace\n---\n# nothing\n",
        ])
        #expect(
            result.manifests.map(\.kind) == ["Namespace", "Service", "Service", "Deployment", "", "Another", "Zed"])
        #expect(result.manifests[1].path == "c/templates/a.yaml")
    }

    private static let hook = """
        kind: Job
        metadata:
          name: h
          annotations:
            helm.sh/hook: "pre-install , POST-upgrade"
            helm.sh/hook-weight: "-5"
            helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
        """

    @Test func hooksAreKeptApart() throws {
        let result = try render(["templates/a.yaml": RenderingTests.hook + "\n---\nkind: Pod\n"])
        #expect(result.manifests.map(\.kind) == ["Pod"])
        let hook = try #require(result.hooks.first)
        #expect(hook.name == "h")
        #expect(hook.events == ["pre-install", "post-upgrade"])
        #expect(hook.weight == -5)
        #expect(hook.deletePolicies == ["before-hook-creation", "hook-succeeded"])
        #expect(
            result.templateOutput()
                == "---\n# Source: c/templates/a.yaml\nkind: Pod\n---\n# Source: c/templates/a.yaml\n\(RenderingTests.hook)\n"
        )
    }

    @Test func unknownHooksAreLeftOutWithAWord() throws {
        var warnings: [String] = []
        let text = "metadata: {annotations: {helm.sh/hook: 'pre-install,bogus'}}"
        let result = try ChartRenderer().render(
            try loadChart(["templates/a.yaml": text]), values: [:], warnings: &warnings)
        #expect(result.hooks.isEmpty)
        #expect(result.manifests.isEmpty)
        #expect(warnings == ["INFO skipping unknown hooks hookTypes=pre-install,bogus"])
    }

    @Test func theManifestNamesItsSources() throws {
        let result = try render([
            "templates/x.yaml": "a: 1\n", "templates/NOTES.txt": "hi {{ .Release.Name }}", "templates/_p.tpl": "no",
            "crds/c.yaml": "kind: C\n", "charts/s/Chart.yaml": "name: s\nversion: 1\n",
            "charts/s/templates/y.yaml": "b: 2",
            "charts/s/templates/NOTES.txt": "no",
        ])
        #expect(
            result.manifest()
                == "---\n# Source: c/charts/s/templates/y.yaml\nb: 2\n---\n# Source: c/templates/x.yaml\na: 1\n\n")
        #expect(result.manifest(includingCRDs: true).string.hasPrefix("---\n# Source: c/crds/c.yaml\nkind: C\n\n---\n"))
        #expect(result.notes == "hi rel")
    }

    @Test func showingOnlySomeTemplates() throws {
        let result = try render([
            "templates/a.yaml": "a: 1\n---\na: 2\n", "templates/b.yaml": "b: {{ .Release.Namespace }}\n\n",
            "templates/d/c.yaml": "c: 1",
        ])
        #expect(
            try result.templateOutput(showingOnly: ["templates/b.yaml"])
                == "---\n# Source: c/templates/b.yaml\nb: ns\n")
        let all = try result.templateOutput(showingOnly: ["templates/*.yaml"]).string
        #expect(all.components("# Source: ") == 4)
        #expect(try result.rawOutput(of: "templates/b.yaml") == "b: ns\n\n")
        let error = #expect(throws: NoSuchTemplate.self) {
            try result.templateOutput(showingOnly: ["templates/z.yaml"])
        }
        #expect(error?.description == "could not find template templates/z.yaml in chart")
        #expect(throws: NoSuchTemplate.self) { try result.rawOutput(of: "templates/z.yaml") }
    }

    private static let decoding = "error unmarshaling JSON: while decoding JSON: json: "

    @Test(arguments: [
        ("a: b: c", "error converting YAML to JSON: yaml: mapping values are not allowed in this context"),
        ("- a", decoding + "cannot unmarshal array into Go value of type util.SimpleHead"),
        ("kind: [1]", decoding + "cannot unmarshal array into Go struct field SimpleHead.kind of type string"),
        (
            "metadata: {name: [1]}",
            decoding + "cannot unmarshal array into Go struct field .metadata.name of type string"
        ),
        (
            "metadata: 5",
            decoding
                + "cannot unmarshal number into Go struct field SimpleHead.metadata of type "
                + #"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#
        ),
    ])
    func documentsThatAreNoObjects(text: String, reason: String) {
        #expect(renderError(["templates/x.yaml": text]) == "YAML parse error on c/templates/x.yaml: " + reason)
    }

    @Test func theClusterMustBeNewEnough() {
        let error = renderError(["Chart.yaml": "name: c\nversion: 1\nkubeVersion: '>=99'\n"])
        #expect(error == "chart requires kubeVersion: >=99 which is incompatible with Kubernetes v1.36.0")
    }

    @Test func libraryChartsRenderNothing() throws {
        let result = try render(
            [
                "Chart.yaml": "name: c\nversion: 1\ntype: Library\n", "templates/x.yaml": "a: 1",
            ].merging(["Chart.yaml": "name: c\nversion: 1\ntype: library\n"]) { $1 })
        #expect(result.files.isEmpty)
    }

    @Test func whatIsSetInASubchartsValuesIsSeenByTheParent() throws {
        let result = try outputs([
            "charts/s/Chart.yaml": "name: s\nversion: 1\n",
            "charts/s/templates/a.txt": "{{ $_ := set .Values \"k\" 1 }}{{ typeOf .Values }}",
            "templates/z.txt":
                "{{ .Values.s.k }} {{ typeOf .Values.s }} {{ .Subcharts.s.Values.k }} {{ .Values.AsMap.s.k }}",
        ])
        #expect(result == ["common.Values", "1 map[string]interface {} 1 1"])
    }

    @Test(arguments: [
        ("{{ .Capabilities.KubeVersion }}", "v1.36.0"),
        ("{{ printf \"%v\" .Capabilities.KubeVersion }}", "{v1.36.0 v1.36.0 1 36}"),
        ("{{ .Capabilities.HelmVersion }}", "{v4.2   go1.26.6 v1.36}"),
        ("{{ .Capabilities.APIVersions | len }} {{ .Capabilities.APIVersions.Has \"apps/v1\" }}", "55 true"),
        (
            "{{ typeOf .Capabilities }} {{ typeOf .Capabilities.APIVersions }}",
            "*common.Capabilities common.VersionSet"
        ),
        ("{{ .Files.Get \"f/a.txt\" }}{{ .Files.Get \"none\" }}", "x\n"),
        ("{{ (.Files.Glob \"f/*\").AsConfig }}", "a.txt: |\n  x\nb: \"\""),
        ("{{ (.Files.Glob \"f/a*\").AsSecrets }}", "a.txt: eAo="),
        ("{{ range .Files.Lines \"f/a.txt\" }}[{{ . }}]{{ end }}", "[x]"),
        ("{{ range $p, $b := .Files.Glob \"f/**\" }}{{ $p }}={{ $b | toString }};{{ end }}", "f/a.txt=x\n;f/b=;"),
        ("{{ .Values.Table \"t.u\" | toJson }} {{ .Values.PathValue \"t.u.v\" }}", "{\"v\":1} 1"),
        ("{{ .Values.YAML }}", "t:\n  u:\n    v: 1\n"),
        (
            "{{ .Chart.Name }} {{ .Chart.IsRoot }} {{ .Template.Name }} {{ .Template.BasePath }}",
            "c true c/templates/t.txt c/templates"
        ),
    ])
    func objects(template: String, output: String) throws {
        let result = try outputs([
            "templates/t.txt": template, "f/a.txt": "x\n", "f/b": "", "values.yaml": "t: {u: {v: 1}}\n",
        ])
        #expect(result == [Text(output)])
    }
}

extension String {
    /// Into how many parts the text falls at a separator.
    fileprivate func components(_ separator: String) -> Int {
        var count = 1
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
