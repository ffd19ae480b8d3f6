import HelmReleases
import Istio
import Testing
import Values

/// Records written shortly: `istiod 3 deployed B` is a revision of run B, `istiod 3 deployed` one of Helm's; runs whose
/// name begins with `back` are rollbacks. Records are a minute apart, in the order of the text.
func history(_ text: String, components: [Component] = [.istiod, .ztunnel]) -> ReleaseHistory {
    var records: [ReleaseRecord] = []
    for (minute, line) in text.split(separator: "\n").enumerated() {
        let words = line.split(separator: " ").map(String.init)
        let run =
            words.count > 3
            ? OperationID(
                id: words[3], components: components, purpose: words[3].hasPrefix("back") ? "rollback" : "upgrade")
            : nil
        records.append(
            ReleaseRecord(
                name: words[0], namespace: "istio-system", revision: Int(words[1]) ?? 0,
                status: ReleaseRecord.Status(rawValue: words[2]) ?? .unknown,
                firstDeployed: "", lastDeployed: "2026-11-24T10:\(minute / 10)\(minute % 10):00Z", description: "",
                chart: ["metadata": ["name": .string(words[0])]], config: [:], manifest: "",
                request: run.map { ["values": ["run": .string($0.id)]] } ?? .null, run: run))
    }
    records.sort { ($0.name, $0.revision) < ($1.name, $1.revision) }
    return ReleaseHistory(records: records)
}

@Suite struct RunsTests {
    /// What counts, and what a rollback without a revision goes to.
    static let cases: [(name: String, history: String, counting: String, before: String)] = [
        (
            "two good runs",
            """
            istiod 1 superseded A
            ztunnel 1 superseded A
            istiod 2 deployed B
            ztunnel 2 deployed B
            """, "istiod 2, ztunnel 2", "istiod 1, ztunnel 1"
        ),
        (
            "a run that failed at ztunnel",
            """
            istiod 1 superseded A
            ztunnel 1 deployed A
            istiod 2 deployed B
            ztunnel 2 failed B
            """, "istiod 1, ztunnel 1", "istiod 1, ztunnel 1"
        ),
        (
            "a run that died before ztunnel",
            """
            istiod 1 superseded A
            ztunnel 1 deployed A
            istiod 2 deployed B
            """, "istiod 1, ztunnel 1", "istiod 1, ztunnel 1"
        ),
        (
            "the same failing command twice",
            """
            istiod 1 superseded A
            ztunnel 1 deployed A
            istiod 2 superseded B
            ztunnel 2 failed B
            istiod 3 deployed C
            ztunnel 3 failed C
            """, "istiod 1, ztunnel 1", "istiod 1, ztunnel 1"
        ),
        (
            "a failed run and the same command with success",
            """
            istiod 1 superseded A
            ztunnel 1 superseded A
            istiod 2 superseded B
            ztunnel 2 failed B
            istiod 3 deployed C
            ztunnel 3 deployed C
            """, "istiod 3, ztunnel 3", "istiod 1, ztunnel 1"
        ),
        (
            "a rollback of one release by Helm",
            """
            istiod 1 superseded A
            ztunnel 1 superseded A
            istiod 2 superseded B
            ztunnel 2 deployed B
            istiod 3 deployed
            """, "istiod 3, ztunnel 2", "istiod 2, ztunnel 2"
        ),
        (
            "an upgrade of one release by Helm that failed",
            """
            istiod 1 deployed A
            ztunnel 1 deployed A
            ztunnel 2 failed
            """, "istiod 1, ztunnel 1", "istiod 1, ztunnel 1"
        ),
        (
            "a rollback that died",
            """
            istiod 1 superseded A
            ztunnel 1 superseded A
            istiod 2 superseded B
            ztunnel 2 deployed B
            istiod 3 deployed back1
            ztunnel 3 pending-rollback back1
            """, "istiod 2, ztunnel 2", "istiod 1, ztunnel 1"
        ),
        (
            "a rollback after a failed run, which failed twice",
            """
            istiod 1 superseded A
            ztunnel 1 deployed A
            istiod 2 superseded B
            ztunnel 2 failed B
            istiod 3 superseded back1
            ztunnel 3 failed back1
            istiod 4 deployed back2
            ztunnel 4 failed back2
            """, "istiod 1, ztunnel 1", "istiod 1, ztunnel 1"
        ),
        (
            "Helm alone",
            """
            istiod 1 superseded
            ztunnel 1 superseded
            istiod 2 deployed
            ztunnel 2 deployed
            """, "istiod 2, ztunnel 2", "istiod 1, ztunnel 1"
        ),
        (
            "a first installation that failed",
            """
            istiod 1 deployed A
            ztunnel 1 failed A
            """, "", ""
        ),
        (
            "a good run whose record of istiod newer ones pushed out",
            """
            ztunnel 1 deployed A
            istiod 7 superseded B
            ztunnel 2 failed B
            istiod 8 deployed C
            ztunnel 3 failed C
            """, "ztunnel 1", "ztunnel 1"
        ),
    ]

