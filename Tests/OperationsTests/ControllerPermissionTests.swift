import Foundation
import Operations
import TestSupport
import Testing
import Values
import YAML

/// The controller reads what the role of docs/guides/permissions for those who look on reads: one list, in two places.
@Suite struct ControllerPermissionTests {
    /// Groups and resources that rules let list, `apps/daemonsets`.
    private func listed(_ rules: Value?) -> Set<String> {
        var found: Set<String> = []
        for rule in rules?.list ?? [] where rule["verbs"]?.list?.contains("list") == true {
            for group in rule["apiGroups"]?.list ?? [] {
                for resource in rule["resources"]?.list ?? [] {
                    found.insert("\(group.string ?? "")/\(resource.string ?? "")")
                }
            }
        }
        return found
    }

    @Test func theControllerReadsWhatAViewerReads() throws {
        let file = Repository.root.appending(path: "docs/guides/permissions/viewer.yaml")
        let viewer = listed(try Value(yaml: String(contentsOf: file, encoding: .utf8), numbers: .native)["rules"])
        let objects = try ControllerManifest(try Bench().options { $0.version = nil }, image: "a/b:1").objects()
        let role = try #require(
            objects.first { $0["kind"] == "ClusterRole" && $0["metadata"]?["name"] == "sail-controller" })
        let own = listed(role["rules"])
        #expect(viewer.count > 20)
        func covers(_ all: Set<String>, _ pair: String) -> Bool {
            all.contains(pair) || all.contains(pair.prefix { $0 != "/" } + "/*")
        }
        // Kinds of groups of which the controller knows each.
        let wholes: Set = ["k8s.cni.cncf.io/*", "sailoperator.io/*"]
        #expect(viewer.filter { !covers(own, $0) && !wholes.contains($0) }.sorted() == [])
        #expect(own.filter { !covers(viewer, $0) }.sorted() == [])
    }
}
