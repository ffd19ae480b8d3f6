import Foundation
import Operations
import TestSupport
import Testing
import Values

/// Charts and a catalogue from elsewhere: what the next run takes of them by itself.
@Suite final class StoredSourceTests {
    private let folder = NSTemporaryDirectory() + "stored-sources-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func run(
        _ bench: Bench, _ operation: Operations.Operation, _ change: (inout OperationOptions) -> Void = { _ in }
    ) throws -> Int32 {
        try bench.run(operation) {
            $0.version = nil
            $0.environment["XDG_CACHE_HOME"] = folder
            change(&$0)
        }
    }

    @Test func theChartsOfAnAddressAreTakenAgainByTheirDigests() throws {
        let server = try ChartServer(["1.30.2", "1.30.3"])
        let bench = try Bench()
        #expect(
            try run(bench, .install) {
                $0.charts = [server.repository]
                $0.version = "v1.30.2"
            } == 0, "\(bench.ui.text)")
        #expect(
            try run(bench, .upgrade) { $0.values.sets = [(.typed, "ztunnel.logLevel=debug")] } == 0,
            "\(bench.ui.text)")
        #expect(!bench.ui.text.contains("--charts"), "\(bench.ui.text)")
        // Another version is other charts: they are asked for, not guessed.
        _ = try? run(bench, .upgrade) { $0.version = "v1.30.3" }
        #expect(
            bench.ui.text.contains(
                "the stored charts from \(server.repository) are of v1.30.2, not of v1.30.3; "
                    + "give --charts \(server.repository) to take them from there"), "\(bench.ui.text)")
    }

    @Test func chartsOfAFolderAreNotTakenAgain() throws {
        let charts = Repository.root.appending(path: "charts").path
        let bench = try Bench()
        #expect(
            try run(bench, .install) {
                $0.charts = [charts]
                $0.version = Bench.new
            } == 0, "\(bench.ui.text)")
        _ = try? run(bench, .upgrade) { $0.version = Bench.new }
        #expect(bench.ui.text.contains("which is not taken again by itself; give --charts"), "\(bench.ui.text)")
    }

    @Test func aCatalogueThatHasChangedStopsTheRun() throws {
        let server = try ChartServer([], files: ["/c.yaml": "hub: mirror.example.com/istio\n"])
        let address = server.repository.replacing("/charts", with: "/c.yaml")
        let bench = try Bench()
        func with(_ source: String?) throws -> Int32 {
            var options = bench.options {
                $0.environment["XDG_CACHE_HOME"] = folder
                $0.catalogueSource = source
            }
            try options.readCatalogue()
            return try Pipeline.run(.install, options)
        }
        #expect(try with(address) == 0, "\(bench.ui.text)")
        let image = bench.object("/apis/apps/v1/namespaces/istio-system/deployments/istiod")?[
            path: "spec", "template", "spec", "containers"]?.list?.first?["image"]?.string
        #expect(image?.hasPrefix("mirror.example.com/istio/") == true, "\(image ?? "")")
        #expect(try run(bench, .upgrade) == 0, "\(bench.ui.text)")
        server.change("/c.yaml", to: "hub: other.example.com/istio\n")
        let error = #expect(throws: (any Error).self) { try self.run(bench, .upgrade) }
        let said = error.map { "\($0)" } ?? ""
        #expect(said.contains("the catalogue has changed since the last run"), "\(said)")
        #expect(said.contains("give --catalogue \(address) to take it as it is now"), "\(said)")
    }
}
