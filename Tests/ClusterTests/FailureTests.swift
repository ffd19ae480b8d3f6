import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// Runs that cannot end well: each ends with a reason, and with a mesh that still serves.
@Suite struct FailureTests {
    @Test(arguments: ClusterKind.available)
    func aBrokenImageStopsAnUpgradeAndEveryNodeKeepsItsZtunnel(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        mesh.cluster.breakImages("ztunnel:1.30")
        let run = try mesh.upgrade("--timeout 6s")
        #expect(run.code == 1)
        #expect(run.messages.contains("DaemonSet istio-system/ztunnel"), "\(run.end)")
        #expect(run.messages.contains("node n"), "\(run.end)")
        #expect(run.messages.contains("ErrImagePull"), "\(run.end)")
        #expect(try mesh.ztunnels().mapValues(\.count) == ["n1": 1, "n2": 1, "n3": 1], "\(mesh.allPods())")
        #expect(try mesh.revisions().contains("ztunnel 2 failed"))
        mesh.cluster.breakImages(nil)
        let again = try mesh.upgrade()
        #expect(again.code == 0, "\(again.end)")
        #expect(try mesh.ztunnels().values.allSatisfy { $0.allSatisfy { $0.contains(":1.30.3") } })
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func rollbackOnFailureEndsWithTheObjectsOfBefore(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        let before = try mesh.content()
        mesh.cluster.breakImages("ztunnel:1.30")
        let run = try mesh.upgrade("--timeout 6s --rollback-on-failure")
        #expect(run.code == 1)
        #expect(try mesh.content() == before)
        #expect(try mesh.ztunnels().values.allSatisfy { $0.allSatisfy { $0.contains(":1.29.6") } })
        #expect(try mesh.sail("diff --version \(Mesh.old)").code == 0)
    }

    @Test(arguments: ClusterKind.available)
    func aRollbackBringsBackAnEarlierRevision(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        let before = try mesh.content()
        #expect(try mesh.upgrade().code == 0)
        let run = try mesh.sail("rollback --yes")
        #expect(run.code == 0, "\(run.end)")
        #expect(try mesh.content() == before)
        #expect(try mesh.revisions().filter { $0.hasSuffix("deployed") }.count == 4)
    }

    @Test(arguments: ClusterKind.available)
    func ofTwoRunsOneWorksAtATime(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        let both = try [
            mesh.start("upgrade --version \(Mesh.new) --yes"), mesh.start("upgrade --version \(Mesh.new) --yes"),
        ]
        let runs = both.map { $0.end() }
        for run in runs where run.code != 0 {
            #expect(run.code == 1)
            #expect(run.messages.contains("another run is at work on this mesh: tester@"), "\(run.end)")
        }
        #expect(runs.contains { $0.code == 0 })
        #expect(try mesh.sail("diff").code == 0)
        #expect(try mesh.revisions().filter { $0.hasSuffix("deployed") }.count == 4)
        #expect(try mesh.revisions().filter { $0.hasSuffix("superseded") }.count == 4)
    }

    @Test(arguments: ClusterKind.available)
    func aSignalEndsARunAndTheSameCommandGoesOn(kind: ClusterKind) throws {
        var settings = SandboxSettings.quick
        settings.podSeconds = 1
        let mesh = try Mesh(kind, settings)
        mesh.cluster.breakImages("pilot")
        let program = try mesh.start("install --yes")
        for _ in 0..<300 where !program.messages.contains("pods available") && !program.messages.contains("0 of 1") {
            usleep(50_000)
        }
        program.signal(SIGTERM)
        let run = program.end()
        #expect(run.code == 143, "\(run.end)")
        #expect(run.messages.contains("run the same command again"), "\(run.end)")
        #expect(try mesh.revisions().contains("istiod 1 failed"))
        mesh.cluster.breakImages(nil)
        #expect(try mesh.sail("install --yes").code == 0)
        #expect(try mesh.sail("diff").code == 0)
    }

    @Test(arguments: [
        (Fault(.status(500), every: 10), "500"), (Fault(.status(429, retryAfter: 0), every: 10), "429"),
        (Fault(.reset(), every: 10), "resets"), (Fault(.reset(afterWriting: true), every: 10), "lost answers"),
        (Fault(.cut, every: 10), "cut answers"),
    ])
    func everyTenthRequestMayFail(fault: (effect: Fault, name: String)) throws {
        let mesh = try Mesh(.sandbox)
        mesh.cluster.sandbox?.add(fault.effect)
        for line in ["install --version \(Mesh.old) --allow-end-of-life --yes", "upgrade --version \(Mesh.new) --yes"] {
            let run = try mesh.sail(line)
            #expect(run.code == 0, "\(fault.name): \(run.end)")
        }
        mesh.cluster.sandbox?.clearFaults()
        #expect(try mesh.sail("diff").code == 0)
        #expect(try mesh.revisions().filter { $0.hasSuffix("deployed") }.count == 4)
    }

    @Test func aRefusalOfAdmissionNamesTheObject() throws {
        let mesh = try Mesh(.sandbox)
        mesh.cluster.sandbox?.change { $0.refusals["DaemonSet/ztunnel"] = "no privileged pods here" }
        let run = try mesh.sail("install --yes")
        #expect(run.code == 1)
        #expect(run.messages.contains("DaemonSet istio-system/ztunnel"))
        #expect(run.messages.contains("no privileged pods here"))
    }

    @Test func withoutRightsNothingIsWritten() throws {
        let mesh = try Mesh(.sandbox)
        let file = FileManager.default.temporaryDirectory.appending(path: "viewer-\(UUID().uuidString)").path
        try mesh.cluster.sandbox?.kubeconfig(token: Sandbox.viewerToken)
            .write(toFile: file, atomically: true, encoding: .utf8)
        defer { unlink(file) }
        for command in ["install --yes", "upgrade --yes", "uninstall --yes", "rollback --yes"] {
            let run = try mesh.sail("\(command) --kubeconfig \(file)")
            #expect(run.code == 1)
            #expect(run.messages.contains("viewer"), "\(command): \(run.end)")
        }
        #expect(mesh.cluster.sandbox?.writes == [])
    }

    @Test func waitingCostsNoMoreRequestsWithMoreNodes() throws {
        let requests = try [3, 150].map { nodes in
            var settings = SandboxSettings.quick
            settings.nodes = nodes
            let mesh = try Mesh(.sandbox, settings)
            #expect(try mesh.sail("install --yes").code == 0)
            // The lock is renewed by the clock.
            let plain = (mesh.cluster.sandbox?.requests ?? [])
                .filter { $0.query["watch"] == nil && !$0.path.contains("/leases") }
            return plain.map { "\($0.method) \($0.path)" }.sorted()
        }
        #expect(requests[0] == requests[1])
    }
}
