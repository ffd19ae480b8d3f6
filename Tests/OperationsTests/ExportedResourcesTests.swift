import Foundation
import Meshes
import Operations
import Planning
import Testing
import Values

/// The resources that `sail export operator` writes, under `sail reconcile -f`.
@Suite struct ExportedResourcesTests {
    private static let values = """
        global: {network: east, logAsJson: true}
        meshConfig: {accessLogFile: /dev/stdout}
        pilot: {resources: {requests: {cpu: 20m}}}
        cni: {ambient: {dnsCapture: false}}
        ztunnel: {terminationGracePeriodSeconds: 77}
        """

    /// The plan is that of an installation with the flags of the export: the same objects, with the same actions and texts.
    @Test func theyArePlannedAsTheFlagsAre() throws {
        let mesh = try ResourceBench(namespaces: [])
        let folder = NSTemporaryDirectory() + "resources-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (values, resources) = (folder + "/values.yaml", folder + "/mesh.yaml")
        try ExportedResourcesTests.values.write(toFile: values, atomically: true, encoding: .utf8)
        let flags: (inout OperationOptions) -> Void = {
            $0.values.files = [values]
            // Resources that name no variant get the operator's images, which have none.
            $0.values.sets = [(.typed, "global.variant=distroless")]
            $0.version = "v1.29.6"
            $0.platform = "gke"
            $0.cluster.dryRun = .server
        }
        let files = try mesh.bench.options(flags).exportedFiles(
            for: .resources, ExportOptions(), fromCluster: false, program: "sail")
        try Data(try #require(files.first).bytes).write(to: URL(filePath: resources))

        _ = try mesh.bench.run(.install, flags)
        let installed = try #require(mesh.bench.ui.plans.first).preview.plan.changes
        _ = try mesh.reconcile {
            $0.values.files = [resources]
            $0.cluster.dryRun = .server
        }
        let reconciled = try #require(mesh.bench.ui.plans.first).preview.plan.changes
        #expect(installed.count > 40)
        #expect(installed.map(\.identity) == reconciled.map(\.identity))
        for (one, other) in zip(installed, reconciled) {
            #expect(one.action == other.action, "\(one.identity)")
            // New releases of resources are named as the operator names them.
            var text = try other.sent?.json() ?? ""
            for (name, own) in [("default-istiod", "istiod"), ("default-base", "istio-base")] {
                text = text.replacingOccurrences(of: name, with: own)
            }
            #expect(try one.sent?.json() ?? "" == text, "\(one.identity)")
        }
    }
}
