import GoTemplate
import TestSupport
import Testing
import Values

private let upper = Function("upper", [.string], returns: .string) { $0[0] }
private let until = Function("until", [.int], returns: .slice(.int)) { $0[0] }
private let keys = Function("keys", variadic: .anyMap, returns: .any) { .int($0.count) }

@Suite struct LanguageErrorTests {
    @Test(arguments: [
        ("{{", "t:1: unclosed action"),
        ("{{ 1", "t:1: unclosed action"),
        ("\n{{ 1 \n", "t:3: unclosed action started at t:2"),
        ("{{ \"a }}", "t:1: unterminated quoted string"),
        ("{{ 'a }}", "t:1: unterminated character constant"),
        ("{{ `a }}", "t:1: unterminated raw quoted string"),
        ("{{/* a", "t:1: unclosed comment"),
        ("{{/* a */ }}", "t:1: comment ends before closing delimiter"),
        ("{{ (1 }}", "t:1: unclosed left paren"),
        ("{{ 1) }}", "t:1: unexpected right paren"),
        ("{{ $x: }}", "t:1: undefined variable \"$x\""),
        ("{{ \u{01} }}", "t:1: unrecognized character in action: U+0001"),
        ("{{ a\u{00A0}b }}", "t:1: bad character U+00A0"),
        ("{{ 1x }}", "t:1: bad number syntax: \"1x\""),
        ("{{ 1+2 }}", "t:1: bad number syntax: \"1+2\""),
        ("{{ 08 }}", "t:1: integer overflow: \"08\""),
        ("{{ 0x }}", "t:1: illegal number syntax: \"0x\""),
        ("{{ 99999999999999999999 }}", "t:1: integer overflow: \"99999999999999999999\""),
        ("{{ 'ab' }}", "t:1: malformed character constant: 'ab'"),
        ("{{ \"\\q\" }}", "t:1: invalid syntax"),
        ("{{ nope }}", "t:1: function \"nope\" not defined"),
        ("{{ $x }}", "t:1: undefined variable \"$x\""),
        ("{{ }}", "t:1: missing value for command"),
        ("{{ if }}{{ end }}", "t:1: missing value for if"),
        ("{{ 1 | 2 }}", "t:1: non executable command in pipeline stage 2"),
        ("{{ \"a\".b }}", "t:1: unexpected . after term \"\\\"a\\\"\""),
        ("{{ end }}", "t:1: unexpected {{end}}"),
        ("{{ if 1 }}{{ else }}{{ else }}{{ end }}", "t:1: expected end; found {{else}}"),
        ("{{ if 1 }}", "t:1: unexpected EOF"),
        ("{{ break }}", "t:1: {{break}} outside {{range}}"),
        ("{{ range 1 }}{{ block \"b\" . }}{{ continue }}{{ end }}{{ end }}", "t:1: {{continue}} outside {{range}}"),
        (
            "{{ define \"a\" }}1{{ end }}{{ define \"a\" }}2{{ end }}",
            "t:1: template: multiple definition of template \"a\""
        ),
        ("{{ define x }}{{ end }}", "t:1: unexpected \"x\" in define clause"),
        ("{{ template 1 }}", "t:1: unexpected \"1\" in template clause"),
        ("{{ if 1 }}{{ define \"a\" }}{{ end }}{{ end }}", "t:1: unexpected <define> in command"),
        ("{{ range $a, 1 := 2 }}{{ end }}", "t:1: range can only initialize variables"),
        ("{{ $a, $b := 1 }}", "t:1: too many declarations in command"),
        ("{{ range $a, $b, $c := 1 }}{{ end }}", "t:1: too many declarations in range"),
        ("{{ abcdefghijkl := 1 }}", "t:1: function \"abcdefghijkl\" not defined"),
        ("{{ 1 abcdefghijkl= }}", "t:1: bad character U+003D '='"),
    ])
    func refusesToParse(_ template: String, _ message: String) {
        #expect(rendered(template) == "template: " + message)
    }

