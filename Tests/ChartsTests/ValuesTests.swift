import GoTemplate
import Testing
import Values
import YAML

@testable import Charts

@Suite struct ValuesTests {
    private func compose(
        _ files: [String: String], _ user: String, keepsNulls: Bool = false
    ) throws -> (json: String, warnings: [String]) {
        var warnings: [String] = []
        let chart = try loadChart(files)
        let values = Map(try Mapping(yaml: user))
        let result =
            keepsNulls
            ? try Coalescing.merge(chart, into: values, warnings: &warnings)
            : try Coalescing.coalesce(chart, into: values, warnings: &warnings)
        return (try Value.map(Mapping(result)).json(), warnings)
    }

    @Test func theUsersValuesWin() throws {
        let result = try compose(["values.yaml": "a: {x: 1, w: 2}\nl: [1]\n"], "a: {w: 3}\nl: [2]\n")
        #expect(result.json == #"{"a":{"w":3,"x":1},"l":[2]}"#)
    }

    @Test func nullsRemoveDefaults() throws {
        let files = ["values.yaml": "a: 1\nb: {x: 1, w: null, z: 2}\nc: null\n"]
        #expect(try compose(files, "a: null\nb: {x: null}\nd: null\n").json == #"{"b":{"z":2},"d":null}"#)
        let merged = try compose(files, "a: null\nb: {x: null}\n", keepsNulls: true)
        #expect(merged.json == #"{"a":null,"b":{"w":null,"x":null,"z":2},"c":null}"#)
    }

    @Test func tablesAgainstScalars() throws {
        let result = try compose(["values.yaml": "a: 1\nb: {x: {v: 1}, z: 2}\n"], "a: {q: 1}\nb: {x: 5, z: {w: 1}}\n")
        #expect(result.json == #"{"a":{"q":1},"b":{"x":5,"z":{"w":1}}}"#)
        #expect(
            result.warnings.sorted() == [
                "warning: cannot overwrite table with non table for c.b.x (map[v:1])",
                "warning: destination for c.b.z is a table. Ignoring non-table value (2)",
                "warning: skipped value for c.a: Not a table.",
            ])
    }

    private static let subchart = [
        "charts/sub/Chart.yaml": "name: sub\nversion: 0.1.0\n", "charts/sub/values.yaml": "k: 1\nglobal: {s: 1}\n",
    ]

    @Test func globalsReachSubcharts() throws {
        let result = try compose(ValuesTests.subchart, "global: {g: 1, t: {a: 1}}\nsub: {global: {t: {b: 2}}}\n")
        #expect(
            result.json
                == #"{"global":{"g":1,"t":{"a":1}},"sub":{"global":{"g":1,"s":1,"t":{"a":1,"b":2}},"k":1}}"#)
    }

    @Test(arguments: [
        ("sub: 5\n", "type mismatch on sub: %!t(float64=5)"), ("sub: null\n", "type mismatch on sub: %!t(<nil>)"),
        ("sub: []\n", "type mismatch on sub: []"), ("sub: x\n", "type mismatch on sub: %!t(string=x)"),
    ])
    func valuesOfASubchartMustBeATable(user: String, message: String) {
        let error = #expect(throws: CoalescingError.self) { try compose(ValuesTests.subchart, user) }
        #expect(error?.description == message)
    }

    private func process(
        _ dependencies: String, _ user: String, _ values: String = ""
    ) throws -> (names: [String], values: String, warnings: [String]) {
        var chart = try loadChart([
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1\ndependencies:\n" + dependencies, "values.yaml": values,
            "charts/sub/Chart.yaml": "name: sub\nversion: 0.1.0\n",
            "charts/sub/values.yaml": "exports: {data: {e: 1}}\nm: {k: {o: 1}}\n",
            "charts/oth/Chart.yaml": "name: oth\nversion: 0.2.0\n",
        ])
        var processing = DependencyProcessing()
        try processing.process(&chart, values: try Mapping(yaml: user))
        return (chart.dependencies.map(\.name), try Value.map(chart.values).json(), processing.warnings)
    }

    @Test(arguments: [
        ("- {name: sub, version: 0.1.0, condition: sub.use}\n", "sub: {use: false}", ["oth"]),
        (
            "- {name: sub, version: 0.1.0, condition: 'a.b,sub.use'}\n", "{a: {b: true}, sub: {use: false}}",
            ["oth", "sub"]
        ),
        ("- {name: sub, version: 0.1.0, condition: 'a.b, sub.use'}\n", "sub: {use: false}", ["oth", "sub"]),
        ("- {name: sub, version: 0.1.0, tags: [f]}\n", "tags: {f: false}", ["oth"]),
        ("- {name: sub, version: 0.1.0, tags: [f, g]}\n", "tags: {f: false, g: true}", ["oth", "sub"]),
        (
            "- {name: sub, version: 0.1.0, tags: [f], condition: use}\n", "{use: true, tags: {f: false}}",
            ["oth", "sub"]
        ),
        ("- {name: sub, version: '>=1'}\n", "{}", ["oth", "sub"]),
        (
            "- {name: sub, version: ~0.1, alias: al}\n- {name: sub, version: ~0.1, alias: b}\n", "{}",
            ["oth", "al", "b"]
        ),
        ("- {name: sub, version: 0.1.0, enabled: false}\n", "{}", ["oth", "sub"]),
    ])
    func whichChartsTakePart(dependencies: String, user: String, names: [String]) throws {
        #expect(try process(dependencies, user).names == names)
    }

    @Test func conditionsThatAreNoBools() throws {
        let result = try process(
            "- {name: sub, version: 0.1.0, condition: 'a b,sub.use'}\n", "{a b: x, sub: {use: false}}")
        #expect(result.names == ["oth"])
        #expect(result.warnings == ["WARN returned non-bool value path=\"a b\" chart=sub"])
    }

    @Test func importedValuesGoBeneathTheParents() throws {
        let entry = "- {name: sub, version: 0.1.0, import-values: [data, nope, {child: m.k, parent: p.q}]}\n"
        let result = try process(entry, "{}", "e: 5\np: {q: {x: 1}}\n")
        #expect(
            result.values
                == #"{"e":5,"oth":{"global":{}},"p":{"q":{"o":1,"x":1}},"#
                + #""sub":{"exports":{"data":{"e":1}},"global":{},"m":{"k":{"o":1}}}}"#
        )
        #expect(result.warnings == ["WARN ImportValues missing table error=\"\\\"nope\\\" is not a table\""])
    }

    @Test(arguments: [
        ("1.30", "v1.30", "v1.30", "1", "30"), ("v1.30.2-eks-abc", "v1.30.2-eks-abc", "v1.30.2", "1", "30"),
        ("1.27.3+k3s1", "v1.27.3+k3s1", "v1.27.3", "1", "27"), (" v1.05", "v v1.05", "v1.5", "1", "5"),
    ])
    func kubernetesVersions(text: String, version: String, normalized: String, major: String, minor: String) throws {
        let read = try KubeVersion(text)
        #expect(read.version == version)
        #expect(read.normalized == normalized)
        #expect([read.major, read.minor] == [major, minor])
    }

    @Test(arguments: [
        ("bad", "could not parse \"bad\" as version"), ("1", "illegal version string \"1\""),
        ("01.2", "illegal zero-prefixed version component \"01\" in \"01.2\""),
    ])
    func noKubernetesVersions(text: String, message: String) {
        let error = #expect(throws: KubeVersion.SyntaxError.self) { try KubeVersion(text) }
        #expect(error?.description == message)
    }
}
