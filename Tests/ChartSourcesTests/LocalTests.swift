import Charts
import Testing

@testable import ChartSources

@Suite struct LocalTests {
    private let folder = Scratch()
    private let user = User()

    private func write(_ path: String, _ name: String, _ version: String) throws {
        try folder.write(path + "/Chart.yaml", "apiVersion: v2\nname: \(name)\nversion: \(version)\n")
    }

    @Test func aReleasesFolderIsACollection() throws {
        try write("charts/base", "base", "1.30.3")
        try write("charts/istio-control/istio-discovery", "istiod", "1.30.3")
        try write("charts/istio-cni", "cni", "1.30.3")
        try write("charts/ztunnel", "ztunnel", "1.30.3")
        try write("charts/ztunnel/charts/cni", "cni", "0.0.1")
        let found = try user.charts(folder.path, components)
        #expect(found["istiod"]?.origin == folder.path + "/charts/istio-control/istio-discovery")
        #expect(found.values.map(\.chart.metadata.version) == ["1.30.3", "1.30.3", "1.30.3", "1.30.3"])
    }

    @Test func ofSeveralVersionsTheWantedOneIsTaken() throws {
        for version in ["1.28.10", "1.30.3"] { try write("v\(version)/base", "base", version) }
        try folder.write("base-1.29.0.tgz", chart("base", "1.29.0"))
        for version in ["1.28.10", "1.29.0", "1.30.3"] {
            #expect(try user.charts(folder.path, version: "v" + version)["base"]?.chart.metadata.version == version)
        }
        #expect(
            user.failure(folder.path, version: "v1.28.9")
                == "\(folder.path): chart \"base\" has no version v1.28.9; it has 1.28.10")
    }

    @Test func aMissingChartIsNamedWithThoseThatAreThere() throws {
        try write("base", "base", "1.30.3")
        try write("other", "kiali", "2.0.0")
        #expect(
            user.failure(folder.path, ["base", "istiod"])
                == "\(folder.path): has no chart \"istiod\" (it has base, kiali); check --charts")
    }

    @Test func aSourceOfOneChartReplacesThatChartOnly() throws {
        try write("all/base", "base", "1.30.3")
        try write("all/cni", "cni", "1.30.3")
        try folder.write("cni-1.30.3.tgz", chart("cni"))
        let one = try user.charts(folder.path + "/cni-1.30.3.tgz", ["base", "cni"])
        #expect(one.keys.sorted() == ["cni"])
        let both = try user.charts(folder.path + "/cni-1.30.3.tgz," + folder.path + "/all", ["base", "cni"])
        #expect(both["cni"]?.origin == folder.path + "/cni-1.30.3.tgz")
        #expect(both["base"]?.origin == folder.path + "/all/base")
    }

    @Test func whatIsGivenTwiceIsAnError() throws {
        try write("a/base", "base", "1.30.3")
        try write("b/base", "base", "1.30.3")
        let (a, b) = (folder.path + "/a", folder.path + "/b")
        #expect(
            user.failure("\(a),\(b)")
                == "--charts \(a) and \(b) both give a collection of charts; leave one of them out")
        #expect(
            user.failure("\(a)/base,\(b)/base")
                == "--charts \(a)/base and \(b)/base both give the chart \"base\"; leave one of them out")
    }

    @Test func aChartThatNobodyWantsIsAnError() throws {
        try write("kiali", "kiali", "2.0.0")
        #expect(
            user.failure(folder.path + "/kiali")
                == "\(folder.path)/kiali: is the chart \"kiali\", which is none of base, istiod, cni, ztunnel; check --charts"
        )
    }

    @Test func theVersionIsTheChartsWhereThereIsOne() throws {
        try write("one/base", "base", "1.28.10")
        try write("two/base", "base", "1.28.10")
        try write("two/istiod", "istiod", "1.30.3")
        #expect(try user.fetcher(folder.path + "/one").ownVersion(components) == "1.28.10")
        #expect(try user.fetcher(folder.path + "/two").ownVersion(components) == nil)
        #expect(try user.fetcher(folder.path + "/two").ownVersion(["istiod"]) == "1.30.3")
        #expect(try user.fetcher("oci://host/charts/istiod:1.29.1").ownVersion(components) == "1.29.1")
        #expect(try user.fetcher("https://host/istiod-1.29.2.tgz").ownVersion(components) == "1.29.2")
        #expect(try user.fetcher("https://host/charts").ownVersion(components) == nil)
    }

    @Test func brokenThingsAreNamed() throws {
        try folder.write("base-1.30.3.tgz", "no archive")
        try folder.write("cut-1.30.3.tgz", Array(chart("base").prefix(200)))
        try folder.write("empty/readme", "")
        #expect(
            user.failure(folder.path + "/nowhere")
                == "\(folder.path)/nowhere: no such file or directory; check the path given with --charts")
        #expect(
            user.failure(folder.path + "/base-1.30.3.tgz")
                == "\(folder.path)/base-1.30.3.tgz: is not a .tgz archive; check the path given with --charts")
        #expect(user.failure(folder.path + "/empty") == "\(folder.path)/empty: has no chart \"base\"; check --charts")
        #expect(user.failure(folder.path + "/cut-1.30.3.tgz")?.hasSuffix("; this is no chart that can be used") == true)
    }
}
