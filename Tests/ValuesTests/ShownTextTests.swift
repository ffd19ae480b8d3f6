import Testing
import Values

@Test(arguments: [
    ("plain text, ünïcödé 漢字 👩‍👩‍👧 …", "plain text, ünïcödé 漢字 👩‍👩‍👧 …"),
    ("no \u{1B}[2J\u{1B}]0;title\u{07}", #"no \x1b[2J\x1b]0;title\a"#),
    ("a\rb\u{08}\u{0B}\u{0C}\tc\u{7F}\u{00}", #"a\rb\b\v\f\tc\x7f\x00"#),
    ("\u{9B}31m\u{85}\u{90}", #"\u009b31m\u0085\u0090"#),
    ("\u{202E}gnp.exe\u{202C} \u{2066}x\u{2069} \u{200F}\u{61C}", #"\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c"#),
    ("a\u{2028}b\u{2029}c\u{FEFF}d\u{200B}", #"a\u2028b\u2029c\ufeffd\u200b"#),
    ("\u{E0041}", #"\U000e0041"#),
    ("first\nsecond", "first\nsecond"),
    (String(decoding: [0x61, 0xFF, 0x9B, 0x62], as: UTF8.self), "a\u{FFFD}\u{FFFD}b"),
])
func whatATerminalWouldObeyIsWrittenOut(text: String, expected: String) {
    #expect(text.shown == expected)
}

@Test(arguments: [
    ("one\ntwo", "one two"), ("one \r\n  two\n\n", "one two"), ("no \u{1B}[2J \r\nerror: x", #"no \x1b[2J error: x"#),
    ("\n\n", ""), ("a\rb", #"a\rb"#), ("plain", "plain"), ("\u{301}\nx", "\u{301} x"),
])
func aTextOfAnotherStandsOnOneLine(text: String, expected: String) {
    #expect(text.onOneLine == expected)
}

@Test(arguments: [
    ("https://user:SECRET@host:6443/x: failed", "https://***@host:6443/x: failed"),
    ("ftp://user:SECRET@127.0.0.1:9", "ftp://***@127.0.0.1:9"),
    ("see https://TOKEN@host/path@v1 and http://a:b@c", "see https://***@host/path@v1 and http://***@c"),
    ("https://user:p@ss@host/", "https://***@host/"), ("https://user:p/w@host/x", "https://***@host/x"),
    ("\"http://u:p%40@proxy:3128\"", "\"http://***@proxy:3128\""),
    ("https://host:443/x@sha256:1", "https://host:443/x@sha256:1"),
    ("oci://[::1]:5000/x@sha256:1", "oci://[::1]:5000/x@sha256:1"),
    ("https://host/, mail a@b.c", "https://host/, mail a@b.c"), ("a@b", "a@b"), ("://", "://"), ("://@", "://***@"),
])
func passwordsInAddressesAreCovered(text: String, expected: String) {
    #expect(text.coveringPasswords == expected)
    #expect(text.shown == expected)
}

@Test func secretsAreCovered() {
    #expect("token abcdef is not abcdefgh".covering(["abcdef", "abcdefgh"]) == "token *** is not ***")
    #expect("a token".covering(["a", ""]) == "a token")
    #expect("aaaaaaaaaa".covering(["aaaaa"]) == "******")
}
