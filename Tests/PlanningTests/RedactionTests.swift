import Planning
import Testing
import Values

/// What a support archive does not hold.
@Suite struct RedactionTests {
    private static let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl"

    @Test(arguments: [
        ("token \(token) refused", "token *** refused"), ("auth=\(token)&x=1", "auth=***&x=1"),
        ("Authorization: Bearer abc.def next", "Authorization: Bearer *** next"),
        ("authorization: basic dXNlcjpwYXNz", "authorization: basic ***"),
        ("get https://u:p@host/x", "get https://***@host/x"), ("eyJx is short", "eyJx is short"),
        ("a basic", "a basic"), ("", ""),
        (
            "x\n-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\ny",
            "x\n-----BEGIN RSA PRIVATE KEY-----***-----END PRIVATE KEY-----\ny"
        ),
        ("-----BEGIN PRIVATE KEY-----\nAAAA", "-----BEGIN PRIVATE KEY-----***"),
    ])
    func secretsInTextsAreMasked(text: String, expected: String) {
        #expect(Redaction.text(text) == expected)
    }

    @Test func variablesAndSecretsAreMasked() {
        let pod: Value = [
            "kind": "Pod",
            "spec": [
                "containers": [
                    [
                        "env": [
                            ["name": "DB_PASSWORD", "value": "hunter2"], ["name": "LOG_LEVEL", "value": "debug"],
                            ["name": "TOKEN", "valueFrom": ["secretKeyRef": ["name": "s", "key": "k"]]],
                        ]
                    ]
                ],
                "tokenPath": "/var/run/token",
            ],
        ]
        let shown = Redaction.object(pod)
        let env = shown[path: "spec", "containers"]?.list?.first?["env"]?.list ?? []
        #expect(env.map { $0["value"]?.string } == ["***", "debug", nil])
        #expect(env.last?[path: "valueFrom", "secretKeyRef", "name"]?.string == "s")
        #expect(shown[path: "spec", "tokenPath"]?.string == "/var/run/token")
        let secret: Value = ["kind": "Secret", "data": ["a": "c2VjcmV0"], "stringData": ["b": "x"]]
        #expect(Redaction.object(secret)["data"]?["a"]?.string == "***")
        #expect(Redaction.object(secret)["stringData"]?["b"]?.string == "***")
    }
}
