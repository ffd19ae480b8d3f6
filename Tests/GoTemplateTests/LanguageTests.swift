import GoTemplate
import TestSupport
import Testing
import Values

private let values: Value = [
    "name": "sail", "n": 3.0, "list": ["a", "b", "c"], "map": ["y": 2.0, "x": 1.0], "deep": ["a": ["b": "c"]],
    "empty": [], "none": .null,
]

@Suite struct LanguageTests {
    @Test(arguments: [
        ("a{{ 1 }}b", "a1b"),
        ("{{ .name }} {{ .deep.a.b }} {{ .missing }}", "sail c <no value>"),
        ("{{ $.name }}{{ with .deep }}{{ .a.b }}{{ $.name }}{{ end }}", "sailcsail"),
        ("{{ $x := 1 }}{{ $x = 2 }}{{ $x }}", "2"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"),
        ("{{ if .empty }}a{{ else if .none }}b{{ else }}c{{ end }}", "c"),
        ("{{ with .none }}a{{ else with .name }}{{ . }}{{ end }}", "sail"),
        ("{{ range .list }}{{ . }},{{ end }}", "a,b,c,"),
        ("{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }}", "0a1b2c"),
        ("{{ range $k, $v := .map }}{{ $k }}={{ $v }};{{ end }}", "x=1;y=2;"),
        ("{{ range .empty }}a{{ else }}none{{ end }}", "none"),
        ("{{ range 3 }}{{ . }}{{ end }}", "012"),
        ("{{ range .list }}{{ if eq . \"b\" }}{{ continue }}{{ end }}{{ . }}{{ end }}", "ac"),
        ("{{ range .list }}{{ if eq . \"b\" }}{{ break }}{{ end }}{{ . }}{{ end }}", "a"),
        ("{{ $x := 0 }}{{ range $x = .list }}{{ end }}{{ $x }}", "c"),
        ("{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .name }}", "<sail>"),
        ("{{ block \"b\" 5 }}[{{ . }}]{{ end }}", "[5]"),
        ("{{ \"a\" | printf \"%s%s\" \"b\" }}", "ba"),
        ("{{ (index .list 1) }}{{ (.deep).a.b }}", "bc"),
        ("{{ and 0 .x.y.z }}{{ or \"\" 5 }}{{ and 1 2 }}", "052"),
    ])
    func evaluates(_ template: String, _ expected: String) {
        #expect(rendered(template, values) == expected)
    }

    @Test(arguments: [
        ("a  {{- 1 -}}  b", "a1b"),
        ("a \n {{- /* comment */ -}} \n b", "ab"),
        ("{{-3}}", "-3"),
        ("{{- 3}}", "3"),
        ("a\u{000B}{{- 1 }}", "a\u{000B}1"),
        ("{{/* */}}x", "x"),
    ])
    func trims(_ template: String, _ expected: String) {
        #expect(rendered(template) == expected)
    }

    @Test(arguments: [
        ("{{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }}", "31 3 15 15 1000"),
        ("{{ 'a' }} {{ '\\n' }} {{ '\\u00e9' }}", "97 10 233"),
        ("{{ 1.5 }} {{ 1e3 }} {{ 0x1p4 }} {{ .5 }}", "1.5 1000 16 0.5"),
        ("{{ 1i }} {{ 1+2i }}", "(0+1i) (1+2i)"),
        ("{{ \"a\\tb\\x41\\101\" }}{{ `r\\n` }}", "a\tbAAr\\n"),
        ("{{ true }} {{ false }}", "true false"),
    ])
    func readsLiterals(_ template: String, _ expected: String) {
        #expect(rendered(template) == expected)
    }

    @Test func missingKeysAreErrorsWhenAsked() {
        #expect(
            rendered("{{ .a }}", ["b": 1], missingKey: .error)
                == "template: t:1:3: executing \"t\" at <.a>: map has no entry for key \"a\"")
    }

    @Test func sharesTheMapThatLoopsChange() {
        let add = Function("add", [.anyMap, .string], returns: .string) { arguments in
            if case .map(let map) = arguments[0], case .string(let key) = arguments[1] { map[key] = .int(1) }
            return .string("")
        }
        #expect(
            rendered(
                "{{ range $k, $v := . }}{{ add $ (print $k \"2\") }}{{ $k }} {{ end }}{{ len . }}",
                ["a": 1, "b": 2], functions: [add]) == "a b 4")
    }
}
