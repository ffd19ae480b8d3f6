import Applying
import Charts
import ClusterState
import GoTemplate
import HelmReleases
import TestSupport
import Values

// Packed content: charts, and the records of releases.
extension Subject {
    /// The files of a chart, a line `name|kind|size|content` each.
    private static let chartFiles = [
        #"c/Chart.yaml|0||apiVersion: v2\nname: c\nversion: 0.1.0\nappVersion: 1.2.3\ndeprecated: false\n"#,
        #"c/values.yaml|0||a: {b: 1}\ns: {on: true}\n"#,
        #"c/templates/a.yaml|0||kind: A\nmetadata: {name: x}\nv: {{ .Values.a | toJson }}\n"#,
        #"c/values.schema.json|0||{"type":"object","properties":{"a":{"type":"object"}}}"#,
        #"c/charts/s/Chart.yaml|0||apiVersion: v2\nname: s\nversion: 0.1.0\n"#,
        #"c/charts/s/templates/b.yaml|0||kind: B\n"#, #"c/.helmignore|0||*.txt\n"#, #"c/crds/c.yaml|0||kind: C\n"#,
    ]

    static let archive = Subject(
        "tgz",
        seeds: {
            let first = [
                [], [#"x|x||27 path=c/templates/p.yaml\n15 size=000002\n"#, #"c/short|0||x\n"#],
                ["././@LongLink|L||c/templates/long.yaml", "c/short|0||x"], ["c/|5|8589934591|"],
                [#"pax_global_header|g||12 a=bcdefg\n"#],
            ]
            return first.map { Array(($0 + chartFiles).joined(separator: "\n").utf8) }
                + [Archive.tar([Archive.Entry("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n")])]
        },
        words: [
            "|x||", "|L||", "|K||", "|g||", "|S||", "|1||", "|5|", "../x", "/etc/passwd", "c/charts/s/charts/",
            "\0\0\0\0",
            "11 size=99\\n", "1 a=b\\n", "29 size=9223372036854775807\\n", "|8589934591|", "\u{80}", "templates/",
            "{{ ", "c\\x",
            "\nc/templates/n|0||", "dependencies: [{name: s, version: '*', alias: t, import-values: [x]}]\\n",
        ],
        pack: { Archive.gzip(tar($0)) }
    ) { bytes in
        succeeds({
            var loader = ChartLoader()
            let chart = try loader.load(archive: bytes)
            var warnings: [String] = []
            var renderer = ChartRenderer()
            renderer.engine.limits.steps /= 20
            _ = try renderer.render(chart, values: ["a": ["b": 2]], warnings: &warnings)
            _ = chart.recorded
        })
    }

    /// A tar archive of such lines; what has zero bytes is one already.
    private static func tar(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.contains(0) { return bytes }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return Archive.tar(
            lines.map { line in
                let parts = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
                func part(_ index: Int) -> String { index < parts.count ? String(parts[index]) : "" }
                let kind = part(1).unicodeScalars.first { $0.isASCII } ?? "0"
                return Archive.Entry(
                    String(decoding: part(0).utf8.prefix(97), as: UTF8.self).replacing("\u{FFFD}", with: ""),
                    part(3).replacing("\\n", with: "\n"), kind: Character(kind),
                    claimedSize: Int(part(2)).map { min(max(0, $0), 0o77777777777) })
            })
    }

    static let releaseSecret = Subject(
        "release-secret",
        texts: [
            """
            {"name":"istiod","namespace":"istio-system","version":3,"info":{"status":"deployed","first_deployed":\
            "2026-11-24T10:00:00Z","last_deployed":"2026-11-24T10:00:00.123Z","description":"done","notes":"n"},\
            "chart":{"metadata":{"name":"istiod","version":"1.30.3","appVersion":"1.30.3","annotations":{}},"values":{}},\
            "config":{"pilot":{"env":{}}},"manifest":"---\\nkind: ConfigMap\\n","hooks":[],"labels":{}}
            """,
            "{\"name\":\"a\",\"version\":1,\"info\":{},\"chart\":{\"metadata\":{\"name\":\"base\"}}}",
        ],
        words: [
            "\"version\":9223372036854775807", "\"status\":\"pending-upgrade\"", "null", "[]", "{}", "\"info\":", "-1",
            "1.5",
            "\"last_deployed\":\"9999-99-99T99:99:99Z\"", "\"annotations\":{\"sail\":", "\\u0000",
        ],
        pack: { Archive.gzip($0) }
    ) { packed in
        let text = base64(packed)
        return succeeds(
            {
                let record = try ReleaseRecord(secret: secret(.string(base64(Array(text.utf8)))))
                var history = ReleaseHistory(records: [record], faults: [])
                _ = history.nextRevision(of: record.name, in: record.namespace)
                _ = history.isTidy(record.name, in: record.namespace)
                _ = history.helmTimes
                _ = record.component.map(OperationHistory(history).newest)
                history.records[0].status = .superseded
                _ = history.records[0].secret(now: .max, isNew: false)
                _ = record.excess
            },
            { _ = try ReleaseRecord(configMap: secret(.string(text))) },
            { _ = try ReleaseRecord(secret: Value(json: packed, numbers: .native)) })
    }

    private static func secret(_ release: Value) -> Value {
        [
            "metadata": ["name": "sh.helm.release.v1.istiod.v3", "namespace": "istio-system"],
            "type": "helm.sh/release.v1", "data": ["release": release],
        ]
    }
}
