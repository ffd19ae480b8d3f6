import Istio
import Testing

/// What to do first depends on the direction.
@Suite struct SkewAdviceTests {
    private func remedy(
        _ live: [Component: String], _ wanted: [Component: String], _ kind: VersionSkew.Finding.Kind
    ) -> String? {
        let skew = VersionSkew(
            live: live.mapValues { [IstioVersion($0)].compactMap { $0 } },
            wanted: wanted.compactMapValues { IstioVersion($0) })
        return skew.findings.first { $0.kind == kind }?.remedy
    }

    @Test func theDataPlaneGoesDownFirst() {
        let live: [Component: String] = [.istiod: "1.30.3", .ztunnel: "1.30.3"]
        #expect(
            remedy(live, [.istiod: "1.29.6"], .ahead)
                == "istiod must not be older than ztunnel: downgrade ztunnel to 1.29 first")
        #expect(
            remedy(live, [.ztunnel: "1.31.0"], .ahead)
                == "istiod must not be older than ztunnel: upgrade istiod to 1.31 first")
    }

    @Test func istiodFollowsWhereAComponentGoesDownTwoMinors() {
        let live: [Component: String] = [.istiod: "1.30.3", .ztunnel: "1.29.6"]
        #expect(
            remedy(live, [.ztunnel: "1.28.10"], .behind)
                == "istiod may be one minor ahead of ztunnel: downgrade istiod to 1.29 first")
        #expect(
            remedy([.istiod: "1.29.6", .ztunnel: "1.28.10"], [.istiod: "1.30.3"], .behind)
                == "istiod may be one minor ahead of ztunnel: upgrade ztunnel first")
    }

    @Test func stepsOfMoreThanAMinorNameTheNextInTheirDirection() {
        #expect(
            remedy([.istiod: "1.30.3"], [.istiod: "1.28.10"], .step)
                == "go one minor at a time: first downgrade to 1.29, with --version v1.29-latest")
        #expect(
            remedy([.istiod: "1.28.10"], [.istiod: "1.31.0"], .step)
                == "go one minor at a time: first upgrade to 1.29, with --version v1.29-latest")
    }
}
