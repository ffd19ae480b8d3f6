import Testing

@testable import ChartSources

@Suite struct SourceTests {
    @Test(arguments: [
        ("./charts", "./charts"), ("istiod-1.30.3.tgz", "istiod-1.30.3.tgz"), ("file:///srv/charts", "/srv/charts"),
        ("https://Host/charts/", "https://host/charts"), ("https://host/charts/index.yaml", "https://host/charts"),
        ("https://host", "https://host"), ("https://user:secret@host/charts", "https://host/charts"),
        ("https://host/x/istiod-1.30.3.tgz", "https://host/x/istiod-1.30.3.tgz"),
        ("http://127.0.0.1:8080/charts", "http://127.0.0.1:8080/charts"), ("http://[::1]/c", "http://[::1]/c"),
        ("oci://gcr.io/istio-release/charts/", "oci://gcr.io/istio-release/charts"),
        ("oci://user:secret@host:5000/charts", "oci://host:5000/charts"),
        ("oci://host/charts/istiod:1.30.3", "oci://host/charts/istiod:1.30.3"),
    ])
    func aSourceIsReadAndNamedAgain(text: String, named: String) throws {
        #expect(try ChartSource(text).text == named)
    }

    @Test(arguments: [
        ("http://example.com/charts", "http://example.com/charts: plain http is refused; use https"),
        ("http://127.0.0.1@example.com/c", "http://example.com/c: plain http is refused; use https"),
        ("http://localhost.example.com/c", "http://localhost.example.com/c: plain http is refused; use https"),
        (
            "ftp://user:secret@host/x?key=secret",
            "--charts ftp://host/x: not a chart source; use a folder, a .tgz file, https://… or oci://…"
        ),
        (
            "https://user:secret@host/x?key=secret",
            "--charts https://host/x: must not have a query; use a folder, a .tgz file, https://… or oci://…"
        ),
        (
            "https://", "--charts https://: is no address; use a folder, a .tgz file, https://… or oci://…"
        ),
        (
            "https://user:secret@host/a b",
            "--charts https://host/a b: is no address; use a folder, a .tgz file, https://… or oci://…"
        ),
        (
            "oci://user:secret@host",
            "--charts oci://host: a registry needs a host and a path, as in oci://host/charts"
        ),
        (
            "oci://host/charts/istiod@sha256:12",
            "--charts oci://host/charts/istiod@sha256:12: names no tag or sha256 digest after the chart; use a folder, a "
                + ".tgz file, https://… or oci://…"
        ),
    ])
    func whatIsNoSourceIsRefusedWithoutItsPassword(text: String, message: String) {
        #expect {
            try ChartSource(text)
        } throws: {
            "\($0)" == message
        }
    }

    @Test func severalSourcesStandBetweenCommas() throws {
        #expect(try ChartSource.list("a, https://b/c,,oci://d/e").map(\.text) == ["a", "https://b/c", "oci://d/e"])
    }

    @Test(arguments: [
        ("x.tgz", "https://host/charts/x.tgz"), ("../x.tgz", "https://host/x.tgz"),
        ("../../../x.tgz", "https://host/x.tgz"), ("/x.tgz?a=1", "https://host/x.tgz?a=1"),
        ("//other/x", "https://other/x"), ("https://user@other:8443/x#y", "https://other:8443/x"),
        ("./a/./b/../c", "https://host/charts/a/c"), ("?a=1", "https://host/charts/index.yaml?a=1"),
        ("ftp://other/x", nil), ("javascript:1", nil), ("x\r\nHost: y", nil),
    ])
    func aReferenceIsResolvedWhereItStands(reference: String, expected: String?) {
        #expect(WebAddress("https://host/charts/index.yaml")?.resolving(reference)?.text == expected)
    }

    @Test(arguments: [
        (
            "Bearer realm=\"https://a/t\",service=\"s\",scope=\"x:y,z\"",
            AuthChallenge.bearer(realm: "https://a/t", service: "s", scope: "x:y,z")
        ),
        ("bearer scope=\"x\", realm=https://a/t", .bearer(realm: "https://a/t", service: nil, scope: "x")),
        ("Basic realm=\"registry\"", .basic), ("Bearer service=\"s\"", nil), ("Negotiate", nil), ("", nil),
    ])
    func aChallengeIsTakenApart(header: String, expected: AuthChallenge?) {
        #expect(AuthChallenge(header) == expected)
    }

    @Test(arguments: [
        ("istiod-1.30.3.tgz", "istiod", "1.30.3"), ("istio-cni-v1.30.0-rc.1.tgz", "istio-cni", "v1.30.0-rc.1"),
        ("base.tar.gz", "base", ""), ("a-b.tgz", "a-b", ""),
    ])
    func anArchivesNameHoldsChartAndVersion(file: String, chart: String, version: String) {
        #expect(ArchiveName(file)?.chart == chart)
        #expect(ArchiveName(file)?.version == version)
    }

    @Test func versionsAreListedFromTheNewest() {
        let versions = ["1.9.0", "1.30.0-rc.1", "v1.30.0", "1.30.10", "1.30.0-rc.2"].map {
            ListedChart(chart: "x", version: $0)
        }
        #expect(versions.newestFirst.map(\.version) == ["1.30.10", "v1.30.0", "1.30.0-rc.2", "1.30.0-rc.1", "1.9.0"])
    }
}
