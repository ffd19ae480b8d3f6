import Charts
import GoTemplate
import Istio
import Meshes
import System
import Values
import YAML

// Texts that users write: values, templates, flags.
extension Subject {
    static let yaml = Subject(
        "yaml",
        texts: [
            "global:\n  hub: docker.io/istio\n  tag: 1.30.3\npilot:\n  replicaCount: 2\n  env: {A: \"b\", C: null}\n",
            "a: &x [1, 2.5, -3e10, 0x1F, 0o17, 017, 1_000]\nb: *x\nc:\n  <<: {d: 1}\n  e: |\n    text\n    more\n",
            "- 2001-12-14t21:59:43.10-05:00\n- 2002-12-14\n- !!binary aGVsbG8=\n- ~\n- 'it''s'\n- >-\n  folded\n  text\n",
            "%YAML 1.1\n---\n? [complex, key]\n: value\n18446744073709551615: big\nnull: 1\n...\n---\nsecond: true\n",
            "a: {b: {c: {d: [x, {y: z}]}}}\n\"quoted \\u00e9 \\x41\": 12:30:45\nkey with spaces: yes\n",
            "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: ambient\n  values: {global: {}}\n",
            "apiVersion: sailoperator.io/v1\nkind: ZTunnel\nmetadata: {name: default}\nspec:\n  version: v1.30.3\n",
        ],
        words: [
            "---\n", "...\n", "- ", ": ", "? ", "&a ", "*a", "<<: *a", "!!int ", "!!float ", "!!binary ", "!!null ",
            "|2-\n",
            ">+\n", "%YAML 1.2\n", "\t", "\u{FEFF}", "null: ", "~: ", "{", "}", "[", "]", ",", "# c\n", "'", "\"", "\\",
            "\u{85}", "2001-01-01 00:00:00.123456789012345678901234567890", "\r\n", "\n  ",
        ]
    ) { bytes in
        succeeds(
            {
                var reader = DocumentReader(bytes, options: ReadingOptions(recordsPlaces: true))
                while let document = try reader.next() { _ = try? document.value.yaml() }
            },
            { _ = try Value(yaml: bytes, numbers: .native).json() },
            { _ = try Mapping(yaml: bytes) },
            { _ = try readValues(Text(bytes)) },
            { _ = try UserValues([.file("values.yaml")]) { _ throws(FileFailure) in bytes } })
    }

    static let json = Subject(
        "json",
        texts: [
            "{\"a\":{\"b\":[1,-2.5e3,true,false,null,\"x\\u00e9\\n\"]},\"c\":18446744073709551615}",
            "[[],{},[{}],{\"a\":[[1e308,-1e-308,0.1,-0]]}]", "{\"a\":\"\\ud83d\\ude00\",\"b\":\"\\ud800\",\"\":1}",
            " 12 ", "\"x\"",
        ],
        words: [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "true", "null", "1e", "-", ".", "\u{1}",
            "\"a\":",
        ]
    ) { bytes in
        succeeds(
            { _ = try Value(json: bytes).json(indentation: JSONWriter.Indentation()) },
            { _ = try Value(json: bytes, numbers: .native).yaml() },
            { _ = try Value.reading(json: bytes) },
            {
                try bytes.withUnsafeBufferPointer { buffer in
                    var reader = JSONReader(buffer)
                    while true { _ = try reader.readStreamValue() }
                }
            })
    }

