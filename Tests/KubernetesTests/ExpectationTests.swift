import HTTP
import Kubernetes
import Objects
import Testing
import Values

/// Answers with status 200 that are not what was asked for: an error that names the request, never an empty answer.
@Suite struct ExpectationTests {
    private func client(_ body: String, type: String = "application/json") throws -> Client {
        let response = Response(status: 200, headers: [("content-type", type)], body: Array(body.utf8))
        return Client(try connection(config()), ScriptedTransport { _ in .success(response) })
    }

    @Test(arguments: [
        ("null", "a list of namespaces was expected, not null"),
        ("42", "a list of namespaces was expected, not a number"),
        ("\"none\"", "a list of namespaces was expected, not text"),
        ("[]", "a list of namespaces was expected, not an array"),
        ("true", "a list of namespaces was expected, not a boolean"),
        ("{}", "a list of namespaces was expected, not an object without a kind"),
        (#"{"items": []}"#, "a list of namespaces was expected, not an object without a kind"),
        (#"{"kind": "Namespace", "items": []}"#, "a list of namespaces was expected, not an object of kind Namespace"),
        (#"{"kind": "PodList", "items": []}"#, "a list of namespaces was expected, not an object of kind PodList"),
        (#"{"kind": "A\u001b[2J", "items": []}"#, "a list of namespaces was expected, not an object without a kind"),
        (#"{"kind": "NamespaceList"}"#, "a list of namespaces was expected; its items are missing"),
        (
            #"{"kind": "NamespaceList", "items": {}}"#,
            "a list of namespaces was expected; its items are an object without a kind"
        ),
        (#"{"kind": "NamespaceList", "items": "x"}"#, "a list of namespaces was expected; its items are text"),
        (
            #"{"kind": "NamespaceList", "items": [null]}"#,
            "a list of namespaces was expected; an item has no metadata.name"
        ),
        (
            #"{"kind": "NamespaceList", "items": [{"metadata": {}}]}"#,
            "a list of namespaces was expected; an item has no metadata.name"
        ),
        (
            #"{"kind": "NamespaceList", "items": [], "metadata": {"continue": 7}}"#,
            "a list of namespaces was expected; metadata.continue is a number"
        ),
    ])
    func whatIsNoListIsAnError(body: String, reason: String) throws {
        let text = message { try client(body).list("/api/v1/namespaces") }
        #expect(text.hasPrefix("GET https://c.example:6443/api/v1/namespaces?limit=500: \(reason); check what answers"))
    }

    @Test func plainTextIsNoList() throws {
        let text = message { try client("ok", type: "text/plain").list("/api/v1/pods") }
        #expect(text.contains("/api/v1/pods?limit=500: a list of pods was expected, not text"))
    }

    /// Go writes `null` for a list without items.
    @Test(arguments: [
        #"{"kind": "NamespaceList", "items": null}"#, #"{"kind": "NamespaceList", "items": []}"#,
        #"{"kind": "PartialObjectMetadataList", "items": null}"#,
    ])
    func anEmptyListIsEmpty(body: String) throws {
        #expect(try client(body).list("/api/v1/namespaces").items.isEmpty)
    }

    @Test(arguments: [
        ("null", "Lease was expected, not null"), ("{}", "Lease was expected, not an object without a kind"),
        (#"{"kind": "LeaseList", "items": []}"#, "Lease was expected, not an object of kind LeaseList"),
    ])
    func anotherObjectThanTheOneAskedForIsAnError(body: String, reason: String) throws {
        let call = APIRequest.get("/apis/coordination.k8s.io/v1/namespaces/n/leases/sail").expecting(.kinds(["Lease"]))
        #expect(message { try client(body).send(call) }.contains("leases/sail: \(reason); check"))
    }

    @Test(arguments: ["null", "42", "\"ok\"", "[]"])
    func aWriteIsAnsweredByAnObject(body: String) throws {
        for call in [APIRequest.mergePatch("/api/v1/x", [:]), .delete("/api/v1/x"), .get("/api/v1/x")] {
            #expect(message { try client(body).send(call) }.contains("an object was expected, not "))
        }
        let apply = APIRequest.apply("/api/v1/x", ["kind": "ConfigMap"], manager: "sail")
        #expect(message { try client(body).send(apply) }.contains("ConfigMap was expected, not "))
    }

    @Test func aFailureIsOneWhateverItsStatusCode() throws {
        let body = #"{"kind": "Status", "status": "Failure", "code": 403, "message": "no"}"#
        #expect(message { try client(body).list("/api/v1/pods") } == "no")
    }

    @Test(arguments: ["null", "42", #"{"kind": "PodList", "items": []}"#])
    func discoveryOfSomethingElseIsAnError(body: String) throws {
        #expect(
            message { try Discovery(client(body)) }.contains("/api: APIGroupDiscoveryList or APIVersions was expected"))
    }

    @Test(arguments: [
        #"{"kind": "APIGroupDiscoveryList"}"#, #"{"kind": "APIGroupDiscoveryList", "items": "x"}"#,
        #"{"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "apps"}}]}"#,
        #"{"kind": "APIGroupDiscoveryList", "items": [7]}"#,
    ])
    func discoveryWithoutItsListsIsAnError(body: String) throws {
        #expect(message { try Discovery(client(body)) }.contains("was expected, and is missing"))
    }

    @Test(arguments: ["null", "7", "nonsense", #"{"type": "ADDED"}"#, #"{"type": "ADDED", "object": []}"#])
    func aWatchOfSomethingElseIsAnError(line: String) throws {
        let text = message {
            try client(line + "\n").watch("/api/v1/pods", from: Listing(resourceVersion: "1"), milliseconds: 5000) {
                _ in
                true
            }
        }
        #expect(text.contains("GET /api/v1/pods?watch=true: events of objects were expected"))
    }
}
