import GoTemplate
import Sprig
import TestSupport
import Testing
import Values

/// What a template prints with Sprig's functions.
private func sprigRendered(_ text: String) -> String {
    rendered(text, functions: Sprig.functions)
}

/// Numbers at the ends of what can be counted: Helm wraps around or refuses, and goes on.
@Suite struct ExtremeNumberTests {
    @Test(arguments: [
        (-9_223_372_036_854_775_808, "292277026596-12-04T15:30:08 Sun 339"),
        (9_223_372_036_854_775_807, "292277026596-12-04T15:30:07 Sun 339"),
        (-62_135_596_801, "0000-12-31T23:59:59 Sun 366"), (0, "1970-01-01T00:00:00 Thu 001"),
        (-9_223_372_028_741_760_000, "-292277022400-03-01T00:00:00 Wed 061"),
        (951_782_400, "2000-02-29T00:00:00 Tue 060"),
    ])
    func datesOfAnyInstant(_ seconds: Int, _ expected: String) {
        #expect(sprigRendered("{{ dateInZone \"2006-01-02T15:04:05 Mon 002\" \(seconds) \"UTC\" }}") == expected)
    }

    @Test(arguments: [
        (9_223_372_036_854_775_807, "292277026596-12-04T10:30:07 EST"),
        (-9_223_372_036_854_775_808, "292277026596-12-04T10:34:06 LMT"),
        (1_600_000_000, "2020-09-13T08:26:40 EDT"),
    ])
    func zonesOfAnyInstant(_ seconds: Int, _ expected: String) {
        let text = sprigRendered("{{ dateInZone \"2006-01-02T15:04:05 MST\" \(seconds) \"America/New_York\" }}")
        // A machine without time zones shows UTC.
        #expect(text == expected || text.hasSuffix("UTC"))
    }

    @Test(arguments: [
        ("9223372036854775807 0 0", "2018-12-31 13:26:24 +0000 UTC"),
        ("0 9223372036854775807 0", "2019-11-30 21:07:12 +0000 UTC"),
        ("0 0 9223372036854775807", "2019-12-31 00:00:00 +0000 UTC"),
        ("0 -9223372036854775808 -9223372036854775808", "2019-12-31 05:45:36 +0000 UTC"),
        ("-9223372036854775808 5 3", "2020-06-03 13:26:24 +0000 UTC"), ("1 13 40", "2022-03-13 00:00:00 +0000 UTC"),
    ])
    func datesAreMovedByAnyNumber(_ parts: String, _ expected: String) {
        let text = "{{ ((toDate \"2006-01-02\" \"2020-01-01\").UTC.AddDate \(parts)) }}"
        #expect(sprigRendered(text) == expected)
    }

    @Test(arguments: [
        (
            "mustDateModify \"9223372036854775808ns9223372036854775808ns\" (toDate \"2006-01-02 MST\" \"2020-01-01 UTC\")",
            "2020-01-01 00:00:00 +0000 UTC"
        ),
        ("ago 9223372036854775807", "2562047h47m16.854775807s"), ("durationRound -9223372036854775808", "0s"),
        ("abbrevboth -9223372036854775808 10 \"abcdefghijklmnop\"", "...jklmnop"),
        ("printf \"%*d\" -9223372036854775808 5", "%!(BADWIDTH)5"),
        ("printf \"%.*d\" -9223372036854775808 5", "%!(BADPREC)5"),
        ("trunc -9223372036854775808 \"abc\"", "abc"), ("regexSplit \"a\" \"bab\" -9223372036854775808", "[b b]"),
        (
            "untilStep -9223372036854775808 9223372036854775807 9223372036854775807",
            "[-9223372036854775808 -1 9223372036854775806]"
        ),
    ])
    func functionsTakeAnyNumber(_ call: String, _ expected: String) {
        #expect(sprigRendered("{{ \(call) }}") == expected)
    }

