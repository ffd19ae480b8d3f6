import Foundation
import Testing
import Values
import YAML

/// `sail reconcile --manifest` as it is printed: the objects that run the controller.
@Suite struct ControllerObjectsTests {
    private func objects(_ flags: [String] = []) throws -> [Value] {
        let answer = run(["reconcile", "--manifest", "--image", "registry.example.com/sail:1", "-o", "json"] + flags)
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.messages == "")
        return try Value(json: answer.output, numbers: .native)["items"]?.list ?? []
    }

    private func rules(_ objects: [Value], _ name: String) -> [Value] {
        objects.first { $0[path: "metadata", "name"]?.string == name }?["rules"]?.list ?? []
    }

    @Test func theyComeInTheOrderInWhichTheyAreApplied() throws {
        let objects = try objects()
        #expect(
            objects.compactMap { $0["kind"]?.string } == [
                "Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
                "ClusterRole", "Service", "Deployment",
            ])
        let namespaces = Set(objects.compactMap { $0[path: "metadata", "namespace"]?.string })
        #expect(namespaces == ["sail-operator"])
        let other = try self.objects(["--controller-namespace", "mesh-tools"])
        #expect(other.first?[path: "metadata", "name"] == "mesh-tools")
        let binding = other.first { $0["kind"] == "ClusterRoleBinding" }
        #expect(binding?["subjects"]?.list?.first?["namespace"] == "mesh-tools")
    }

    /// None grants everything. All resources of a group are named only where istiod's role, which it grants, has them so.
    @Test func noPermissionIsForEverything() throws {
        let objects = try objects()
        let own = rules(objects, "sail-controller")
        #expect(own.count > 10)
        for rule in own {
            for part in ["apiGroups", "verbs"] {
                #expect(rule[part]?.list?.contains("*") != true, "\(rule)")
            }
            guard rule["resources"]?.list?.contains("*") == true else { continue }
            let groups = rule["apiGroups"]?.list?.compactMap(\.string) ?? []
            #expect(groups.allSatisfy { $0.hasSuffix(".istio.io") || $0 == "gateway.networking.k8s.io" }, "\(rule)")
        }
        let resources = Set(own.flatMap { $0["resources"]?.list?.compactMap(\.string) ?? [] })
        #expect(resources.isSuperset(of: ["istios", "istiocnis", "ztunnels", "daemonsets", "secrets", "events"]))
        let lease = rules(objects, "sail-lease")
        #expect(lease.count == 1 && lease[0]["resources"]?.list == ["leases"])
    }

    @Test func flagsThatContradictAreSaid() {
        let lines: [(String, String)] = [
            ("--manifest --watch", "--watch runs the controller, --manifest prints it; give one"),
            ("--image a", "--image and --controller-namespace go with --manifest"),
            ("--controller-namespace a", "--image and --controller-namespace go with --manifest"),
            ("--health-addr :1", "--health-addr and --metrics-addr are the controller's; add --watch"),
            ("--watch --dry-run", "it takes no --dry-run"), ("--watch -o json", "it takes no -o"),
            ("--manifest --controller-namespace A/b", "a namespace: lower-case letters, digits and -"),
        ]
        for (line, message) in lines {
            let answer = run(["reconcile"] + line.split(separator: " ").map(String.init))
            #expect(answer.code == 2, "\(line)")
            #expect(answer.messages.contains(message), "\(line): \(answer.messages)")
            #expect(answer.output == "")
        }
    }

    @Test func withoutAnImageThePlaceholderIsNamed() {
        let answer = run(["reconcile", "--manifest"])
        #expect(answer.code == 0)
        #expect(answer.messages.contains("is a placeholder; give yours with --image"))
        #expect(answer.output.contains("image: registry.example.com/sail:"))
    }
}
