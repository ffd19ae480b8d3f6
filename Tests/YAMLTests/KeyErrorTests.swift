import Testing
import Values
import YAML

/// Keys that JSON cannot have: the error names the last of several that are the same.
@Suite struct KeyErrorTests {
    @Test(arguments: [
        ("null: 1\nnull: 2\n", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 2"),
        ("null: 1\nb: 3\n~: [2]\n", "unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{2}"),
        (
            "null: {x: 1, y: 2}\n",
            "unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{\"x\":1, true:2}"
        ),
        (
            "null: {null: 7}\n",
            "unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{interface {}(nil):7}"
        ),
        ("null: {null: 7}\nnull: 3", "unsupported map key of type: %!s(<nil>), key: <nil>, value: 3"),
        (
            "18446744073709551614: 1\n18446744073709551614: 2\n",
            "unsupported map key of type: uint64, key: 0xfffffffffffffffe, value: 2"
        ),
        ("null: ~\n", "unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>"),
    ])
    func theLastOneIsNamed(_ text: String, _ expected: String) {
        #expect(throws: YAMLError.json(expected)) { _ = try Value(yaml: text) }
    }

    @Test func fractionsOfASecondMayBeLong() throws {
        let text = "a: 2001-01-01 00:00:00.123456789012345678901234567890\n"
        #expect(try Value(yaml: text) == ["a": "2001-01-01 00:00:00.123456789012345678901234567890"])
    }
}
