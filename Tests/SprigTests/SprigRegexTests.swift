import Testing
import Values

@Suite struct SprigRegexTests {
    @Test func badPatternsPanicOrReturnAsTheirFunctionDoes() throws {
        #expect(try printed("regexMatch", "(", "a") == "false")
        #expect(
            try printed("regexFind", "(", "a")
                == "regexp: Compile(`(`): error parsing regexp: missing closing ): `(`")
        #expect(try printed("mustRegexFind", "(", "a") == "error parsing regexp: missing closing ): `(`")
        #expect(
            try printed("regexFind", "`(", "a")
                == "regexp: Compile(\"`(\"): error parsing regexp: missing closing ): ``(`")
    }
}