    @Test(arguments: [
        ("{{ .a.b }}", "1:5: executing \"t\" at <.a.b>: nil pointer evaluating interface {}.b"),
        ("{{ .s.b }}", "1:5: executing \"t\" at <.s.b>: can't evaluate field b in type interface {}"),
        ("{{ (print 1).b }}", "1:10: executing \"t\" at <1>: can't evaluate field b in type string"),
        ("{{ nil }}", "1:3: executing \"t\" at <nil>: nil is not a command"),
        ("{{ 1 2 }}", "1:3: executing \"t\" at <1>: can't give argument to non-function 1"),
        ("{{ .s 2 }}", "1:3: executing \"t\" at <.s>: s is not a method but has arguments"),
        ("{{ template \"no\" }}", "1:12: executing \"t\" at <{{template \"no\"}}>: template \"no\" not defined"),
        ("{{ $x = 1 }}", "1:8: executing \"t\" at <1>: undefined variable: $x"),
        ("{{ range .s }}{{ end }}", "1:9: executing \"t\" at <.s>: range can't iterate over text"),
        ("{{ range 1.5 }}{{ end }}", "1:9: executing \"t\" at <1.5>: range can't iterate over 1.5"),
        (
            "{{ range $a, $b := 2 }}{{ end }}",
            "1:19: executing \"t\" at <2>: can't use 2 to iterate over more than one variable"
        ),
        ("{{ upper 1 }}", "1:9: executing \"t\" at <1>: expected string; found 1"),
        ("{{ upper .n }}", "1:9: executing \"t\" at <.n>: wrong type for value; expected string; got int64"),
        (
            "{{ upper .none }}",
            "1:9: executing \"t\" at <.none>: wrong type for value; expected string; got interface {}"
        ),
        ("{{ .none | upper }}", "1:11: executing \"t\" at <upper>: invalid value; expected string"),
        ("{{ upper nil }}", "1:9: executing \"t\" at <nil>: cannot assign nil to string"),
        ("{{ upper }}", "1:3: executing \"t\" at <upper>: wrong number of args for upper: want 1 got 0"),
        ("{{ 1 | upper 2 }}", "1:7: executing \"t\" at <upper>: wrong number of args for upper: want 1 got 2"),
        ("{{ until 1.5 }}", "1:9: executing \"t\" at <1.5>: expected integer; found 1.5"),
        ("{{ keys 1 }}", "1:8: executing \"t\" at <1>: can't handle 1 for arg of type map[string]interface {}"),
        ("{{ index .s 9 }}", "1:3: executing \"t\" at <index .s 9>: error calling index: index out of range: 9"),
        (
            "{{ index . 1 }}",
            "1:3: executing \"t\" at <index . 1>: error calling index: value has type int; should be string"
        ),
        ("{{ len 1 }}", "1:3: executing \"t\" at <len 1>: error calling len: len of type int"),
        ("{{ len .none }}", "1:3: executing \"t\" at <len .none>: error calling len: len of nil pointer"),
        (
            "{{ .none | len }}",
            "1:11: executing \"t\" at <len>: error calling len: reflect: call of reflect.Value.Type on zero Value"
        ),
        (
            "{{ eq 1 \"a\" }}",
            "1:3: executing \"t\" at <eq 1 \"a\">: error calling eq: incompatible types for comparison: int and string"
        ),
        ("{{ eq 1 }}", "1:3: executing \"t\" at <eq 1>: error calling eq: missing argument for comparison"),
        (
            "{{ lt true false }}",
            "1:3: executing \"t\" at <lt true false>: error calling lt: invalid type for comparison"
        ),
        ("{{ call 1 }}", "1:3: executing \"t\" at <call 1>: error calling call: non-function 1 of type int"),
        (
            "{{ 18446744073709551615 }}",
            "1:3: executing \"t\" at <18446744073709551615>: 18446744073709551615 overflows int"
        ),
        (
            "a\n{{ define \"d\" }}{{ .x.y }}{{ end }}{{ template \"d\" . }}",
            "2:21: executing \"d\" at <.x.y>: nil pointer evaluating interface {}.y"
        ),
    ])
    func failsToExecute(_ template: String, _ message: String) {
        let values: Value = ["s": "text", "n": 1, "none": .null]
        #expect(rendered(template, values, functions: [upper, until, keys]) == "template: t:" + message)
    }
}

@Suite struct LimitTests {
    @Test func templatesCallThemselvesNoDeeperThanGoAllows() {
        #expect(
            rendered(
                "{{ define \"a\" }}{{ if true }}{{ with 1 }}{{ template \"a\" . }}{{ end }}{{ end }}{{ end }}"
                    + "{{ template \"a\" . }}")
                == "template: t:1:53: executing \"a\" at <{{template \"a\" .}}>: exceeded maximum template depth (100000)"
        )
    }

    @Test func deepParenthesesAreRefusedAsInGo() {
        let deep = String(repeating: "(", count: 10_001) + "1" + String(repeating: ")", count: 10_001)
        #expect(rendered("{{ \(deep) }}") == "template: t:1: max expression depth exceeded")
        let allowed = String(repeating: "(", count: 9_000) + "1" + String(repeating: ")", count: 9_000)
        #expect(rendered("{{ \(allowed) }}") == "1")
    }

    @Test func deepNestingOfActionsWorks() {
        let text = String(repeating: "{{ if 1 }}", count: 20_000) + "x" + String(repeating: "{{ end }}", count: 20_000)
        #expect(rendered(text) == "x")
    }

    @Test func endlessLoopsEnd() {
        var limits = Limits()
        limits.steps = 1000
        #expect(
            rendered("{{ range 9223372036854775807 }}{{ end }}", limits: limits)
                == "template: t:1:9: executing \"t\" at <9223372036854775807>: "
                + "more than 1000 steps of loops and template calls, giving up")
    }

    @Test func textsThatDoubleEnd() {
        var limits = Limits()
        limits.size = 1000
        #expect(
            rendered("{{ $x := \"0123456789\" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}", limits: limits)
                == "template: t:1:46: executing \"t\" at <print $x $x>: error calling print: "
                + "a text of 1280 bytes is too large")
    }

    @Test func mapsThatHoldThemselvesAreNotPrinted() {
        let hold = Function("hold", [.anyMap], returns: .string) { arguments in
            if case .map(let map) = arguments[0] { map["self"] = arguments[0] }
            return .string("")
        }
        #expect(
            rendered("{{ hold . }}{{ .self.self.a }}{{ print . }}", ["a": 1], functions: [hold])
                == "template: t:1:33: executing \"t\" at <print .>: error calling print: "
                + "the value is nested too deeply")
    }

    @Test func endlessOutputEnds() {
        var limits = Limits()
        limits.output = 100
        #expect(
            rendered("{{ range 1000 }}0123456789{{ end }}", limits: limits)
                == "template: t:1:9: executing \"t\" at <1000>: output is larger than 100 bytes, giving up")
    }
}