    static let toml = Subject(
        "toml",
        texts: [
            "a = 1\nb = \"x\\u00e9\"\nc = [1, 2.5, 'lit', true]\n[t.u]\nd = 1979-05-27T07:32:00Z\ne = {f = 1, g.h = 2}\n",
            "[[p]]\nn = 0x1F\nm = 0o17\nk = 0b11\n[[p.q]]\nx = inf\ny = -nan\nz = 1_000\n[[p]]\n",
            "s = \"\"\"\nmany\\\n   lines\"\"\"\nr = '''raw'''\nt = 07:32:00.999999\nd = 1979-05-27\n\"q.k\".v = 1 # c\n",
        ],
        words: [
            "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"\"\"", "'''", "\\U0010FFFF", "\\x41", "1979-05-27",
            "07:32:00",
            "Z", "+00:00", "inf", "nan", "\n", "#", "a.b.c", "\r", "0x", "1e400", "_",
        ]
    ) { bytes in
        let template: Text = "{{ $v := fromToml .text }}{{ toToml $v }}{{ toJson $v }}{{ toYaml $v }}"
        return succeeds({ _ = try rendered(template, ["text": .string(Text(bytes))]) })
    }

    static let template = Subject(
        "template",
        texts: [
            "{{- define \"c.name\" -}}{{ .Values.name | default \"x\" | trunc 63 | trimSuffix \"-\" }}{{- end }}\n"
                + "a: {{ include \"c.name\" . | quote }}\nb: {{ toYaml .Values.map | nindent 2 }}\n",
            "{{ range $i, $e := .Values.list }}{{ $i }}={{ $e }}{{ if gt $i 1 }}{{ break }}{{ else }}{{ continue }}{{ end }}{{ end }}",
            "{{ with .Values.map }}{{ .k }}{{ else }}none{{ end }}{{ printf \"%5.2f %d %q %v %+v %#v %x\" 1.5 3 \"s\" . nil 7 \"y\" }}",
            "{{ $d := dict \"a\" 1 \"b\" (list 1 2 3) }}{{ $_ := set $d \"c\" $d }}{{ keys $d | sortAlpha | join \",\" }}"
                + "{{ deepEqual $d $d }}{{ len (merge (dict) $d) }}{{ toJson $d }}{{ has 1 (list 1) }}",
            "{{ date \"2006-01-02\" 0 }}{{ dateInZone \"15:04 MST\" 1600000000 \"America/New_York\" }}{{ now | date \"2006\" }}"
                + "{{ duration 95 }}{{ durationRound \"2h10m5s\" }}{{ toDate \"2006-01-02\" \"2020-02-30\" }}{{ ago 5 }}",
            "{{ substr 0 3 \"hello\" }}{{ trunc -2 \"abc\" }}{{ abbrev 5 \"hello world\" }}{{ abbrevboth 5 10 \"1234 5678 9123\" }}"
                + "{{ wrap 5 \"a b c\" }}{{ repeat 3 \"x\" }}{{ indent 4 \"a\\nb\" }}{{ initials \"a b\" }}{{ nospace \"a b\" }}",
            "{{ until 5 }}{{ untilStep 3 6 2 }}{{ seq 1 2 10 }}{{ add 1 2 }}{{ div 7 2 }}{{ mod 7 2 }}{{ round 1.55 1 }}"
                + "{{ max 1 2 }}{{ mulf 1.5 2 }}{{ ceil 1.2 }}{{ chunk 2 (list 1 2 3) }}{{ slice (list 1 2 3) 1 2 }}",
            "{{ regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\" }}{{ regexFindAll \"[2,4]\" \"123456\" -1 }}"
                + "{{ regexSplit \"z+\" \"pizza\" -1 }}{{ semverCompare \">=1.2 <3 || ~4.1\" \"1.3.0\" }}{{ (semver \"1.2.3\").Major }}",
            "{{ fromYaml \"a: 1\" }}{{ fromJson \"{}\" }}{{ fromJsonArray \"[1]\" }}{{ b64enc \"x\" }}{{ b64dec \"eA==\" }}"
                + "{{ sha256sum \"x\" }}{{ urlParse \"http://u:p@h:1/p?q#f\" }}{{ .Files.Get \"x\" }}{{ .Capabilities.KubeVersion }}",
            "{{ tpl \"{{ .Values.name }}\" . }}{{ required \"need\" .Values.name }}{{ fail \"no\\nmore\" }}{{ lookup \"v1\" \"Pod\" \"\" \"\" }}",
            "{{ (now).Location }}{{ ((now).AddDate 1 2 3).YearDay }}{{ (list 1 2) | first }}{{ ternary 1 2 true }}{{ 0x1Fp2 1_0 'a' 1i }}",
            "{{ $l := list }}{{ range until 12 }}{{ $l = list $l $l }}{{ end }}{{ $l | toString | len }}{{ index $l 0 1 }}",
        ],
        words: [
            "{{", "}}", "{{-", "-}}", "|", "(", ")", ":=", "=", "$", "$x", ".", ".Values", "if ", "range ", "with ",
            "end", "else",
            "define \"a\"", "template \"a\" .", "block \"a\" .", "include \"c.name\" . ", "tpl ", "nil", "true",
            "\"s\"", "`r`",
            "'c'", "/*", "*/", "list ", "dict \"k\" ", "set $d \"k\" $d ", "toJson ", "toYaml ", "toToml ",
            "toPrettyJson ",
            "mustToJson ", "toYamlPretty ", "deepCopy ", "merge ", "mergeOverwrite ", "deepEqual ", "uniq ", "without ",
            "printf \"%v\" ",
            "printf \"%*.*f\" ", "indent ", "nindent ", "repeat ", "until ", "untilStep ", "seq ", "substr ", "trunc ",
            "abbrevboth ",
            "splitn ", "chunk ", "slice ", "index ", "randAlpha ", "randBytes ", "date ", "dateModify ", "toDate ",
            "duration ", "ago ",
            "semver ", "semverCompare ", "regexMatch ", "regexReplaceAll ", "fromJson ", "fromYaml ", "fromToml ",
            "atoi ", "int64 ",
            "toDecimal ", "round ", "divf ", "eq ", "len ", "join \",\" ", "splitList \"\" ", "dig ", "pluck ",
            "sortAlpha ", "get ",
            "urlParse ", "b32dec ", "concat ", "append ", "compact ", "-9223372036854775808", "9223372036854775807",
            "1e308", ".X.Y",
        ]
    ) { bytes in
        let values: [Text: GoValue] = [
            "Values": GoValue(["name": "web", "list": [1, "b", 2.5], "map": ["k": "v", "m": ["n": .null]]]),
            "Capabilities": .object(Capabilities()),
        ]
        return succeeds({ _ = try rendered(Text(bytes), values) })
    }

