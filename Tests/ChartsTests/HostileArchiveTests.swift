import Archives
import TestSupport
import Testing
import Values

@testable import Charts

/// Archives that somebody made to do harm: each ends in an error.
@Suite struct HostileArchiveTests {
    private static let chart = [Archive.Entry("sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n")]

    private func error(_ entries: [Archive.Entry]) -> String {
        do throws(ArchiveError) {
            return "\(try ChartArchive.files(in: Archive.tgz(entries + HostileArchiveTests.chart)).count) files"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        "1 \n", "1 a=b\n", "0 a=b\n", "-5 a=b\n", "99 a=b\n", "9223372036854775807 a=b\n", "99999999999999999999 a=b\n",
        "6 a=bc", "5 ab\n", "4 =\n", "a=b\n", " ", "6 a=b\n7", "18 size=-1000000\n", "29 size=9223372036854775808\n",
    ])
    func paxRecordsThatLieAboutThemselves(_ records: String) {
        let text = error([Archive.Entry("x", records, kind: "x"), Archive.Entry("sub/a", "1")])
        #expect(text == "archive/tar: invalid tar header" || text == "2 files", "\(text)")
    }

    @Test(arguments: ["0", "5", "7", "g"] as [Character])
    func sizesUpToTheLargest(_ kind: Character) {
        let size = "29 size=9223372036854775807\n"
        let text = error([Archive.Entry("x", size, kind: "x"), Archive.Entry("sub/a", "1", kind: kind)])
        #expect(!text.isEmpty)
        #expect(text != "2 files" || kind == "5")
    }

    @Test func whatIsPassedOverIsBoundedToo() {
        let zeros = String(repeating: "\0", count: 100_000)
        let entry = Archive.Entry("pax_global_header", zeros, kind: "g")
        do throws(ArchiveError) {
            _ = try ChartArchive.files(
                in: Archive.tgz((0..<700).map { _ in entry } + HostileArchiveTests.chart),
                limits: .init(chart: 1000, file: 1000))
            Issue.record("no error")
        } catch {
            #expect(error.description.contains("is larger than the maximum size"))
        }
    }

    @Test func sparseFilesAreRefused() {
        #expect(error([Archive.Entry("sub/a", "1", kind: "S")]).contains("contains a link or a device"))
    }

    @Test func chartsWithinChartsHaveABound() {
        let path = String(repeating: "charts/a/", count: 200)
        #expect(
            loadError([path + "Chart.yaml": "apiVersion: v2\nname: a\nversion: 0.1.0\n"]).hasSuffix(
                "Chart.yaml file is missing"))
        var files: [String: String] = [:]
        for depth in 0..<200 {
            files[String(repeating: "charts/a/", count: depth) + "Chart.yaml"] =
                "apiVersion: v2\nname: a\nversion: 0.1.0\n"
        }
        #expect(loadError(files).hasSuffix("charts are nested more than 100 deep"))
    }
}

/// Charts that multiply.
@Suite struct DependencyBoundTests {
    @Test func dependenciesOfDependenciesHaveABound() throws {
        func chart(_ name: String, wants other: String?) -> String {
            let entries = other.map { other in
                (0..<200).map { "- {name: \(other), version: '*', alias: \(other)\($0)}\n" }.joined()
            }
            return "apiVersion: v2\nname: \(name)\nversion: 0.1.0\n" + (entries.map { "dependencies:\n" + $0 } ?? "")
        }
        let loaded = try loadChart([
            "Chart.yaml": chart("a", wants: "b"), "charts/b/Chart.yaml": chart("b", wants: "c"),
            "charts/b/charts/c/Chart.yaml": chart("c", wants: nil),
        ])
        var warnings: [String] = []
        do throws(ChartRenderError) {
            _ = try ChartRenderer().render(loaded, values: [:], warnings: &warnings)
            Issue.record("no error")
        } catch {
            #expect(error.description.hasSuffix("more than 10000 charts depend on each other; leave some out"))
        }
    }
}

@Suite struct LargeNumberTests {
    @Test(arguments: [
        ("12345678901234567890", "12345678901234567890"), ("18446744073709551616", "1.8446744e+19"),
        ("-9223372036854775809", "-9.223372e+18"), ("1e6", "1e+06"), ("1.23456789012", "1.2345679"), ("0x10", "16"),
    ])
    func appVersionsThatAreNumbers(_ text: String, _ expected: String) throws {
        let chart = try loadChart(["Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\nappVersion: \(text)\n"])
        #expect(chart.metadata.appVersion == expected)
    }
}
