import Istio
import Testing

private func versions(_ texts: [Component: String]) -> [Component: IstioVersion] {
    texts.compactMapValues { IstioVersion($0) }
}

private func skew(_ live: [Component: [String]], _ wanted: [Component: String] = [:]) -> VersionSkew {
    VersionSkew(live: live.mapValues { $0.compactMap { IstioVersion($0) } }, wanted: versions(wanted))
}

/// The rule as the documentation states it, said once more without the type's own arithmetic.
private func isAllowed(_ control: Int, _ data: Int) -> Bool { control == data || control == data + 1 }

extension [VersionSkew.Finding] {
    fileprivate var isBlocked: Bool { contains { $0.isBlocking } }
}

@Suite struct VersionSkewTests {
    private static let minors = Array(27...32)

    @Test("Every control plane beside every data plane, for a new mesh", arguments: [Component.cni, .ztunnel])
    func allPairs(component: Component) {
        for control in VersionSkewTests.minors {
            for data in VersionSkewTests.minors {
                let found = skew([:], [.istiod: "1.\(control).1", component: "1.\(data).4"]).findings
                #expect(
                    found.isBlocked == !isAllowed(control, data), "istiod \(control), \(data)")
            }
        }
    }

    @Test("Every component alone from every version to every other, on every mesh that is allowed")
    func allSteps() {
        for control in VersionSkewTests.minors {
            for data in VersionSkewTests.minors where isAllowed(control, data) {
                let live: [Component: [String]] = [
                    .base: ["1.\(control).2"], .istiod: ["1.\(control).2"], .cni: ["1.\(data).2"],
                    .ztunnel: ["1.\(data).2"],
                ]
                for target in VersionSkewTests.minors {
                    func isBlocked(_ component: Component) -> Bool {
                        skew(live, [component: "1.\(target).2"]).findings.isBlocked
                    }
                    let place = "\(control)/\(data) to \(target)"
                    #expect(
                        isBlocked(.istiod) == !(abs(target - control) <= 1 && isAllowed(target, data)),
                        "istiod \(place)")
                    for agent in [Component.cni, .ztunnel] {
                        let isFine = abs(target - data) <= 1 && isAllowed(control, target)
                        #expect(isBlocked(agent) == !isFine, "\(agent) \(place)")
                    }
                    #expect(isBlocked(.base) == (abs(target - control) > 1), "base \(place)")
                }
            }
        }
    }

    @Test("All components together go one minor up or down, from every version to every other")
    func allTogether() {
        for now in VersionSkewTests.minors {
            for target in VersionSkewTests.minors {
                let live = Dictionary(uniqueKeysWithValues: Component.allCases.map { ($0, ["1.\(now).9"]) })
                let wanted = Dictionary(uniqueKeysWithValues: Component.allCases.map { ($0, "1.\(target).0") })
                let found = skew(live, wanted).findings
                #expect(found.isBlocked == (abs(now - target) > 1), "\(now) to \(target)")
                #expect(found.contains { $0.kind == .downgrade } == (target == now || target == now - 1))
            }
        }
    }

    @Test func messagesSayWhatWouldRunAndWhatToDo() {
        let ahead = skew([.istiod: ["1.29.6"], .ztunnel: ["1.29.6"]], [.ztunnel: "1.30.3"]).findings
        #expect(ahead.map(\.message) == ["ztunnel would be at 1.30.3, ahead of istiod at 1.29.6"])
        #expect(ahead.map(\.remedy) == ["istiod must not be older than ztunnel: upgrade istiod to 1.30 first"])
        let back = skew([.istiod: ["1.30.3"], .cni: ["1.30.3"]], [.istiod: "1.29.6"]).findings
        #expect(
            back.map(\.message) == [
                "istiod: downgrade from 1.30.3 to 1.29.6", "cni would be at 1.30.3, ahead of istiod at 1.29.6",
            ])
        let far = skew([.istiod: ["1.28.1"]], [.istiod: "1.30.3"]).findings
        #expect(far.map(\.message) == ["istiod runs 1.28.1, and 1.30.3 is more than one minor ahead"])
        #expect(far.map(\.remedy) == ["go one minor at a time: first upgrade to 1.29, with --version v1.29-latest"])
    }

    @Test func aDataPlaneAheadByAPatchIsSaidAndAllowed() {
        let found = skew([.istiod: ["1.30.1"], .cni: ["1.30.1"]], [.cni: "1.30.3"]).findings
        #expect(found.map(\.kind) == [.patchAhead])
        #expect(found.map(\.isBlocking) == [false])
        #expect(found.first?.message == "cni 1.30.3 is a patch ahead of istiod 1.30.1, which is allowed")
    }

    @Test("An interrupted upgrade goes on and goes back; no further, and not in part")
    func mixedPods() {
        let live: [Component: [String]] = [
            .istiod: ["1.30.3"], .cni: ["1.30.3"], .ztunnel: ["1.29.6", "1.30.3"],
        ]
        func isBlocked(_ wanted: [Component: String]) -> Bool { skew(live, wanted).findings.isBlocked }
        #expect(!isBlocked([.istiod: "1.30.3", .cni: "1.30.3", .ztunnel: "1.30.3"]))
        #expect(!isBlocked([.istiod: "1.29.6", .cni: "1.29.6", .ztunnel: "1.29.6"]))
        #expect(!isBlocked([.ztunnel: "1.30.3"]))
        #expect(!isBlocked([.ztunnel: "1.29.6"]))
        #expect(isBlocked([.istiod: "1.29.6"]))
        #expect(isBlocked([.istiod: "1.31.0", .cni: "1.31.0", .ztunnel: "1.31.0"]))
        #expect(skew([.istiod: ["1.29.6", "1.30.3"], .cni: ["1.29.6"]], [.cni: "1.30.3"]).findings.isBlocked)
    }

    @Test func aMeshThatIsTooFarApartCanBeBroughtTogether() {
        let live: [Component: [String]] = [.istiod: ["1.30.3"], .cni: ["1.27.9"], .ztunnel: ["1.27.9"]]
        let step = skew(live, [.ztunnel: "1.28.10"]).findings
        #expect(!step.isBlocked)
        #expect(step.count { $0.kind == .behind } == 2)
        #expect(skew(live, [.ztunnel: "1.26.8"]).findings.isBlocked)
        #expect(!skew(live, [.istiod: "1.30.3"]).findings.isBlocked)
        #expect(
            skew(live).findings.map(\.message).first == "cni is at 1.27.9, more than one minor behind istiod at 1.30.3")
    }

    @Test func hugeAndForeignVersionsAreJudgedToo() {
        #expect(skew([.istiod: ["1.0.0"]], [.istiod: "1.999999999.0"]).findings.isBlocked)
        #expect(skew([.istiod: ["1.30.3"]], [.istiod: "2.30.3"]).findings.isBlocked)
        #expect(skew([:], [.istiod: "2.30.3", .cni: "1.30.3"]).findings.isBlocked)
    }

    @Test func theDataPlaneGoesFirstDownwardsAndWhereItLagsBehind() {
        let all: [Component: [String]] = [.istiod: ["1.30.3"], .cni: ["1.30.3"], .ztunnel: ["1.30.3"]]
        #expect(skew(all, [.istiod: "1.29.6", .cni: "1.29.6", .ztunnel: "1.29.6"]).isDataPlaneFirst)
        #expect(skew(all, [.istiod: "1.30.2", .cni: "1.30.2", .ztunnel: "1.30.2"]).isDataPlaneFirst)
        #expect(!skew(all, [.istiod: "1.31.0", .cni: "1.31.0", .ztunnel: "1.31.0"]).isDataPlaneFirst)
        let lagging: [Component: [String]] = [.istiod: ["1.29.6"], .cni: ["1.29.6"], .ztunnel: ["1.28.10"]]
        #expect(skew(lagging, [.istiod: "1.30.3", .ztunnel: "1.29.6"]).isDataPlaneFirst)
        #expect(!skew(lagging, [.istiod: "1.29.7", .ztunnel: "1.29.7"]).isDataPlaneFirst)
    }
}
