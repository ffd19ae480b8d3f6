import ClusterState
import Foundation
import Kubernetes
import Objects
import Planning
import Preflight
import TestSupport
import Testing
import Values
import YAML

/// docs/guides/permissions.md and the roles beside it.
@Suite struct PermissionGuideTests {
    private static let folder = "docs/guides/permissions"

    /// A verb on a kind, wherever it is.
    private struct Rule: Hashable, CustomStringConvertible {
        var verb: String
        var resource: String
        var description: String { "\(verb) \(resource)" }
    }

    private func rules(_ file: String) throws -> Set<Rule> {
        var found: Set<Rule> = []
        let role = try Value(yaml: Guides.text("\(Self.folder)/\(file)"), numbers: .native)
        for rule in role["rules"]?.list ?? [] {
            func words(_ key: String) -> [String] { (rule[key]?.list ?? []).compactMap(\.string) }
            for group in words("apiGroups") {
                for resource in words("resources") {
                    let name = group.isEmpty ? resource : "\(resource).\(group)"
                    found.formUnion(words("verbs").map { Rule(verb: $0, resource: name) })
                }
            }
        }
        return found
    }

    private func rules(_ permissions: [Permission]) -> Set<Rule> {
        Set(
            permissions.map {
                Rule(verb: $0.verb, resource: $0.group.isEmpty ? $0.resource : "\($0.resource).\($0.group)")
            })
    }

    /// What the code asks for to install the mesh, with all that values can add to it.
    private func required() throws -> Set<Rule> {
        let cluster = try TestCluster(.sandbox)
        let discovery = try Discovery(cluster.client())
        var all: Set<Rule> = []
        for flags in [
            ["--set", "global.networkPolicy.enabled=true"], ["--platform", "openshift"], ["--platform", "gke"],
            ["--set", "pilot.autoscaleMin=2"],
        ] {
            let (code, output) = try Guides.run(Guides.program("sail"), ["manifest", "generate"] + flags)
            #expect(code == 0)
            let desired = try output.components(separatedBy: "\n---\n").compactMap { text -> Desired? in
                let object = try Value(yaml: text, numbers: .native)
                return ObjectReference(of: object).map { Desired(component: nil, identity: $0, object: object) }
            }
            #expect(desired.count > 40)
            all.formUnion(rules(requiredPermissions(desired, discovery, namespace: "istio-system")))
        }
        return all
    }

    @Test("The role for changes allows what the code asks for before a change, and writes nothing else")
    func writersMayWhatIsNeeded() throws {
        let granted = try rules("installer.yaml").union(rules("viewer.yaml"))
        let required = try required()
        let missing = required.subtracting(granted).map(\.description).sorted()
        #expect(missing.isEmpty)
        let writes: Set = ["create", "patch", "update", "delete"]
        let extra = try rules("installer.yaml").filter { writes.contains($0.verb) }.subtracting(required)
        // A rollout in batches deletes pods; only OpenShift has the definition of the second; a bundle of the Gateway API has
        // the others.
        let known = extra.filter {
            ![
                "pods", "network-attachment-definitions.k8s.cni.cncf.io",
                "validatingadmissionpolicies.admissionregistration.k8s.io",
                "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            ].contains($0.resource)
        }
        #expect(known.map(\.description).sorted().isEmpty, "no run asks for these")
    }

    @Test("The role for readers allows every read that a look at the mesh takes, and no write")
    func readersMayRead() throws {
        let granted = try rules("viewer.yaml")
        #expect(rules(readingPermissions).subtracting(granted).isEmpty)
        #expect(Set(granted.map(\.verb)).isSubset(of: ["get", "list", "watch"]))
    }

    @Test("The page shows the roles as they are in the files")
    func pageShowsTheFiles() throws {
        let page = try Guides.text("\(Self.folder).md")
        for file in ["viewer.yaml", "installer.yaml", "waypoints.yaml"] {
            let text = try Guides.text("\(Self.folder)/\(file)")
            #expect(page.contains("```yaml\n\(text)```"), "\(file)")
        }
    }
}
