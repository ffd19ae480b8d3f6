import Testing
import Values

struct JSONTests {
    @Test(arguments: [
        ("null", "null"), (" [1, 2.50, -0, 1e3] ", "[1,2.5,-0,1000]"),
        ("{\"b\":1,\"a\":{},\"b\":[]}", "{\"a\":{},\"b\":[]}"),
        ("1e21", "1e+21"), ("123456789012345678901", "123456789012345680000"), ("0.000001", "0.000001"),
        ("1e-7", "1e-7"), ("1.5e-10", "1.5e-10"), ("\"\\u00e4\\ud83d\\ude00\\ud800x\\/\"", "\"ä😀\u{FFFD}x/\""),
        ("\"<&>\\u2028\\b\\f\\u0001\"", "\"\\u003c\\u0026\\u003e\\u2028\\b\\f\\u0001\""),
        ("[[],{},[{}]]", "[[],{},[{}]]"),
    ])
    func isReadAndWrittenAsGoDoes(_ text: String, _ expected: String) throws {
        #expect(try Value(json: text).json() == expected)
    }

    @Test(arguments: [
        ("", "unexpected end of JSON input"), ("[1,", "unexpected end of JSON input"),
        ("\"a", "unexpected end of JSON input"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 1}", "invalid character '1' after object key:value pair"),
        ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
        ("1 2", "invalid character '2' after top-level value"), ("01", "invalid character '1' after top-level value"),
        ("-", "invalid character ' ' in numeric literal"), ("-a", "invalid character 'a' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("\"\\x\"", "invalid character 'x' in string escape code"),
        ("\"\\u00g\"", "invalid character 'g' in \\u hexadecimal character escape"),
        ("\"\n\"", "invalid character '\\n' in string literal"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
        ("ä", "invalid character 'Ã' looking for beginning of value"),
        ("1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"),
    ])
    func errorsReadLikeGos(_ text: String, _ message: String) {
        let error = #expect(throws: JSONError.self) { try Value(json: text) }
        #expect(error?.description == message)
    }

    @Test func integersStayIntegersWhereAskedFor() throws {
        #expect(try Value(json: "[1,9223372036854775807,1.0]", numbers: .native) == [1, .int(.max), .double(1)])
    }

    @Test func nestingEndsAtGosLimit() throws {
        let deepest = String(repeating: "[", count: 10000) + String(repeating: "]", count: 10000)
        #expect(throws: Never.self) { try Value(json: deepest) }
        let error = #expect(throws: JSONError.self) { try Value(json: "[" + deepest + "]") }
        #expect(error == .invalidCharacter(UInt8(ascii: "["), context: "exceeded max depth", offset: 10001))
    }

    @Test func indentsAsMarshalIndent() throws {
        let value: Value = ["b": [1, [:]], "a": [:], "c": []]
        #expect(
            try value.json(indentation: .init()) == """
                {
                  "a": {},
                  "b": [
                    1,
                    {}
                  ],
                  "c": []
                }
                """)
    }
}
