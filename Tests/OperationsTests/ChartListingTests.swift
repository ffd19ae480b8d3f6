import Foundation
import Istio
import Kubernetes
import Operations
import TestSupport
import Testing
import Values

/// `sail charts` and `sail versions --remote` as far as they read: a source of charts on this machine.
@Suite final class ChartListingTests {
    private let server: ChartServer
    private let folder = NSTemporaryDirectory() + "chart-listing-\(UUID().uuidString)"

    init() throws { server = try ChartServer(["1.32.0", "1.32.1", "1.30.3"]) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func options(_ bench: Bench, _ change: (inout OperationOptions) -> Void = { _ in }) -> OperationOptions {
        bench.options {
            $0.environment["XDG_CACHE_HOME"] = folder
            $0.version = nil
            change(&$0)
        }
    }

    @Test func aSourceIsListedNewestFirstAndBounded() throws {
        let bench = try Bench()
        let listed = try options(bench) { $0.charts = [server.repository] }.chartVersions(most: 2)
        #expect(listed.filter { $0.chart == "istiod" }.map(\.version) == ["1.32.1", "1.32.0"])
        #expect(listed.allSatisfy { $0.digest?.hasPrefix("sha256:") == true })
        let builtIn = try options(bench).chartVersions(most: 1)
        #expect(builtIn.map(\.chart) == ["base", "istiod", "cni", "ztunnel"])
        #expect(builtIn.allSatisfy { $0.digest == nil && $0.origin == nil })
    }

    @Test func aSourceWithNoneOfTheChartsIsAnError() throws {
        let empty = try ChartServer([], files: ["/charts/index.yaml": "apiVersion: v1\nentries: {}\n"])
        empty.change("/charts/index.yaml", to: "apiVersion: v1\nentries: {}\n")
        let options = options(try Bench()) { $0.charts = [empty.repository] }
        let message = #expect(throws: (any Error).self) { try options.chartVersions(most: 5) }.map { "\($0)" } ?? ""
        #expect(message.contains("has none of the charts base, istiod, cni, ztunnel; check --charts"), "\(message)")
    }

    @Test func whatIsFetchedIsKeptAndCanBeCleared() throws {
        let options = options(try Bench()) {
            $0.charts = [server.repository]
            $0.version = "v1.32.1"
        }
        let charts = try #require(try options.fetchedCharts())
        #expect(charts.map(\.chart) == ["base", "istiod", "cni", "ztunnel"])
        #expect(charts.allSatisfy { $0.version == "1.32.1" && $0.archive != nil })
        #expect(options.cachedCharts.count == 4 && options.cachedCharts.allSatisfy(\.isIntact))
        let digest = try #require(charts[0].digest).dropFirst("sha256:".count)
        #expect(FileManager.default.fileExists(atPath: options.cachePath(String(digest))))
        let calls = server.calls.count
        _ = try options.fetchedCharts()
        #expect(server.calls.count - calls <= 1)
        _ = try options.fetchedCharts(again: true)
        #expect(server.calls.count - calls >= 4)
        #expect(try options.clearCache() == 4)
        #expect(options.cachedCharts.isEmpty)
    }

    @Test func theMinorsAreShownWithWhatRuns() throws {
        let bench = try Bench()
        #expect(try bench.run(.install) { $0.version = Bench.old } == 0)
        let options = options(bench) { $0.charts = [server.repository] }
        let versions = try options.offeredVersions()
        #expect(versions.clusterFault == nil)
        #expect(versions.minors.map { $0.minor.minorName }.prefix(3) == ["1.32", "1.31", "1.30"])
        #expect(versions.minors.first?.offered?.releaseName == "v1.32.1" && versions.minors.first?.builtIn == nil)
        #expect(versions.minors.first { $0.minor.minorName == "1.29" }?.running.map(\.releaseName) == ["v1.29.6"])
        #expect(versions.minors.first { $0.minor.minorName == "1.30" }?.offered?.releaseName == "v1.30.3")
    }

    /// What a source offers does not hang on a cluster.
    @Test func aClusterThatCannotBeReachedIsANote() throws {
        let options = options(try Bench()) {
            $0.charts = [server.repository]
            $0.cluster.connection.kubeconfig = folder + "/none"
        }
        let versions = try options.offeredVersions()
        #expect(versions.clusterFault != nil)
        #expect(versions.minors.first?.offered?.releaseName == "v1.32.1")
    }

    @Test func theBuiltInChartsAreFiles() throws {
        let options = options(try Bench()) {
            $0.version = "v1.30.3"
            $0.components = [.ztunnel]
        }
        let (files, notice) = try options.builtInChartFiles()
        #expect(Set(files.map(\.chart)) == ["ztunnel"])
        #expect(files.contains { $0.path == "Chart.yaml" && $0.text.contains("1.30.3") })
        #expect(notice == nil)
    }
}
