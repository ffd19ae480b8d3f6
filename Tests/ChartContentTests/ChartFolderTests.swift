import Charts
import Foundation
import GoTemplate
import Testing
import Values
import YAML

/// What lies beside the templates of each chart, for those who read it or render it with Helm.
@Suite struct ChartFolderTests {
    static let charts = ["base", "cni", "istiod", "ztunnel"]

    static let cases: [(chart: String, file: String)] = charts.flatMap { chart in
        let folder = Place.charts.appendingPathComponent("\(chart)/ci")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.sorted().map { (chart, $0) }
    }

    @Test func everyChartHasCases() {
        #expect(Set(Self.cases.map(\.chart)) == Set(Self.charts))
        #expect(Self.cases.count > 2 * Self.charts.count)
    }

    @Test(arguments: cases) func theValuesOfACaseRender(chart: String, file: String) throws {
        let folder = Place.charts.appendingPathComponent(chart)
        let text = try String(contentsOf: folder.appendingPathComponent("ci/\(file)"), encoding: .utf8)
        let values = try #require(try Value(yaml: text).map)
        var loader = ChartLoader()
        let loaded = try loader.load(path: folder.path)
        var warnings: [String] = []
        let release = ReleaseOptions(name: chart, namespace: "istio-system")
        let rendered = try ChartRenderer(release: release).render(loaded, values: values, warnings: &warnings)
        #expect(warnings == [])
        #expect(!rendered.manifests.isEmpty)
        for manifest in rendered.manifests {
            #expect(!manifest.kind.isEmpty)
        }
    }

    /// A key has a comment that begins with `# --`, or what is above it has one, or all that is below it.
    @Test(arguments: charts) func everyValueIsExplained(chart: String) throws {
        let file = Place.charts.appendingPathComponent("\(chart)/values.yaml")
        var open: [(indent: Int, key: String, isExplained: Bool, hasChildren: Bool)] = []
        var unexplained: [String] = []
        var isExplained = false
        func close(to indent: Int) {
            while let last = open.last, last.indent >= indent {
                open.removeLast()
                if !last.isExplained, !last.hasChildren { unexplained.append(last.key) }
            }
        }
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let indent = line.prefix { $0 == " " }.count
            let text = line.dropFirst(indent)
            if text.hasPrefix("#") {
                isExplained = text.hasPrefix("# -- ") || (isExplained && !text.hasPrefix("# "))
            } else if let colon = text.firstIndex(of: ":"), !text.hasPrefix("-") {
                close(to: indent)
                let above = open.last?.isExplained ?? false
                if !open.isEmpty { open[open.count - 1].hasChildren = true }
                open.append((indent, String(text[..<colon]), isExplained || above, false))
                isExplained = false
            }
        }
        close(to: 0)
        #expect(unexplained == [])
    }

    @Test(arguments: charts) func aReadmeSaysHowToInstall(chart: String) throws {
        let file = Place.charts.appendingPathComponent("\(chart)/README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasPrefix("# \(chart)\n"))
        #expect(text.contains("helm install "))
        #expect(text.contains("charts/\(chart) "))
    }
}
