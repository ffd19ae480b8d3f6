import Testing
import Values

struct SetTests {
    @Test(arguments: [
        (SetFlag.typed, "a.b=1,c[1]=x", "{\"a\":{\"b\":1},\"c\":[null,\"x\"]}"),
        (.typed, "a=TRUE,b=Null,c=007,d=1.5,e=\\1", "{\"a\":true,\"b\":null,\"c\":\"007\",\"d\":\"1.5\",\"e\":1}"),
        (.typed, "a={x,2},b\\.c=y\\,z", "{\"a\":[\"x\",2],\"b.c\":\"y,z\"}"), (.typed, "a={}", "{\"a\":[\"\"]}"),
        (.string, "a=1,b=true", "{\"a\":\"1\",\"b\":\"true\"}"), (.literal, "a.b={1,2}", "{\"a\":{\"b\":\"{1,2}\"}}"),
        (.json, "a={\"b\":[1, 2]},c= ", "{\"a\":{\"b\":[1,2]},\"c\":null}"),
    ])
    func expressionGivesValues(_ flag: SetFlag, _ expression: String, _ expected: String) throws {
        var values = Mapping()
        try values.set(expression, as: flag)
        #expect(try Value.map(values).json() == expected)
    }

    @Test(arguments: [
        (SetFlag.typed, "a", "key \"a\" has no value"),
        (.typed, "a={b", "list must terminate with '}'"),
        (.typed, "a[70000]=1", "index of 70000 is greater than maximum supported index of 65536"),
        (.json, "a={", "unexpected EOF"),
    ])
    func errorsReadLikeHelms(_ flag: SetFlag, _ expression: String, _ message: String) {
        var values = Mapping()
        let error = #expect(throws: SetError.self) { try values.set(expression, as: flag) }
        #expect(error?.description == message)
    }

    @Test func existingValuesAreChangedInPlace() throws {
        var values: Mapping = ["a": ["b": 1, "c": [1, ["d": 2]]]]
        try values.set("a.c[1].e=3,a.b=null")
        #expect(values == ["a": ["b": .null, "c": [1, ["d": 2, "e": 3]]]])
    }

    @Test func deepListsEndInAnError() {
        var values = Mapping()
        let expression = "a" + String(repeating: "[0]", count: 40000) + "=1"
        #expect(throws: SetError.self) { try values.set(expression) }
    }

    @Test func fileFlagTakesWhatTheReaderGives() throws {
        var values = Mapping()
        try values.set("a=p.txt", as: .file) { path throws(SetError) in "text of \(path)" }
        #expect(values == ["a": "text of p.txt"])
    }

    @Test func commandLineFormsHaveHelmsErrors() {
        var values: Mapping = ["a": ["b": 1]]
        #expect(throws: Never.self) { try values.apply(" {\"a\":{\"c\":2}}", of: .json) }
        #expect(values == ["a": ["b": 1, "c": 2.0]])
        let error = #expect(throws: SetError.self) { try values.apply("x", of: .typed) }
        #expect(error?.description == "failed parsing --set data: key \"x\" has no value")
    }

    @Test func mergeGoesIntoMapsAndReplacesTheRest() {
        var values: Mapping = ["a": ["b": 1, "c": [1]], "d": ["e": 1], "f": 1]
        values.merge(["a": ["c": [2], "g": .null], "d": .null, "f": ["h": 1]])
        #expect(values == ["a": ["b": 1, "c": [2], "g": .null], "d": .null, "f": ["h": 1]])
    }
}
