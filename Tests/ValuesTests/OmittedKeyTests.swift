import Testing
import Values

@Suite struct OmittedKeyTests {
    private func read(_ text: String) throws -> String {
        try Value(json: Array(text.utf8), numbers: .native, omitting: "m").json()
    }

    @Test(arguments: [
        (#"{"a":1,"m":[{"x":"]}\""},2],"b":3}"#, #"{"a":1,"b":3,"m":null}"#), (#"{"m":{}}"#, #"{"m":null}"#),
        (#"{"m":"text, with \\","b":2}"#, #"{"b":2,"m":null}"#), (#"{"m": -1.5e3 ,"b":2}"#, #"{"b":2,"m":null}"#),
        (#"[{"m":true},{"n":{"m":[[[]]]}}]"#, #"[{"m":null},{"n":{"m":null}}]"#), (#""m""#, #""m""#),
    ])
    func theValueUnderItIsPassedOver(text: String, expected: String) throws {
        #expect(try read(text) == expected)
    }

    @Test(arguments: [#"{"m":"#, #"{"m":["#, #"{"m":""#, #"{"m":"\"#, #"{"m":{}"#, #"{"m":{}]"#, #"{"m":[1}}}"#])
    func whatIsCutShortIsAnError(text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }
}
