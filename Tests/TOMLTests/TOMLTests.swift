import GoTemplate
import Testing
import Values

@testable import TOML

@Suite struct TOMLTests {
    private func json(_ text: Text) throws -> Text {
        let map: Map
        do throws(TOMLError) {
            map = try TOMLReader.map(text)
        } catch {
            return error.text
        }
        return try GoValue.map(map).json()
    }

    @Test(arguments: [
        ("", "{}"),
        ("a = 1 # one\nb = 'x'\n", ##"{"a":1,"b":"x"}"##),
        ("[t]\na.b = [1, 2]\n[[l]]\nc = true\n[[l]]\n", ##"{"l":[{"c":true},{}],"t":{"a":{"b":[1,2]}}}"##),
        ("s = \"a\\u00e9\\n\"\n", ##"{"s":"aé\n"}"##),
        ("d = 2024-02-29T01:02:03Z\n", ##"{"d":"2024-02-29T01:02:03Z"}"##),
        ("n = 0xff\nf = 1e3\n", ##"{"f":1000,"n":255}"##),
    ])
    func documentsAreRead(text: String, expected: String) throws {
        #expect(try json(Text(text)).string == expected)
    }

    @Test(arguments: ["a = ", "a = 1\na = 2\n", "[t\n", "a = 1 b = 2\n", "a = 99999999999999999999\n", "= 1\n"])
    func whatIsNoTOMLIsRefusedWithItsLine(text: String) throws {
        #expect(try json(Text(text)).string.hasPrefix("toml: line "))
    }

    @Test func plainValuesComeBeforeTables() throws {
        let value = GoValue(["z": 1, "a": ["b": "x"], "l": [["c": true]]] as Value)
        #expect(try TOMLWriter.text(value).string == "z = 1\n\n[a]\n  b = \"x\"\n\n[[l]]\n  c = true\n")
    }
}