    static let set = Subject(
        "set",
        texts: [
            "a.b=1,c[0].d=x,e={1,2,three}", "global.hub=docker.io/istio,pilot.env.A=b\\,c", "a[0][1].b[2]=null,k=",
            "a.b={\"c\":[1,2,{\"d\":null}]}", "list[2]=true,list[0]=false,n=0012,m=12",
        ],
        words: ["=", ",", ".", "[0]", "[65536]", "[-1]", "{", "}", "\\", "null", "[", "]", "{\"a\":1}", "\u{17F}", " "]
    ) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        var isTaken = false
        for flag in SetFlag.allCases {
            var values: Mapping = ["a": ["b": ["c": 1]], "list": [1, 2]]
            let read: Mapping.FileText = { path throws(SetError) in
                if path.utf8.count > 5 { throw SetError("open \(path): no such file") }
                return "text"
            }
            let isFine = succeeds({ try values.apply(text, of: flag, reading: read) })
            isTaken = isTaken || isFine
        }
        return isTaken
    }

    /// What a template makes of values, by Helm's engine and with its functions.
    private static func rendered(_ text: Text, _ dot: [Text: GoValue]) throws -> [Rendered] {
        var engine = Engine()
        // A twentieth of what a chart may take, so that many inputs can be tried.
        engine.limits.steps /= 20
        return try engine.render([
            Renderable(path: "c/templates/a.yaml", text: text, basePath: "c/templates", dot: Map(dot))
        ])
    }
}
