import Patches
import Testing
import Values

private let object = """
    metadata: {labels: {app.kubernetes.io/name: a}}
    spec:
      ports: [{name: http, port: 80}, {name: dns, port: 53}]
      args: [--a, 30m, --b=1]
      nothing: null
      hooks: [{name: a.b.c, x: 1}, {name: 'd:e', x: 2}]
    """

/// The paths of an IstioOperator's overlays.
@Suite struct OverlayPathTests {
    static let written: [(path: String, value: String, at: [String], result: String)] = [
        ("spec.replicas", "3", ["spec", "replicas"], "3"),
        (".spec.replicas.", "3", ["spec", "replicas"], "3"),
        ("spec.deep.er", "x", ["spec", "deep"], #"{"er":"x"}"#),
        ("spec.nothing.a", "x", ["spec", "nothing"], #"{"a":"x"}"#),
        (
            "spec.ports.[name:dns].port", "54", ["spec", "ports"],
            #"[{"name":"http","port":80},{"name":"dns","port":54}]"#
        ),
        (
            "spec.ports[name:dns].port", "54", ["spec", "ports"],
            #"[{"name":"http","port":80},{"name":"dns","port":54}]"#
        ),
        (
            "spec.ports.[port:80].name", "web", ["spec", "ports"],
            #"[{"name":"web","port":80},{"name":"dns","port":53}]"#
        ),
        (
            "spec.ports.[1].port", "1", ["spec", "ports"],
            #"[{"name":"http","port":80},{"name":"dns","port":1}]"#
        ),
        (
            "spec.ports.[-1]", "{name: new, port: 2}", ["spec", "ports"],
            #"[{"name":"http","port":80},{"name":"dns","port":53},{"name":"new","port":2}]"#
        ),
        ("spec.ports.[0]", "null", ["spec", "ports"], #"[{"name":"dns","port":53}]"#),
        ("spec.ports.[name:http]", "null", ["spec", "ports"], #"[{"name":"dns","port":53}]"#),
        (
            "spec.ports.[name:http].port", "null", ["spec", "ports"],
            #"[{"name":"http"},{"name":"dns","port":53}]"#
        ),
        ("spec.args.[30m]", "60m", ["spec", "args"], #"["--a","60m","--b=1"]"#),
        ("spec.args.[:--b]", "--b=2", ["spec", "args"], #"["--a","30m","--b=2"]"#),
        ("spec.args.[9]", "--c", ["spec", "args"], #"["--a","30m","--b=1","--c"]"#),
        ("spec.args", "[x]", ["spec", "args"], #"["x"]"#),
        ("spec.new.[0]", "x", ["spec", "new"], #"["x"]"#),
        ("spec.absent.deep", "null", ["spec", "absent"], "deleted"),
        (
            #"spec.hooks.[name:a\.b\.c].x"#, "9", ["spec", "hooks"],
            #"[{"name":"a.b.c","x":9},{"name":"d:e","x":2}]"#
        ),
        (
            #"spec.hooks.[name:d\:e].x"#, "9", ["spec", "hooks"],
            #"[{"name":"a.b.c","x":1},{"name":"d:e","x":9}]"#
        ),
        (
            #"metadata.labels.app\.kubernetes\.io/name"#, "b", ["metadata", "labels"],
            #"{"app.kubernetes.io/name":"b"}"#
        ),
        // A text that is a map in YAML becomes one; JSON and plain texts stay as they are.
        ("spec.x", "\"a:\\n  b: 1\\n\"", ["spec", "x"], #"{"a":{"b":1}}"#),
        ("spec.x", "'a: b'", ["spec", "x"], #"{"a":"b"}"#),
        ("spec.x", "'{\"a\": 1}'", ["spec", "x"], #""{\"a\": 1}""#),
        ("spec.x", "'https://a'", ["spec", "x"], #""https://a""#),
    ]

    @Test(arguments: written)
    func aValueIsWrittenWhereThePathSays(
        path: String, value text: String, at place: [String], result: String
    ) throws {
        let changed = try OverlayPath(path).written(value(text), to: value(object))
        #expect(try json(changed[place[0]]?[place[1]]) == result)
    }

    static let refused: [(path: String, message: String)] = [
        (
            "spec.ports.[name:htp].port",
            "spec.ports.[name:htp].port: there is no [name:htp]; there are http, dns"
        ),
        ("spec.args.[none]", "spec.args.[none]: there is no [none]; there are --a, 30m, --b=1"),
        ("spec.args.[(]", "spec.args.[(]: [(] is no regular expression"),
        (
            "spec.ports.name", "spec.ports.name: name is asked of a list; choose an item with [key:value]"
        ),
        ("spec.args.[0].x", "spec.args.[0].x: x is asked of a plain value"),
        ("metadata.[a:b]", "metadata.[a:b]: [a:b] is asked of what is no list"),
        ("", "the path is empty"),
        ("spec.[", "\"[\" is no part of a path; write [N], [key:value] or [value]"),
        ("spec.[-2]", "[-2] is no position; write [N] from 0 on, or [-1]"),
        ("spec.[a:b:c]", "\"[a:b:c]\" is not [key:value]; write \\: for a colon in the value"),
    ]

    @Test(arguments: refused) func whatIsNotThereIsSaid(path: String, message: String) throws {
        do {
            _ = try OverlayPath(path).written("x", to: value(object))
            Issue.record("no error")
        } catch let error as PatchError {
            #expect(error.description.hasPrefix(message), "\(error)")
        }
    }
}