    @Test(arguments: [
        "indent 16000000 \"\\n\\n\\n\"", "replace \"\" (repeat 5000 \"x\") (repeat 5000 \"y\")",
        "join (repeat 100000 \"x\") (until 1000)", "regexReplaceAll \"\" (repeat 5000 \"x\") (repeat 5000 \"y\")",
        "printf (repeat 200 \"%1000000[1]d\") 1", "splitList \"\" (repeat 16000000 \"x\")", "randAlpha 2000000000",
        "repeat 9223372036854775807 \"aa\"",
    ])
    func textsThatWouldFillTheMemoryAreRefused(_ call: String) {
        let text = sprigRendered("{{ \(call) | len }}")
        #expect(
            text.contains("too large") || text.contains("too long") || text.contains("too many")
                || text.contains("overflow"), "\(text)")
    }
}

/// Maps that hold themselves, and values that are very deep.
@Suite struct EndlessValueTests {
    private let pair =
        "{{ $d := dict }}{{ $e := dict }}{{ $_ := set $d \"x\" (list $d) }}{{ $_ := set $e \"x\" (list $e) }}"

    @Test(arguments: [
        ("deepEqual $d $e", "true"), ("has $d (list $e)", "true"), ("uniq (list $d $e $d) | len", "1"),
        ("without (list $d $e) $d | len", "0"), ("toJson $d", ""), ("toPrettyJson $d", ""), ("keys $d", "[x]"),
        ("deepEqual $d (dict \"x\" (list 1))", "false"),
    ])
    func functionsEnd(_ call: String, _ expected: String) {
        #expect(sprigRendered("\(pair){{ \(call) }}") == expected)
    }

    @Test(arguments: [
        "merge $d $e", "mergeOverwrite $d $e", "deepCopy $d", "toString $d", "quote $d", "cat $d", "join \",\" $d",
        "dict $d 1",
        "toDecimal $d", "printf \"%v\" $d", "sortAlpha (list $d)", "eq $d $e", "eq (list $d) (list $e)", "print $d $e",
        "fail $d",
        "mustToJson $d", "toRawJson $d", "genSelfSignedCert \"a\" (list $d) (list) 1", "call $d", "urlquery $d",
    ])
    func functionsSaySo(_ call: String) {
        // Lists of one map of each other: merging two of them never comes to an end.
        let maps = "{{ $d := dict }}{{ $e := dict }}{{ $_ := set $d \"x\" $d }}{{ $_ := set $e \"x\" $e }}"
        let text = sprigRendered("\(maps){{ \(call) }}")
        #expect(text.hasPrefix("template: t:"), "\(text.prefix(200))")
        #expect(text.utf8.count < 1000)
    }

    @Test func anErrorNamesTheTypeAtWhichACycleIsNoticed() {
        let maps = "{{ $d := dict }}{{ $_ := set $d \"x\" $d }}{{ mustToJson $d }}"
        #expect(
            sprigRendered(maps).hasSuffix(
                "error calling mustToJson: json: unsupported value: encountered a cycle via map[string]interface {}"))
    }

    @Test func depthIsNoCycle() {
        let list = "{{ $x := list }}{{ range until 5000 }}{{ $x = list (list) $x }}{{ end }}{{ toJson $x | len }}"
        #expect(sprigRendered(list) == "\(2 + 5000 * 5)")
        let map = "{{ $y := dict }}{{ range until 1500 }}{{ $y = dict \"a\" $y }}{{ end }}{{ toJson $y | len }} "
        #expect(sprigRendered(map + "{{ toPrettyJson $y | len }}") == "9002 4513502")
    }

    @Test func encodedTextsMayBeLongerThanOthers() {
        let build = "{{ $y := dict }}{{ range until 3000 }}{{ $y = dict \"a\" $y }}{{ end }}"
        #expect(sprigRendered(build + "{{ toPrettyJson $y | len }} {{ toJson $y | len }}") == "18027002 18002")
        let refused = sprigRendered(build + "{{ toPrettyJson $y | upper | len }}")
        #expect(refused.hasSuffix("error calling upper: a text of 18027002 bytes is too large"))
    }

    @Test func mapsWithinEachOtherByTheThousandAreLetGo() {
        let text = "{{ $r := dict }}{{ $c := $r }}{{ range until 300000 }}{{ $n := dict }}{{ $_ := set $c \"a\" $n }}"
        #expect(sprigRendered(text + "{{ $c = $n }}{{ end }}{{ len $r }}") == "1")
        let mixed = "{{ $r := list }}{{ range until 9000 }}{{ $r = list (list 1) $r }}{{ end }}{{ len $r }}"
        #expect(sprigRendered(mixed) == "2")
    }

    @Test func deepMapsAreComparedAndMerged() {
        let build =
            "{{ $a := dict }}{{ $b := dict }}{{ range until 9000 }}{{ $a = dict \"k\" $a }}{{ $b = dict \"k\" $b }}{{ end }}"
        #expect(sprigRendered(build + "{{ deepEqual $a $b }}{{ len (merge $a $b) }}") == "true1")
    }

    @Test func memoryHasABound() {
        var limits = Limits()
        limits.memory = 32 << 20
        let text =
            "{{ $d := dict }}{{ range $i := until 2000000 }}{{ $_ := set $d (toString $i) (dict \"a\" (dict)) }}{{ end }}"
        let message = rendered(text, functions: Sprig.functions, limits: limits)
        #expect(message.hasSuffix("more than 32 MiB of memory in use, giving up"), "\(message.prefix(200))")
    }
}

