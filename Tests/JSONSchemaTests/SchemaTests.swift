import GoTemplate
import Testing
import Values
import YAML

@testable import JSONSchema

@Suite struct SchemaTests {
    /// What the values violate.
    private func problems(_ schema: String, _ values: String) throws -> String? {
        var check = JSONSchemaCheck()
        return check.problem(of: Map(try Mapping(yaml: values)), by: Text(schema))
    }

    private static let violationTable: [(String, String)] = [
        (##"{"required":["a"]}"##, "- at '': missing property 'a'"),
        (##"{"required":["a","b"]}"##, "- at '': missing properties 'a', 'b'"),
        (##"{"properties":{"x":{"type":["string","null"]}}}"##, "- at '/x': got number, want null or string"),
        (##"{"properties":{"x":{"maximum":1000}}}"##, "- at '/x': maximum: got 2,500.5, want 1,000"),
        (##"{"properties":{"x":{"minimum":1000000}}}"##, "- at '/x': minimum: got 2,500.5, want 1×10⁰⁶"),
        (##"{"properties":{"x":{"multipleOf":0.4}}}"##, "- at '/x': multipleOf: got 2,500.5, want 0.4"),
        (
            ##"{"properties":{"x":{"enum":[1.0, 1e2, "it's", null]}}}"##,
            "- at '/x': value must be one of 1.0, 1e2, 'it\\'s', <nil>"
        ),
        (##"{"properties":{"x":{"enum":[[1]]}}}"##, "- at '/x': 'enum' failed"),
        (##"{"properties":{"x":{"const":{"a":1}}}}"##, "- at '/x': 'const' failed"),
        (##"{"properties":{"s":{"pattern":"^b"}}}"##, "- at '/s': 'abc' does not match pattern '^b'"),
        (##"{"properties":{"s":{"minLength":1200}}}"##, "- at '/s': minLength: got 3, want 1,200"),
        (##"{"properties":{"l":{"uniqueItems":true}}}"##, "- at '/l': items at 0 and 2 are equal"),
        (##"{"properties":{"l":{"prefixItems":[{},{}],"items":false}}}"##, "- at '/l/0': false schema"),
        (
            ##"{"properties":{"l":{"contains":{"const":9}}}}"##,
            "- at '/l': no items match contains schema\n  - at '/l/0': value must be 9\n"
                + "  - at '/l/1': value must be 9\n  - at '/l/2': value must be 9"
        ),
        (
            ##"{"properties":{"l":{"contains":{"const":1},"minContains":3}}}"##,
            "- at '/l': min 3 items required to match contains schema, but matched 2 items at 0 2\n"
                + "  - at '/l/1': value must be 1"
        ),
        (
            ##"{"additionalProperties":false,"properties":{"x":{},"s":{}}}"##,
            "- at '': additional properties 'l', 'o' not allowed"
        ),
        (##"{"unevaluatedProperties":false,"properties":{"x":{},"s":{},"l":{}}}"##, "- at '/o': false schema"),
        (
            ##"{"propertyNames":{"maxLength":0},"maxProperties":9}"##,
            "- at '': invalid propertyName 'l'\n  - at '': maxLength: got 1, want 0\n"
                + "- at '': invalid propertyName 'o'\n  - at '': maxLength: got 1, want 0\n"
                + "- at '': invalid propertyName 's'\n  - at '': maxLength: got 1, want 0\n"
                + "- at '': invalid propertyName 'x'\n  - at '': maxLength: got 1, want 0"
        ),
        (##"{"dependentRequired":{"x":["y","z"]}}"##, "- at '': properties 'y', 'z' required, if 'x' exists"),
        (
            ##"{"properties":{"x":{"oneOf":[{"type":"number"},{"minimum":1}]}}}"##,
            "- at '/x': 'oneOf' failed, subschemas 0, 1 matched"
        ),
        (
            ##"{"properties":{"x":{"anyOf":[{"type":"string"},{"maximum":1}]}}}"##,
            "- at '/x': 'anyOf' failed\n  - at '/x': got number, want string\n"
                + "  - at '/x': maximum: got 2,500.5, want 1"
        ),
        (##"{"not":{}}"##, "- at '': 'not' failed"),
        (##"{"if":{"required":["x"]},"then":{"required":["y"]}}"##, "- at '': missing property 'y'"),
        (
            ##"{"properties":{"o":{"$ref":"#/$defs/t"}},"##
                + ##""$defs":{"t":{"additionalProperties":{"$ref":"#/$defs/t"},"maxProperties":0}}}"##,
            "- at '/o': maxProperties: got 1, want 0"
        ),
        (
            ##"{"properties":{"s":{"$ref":"#here"}},"$defs":{"t":{"$anchor":"here","type":"null"}}}"##,
            "- at '/s': got string, want null"
        ),
        (
            ##"{"$ref":"#"}"##,
            ##"- at '': both /$ref and  resolve to "file:///values.schema.json#" causing reference cycle"##
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"s":{"format":"email"}}}"##,
            "- at '/s': 'abc' is not valid email: missing @"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"s":{"format":"date"}}}"##,
            ##"- at '/s': 'abc' is not valid date: parsing time "abc" as "2006-01-02": cannot parse "##
                + ##""abc" as "2006""##
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"x":{"maximum":2500.5,"##
                + ##""exclusiveMaximum":true}}}"##,
            "- at '/x': exclusiveMaximum: got 2,500.5, want 2,500.5"
        ),
    ]

    @Test(arguments: violationTable)
    func violations(schema: String, problem: String) throws {
        let values = "{x: 2500.5, s: abc, l: [1, 2, 1], o: {p: {}}}"
        #expect(try problems(schema, values) == problem + "\n")
    }

    private static let keptTable: [String] = [
        "true", ##"{"properties":{"s":{"format":"email"}}}"##,
        ##"{"properties":{"x":{"type":"number","multipleOf":0.5}}}"##,
        ##"{"allOf":[{"properties":{"x":{}}}],"unevaluatedProperties":{"type":["string","array","object"]}}"##,
        ##"{"$dynamicAnchor":"n","type":"object","properties":{"o":{"$dynamicRef":"#n"}}}"##, ##"{"then":false}"##,
    ]

    @Test(arguments: keptTable)
    func valuesThatKeepTheSchema(schema: String) throws {
        #expect(try problems(schema, "{x: 2500.5, s: abc, l: [1, 2, 1], o: {p: {}}}") == nil)
    }

    private static let against =
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with "

    private static let brokenTable: [(String, String)] = [
        ("", "EOF"), ("{,}", "invalid character ',' looking for beginning of object key string"),
        ("{} x", "invalid character after top-level value"), (##"{"a":1"##, "unexpected EOF"),
        (##"{"$ref":"#/nope"}"##, ##"json-pointer in "file:///values.schema.json#/nope" not found"##),
        (
            ##"{"$ref":"#nope"}"##,
            ##"anchor in "file:///values.schema.json#nope" not found in schema "##
                + ##""file:///values.schema.json""##
        ),
        (
            ##"{"$ref":"other.json"}"##,
            ##"failing loading "file:///other.json": open /other.json: no such file or directory"##
        ),
        (##"{"$schema":"nope"}"##, ##"failing loading "nope": no URLLoader registered for "nope""##),
        (
            ##"{"$defs":{"b":{"$anchor":"f"},"c":{"$anchor":"f"}}}"##,
            ##"duplicate anchor "f" in "file:///values.schema.json" at "/$defs/b" and "/$defs/c""##
        ),
        (
            "[]",
            against
                + "'https://json-schema.org/draft/2020-12/schema#'\n"
                + "- at '': got array, want boolean or object"
        ),
        (
            ##"{"minimum":"x"}"##,
            against
                + "'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n"
                + "  - at '/minimum': got string, want number"
        ),
        (
            ##"{"patternProperties":{"(":{}}}"##,
            against
                + "'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n"
                + "  - at '': invalid propertyName '('\n"
                + "    - at '': '(' is not valid regex: error parsing regexp: missing closing ): `(`"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"minLength":-1}}}"##,
            against
                + "'http://json-schema.org/draft-07/schema#'\n"
                + "- at '/properties/a/minLength': 'allOf' failed\n"
                + "  - at '/properties/a/minLength': minimum: got -1, want 0"
        ),
        (
            ##"{"$schema":"https://json-schema.org/draft/2019-09/schema","required":"a"}"##,
            against
                + "'https://json-schema.org/draft/2019-09/schema#'\n- at '': 'allOf' failed\n"
                + "  - at '/required': got string, want array"
        ),
        (
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","exclusiveMinimum":5}"##,
            against
                + "'http://json-schema.org/draft-04/schema#'\n"
                + "- at '': properties 'minimum' required, if 'exclusiveMinimum' exists\n"
                + "- at '/exclusiveMinimum': got number, want boolean"
        ),
    ]

    @Test(arguments: brokenTable)
    func schemasThatAreNoUse(schema: String, message: String) throws {
        #expect(try problems(schema, "{}") == message)
    }

    @Test func aSchemaElsewhereByNameIsTakenForOneThatAllowsAll() throws {
        var check = JSONSchemaCheck()
        #expect(check.problem(of: Map(), by: ##"{"$ref":"urn:x:y"}"##) == nil)
        #expect(check.warnings == ["WARN unresolved URN reference ignored; using permissive schema urn=urn:x:y"])
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (-1000, "-1,000"), (1_234_567, "1,234,567"),
    ])
    func englishIntegers(number: Int, text: String) {
        #expect(EnglishNumber.text(number) == text)
    }

    @Test(arguments: [
        (0.0, "0"), (65535.0, "65,535"), (999_999.0, "999,999"), (1e6, "1×10⁰⁶"), (1_234_567.0, "1.234567×10⁰⁶"),
        (2e21, "2×10²¹"), (0.0001, "0.0001"), (1.234e-5, "1.234×10⁻⁰⁵"), (-1234.5678, "-1,234.5678"), (-0.5, "-0.5"),
    ])
    func englishFloats(number: Double, text: String) {
        #expect(EnglishNumber.text(number) == text)
    }
}
