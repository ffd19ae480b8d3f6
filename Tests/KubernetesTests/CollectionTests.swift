import HTTP
import Kubernetes
import Objects
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// Discovery, lists and watches.
@Suite struct DiscoveryTests {
    @Test(arguments: ClusterKind.available)
    func kindsAreFoundInTheirVersions(kind: ClusterKind) throws {
        let cluster = try TestCluster(kind)
        let discovery = try Discovery(try cluster.client())
        let deployment = discovery.resource(apiVersion: "apps/v1", kind: "Deployment")
        #expect(deployment?.path(namespace: "n", name: "d") == "/apis/apps/v1/namespaces/n/deployments/d")
        #expect(discovery.resource(apiVersion: "v1", kind: "Namespace")?.isNamespaced == false)
        #expect(discovery.resource(apiVersion: "apps/v1beta7", kind: "Deployment") == nil)
        #expect(discovery.unavailableGroups.isEmpty)
    }

    @Test func theOlderFormSaysTheSame() throws {
        var settings = SandboxSettings()
        settings.hasAggregatedDiscovery = false
        let cluster = try TestCluster(.sandbox, settings)
        let older = try Discovery(try cluster.client())
        #expect((cluster.sandbox?.requests.count ?? 0) > 2)
        let fresh = try TestCluster(.sandbox)
        let newer = try Discovery(try fresh.client())
        #expect(fresh.sandbox?.requests.map(\.path).sorted() == ["/api", "/apis"])
        for (version, kind) in [
            ("v1", "Pod"), ("apps/v1", "DaemonSet"), ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ] {
            let resource = try #require(older.resource(apiVersion: version, kind: kind))
            #expect(newer.resource(apiVersion: version, kind: kind) == resource)
        }
    }

    @Test func aGroupThatDoesNotAnswerIsNamedAndTheRestServes() throws {
        var settings = SandboxSettings()
        settings.hasAggregatedDiscovery = false
        let cluster = try TestCluster(.sandbox, settings)
        cluster.sandbox?.add(Fault(.status(503), path: "/apis/apps/v1"))
        let discovery = try Discovery(try cluster.client())
        #expect(discovery.unavailableGroups == ["apps"])
        #expect(discovery.unavailableGroup(apiVersion: "apps/v1", kind: "Deployment") == "apps")
        #expect(
            APIError.unavailable(group: "apps").description
                == "API group \"apps\" does not answer; see kubectl get apiservices")
        #expect(discovery.resource(apiVersion: "v1", kind: "Pod") != nil)
        #expect(cluster.sandbox?.requests.filter { $0.path == "/apis/apps/v1" }.count == 2)
    }

    @Test func aStaleGroupIsNamedOnce() throws {
        let transport = ScriptedTransport { request in
            let version = #"{"version": "v1", "freshness": "Stale", "resources": []}"#
            let group = #"{"metadata": {"name": "metrics.k8s.io"}, "versions": [\#(version), \#(version)]}"#
            let items = request.url.hasSuffix("/apis") ? group : ""
            return .success(.json(#"{"kind": "APIGroupDiscoveryList", "items": [\#(items)]}"#))
        }
        #expect(
            try Discovery(Client(try connection(config()), transport)).unavailableGroups == ["metrics.k8s.io"])
    }
}

@Suite struct ListTests {
    private func filled(_ kind: ClusterKind, _ namespace: String) throws -> (TestCluster, Client, String) {
        let cluster = try TestCluster(kind)
        let client = try cluster.client()
        _ = try client.send(.create("/api/v1/namespaces", ["metadata": ["name": .string(namespace)]]))
        let path = "/api/v1/namespaces/\(namespace)/configmaps"
        let calls = (0..<501).map { number in
            APIRequest.repeatedCreate(
                path, ["metadata": ["name": .string("c\(number)"), "labels": ["list": .string(namespace)]]])
        }
        for answer in client.send(calls) { _ = try answer.get() }
        return (cluster, client, path)
    }

