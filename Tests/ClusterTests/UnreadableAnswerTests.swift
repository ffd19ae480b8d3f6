import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// Lists that cannot be read are not empty: nothing is permitted by them.
@Suite struct UnreadableAnswerTests {
    private static let answers: [Value] = [
        .null, 42, "none", [], ["items": []], ["kind": "Status", "status": "Success"], ["kind": "NamespaceList"],
        ["kind": "NamespaceList", "items": "none"],
    ]

    @Test(arguments: [
        ("GET", "/api/v1/namespaces?", "/api/v1/namespaces"), ("GET", "/api/v1/pods?", "/api/v1/pods"),
        ("GET", "/api/v1/secrets?", "/api/v1/secrets"),
    ])
    func nothingIsUninstalledUponAnAnswerThatIsNoList(request: (method: String, path: String, name: String)) throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        let label: Value = ["metadata": ["labels": ["istio.io/dataplane-mode": "ambient"]]]
        _ = try mesh.client.send(.mergePatch("/api/v1/namespaces/default", label))
        let versions = try mesh.versionsAtRest()
        for answer in UnreadableAnswerTests.answers {
            mesh.cluster.sandbox?.add(Fault(.value(answer), method: request.method, path: request.path))
            let run = try mesh.sail("uninstall --yes")
            mesh.cluster.sandbox?.clearFaults()
            #expect(run.code == 1, "\(answer): \(run.end)")
            #expect(run.messages.contains(request.name), "\(answer): \(run.end)")
            #expect(run.messages.contains("was expected"), "\(answer): \(run.end)")
        }
        #expect(try mesh.versions() == versions)
    }

    /// Whatever a command reads first: an answer of another kind ends it with an error, and nothing is written.
    @Test(arguments: [Value.null, 42, "ok", ["kind": "PodList", "items": []]])
    func everyCommandNamesTheRequestWhoseAnswerItCannotRead(answer: Value) throws {
        let mesh = try Mesh(.sandbox)
        #expect(try mesh.sail("install --yes").code == 0)
        let paths = ["/api?", "/api/v1/secrets", "/apis/apps/v1/daemonsets", "/api/v1/namespaces/istio-system"]
        mesh.cluster.sandbox?.forgetRequests()
        for line in ["upgrade --yes --set ztunnel.logLevel=debug", "status", "uninstall --yes", "rollback --yes"] {
            for path in paths {
                let versions = try mesh.versionsAtRest()
                mesh.cluster.sandbox?.add(Fault(.value(answer), method: "GET", path: path))
                let run = try mesh.sail(line)
                mesh.cluster.sandbox?.clearFaults()
                guard run.messages.contains("was expected") else {
                    // The command does not read this path; what it did is undone for the next one.
                    #expect(try mesh.sail("install --yes").code == 0)
                    continue
                }
                #expect(run.code != 0, "\(line), \(path): \(run.end)")
                #expect(try mesh.versions() == versions, "\(line), \(path): \(run.end)")
            }
        }
    }
}
