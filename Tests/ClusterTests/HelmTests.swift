import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// The real helm command beside sail, on a real control plane: the sandbox does not speak all that helm asks for.
enum RealHelm {
    static let path = LiveCluster.path(of: "helm")

    static let isAvailable = canTest(
        "runs beside the real helm", path != nil && ClusterKind.available.contains(.live),
        without: "they need helm and a control plane on PATH")
}

/// A component's chart of this repository, as helm takes it.
private struct Release {
    var name: String
    var chart: String
}

private let releases = [
    Release(name: "istio-base", chart: "base"), Release(name: "istiod", chart: "istiod"),
    Release(name: "istio-cni", chart: "cni"), Release(name: "ztunnel", chart: "ztunnel"),
]

extension Mesh {
    fileprivate func helm(_ line: String, in namespace: String = "istio-system") throws -> Run {
        let words = (line + " --namespace \(namespace)").split(separator: " ").map(String.init)
        return try Program(words, kubeconfig: cluster.kubeconfig, of: RealHelm.path).end()
    }

    fileprivate func helm(
        _ verb: String, _ chart: String, _ flags: String = "", in namespace: String = "istio-system"
    ) throws -> Run {
        guard let release = releases.first(where: { $0.chart == chart }) else { throw CocoaError(.fileNoSuchFile) }
        let repository = Repository.root.path
        return try helm(
            "\(verb) \(release.name) \(repository)/charts/\(chart) -f \(repository)/profiles/ambient.yaml \(flags)",
            in: namespace)
    }

    fileprivate func installWithHelm(basesNamespace: String = "istio-system") throws {
        let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "istio-system"]]
        _ = try client.send(.create("/api/v1/namespaces", namespace, manager: "tester"))
        for release in releases {
            let namespace = release.chart == "base" ? basesNamespace : "istio-system"
            let run = try helm("install", release.chart, in: namespace)
            #expect(run.code == 0, "\(release.name): \(run.end)")
        }
    }

    /// Runs a command that must work, and must not have anything to do the second time.
    fileprivate func twice(_ title: String, _ command: () throws -> Run) throws {
        let first = try command()
        #expect(first.code == 0, "\(title): \(first.end)")
        let versions = try objectVersionsAtRest()
        let second = try command()
        #expect(second.code == 0, "\(title) again: \(second.end)")
        let now = try objectVersionsAtRest()
        #expect(now == versions, "\(title) again: \(now.filter { versions[$0.key] != $0.value }.keys.sorted())")
    }

    /// The versions of all objects but the releases' records, once controllers have come to rest; an autoscaler notes its
    /// own state in its object by the clock.
    private func objectVersionsAtRest() throws -> [String: String] {
        let passing = ["/secrets", "/leases", "/horizontalpodautoscalers"]
        return try versionsAtRest().filter { item in !passing.contains { item.key.contains($0) } }
    }

    fileprivate func expectHelmsFieldsOnly(_ comment: String) throws {
        for (key, object) in try objects() {
            let appliers = object.owners.filter { ["sail", "before-first-apply", "kubectl"].contains($0) }
            #expect(appliers == [], "\(comment): \(key)")
        }
    }
}

