import Testing
import Values
import YAML

struct ReadingTests {
    @Test(arguments: [
        (
            "a: 0o17\nb: 1_000\nc: 12:30:45\nd: 1e400\ne: .5",
            "{\"a\":15,\"b\":1000,\"c\":\"12:30:45\",\"d\":\"1e400\",\"e\":0.5}"
        ),
        ("on: y\n1: n\n1.5: ~", "{\"1\":false,\"1.5\":null,\"true\":true}"),
        ("x: &x {a: 1, b: 2}\nz:\n  a: 3\n  <<: *x\n  b: 4", "{\"x\":{\"a\":1,\"b\":2},\"z\":{\"a\":1,\"b\":4}}"),
        ("a: !!str 1\nb: !!float 1\nc: !!binary aGk=\nd: !x 1", "{\"a\":\"1\",\"b\":1,\"c\":\"hi\",\"d\":\"1\"}"),
        ("{a:,b: c}", "{\"a:\":null,\"b\":\"c\"}"), ("", "null"), ("# only\n", "null"),
        ("\u{FEFF}a: b\r\nc: |\r\n  d\r\n", "{\"a\":\"b\",\"c\":\"d\\n\"}"), ("a: 1\n---\nb: [", "{\"a\":1}"),
    ])
    func textIsReadAsGoYamlReadsIt(_ text: String, _ expected: String) throws {
        #expect(try Value(yaml: text).json() == expected)
    }

    @Test(arguments: [
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a: 1\n b: 2", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: *x", "yaml: unknown anchor 'x' referenced"), ("a: &a [*a]", "yaml: anchor 'a' value contains itself"),
        ("a: \"\\/\"", "yaml: found unknown escape character"), ("a: [b?]", "yaml: did not find expected ',' or ']'"),
        ("a: {{ 1 }}", "yaml: invalid map key: map[interface {}]interface {}{1:interface {}(nil)}"),
        ("%YAML 1.2\n---\na: 1", "yaml: found incompatible YAML document"),
        ("~: 1", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 1"),
        ("a: .nan", "json: unsupported value: NaN"), ("a: !!int x", "yaml: cannot decode !!str `x` as a !!int"),
    ])
    func errorsReadLikeGoYamls(_ text: String, _ message: String) {
        let error = #expect(throws: YAMLError.self) { try Value(yaml: text) }
        #expect(error?.description == message)
    }

    @Test func integersStayIntegersWhereAskedFor() throws {
        #expect(try Value(yaml: "a: 1\nb: 1.0", numbers: .native) == ["a": 1, "b": 1.0])
    }

    @Test func placesAndDuplicatesAreKnownWhereAskedFor() throws {
        let text = "cni:\n  logLevel: info\n  list: [a, {b: c}]\n  logLevel: debug\n"
        var reader = DocumentReader(text, options: ReadingOptions(recordsPlaces: true))
        let document = try #require(try reader.next())
        let places = try #require(document.places)
        #expect(places[["cni", "list", "1", "b"]]?.value.line == 3)
        #expect(places[["cni", "list", "1", "b"]]?.value.column == 17)
        #expect(places[["cni", "logLevel"]]?.key?.line == 4)
        #expect(document.duplicates.map(\.key) == ["logLevel"])
        #expect(document.duplicates.first?.first.line == 2)
        #expect(document.duplicates.first?.second.line == 4)
        #expect(try reader.next()?.value == nil)
    }

    @Test func streamsHaveSeveralDocuments() throws {
        var reader = DocumentReader("a: 1\n---\nb: 2\n...\n---\n")
        var values: [Value] = []
        while let document = try reader.next() { values.append(document.value) }
        #expect(values == [["a": 1.0], ["b": 2.0], .null])
    }

    @Test func aliasBombsEndInAnError() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        let error = #expect(throws: YAMLError.self) { try Value(yaml: text) }
        #expect(error?.description == "yaml: document contains excessive aliasing")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func deepNestingEndsInAnError(_ opening: String) {
        #expect(throws: YAMLError.self) { try Value(yaml: String(repeating: opening, count: 20000)) }
    }

    @Test func valuesOfUTF16AreRead() throws {
        let units = Array("a: é😀\n".utf16)
        let bytes: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(try Value(yaml: bytes) == ["a": "é😀"])
    }
}
