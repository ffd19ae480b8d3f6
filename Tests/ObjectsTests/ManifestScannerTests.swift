import Objects
import Testing

@Test(arguments: [
    ("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: n\ntype: x\n", "Secret n/a"),
    ("kind: \"Role\"\nmetadata:\n    name: 'a-b'\n    labels:\n        name: other\napiVersion: rbac/v1\n", "Role a-b"),
    ("# c\napiVersion: v1\nkind: Secret # no\nmetadata:\n  name: a\n", nil),
    ("{apiVersion: v1, kind: Secret, metadata: {name: a}}\n", nil),
    ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", nil),
    ("apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"a\\x41\"\n", nil),
    ("apiVersion: v1\nkind: List\nitems: []\n", nil),
    ("spec:\n  name: no\nmetadata:\n  labels:\n    name: no\n  name: a\nkind: K\napiVersion: v1\n", "K a"),
    ("apiVersion: v1\r\nkind: Secret\r\nmetadata:\r\n  name: a\r\n", "Secret a"),
])
func theHeadOfAPlainDocumentNamesTheObject(document: String, expected: String?) {
    #expect(head(of: document)?.description == expected)
}

@Test func aStreamIsCutAtItsSeparators() {
    let stream = "# top\n---\n# only a comment\n---\na: 1\n--- \nb: |\n  ---\n---\n\n"
    #expect(documents(of: stream).map(\.text) == ["a: 1\n", "b: |\n  ---\n"])
}

@Test func whatOthersNeedIsAppliedFirst() {
    let kinds = [
        "ValidatingWebhookConfiguration", "Deployment", "Gateway", "Service", "CustomResourceDefinition", "Service",
    ]
    let objects = kinds.enumerated().map { ObjectReference(apiVersion: "v1", kind: $0.element, name: "\($0.offset)") }
    #expect(
        objects.inApplyOrder { $0 }.map(\.description) == [
            "CustomResourceDefinition 4", "Service 3", "Service 5", "Deployment 1", "Gateway 2",
            "ValidatingWebhookConfiguration 0",
        ])
}
