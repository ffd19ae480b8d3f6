import GoTemplate
import Testing
import Values

/// Expectations are what Go's fmt prints.
@Suite struct FormatTests {
    @Test(
        arguments: [
            ("%d %s", [], "%!d(MISSING) %!s(MISSING)"),
            ("a", [.int(1)], "a%!(EXTRA int=1)"),
            ("100%", [], "100%!(NOVERB)"),
            ("%5%|", [], "%|"),
            ("%.", [.int(1)], "%!.(int=1)"),
            ("%[]d", [.int(1)], "%!d(BADINDEX)"),
            ("%[2]*.[1]*[3]f", [.int(2), .int(8), .float(3.14159)], "    3.14"),
            ("%*d", [.int(-5), .int(42)], "42   "),
            ("%5d", [.string("x")], "%!d(string=    x)"),
            ("%v %d", [.none, .none], "<nil> %!d(<nil>)"),
            ("%999999999d", [.int(1)], "%!(NOVERB)%!(EXTRA int=1)"),
        ] as [(Text, [GoValue], Text)])
    func aFormatStringIsReadAsGoReadsIt(_ text: Text, _ arguments: [GoValue], _ expected: Text) {
        #expect(format(text, arguments) == expected)
    }

    @Test(
        arguments: [
            ("%v", 1e6, "1e+06"), ("%v", 123456, "123456"), ("%v", 1e20, "1e+20"), ("%g", 0.1, "0.1"),
            ("%.3g", 1.234e-06, "1.23e-06"), ("%#g", 100000, "100000."), ("%x", 3.14159, "0x1.921f9f01b866ep+01"),
            ("%b", 42, "5910974510923776p-47"), ("%08.3f", -3.5, "-003.500"), ("%+.3e", 12345.678, "+1.235e+04"),
            ("%v", .infinity, "+Inf"), ("%.0f", 2.5, "2"), ("%d", 2.5, "%!d(float64=2.5)"),
        ] as [(Text, Double, Text)])
    func floatsPrintAsInGo(_ text: Text, _ value: Double, _ expected: Text) {
        #expect(format(text, [.float(value)]) == expected)
    }

    @Test(
        arguments: [
            ("%q", "a\"b\n☃\u{200B}", #""a\"b\n☃\u200b""#), ("%+q", "é", #""\u00e9""#), ("%#q", "a", "`a`"),
            ("% X", "abc", "61 62 63"), ("%05s", "é☃", "000é☃"), ("%5.1s|", "abc", "    a|"), ("%#v", "a", "\"a\""),
        ] as [(Text, Text, Text)])
    func stringsPrintAsInGo(_ text: Text, _ value: Text, _ expected: Text) {
        #expect(format(text, [.string(value)]) == expected)
    }

    @Test(
        arguments: [
            ("%v", "[1 a <nil> map[k:2.5]]"),
            ("%d", "[1 %!d(string=a) <nil> map[%!d(string=k):%!d(float64=2.5)]]"),
            ("%#v", #"[]interface {}{1, "a", interface {}(nil), map[string]interface {}{"k":2.5}}"#),
            ("%T", "[]interface {}"),
            ("%w", "%!w([]interface {}=[1 a <nil> map[k:2.5]])"),
        ] as [(Text, Text)])
    func compositesPrintElementByElement(_ text: Text, _ expected: Text) {
        let value = GoValue.list([.int(1), .string("a"), .none, .map(["k": .float(2.5)])])
        #expect(format(text, [value]) == expected)
    }

    @Test func nilSlicesAndMapsShowInGoSyntaxOnly() {
        let list = GoValue.list(List([], isNil: true))
        #expect(format("%v %#v", [list, list]) == "[] []interface {}(nil)")
    }

    @Test func printPutsSpacesBetweenOperandsThatAreNotStrings() {
        let operands: [GoValue] = [.int(1), .int(2), .string("a"), .string("b"), .none, .bool(true)]
        #expect(formatPrint(operands) == "1 2ab<nil> true")
        #expect(formatLine([.int(1), .string("a")]) == "1 a\n")
    }
}