    @Test("Rules of memory and rollback", arguments: cases)
    func rules(_ name: String, _ text: String, _ counting: String, _ before: String) {
        let runs = OperationHistory(history(text))
        let components: [Component] = [.istiod, .ztunnel]
        let newest = components.compactMap { runs.newest(of: $0) }
        #expect(newest.map(\.title).joined(separator: ", ") == counting)
        let earlier = runs.before(of: components)
        #expect(components.compactMap { earlier[$0]?.title }.joined(separator: ", ") == before)
    }

    @Test func aRunOfOneComponentIsGoneBackOnAlone() {
        var partial = history(
            """
            istiod 1 deployed A
            ztunnel 1 superseded A
            ztunnel 2 deployed B
            """)
        for index in partial.records.indices where partial.records[index].run?.id == "B" {
            partial.records[index].run?.components = [.ztunnel]
        }
        let runs = OperationHistory(partial)
        #expect(runs.newest(of: .ztunnel)?.title == "ztunnel 2")
        let before = runs.before(of: [.istiod, .ztunnel])
        #expect(before[.istiod]?.title == "istiod 1")
        #expect(before[.ztunnel]?.title == "ztunnel 1")
    }

    @Test func aRevisionOfIstiodBringsItsFellows() {
        let runs = OperationHistory(
            history(
                """
                istiod 1 superseded A
                ztunnel 1 superseded A
                ztunnel 2 superseded
                istiod 2 deployed B
                ztunnel 3 deployed B
                """))
        for (revision, fellow) in [(1, "ztunnel 1"), (2, "ztunnel 3")] {
            let istiod = runs.revisions(of: .istiod)[revision - 1]
            #expect(runs.records(with: istiod, of: [.istiod, .ztunnel])[.ztunnel]?.title == fellow)
        }
    }

    @Test func helmsCopyOfARecordIsHelms() throws {
        var record = history("istiod 1 deployed A").records[0]
        #expect(try ReleaseRecord(secret: record.secret(now: 0, isNew: true)) == record)
        // What `helm rollback` does: the release of an earlier revision, its chart's annotations too, as a new one.
        let note = #"{"values":{},"revision":1,"run":{"id":"A","components":["istiod"]}}"#
        record.chart = ["metadata": ["name": "istiod", "annotations": ["sail": .string(note)]]]
        record.request = .null
        record.run = nil
        record.revision = 2
        let copy = try ReleaseRecord(secret: record.secret(now: 0, isNew: true))
        #expect(copy.request.isNull)
        #expect(copy.run == nil)
        #expect(copy.chart == ["metadata": ["name": "istiod"]])
    }
}

extension ReleaseRecord {
    fileprivate var title: String { "\(name) \(revision)" }
}