@Suite struct LocationTests {
    @Test(arguments: [
        ("(now).UTC.Location", "UTC"), ("(toDate \"2006-01-02 MST\" \"2020-02-03 EST\").Location", "EST"),
        ("(toDate \"2006-01-02T15:04:05-07:00\" \"2020-02-03T04:05:06+02:11\").Location.String", ""),
        ("printf \"%T %v\" (now).Location (now).UTC.Location", "*time.Location UTC"), ("kindOf (now).Location", "ptr"),
        ("toJson (now).Location", "{}"), ("eq (now).Location (now).Location", "true"),
        ("((now).UTC.In (now).UTC.Location).IsDST", "false"),
        (
            "((toDate \"2006-01-02 15:04:05.999 MST\" \"2020-02-03 04:05:06.7 UTC\").Round 1000000000)",
            "2020-02-03 04:05:07 +0000 UTC"
        ),
        (
            "((toDate \"2006-01-02 15:04:05.999 MST\" \"2020-02-03 04:05:06.7 UTC\").Truncate 3600000000000)",
            "2020-02-03 04:00:00 +0000 UTC"
        ),
        ("printf \"%s\" (toDate \"2006-01-02 MST\" \"2020-02-03 UTC\").MarshalJSON", "\"2020-02-03T00:00:00Z\""),
    ])
    func locationsAreValues(_ call: String, _ expected: String) {
        #expect(sprigRendered("{{ \(call) }}") == expected)
    }

    @Test(arguments: [
        ("Clock", "function Clock has 3 return values; should be 1 or 2"),
        ("Zone", "invalid function signature for Zone: second return value should be error; is int"),
        ("ZoneBounds", "invalid function signature for ZoneBounds: second return value should be error; is time.Time"),
    ])
    func methodsOfSeveralResultsAreRefused(_ name: String, _ reason: String) {
        #expect(sprigRendered("{{ (now).\(name) }}").hasSuffix("executing \"t\" at <now>: " + reason))
    }
}

@Suite struct JSONNumberTests {
    @Test(arguments: [
        (
            "fromJson \"{\\\"a\\\":1e400}\"",
            "map[Error:json: cannot unmarshal number 1e400 into Go value of type float64 a:<nil>]"
        ),
        (
            "fromJson \"{\\\"a\\\":[1e400,2],\\\"b\\\":1e500}\"",
            "map[Error:json: cannot unmarshal number 1e400 into Go value of type float64 a:[<nil> 2] b:<nil>]"
        ),
        (
            "fromJson \"[1e400]\"",
            "map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]"
        ),
        (
            "fromJson \"1e400\"",
            "map[Error:json: cannot unmarshal number into Go value of type map[string]interface {}]"
        ),
        (
            "fromJsonArray \"[1,{\\\"b\\\":-1e999}]\"",
            "[json: cannot unmarshal number -1e999 into Go value of type float64]"
        ),
        ("fromJsonArray \"{\\\"a\\\":1e400}\"", "[json: cannot unmarshal object into Go value of type []interface {}]"),
    ])
    func numbersOutOfRangeLeaveTheRest(_ call: String, _ expected: String) {
        #expect(sprigRendered("{{ \(call) }}") == expected)
    }
}
