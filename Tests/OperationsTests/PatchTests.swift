import Foundation
import Istio
import Meshes
import Objects
import Operations
import Planning
import Testing
import Values

/// Files below a folder of their own.
private struct Files {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sail-patches-\(UUID().uuidString)")

    func write(_ name: String, _ text: String) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

private let graceFile = """
    patches:
    - target: {kind: DaemonSet, name: ztunnel}
      patch: {spec: {template: {spec: {terminationGracePeriodSeconds: 77}}}}
    """
private let label = """
    patches:
    - target: {kind: DaemonSet}
      patch: [{op: add, path: /metadata/labels/team, value: mesh}]
    """
private let operatorFile = """
    apiVersion: install.istio.io/v1alpha1
    kind: IstioOperator
    spec:
      profile: ambient
      components:
        ztunnel: {k8s: {overlays: [{kind: DaemonSet, name: ztunnel, patches: [{path: spec.minReadySeconds, value: 7}]}]}}
        pilot: {k8s: {readinessProbe: {initialDelaySeconds: 9}}}
      unvalidatedValues: {myKey: a}
    """

/// Patches of rendered objects, on a cluster in memory.
@Suite struct PatchTests {
    private func grace(_ bench: Bench) -> Value? {
        bench.object(ztunnelPath)?[path: "spec", "template", "spec", "terminationGracePeriodSeconds"]
    }

    private func team(_ bench: Bench) -> Value? { bench.object(ztunnelPath)?[path: "metadata", "labels", "team"] }

    @Test func aPatchIsShownAppliedAndKeptByItsContent() throws {
        let (bench, files) = (try Bench(), Files())
        defer { files.remove() }
        let path = try files.write("grace.yaml", PatchTests.graceText)
        #expect(try bench.run(.install) { $0.patchFiles = [path] } == 0, "\(bench.ui.text)")
        #expect(grace(bench) == 77)
        let change = bench.ui.plans.last?.preview.plan.changes.first {
            $0.identity.name == "ztunnel" && $0.identity.kind == "DaemonSet"
        }
        #expect(change?.changedBy == ["patch \(path)"])

        // Without the file, from what is stored.
        files.remove()
        #expect(try bench.run(.upgrade) == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("note: the stored patches are applied: \(path)"))
        #expect(bench.ui.text.contains("no changes"), "\(bench.ui.text)")
        #expect(try bench.run(.upgrade) { $0.values.sets = [(.typed, "ztunnel.logLevel=debug")] } == 0)
        #expect(grace(bench) == 77)

        // An installation stores what it is given.
        #expect(try bench.run(.install) == 0)
        #expect(
            bench.ui.text.contains("the patches of the last run are dropped: \(path); sail upgrade would keep them"))
        #expect(grace(bench) == 30)
    }

    private static let graceText = graceFile

    @Test func givenFilesAreTheWholeSet() throws {
        let (bench, files) = (try Bench(), Files())
        defer { files.remove() }
        let first = try files.write("grace.yaml", PatchTests.graceText)
        let second = try files.write("label.yaml", label)
        try bench.run(.install) { $0.patchFiles = [first] }
        #expect(try bench.run(.upgrade) { $0.patchFiles = [second] } == 0)
        #expect(bench.ui.text.contains("--patch replaces the stored patches; dropped: \(first) (give them too to keep"))
        #expect(grace(bench) == 30)
        #expect(team(bench) == "mesh")
        #expect(try bench.run(.upgrade) { $0.patchFiles = [first, second] } == 0)
        #expect(grace(bench) == 77 && team(bench) == "mesh")
        #expect(try bench.run(.upgrade) { $0.dropsPatches = true } == 0)
        #expect(bench.ui.text.contains("the stored patches are dropped: \(first), \(second)"))
        #expect(grace(bench) == 30 && team(bench) == nil)
        #expect(try bench.run(.upgrade) == 0)
        #expect(!bench.ui.text.contains("patches"), "\(bench.ui.text)")
    }

    @Test func theSettingsOfAnIstioOperatorAreKept() throws {
        let (bench, files) = (try Bench(), Files())
        let path = try files.write("mesh.yaml", operatorFile)
        #expect(try bench.run(.install) { $0.values.files = [path] } == 0, "\(bench.ui.text)")
        files.remove()
        #expect(try bench.run(.upgrade) == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("no changes"), "\(bench.ui.text)")
        #expect(!bench.ui.text.contains("myKey"), "\(bench.ui.text)")
        #expect(bench.object(ztunnelPath)?[path: "spec", "minReadySeconds"] == 7)
        let stored = try #require(StoredSettings(ClusterSession(bench.options()).history()).noted)
        #expect(stored.unvalidatedValues == ["myKey": "a"])
        #expect(stored.objectSettings[.istiod]?["readinessProbe"] == ["initialDelaySeconds": 9])
        #expect(stored.values["myKey"] == nil)
        #expect(try bench.run(.upgrade) { $0.cluster.resetsValues = true } == 0)
        #expect(bench.object(ztunnelPath)?[path: "spec", "minReadySeconds"] == nil)
    }

