import Foundation
import Istio
import Kubernetes
import Operations
import Testing
import Values

/// `sail version --check`: what runs, beside what this sail knows.
@Suite struct VersionCheckTests {
    private func check(_ bench: Bench) throws -> VersionCheck { try ClusterSession(bench.options()).versionCheck() }

    private func standings(_ check: VersionCheck) -> [String] {
        check.parts.map { "\($0.component) \($0.versions.joined(separator: ",")) \($0.standing)" }
    }

    @Test func whatThisSailInstallsIsCurrent() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
        let check = try check(bench)
        #expect(standings(check) == ["istiod 1.30.3 current", "cni 1.30.3 current", "ztunnel 1.30.3 current"])
        #expect(check.parts.map(\.workload).last == "DaemonSet istio-system/ztunnel")
        #expect(check.isKnown)
        #expect(check.next == nil)
        #expect(check.kubernetes.hasPrefix("v1."))
        #expect(check.server.hasPrefix("https://"))
    }

    @Test func anOlderMeshHasTheVersionThatOneUpgradeLeadsTo() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0, "\(bench.ui.text)")
        let check = try check(bench)
        #expect(standings(check) == ["istiod 1.29.6 older", "cni 1.29.6 older", "ztunnel 1.29.6 older"])
        #expect(check.next == Bench.new)
    }

    @Test(arguments: [
        ("1.31.0", "newer", nil), ("1.30.99", "newer", nil), ("1.30.3-distroless", "current", nil),
        ("1.45.0", "tooNew", nil), ("2.0.0", "tooNew", nil), ("1.20.1", "tooOld", nil), ("0.8.0", "tooOld", nil),
        ("1.24.0", "older", "v1.25.5"), ("latest", "current", nil), ("9223372036854775807.1.1", "current", nil),
    ])
    func eachVersionStandsSomewhere(tag: String, standing: String, next: String?) throws {
        let bench = try Bench()
        #expect(try bench.run(.install) == 0, "\(bench.ui.text)")
        _ = try bench.client.send(
            .jsonPatch(
                ztunnelPath,
                [
                    [
                        "op": "replace", "path": "/spec/template/spec/containers/0/image",
                        "value": .string("registry.example.com/istio/ztunnel:\(tag)"),
                    ]
                ]))
        let check = try check(bench)
        #expect(check.parts.last?.standing.rawValue == standing, "\(standings(check))")
        #expect(check.isKnown == !standing.hasPrefix("too"))
        #expect(check.next == next)
    }

    @Test func withoutAMeshNothingIsUnknown() throws {
        let check = try check(try Bench())
        #expect(check.parts.isEmpty)
        #expect(check.isKnown)
        #expect(check.next == nil)
    }
}