    @Test(arguments: ClusterKind.available)
    func longListsComeInPages(kind: ClusterKind) throws {
        let (cluster, client, path) = try filled(kind, "list-pages")
        cluster.sandbox?.forgetRequests()
        let before = client.requests
        let listing = try client.list(path, Selection(labels: "list=list-pages"))
        #expect(listing.items.count == 501)
        #expect(Set(listing.items.map { $0["metadata"]?["name"]?.string }).count == 501)
        #expect(Int(listing.resourceVersion) ?? 0 > 0)
        #expect(client.requests - before == 2)
    }

    @Test func aPageThatHasExpiredBeginsTheListAgain() throws {
        let (cluster, client, path) = try filled(.sandbox, "list-expired")
        let sandbox = try #require(cluster.sandbox)
        sandbox.forgetRequests()
        sandbox.at(request: 2) { sandbox.compact() }
        #expect(try client.list(path).items.count == 501)
        #expect(sandbox.requests.map(\.status) == [200, 410, 200, 410, 200])
    }

    @Test func pagesThatAlwaysExpireEndInOnePiece() throws {
        let transport = ScriptedTransport { request in
            if request.url.contains("continue=") {
                return .success(.json(#"{"kind": "Status", "code": 410, "reason": "Expired"}"#, status: 410))
            }
            let token = request.url.contains("limit=") ? #""continue": "x", "# : ""
            return .success(
                .json(
                    #"{"kind": "PodList", "items": [{"metadata": {"name": "p"}}], "metadata": {\#(token)"resourceVersion": "5"}}"#
                ))
        }
        let listing = try Client(try connection(config()), transport).list("/api/v1/pods")
        #expect(listing.items.count == 1)
        #expect(listing.resourceVersion == "5")
        #expect(transport.requests.count == 5)
    }
}

@Suite struct WatchTests {
    private let path = "/api/v1/namespaces/default/configmaps"

    private func map(_ name: String, _ value: String) -> Value {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": ["a": .string(value)]]
    }

    /// `KIND name` of each event until the last one.
    private func follow(
        _ client: Client, _ selection: Selection, from listing: Listing, until last: String, milliseconds: Int = 10_000,
        _ act: (String) throws -> Void = { _ in }
    ) throws -> [String] {
        var seen: [String] = []
        _ = try client.watch(path, selection, from: listing, milliseconds: milliseconds) { event in
            seen.append("\(event.kind.rawValue) \(event.object["metadata"]?["name"]?.string ?? "")")
            try? act(seen.last ?? "")
            return seen.last != last
        }
        return seen
    }

    @Test(arguments: ClusterKind.available)
    func changesComeInOrder(kind: ClusterKind) throws {
        let cluster = try TestCluster(kind)
        let client = try cluster.client()
        let writer = try cluster.client()
        let selection = Selection(fields: "metadata.name=watch-order")
        let start = try client.list(path, selection)
        let object = path + "/watch-order"
        _ = try writer.send(.create(path, map("watch-order", "1")))
        let seen = try follow(client, selection, from: start, until: "DELETED watch-order") { event in
            if event.hasPrefix("ADDED") {
                _ = try writer.send(.mergePatch(object, ["data": ["a": "2"]]))
            } else if event.hasPrefix("MODIFIED") {
                _ = try writer.send(.delete(object))
            }
        }
        #expect(seen == ["ADDED watch-order", "MODIFIED watch-order", "DELETED watch-order"])
    }

    @Test func anEndedStreamGoesOnFromTheLastBookmark() throws {
        var settings = SandboxSettings()
        settings.bookmarkSeconds = 0.1
        let cluster = try TestCluster(.sandbox, settings)
        let sandbox = try #require(cluster.sandbox)
        let client = try cluster.client()
        let start = try client.list(path)
        // Moves the version on, unseen by this watch.
        _ = try client.send(.create("/api/v1/namespaces", ["metadata": ["name": "elsewhere"]]))
        // The stream lasts one second, as the time left says; then the next one begins.
        #expect(try follow(client, Selection(), from: start, until: "", milliseconds: 1900).isEmpty)
        let asked = sandbox.requests.filter { $0.query["watch"] == "true" }
        #expect(asked.count == 2)
        #expect(asked.allSatisfy { $0.query["allowWatchBookmarks"] == "true" && $0.query["timeoutSeconds"] == "1" })
        #expect(asked.first?.query["resourceVersion"] == start.resourceVersion)
        #expect(Int(asked.last?.query["resourceVersion"] ?? "") ?? 0 > Int(start.resourceVersion) ?? 0)
    }

    @Test func afterAnExpiryTheListIsReadAnewAndWhatIsGoneIsDeleted() throws {
        let cluster = try TestCluster(.sandbox)
        let sandbox = try #require(cluster.sandbox)
        let client = try cluster.client()
        for name in ["gone", "stays"] { _ = try client.send(.create(path, map(name, "1"))) }
        let selection = Selection(fields: "metadata.name!=kube-root-ca.crt")
        let start = try client.list(path, selection)
        _ = try client.send(.delete(path + "/gone"))
        sandbox.compact()
        #expect(
            try follow(client, selection, from: start, until: "ADDED stays") == ["DELETED gone", "ADDED stays"])
    }

    private func scripted(_ lines: String) throws -> (Client, ScriptedTransport) {
        let transport = ScriptedTransport { _ in .success(.json(lines)) }
        return (Client(try connection(config()), transport), transport)
    }

    @Test func anErrorOfTheServerEndsTheWatchAfterSomeAttempts() throws {
        let (client, transport) = try scripted(
            #"{"type": "ERROR", "object": {"kind": "Status", "code": 500, "message": "broken"}}"# + "\n")
        let text = message {
            try client.watch(path, from: Listing(resourceVersion: "1"), milliseconds: 60_000) { _ in true }
        }
        #expect(text == "broken")
        #expect(transport.requests.count == 6)
    }

    @Test func streamsThatEndAtOnceAreNotAskedForInHaste() throws {
        let (client, transport) = try scripted("")
        let isEnded = try client.watch(path, from: Listing(resourceVersion: "1"), milliseconds: 2000) { _ in true }
        #expect(!isEnded)
        #expect(transport.requests.count < 6)
    }

    @Test func aRefusedWatchIsAnError() throws {
        let transport = ScriptedTransport { _ in
            .success(.json(#"{"kind": "Status", "code": 403, "message": "no"}"#, status: 403))
        }
        let client = Client(try connection(config()), transport)
        #expect(
            message { try client.watch(path, from: Listing(resourceVersion: "1"), milliseconds: 9000) { _ in true } }
                == "no")
        #expect(transport.requests.count == 1)
    }

    @Test func anEndedLoginIsRenewedForAWatch() throws {
        let files = ["/k/tok": "t"]
        var refusals = 1
        let transport = ScriptedTransport { _ in
            refusals -= 1
            return refusals >= 0
                ? .success(.json(#"{"kind": "Status", "code": 401}"#, status: 401))
                : .success(.json(#"{"type": "ADDED", "object": {"metadata": {"resourceVersion": "2"}}}"# + "\n"))
        }
        let client = Client(
            try connection(config(user: "tokenFile: tok"), files: files), transport, processEnvironment(files))
        #expect(try client.watch(path, from: Listing(resourceVersion: "1"), milliseconds: 9000) { _ in false })
        #expect(transport.requests.count == 2)
    }

    @Test func anInterruptionEndsASilentWatch() throws {
        var settings = SandboxSettings()
        settings.bookmarkSeconds = 100
        let cluster = try TestCluster(.sandbox, settings)
        let client = try cluster.client()
        let start = try client.list(path)
        let begin = monotonic()
        client.isInterrupted = { monotonic() - begin > 0.5 }
        #expect(try !client.watch(path, from: start, milliseconds: 30_000) { _ in true })
        #expect(monotonic() - begin < 4)
    }
}