@Suite(.enabled(if: RealHelm.isAvailable)) struct HelmTests {
    /// Ten rounds in an order that mixes who wrote last, without any flag that forces.
    @Test func helmAndSailTakeTurns() throws {
        let mesh = try Mesh(.live)
        try mesh.installWithHelm()
        try mesh.twice("sail upgrade") { try mesh.sail("upgrade --yes --set ztunnel.logLevel=debug") }
        try mesh.expectHelmsFieldsOnly("after sail upgrade")
        try mesh.twice("helm rollback ztunnel") { try mesh.helm("rollback ztunnel 1") }
        for round in 1...10 {
            let title = "round \(round)"
            try mesh.twice("\(title): helm upgrade") {
                try mesh.helm(
                    "upgrade", ["ztunnel", "istiod", "cni", "base"][round % 4],
                    "--set global.logging.level=default:\(round % 2 == 0 ? "info" : "debug")")
            }
            if round % 2 == 0 {
                let run = try mesh.sail("rollback --yes")
                #expect(run.code == 0, "\(title): sail rollback: \(run.end)")
            }
            try mesh.twice("\(title): sail upgrade") {
                try mesh.sail("upgrade --yes --set ztunnel.logLevel=\(round % 2 == 0 ? "info" : "debug")")
            }
            let name = releases[round % 4].name
            let run = try mesh.helm("rollback \(name)")
            #expect(run.code == 0, "\(title): helm rollback \(name): \(run.end)")
            if round % 3 == 0 {
                let run = try mesh.sail("rollback --yes")
                #expect(run.code == 0, "\(title): sail rollback: \(run.end)")
            }
        }
        try mesh.twice("sail upgrade") { try mesh.sail("upgrade --yes") }
        try mesh.expectHelmsFieldsOnly("at the end")
    }

    /// What istiod writes into its webhooks once it serves stops neither of the two.
    @Test func istiodsOwnFieldsStopNobody() throws {
        let mesh = try Mesh(.live)
        let first = try mesh.sail("install --yes")
        #expect(first.code == 0, "\(first.end)")
        try mesh.edit()
        let run = try mesh.sail("upgrade --yes --set pilot.env.A=b")
        #expect(run.code == 0, "\(run.end)")
        for line in ["rollback istiod 1", "rollback istiod 2", "rollback istio-base 1"] {
            let run = try mesh.helm(line)
            #expect(run.code == 0, "\(line): \(run.end)")
            let webhook = try mesh.object(Mesh.validating)["webhooks"]?.list?.first
            #expect(webhook?["failurePolicy"] == "Fail", "\(line)")
            #expect(webhook?["clientConfig"]?["caBundle"] == "Q0E=", "\(line)")
        }
        for chart in ["base", "istiod"] {
            let run = try mesh.helm("upgrade", chart)
            #expect(run.code == 0, "helm upgrade \(chart): \(run.end)")
        }
        #expect(try mesh.object(Mesh.validating)["webhooks"]?.list?.first?["failurePolicy"] == "Fail")
        try mesh.twice("sail upgrade") { try mesh.sail("upgrade --yes") }
    }

    /// A release that an earlier version of sail recorded, for client-side apply, and Helm's own of that kind.
    @Test func clientSideRecordsOfHelmAreTakenOver() throws {
        let mesh = try Mesh(.live)
        try mesh.installWithHelm()
        let csa = try mesh.helm("upgrade", "ztunnel", "--server-side=false --set logLevel=trace")
        #expect(csa.code == 0, "\(csa.end)")
        try mesh.twice("sail upgrade") { try mesh.sail("upgrade --yes --set ztunnel.logLevel=debug") }
        try mesh.twice("helm upgrade") { try mesh.helm("upgrade", "ztunnel", "--set logLevel=info") }
        let rollback = try mesh.helm("rollback ztunnel 2")
        #expect(rollback.code == 0, "\(rollback.end)")
        try mesh.twice("sail upgrade") { try mesh.sail("upgrade --yes --set ztunnel.logLevel=warn") }
        try mesh.twice("helm upgrade") { try mesh.helm("upgrade", "ztunnel", "--set logLevel=error") }
    }

    /// As the Sail Operator has it: base in the operator's namespace, under another name.
    @Test func anAdoptionClosesTheOtherReleaseOfBase() throws {
        let mesh = try Mesh(.live)
        let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "sail-operator"]]
        _ = try? mesh.client.send(.create("/api/v1/namespaces", namespace, manager: "tester"))
        defer { _ = try? mesh.client.send(.delete("/api/v1/namespaces/sail-operator")) }
        try mesh.installWithHelm(basesNamespace: "sail-operator")
        let pods = try mesh.pods()
        let run = try mesh.sail("adopt --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(run.messages.contains("closed release istio-base in namespace sail-operator"), "\(run.end)")
        #expect(try mesh.pods() == pods)
        #expect(try !mesh.helm("list --deployed", in: "sail-operator").output.contains("istio-base"))
        try mesh.twice("sail adopt") { try mesh.sail("adopt --yes") }
        try mesh.twice("helm upgrade base") { try mesh.helm("upgrade", "base") }
    }
}