    static let faults: [(text: String, message: String)] = [
        (
            "target: {kind: DaemonSet, name: ztunel}\npatch: {a: b}\n",
            ":1:1: kind DaemonSet, name ztunel matches no object; did you mean DaemonSet istio-system/ztunnel?"
        ),
        (
            "target: {kind: DaemonSet, name: ztunnel}\npatch: [{op: remove, path: /spec/none}]\n",
            ":1:1: DaemonSet istio-system/ztunnel: there is no /spec/none in the object"
        ),
        (
            "target: {kind: DaemonSet, name: ztunnel}\npatch: {$patch: delete}\n",
            ":1:1: DaemonSet istio-system/ztunnel is what ztunnel runs and may not be deleted; leave the component out with -c"
        ),
        ("patches:\n- target: {kind: A}\n", ":2:3: has no patch"),
    ]

    @Test(arguments: faults) func aPatchThatDoesNotFitStopsTheRun(text: String, message: String) throws {
        let (bench, files) = (try Bench(), Files())
        defer { files.remove() }
        let path = try files.write("p.yaml", text)
        let answer = bench.failure(.install) { $0.patchFiles = [path] }
        #expect(answer == path + message, "\(answer)")
        #expect(bench.writes() == [])
    }

    @Test func anObjectIsLeftOut() throws {
        let (bench, files) = (try Bench(), Files())
        defer { files.remove() }
        let path = try files.write("p.yaml", "target: {kind: HorizontalPodAutoscaler}\npatch: {$patch: delete}\n")
        let autoscaler = "/apis/autoscaling/v2/namespaces/istio-system/horizontalpodautoscalers/istiod"
        try bench.run(.install)
        #expect(bench.object(autoscaler) != nil)
        #expect(try bench.run(.upgrade) { $0.patchFiles = [path] } == 0, "\(bench.ui.text)")
        #expect(bench.object(autoscaler) == nil)
    }

    @Test func aPatchOfAnotherComponentIsPassedOverWithAWarning() throws {
        let (bench, files) = (try Bench(), Files())
        defer { files.remove() }
        let path = try files.write(
            "p.yaml", "target: {kind: DaemonSet, name: ztunnel}\npatch: {spec: {minReadySeconds: 1}}\n")
        try bench.run(.install)
        #expect(
            try bench.run(.upgrade) {
                $0.patchFiles = [path]
                $0.components = [.istiod]
            } == 0, "\(bench.ui.text)")
        #expect(bench.ui.text.contains("matches no object of the components of this run"), "\(bench.ui.text)")
    }

    @Test func flagsThatContradictAreSaid() throws {
        let answer = try Bench().failure(.install) {
            $0.patchFiles = ["p.yaml"]
            $0.dropsPatches = true
        }
        #expect(answer == "--patch and --no-patch contradict each other; leave one of them out")
        let missing = try Bench().failure(.install) { $0.patchFiles = ["/no/such.yaml"] }
        #expect(missing == "--patch /no/such.yaml: is not there")
    }
}

/// Stored patches that no longer fit.
@Suite struct StoredPatchTests {
    @Test func theyStopTheRunWithTheWayOut() throws {
        let (bench, files) = (try Bench(), Files())
        defer { files.remove() }
        let path = try files.write(
            "p.yaml", "target: {kind: HorizontalPodAutoscaler, name: istiod}\npatch: {spec: {maxReplicas: 7}}\n")
        try bench.run(.install) { $0.patchFiles = [path] }
        let answer = bench.failure(.upgrade) { $0.values.sets = [(.typed, "pilot.autoscaleEnabled=false")] }
        #expect(
            answer.hasPrefix("\(path) (stored): kind HorizontalPodAutoscaler, name istiod matches no object"),
            "\(answer)")
        #expect(
            answer.hasSuffix("; give other files with --patch, or drop the stored ones with --no-patch"), "\(answer)")
        #expect(
            try bench.run(.upgrade) {
                $0.values.sets = [(.typed, "pilot.autoscaleEnabled=false")]
                $0.dropsPatches = true
            } == 0)
    }
}
