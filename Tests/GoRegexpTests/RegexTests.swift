import GoRegexp
import Testing
import Values

@Suite struct RegexTests {
    @Test(arguments: [
        ("a+", "aabaa", "aa"),
        ("a|ab", "ab", "a"),
        ("(a)(b)?", "ab a", "ab"),
        ("a|b|", "cab", ""),
        ("(?U)a+", "aaa", "a"),
        ("x{2,3}", "xxxxx", "xxx"),
        ("x{2,3}?", "xxxxx", "xx"),
        (".*", "a\nb", "a"),
        ("(?s).*", "a\nb", "a\nb"),
        ("(?m)^b$", "a\nb\nc", "b"),
        (#"\bfoo\b"#, "food foo", "foo"),
        (#"\Qa.b\E+"#, "a.bbb", "a.bbb"),
        ("(?i)straße", "STRAßE", "STRAßE"),
        ("(?i)k", "\u{212A}", "\u{212A}"),
        ("[[:alpha:]]+", "1ab2", "ab"),
        (#"\p{Greek}+"#, "abγδ", "γδ"),
        (#"\p{Lu}\pN"#, "aB1", "B1"),
        (#"[^\x00-\x{10FFFF}]"#, "abc", ""),
        ("(|a)*", "aa", ""),
        ("(|a)+", "aa", ""),
        ("a{,2}", "a{,2}", "a{,2}"),
    ])
    func theLeftmostFirstMatchIsFound(pattern: String, text: String, match: String) throws {
        #expect(try Pattern(Text(pattern)).first(in: Text(text)) ?? "" == Text(match))
    }

    @Test(arguments: [
        ("(", "missing closing ): `(`"),
        (")", "unexpected ): `)`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("(a{100}){100}", "invalid repeat count: `{100}`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[a", "missing closing ]: `[a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (#"\p{Foo}"#, #"invalid character class range: `\p{Foo}`"#),
        (#"\1"#, #"invalid escape sequence: `\1`"#),
        (#"a\"#, "trailing backslash at end of expression: ``"),
        ("a(?=b)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ("(?P<1 >a)", "invalid named capture: `(?P<1 >`"),
    ])
    func faultsAreNamedAsGoNamesThem(pattern: String, problem: String) {
        let error = #expect(throws: RegexError.self) { try Pattern(Text(pattern)) }
        #expect(error?.message == "error parsing regexp: " + Text(problem))
    }

    @Test func deepNestingIsRefused() {
        let error = #expect(throws: RegexError.self) {
            try Pattern(Text(String(repeating: "(", count: 1001) + String(repeating: ")", count: 1001)))
        }
        #expect(error?.message.string.hasPrefix("error parsing regexp: expression nests too deeply") == true)
    }

    @Test(arguments: [
        ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
        ("a(x*)b", "-ab-axxb-", "$1W", "---"),
        ("(?P<k>\\w+)=(?P<v>\\w+)", "a=b c=d", "$v:$k", "b:a d:c"),
        ("a", "banana", "$$", "b$n$n$"),
        ("a", "banana", "${}", "b${}n${}n${}"),
        ("a", "banana", "$9", "bnn"),
        ("", "abc", "-", "-a-b-c-"),
        ("a*", "baac", "-", "-b-c-"),
        ("é|", "aéb", "-", "-a-b-"),
    ])
    func replacementsFillInCaptures(pattern: String, text: String, replacement: String, result: String) throws {
        #expect(try Pattern(Text(pattern)).replacing(in: Text(text), with: Text(replacement)) == Text(result))
    }

    @Test(arguments: [
        (",", "a,b,c", -1, ["a", "b", "c"]),
        (",", "a,b,c", 2, ["a", "b,c"]),
        (",", "a,b,c", 0, []),
        (",", "", -1, [""]),
        ("", "abc", -1, ["a", "b", "c"]),
        ("a", "aba", -1, ["", "b", ""]),
    ])
    func splittingFollowsGo(pattern: String, text: String, limit: Int, parts: [String]) throws {
        #expect(try Pattern(Text(pattern)).split(Text(text), limit: limit) == parts.map { Text($0) })
    }

    @Test func invalidBytesAreReplacementCharacters() throws {
        let text = Text([0x61, 0xFF, 0x62])
        #expect(try Pattern("a.b").matches(text))
        #expect(try Pattern("\\x{FFFD}").first(in: text) == Text([0xFF]))
    }

    @Test(arguments: ["(a*)*b", "(a|aa)+b", "(a?){50}a{50}b", "(.*)(.*)(.*)(.*)b"])
    func timeGrowsWithTheTextAlone(pattern: String) throws {
        let pattern = try Pattern(Text(pattern))
        let text = Text([UInt8](repeating: UInt8(ascii: "a"), count: 2000))
        #expect(!pattern.matches(text))
    }
}
