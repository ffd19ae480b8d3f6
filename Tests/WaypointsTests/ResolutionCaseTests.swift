import Foundation
import Objects
import TestSupport
import Testing
import Values
import Waypoints

/// The resolution rules against small clusters with the answers of istiod and ztunnel, where a development checkout has them
/// beside it: a case a line, with `objects`, `target`, `expect`.
@Suite struct ResolutionCaseTests {
    static let file: URL? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let file = root.appendingPathComponent("../shared/waypoint-cases.jsonl").standardizedFileURL
        let isThere = FileManager.default.fileExists(atPath: file.path)
        return canTest("comparisons with the resolution cases", isThere, without: "no shared/waypoint-cases.jsonl")
            ? file : nil
    }()

    @Test(.enabled(if: file != nil)) func everyCaseIsAnsweredAsIstiodAnswersIt() throws {
        let lines = try String(contentsOf: try #require(Self.file), encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 100)
        for line in lines {
            let value = try Value(json: Array(line.utf8), numbers: .native)
            let id = value["id"]?.string ?? ""
            let objects = value["objects"]?.list ?? []
            let target = try #require(
                objects.first { object in
                    object.kind == value["target"]?["kind"]?.string
                        && object.metadata.namespace == value["target"]?["namespace"]?.string
                        && object.metadata.name == value["target"]?["name"]?.string
                })
            let route = WaypointResolver(objects).route(to: target)
            let expected = value["expect"]
            #expect(route.direct?.rawValue == expected?["direct"]?.string, "\(id)")
            if let through = expected?["through"]?.string {
                #expect(route.waypoint.map { "\($0)" } == through, "\(id)")
            }
            if let ingress = expected?["ingress"]?.bool { #expect(route.takesIngress == ingress, "\(id)") }
        }
    }
}
