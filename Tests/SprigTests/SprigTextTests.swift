import GoTemplate
import Sprig
import Testing
import Values

@Suite struct SprigTextTests {
    @Test(
        arguments: [
            ("upper", "héllo ß ǆ ᾀ", "HÉLLO ß Ǆ ᾈ"),
            ("lower", "HÉLLO İ Σ", "héllo i σ"),
            ("title", "hello wOrld foo-bar baz_qux it's", "Hello WOrld Foo-Bar Baz_qux It'S"),
            ("untitle", "É A", "é a"),
            ("swapcase", "ß ǅ Hello", "ß ǆ hELLO"),
            ("camelcase", "HTTPServer_url", "HttpserverUrl"),
            ("camelcase", "__a__b_", "__A_B_"),
            ("snakecase", "HTTP20xOK", "http_20x_ok"),
            ("snakecase", "Bld4Floor3rd", "bld4_floor_3rd"),
            ("kebabcase", "FooBAR baz", "foo-bar-baz"),
            ("initials", "é à", "ÃÃ"),
            ("nospace", " a b ", "ab"),
        ] as [(Text, String, String)])
    func caseFollowsGo(function: Text, text: String, result: String) throws {
        #expect(try printed(function, .string(text)) == result)
    }

    @Test func bytesAreCutWhereverTheyFall() throws {
        #expect(try sprig("trunc", 2, "aé").isString(Text([0x61, 0xC3])))
        #expect(try sprig("trunc", -1, "é").isString(Text([0xA9])))
        #expect(try sprig("substr", 1, 2, "aé").isString(Text([0xC3])))
    }

    @Test func badBoundsPanicAsInGo() throws {
        #expect(try printed("substr", 2, 1, "abc") == "runtime error: slice bounds out of range [2:1]")
        #expect(try printed("substr", 5, -1, "abc") == "runtime error: slice bounds out of range [5:3]")
        #expect(
            try printed("substr", -1, 5, "abc") == "runtime error: slice bounds out of range [:5] with length 3")
        #expect(try printed("repeat", -1, "a") == "strings: negative Repeat count")
    }

    @Test func linesAreWrappedAtSpaces() throws {
        #expect(try printed("wrap", 5, "Hello World and more") == "Hello\nWorld\nand\nmore")
        #expect(try printed("wrap", 3, "Hello x") == "Hello\nx")
        #expect(try printed("wrapWith", 3, "|", "Hello x") == "Hel|lo|x")
    }

    @Test func textsAreAbbreviated() throws {
        #expect(try printed("abbrev", 5, "hello world") == "he...")
        #expect(try printed("abbrev", 3, "hello world") == "hello world")
        #expect(try printed("abbrevboth", 5, 10, "1234 5678 9123") == "...5678...")
    }

    @Test func partsAreNumbered() throws {
        #expect(try printed("split", "/", "a/b") == "map[_0:a _1:b]")
        #expect(try printed("splitn", "/", 2, "a/b/c") == "map[_0:a _1:b/c]")
        #expect(try printed("splitList", "", "aé") == "[a é]")
    }

    @Test(
        arguments: [
            ("b64dec", "aGVsbG8", "illegal base64 data at input byte 4"),
            ("b64dec", "aGVs\nbG8=", "hello"),
            ("b32dec", "NBSWY3DP", "hello"),
            ("b32dec", "!!", "illegal base32 data at input byte 0"),
            ("sha1sum", "a", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
            ("adler32sum", "hello", "103547413"),
            (
                "sha512sum", "",
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                    + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
            ),
            ("dir", "a/b/../c", "a"),
            ("base", "/a/", "a"),
            ("clean", "/../a/./b//c/..", "/a/b"),
            ("ext", "a.b/c", ""),
        ] as [(Text, String, String)])
    func encodingsAndPathsFollowGo(function: Text, text: String, result: String) throws {
        #expect(try printed(function, .string(text)) == result)
    }

    @Test(arguments: [
        (
            "http://u:p@[fe80::1%25en0]:80/a%20b?q=1#f",
            "map[fragment:f host:[fe80::1%en0]:80 hostname:fe80::1%en0 opaque: path:/a b query:q=1 scheme:http"
                + " userinfo:u:p]"
        ),
        ("mailto:a@b", "map[fragment: host: hostname: opaque:a@b path: query: scheme:mailto userinfo:]"),
        (":x", "unable to parse url: parse \":x\": missing protocol scheme"),
        ("http://h:80:90/", "unable to parse url: parse \"http://h:80:90/\": invalid port \":80:90\" after host"),
        ("/%zz", "unable to parse url: parse \"/%zz\": invalid URL escape \"%zz\""),
    ])
    func urlsAreTakenApart(url: String, result: String) throws {
        #expect(try printed("urlParse", .string(url)) == result)
    }

    @Test func urlsArePutTogether() throws {
        let parts: [Text: GoValue] = ["scheme": "http", "host": "h:80", "path": "a b", "userinfo": "u:p", "query": "q"]
        #expect(try printed("urlJoin", .map(parts)) == "http://u:p@h:80/a%20b?q")
        #expect(
            try printed("urlJoin", .map(["host": 1]))
                == "unable to parse host key, must be of type string, but int found")
    }
}

extension GoValue {
    fileprivate func isString(_ text: Text) -> Bool {
        if case .string(let own) = self { own == text } else { false }
    }
}
