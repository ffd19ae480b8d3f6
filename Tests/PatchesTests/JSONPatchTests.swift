import Patches
import Testing
import Values

/// RFC 6902.
@Suite struct JSONPatchTests {
    private let document = "{a: {b: [1, 2]}, 'x/y': 3, 'm~n': 4}"

    static let done: [(patch: String, result: String)] = [
        ("{op: add, path: /a/c, value: 9}", #"{"a":{"b":[1,2],"c":9},"m~n":4,"x/y":3}"#),
        ("{op: add, path: /a/b/-, value: 9}", #"{"a":{"b":[1,2,9]},"m~n":4,"x/y":3}"#),
        ("{op: add, path: /a/b/0, value: 9}", #"{"a":{"b":[9,1,2]},"m~n":4,"x/y":3}"#),
        ("{op: add, path: /a/c, value: null}", #"{"a":{"b":[1,2],"c":null},"m~n":4,"x/y":3}"#),
        ("{op: remove, path: /a/b/1}", #"{"a":{"b":[1]},"m~n":4,"x/y":3}"#),
        ("{op: replace, path: /x~1y, value: 5}", #"{"a":{"b":[1,2]},"m~n":4,"x/y":5}"#),
        ("{op: replace, path: /m~0n, value: 5}", #"{"a":{"b":[1,2]},"m~n":5,"x/y":3}"#),
        ("{op: move, from: /a/b, path: /c}", #"{"a":{},"c":[1,2],"m~n":4,"x/y":3}"#),
        ("{op: copy, from: /a/b/0, path: /a/d}", #"{"a":{"b":[1,2],"d":1},"m~n":4,"x/y":3}"#),
        ("{op: test, path: /a/b/1, value: 2}", #"{"a":{"b":[1,2]},"m~n":4,"x/y":3}"#),
    ]

    @Test(arguments: done) func operationsChangeTheDocument(patch: String, result: String) throws {
        #expect(try json(JSONPatchOperation(value(patch)).applied(to: value(document))) == result)
    }

    static let refused: [(patch: String, message: String)] = [
        ("{op: remove, path: /a/c}", "there is no /a/c in the object"),
        ("{op: replace, path: /a/c, value: 1}", "there is no /a/c in the object"),
        ("{op: add, path: /q/c, value: 1}", "there is no /q/c in the object"),
        ("{op: add, path: /a/b/3, value: 1}", "there is no /a/b/3 in the object"),
        (
            "{op: remove, path: /a/b/9223372036854775807}",
            "there is no /a/b/9223372036854775807 in the object"
        ),
        ("{op: test, path: /a/b/1, value: 3}", "test failed: /a/b/1 has another value"),
        ("{op: move, from: /a, path: /a/b/c}", "/a/b/c lies within what is moved there"),
        ("{op: remove, path: ''}", "the whole object cannot be removed"),
        (
            "{op: ad, path: /a}",
            "op must be one of add, remove, replace, move, copy, test, not \"ad\"; did you mean add?"
        ),
        ("{path: /a}", "op must be one of"),
        ("{op: add, value: 1}", "operation add has no path"),
        ("{op: add, path: a, value: 1}", "path \"a\" must begin with /"),
        ("{op: add, path: /a}", "operation add at /a has no value"),
        ("{op: copy, path: /a}", "operation copy has no from"),
        ("{op: add, path: /a, value: 1, x: 2}", "unknown key x in an operation"),
        ("a", "an operation must be a map with op and path"),
    ]

    @Test(arguments: refused) func whatIsNotThereIsSaid(patch: String, message: String) throws {
        do {
            _ = try JSONPatchOperation(value(patch)).applied(to: value(document))
            Issue.record("no error")
        } catch let error as PatchError {
            #expect(error.description.hasPrefix(message), "\(error)")
        }
    }
}
