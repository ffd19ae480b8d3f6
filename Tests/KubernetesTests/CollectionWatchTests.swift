import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

private let maps = "/api/v1/namespaces/default/configmaps"

/// A collection that is followed beside other requests.
@Suite struct CollectionWatchTests {
    private struct Setting {
        let cluster: TestCluster
        let client: Client
        let watch: CollectionWatch
        var sandbox: Sandbox { cluster.sandbox.unsafelyUnwrapped }

        init(isMetadataOnly: Bool = false) throws {
            cluster = try TestCluster(.sandbox, SandboxSettings())
            client = try cluster.client()
            watch = CollectionWatch(client, maps, Selection(labels: "a=b"), isMetadataOnly: isMetadataOnly) { object in
                ["metadata": ["name": object["metadata"]?["name"] ?? .null], "data": object["data"] ?? .null]
            }
        }

        func write(_ name: String, _ data: Mapping = [:], labels: Mapping = ["a": "b"]) throws {
            let map: Value = [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": .string(name), "labels": .map(labels)], "data": .map(data),
            ]
            _ = try client.send(.apply(maps + "/" + name, map, manager: "test", force: true))
        }

        /// Goes on until there is news; `kind name`, in order.
        func news(_ count: Int = 1) -> [String] {
            var found: [String] = []
            for _ in 0..<400 where found.count < count {
                watch.step(now: now())
                client.rest(milliseconds: 20)
                found += watch.take().map { "\($0.kind) \($0.object["metadata"]?["name"]?.string ?? "")" }
            }
            return found
        }

        func now() -> Int { Int(ProcessInfo.processInfo.systemUptime * 1000) }
    }

    @Test func whatIsThereAndWhatHappensIsHandedOver() throws {
        let setting = try Setting()
        try setting.write("one")
        #expect(setting.news() == ["added one"])
        #expect(setting.watch.isListed)
        try setting.write("two", ["k": "v"])
        try setting.write("two", ["k": "w"])
        // Other requests go on meanwhile, and a change of what is not kept is none.
        try setting.write("two", ["k": "w"], labels: ["a": "b", "c": "d"])
        try setting.write("other", labels: [:])
        _ = try setting.client.send(.delete(maps + "/one"))
        #expect(setting.news(3) == ["added two", "changed two", "deleted one"])
        #expect(setting.watch.kept.count == 1)
    }

    @Test func whatWasMissedIsFoundInANewList() throws {
        let setting = try Setting()
        try setting.write("one")
        try setting.write("two")
        #expect(setting.news(2) == ["added one", "added two"])
        setting.client.rest(milliseconds: 50)
        setting.sandbox.compact()
        try setting.write("three")
        _ = try setting.client.send(.delete(maps + "/one"))
        #expect(Set(setting.news(2)) == ["deleted one", "added three"])
        #expect(setting.watch.trouble == nil)
    }

    @Test func aServerThatGoesAndComesBackIsFollowedOn() throws {
        let setting = try Setting()
        #expect(setting.news(0) == [])
        setting.watch.step(now: setting.now())
        // What answers the next watches is a server in trouble.
        setting.sandbox.add(Fault(.status(503), path: "watch=true", times: 3))
        setting.watch.close()
        try setting.write("one")
        #expect(setting.news() == ["added one"])
        #expect(setting.watch.trouble == nil)
    }

    @Test func metadataIsAskedForAlone() throws {
        let setting = try Setting(isMetadataOnly: true)
        try setting.write("one", ["k": "v"])
        #expect(setting.news() == ["added one"])
        #expect(setting.watch.kept.first?["data"] == .null)
    }

    @Test func whatIsNotServedIsATroubleThatIsTriedAgain() throws {
        let cluster = try TestCluster(.sandbox, SandboxSettings())
        let client = try cluster.client()
        let watch = CollectionWatch(client, "/apis/none.example.com/v1/things") { $0 }
        watch.step(now: 0)
        #expect(watch.trouble?.isNotFound == true)
        #expect(watch.isListed == false)
        #expect(watch.due.map { $0 > 0 } == true)
    }
}
