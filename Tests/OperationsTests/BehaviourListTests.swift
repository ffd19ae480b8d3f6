import Foundation
import TestSupport
import Testing

/// Each of the 84 behaviours of the operator that docs/reconcile.md refers to is a test that carries its number.
@Suite struct BehaviourListTests {
    /// With why it is not tried.
    private static let notTried = [74: "traffic goes on during an upgrade: needs a data path"]

    @Test func everyBehaviourIsATest() throws {
        let folder = Repository.root.appending(path: "Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var found: Set<Int> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /\/\/ Behaviours? ([^.:]*)/) {
                let words = match.1.split { !$0.isNumber && !$0.isLetter }
                let isRange = words.indices.filter { words[$0] == "to" && $0 > 0 && $0 + 1 < words.count }
                for index in isRange {
                    guard let first = Int(words[index - 1]), let last = Int(words[index + 1]) else { continue }
                    found.formUnion(first...max(first, last))
                }
                found.formUnion(words.compactMap { Int($0) })
            }
        }
        let missing = (1...84).filter { !found.contains($0) && BehaviourListTests.notTried[$0] == nil }
        #expect(missing == [])
        #expect(found.allSatisfy { (1...84).contains($0) }, "\(found.sorted())")
        #expect(found.isDisjoint(with: BehaviourListTests.notTried.keys))
    }
}
