import Applying
import Testing

@Suite struct RolloutTests {
    private let pods = [
        NodePod(node: "n3", name: "c", isCurrent: false, isReady: true),
        NodePod(node: "n1", name: "a", isCurrent: false, isReady: true),
        NodePod(node: "n2", name: "b", isCurrent: true, isReady: true),
        NodePod(node: "n4", name: "d", isCurrent: false, isReady: false),
        NodePod(node: "n5", name: "e", isCurrent: false, isReady: true),
    ]

    private func nodes(_ batches: [[NodePod]]) -> [[String]] { batches.map { $0.map(\.node) } }

    @Test func nodesThatServeNothingComeFirstAndCurrentOnesNever() {
        #expect(nodes(batches(pods, nodes: nil, size: 2)) == [["n4", "n1"], ["n3", "n5"]])
    }

    @Test func onlySelectedNodesHaveTheirTurn() {
        #expect(nodes(batches(pods, nodes: ["n1", "n2", "n5"], size: 1)) == [["n1"], ["n5"]])
    }

    @Test func aBatchLargerThanTheRestIsTheRest() {
        #expect(nodes(batches(pods, nodes: nil, size: 100)) == [["n4", "n1", "n3", "n5"]])
    }

    @Test func nothingOldIsNoBatch() {
        #expect(batches(pods.filter(\.isCurrent), nodes: nil, size: 1).isEmpty)
    }

    @Test func twoPodsOfANodeStayInItsBatch() {
        let pods = ["a", "b"].map { NodePod(node: "n1", name: $0, isCurrent: false, isReady: true) }
        #expect(nodes(batches(pods, nodes: nil, size: 1)) == [["n1", "n1"]])
    }

    /// After a rolling update that stalled: the new pod never came up beside the old one, which serves.
    @Test func aPodThatNeverCameUpGoesWithTheOneThatServesItsNode() {
        let pods = [
            NodePod(node: "n1", name: "serves", isCurrent: false, isReady: true),
            NodePod(node: "n1", name: "broken", isCurrent: false, isReady: false),
            NodePod(node: "n2", name: "c", isCurrent: false, isReady: true),
        ]
        #expect(batches(pods, nodes: nil, size: 1).map { $0.map(\.name) } == [["broken", "serves"], ["c"]])
    }

    @Test func onlyNodesWithNothingButANewPodAreWaitedForFirst() {
        let pods = [
            NodePod(node: "n1", name: "old", isCurrent: false, isReady: true),
            NodePod(node: "n1", name: "new", isCurrent: true, isReady: false),
            NodePod(node: "n2", name: "starting", isCurrent: true, isReady: false),
            NodePod(node: "n3", name: "there", isCurrent: true, isReady: true),
            NodePod(node: "n4", name: "elsewhere", isCurrent: true, isReady: false),
        ]
        #expect(comingBack(pods, nodes: ["n1", "n2", "n3"]) == ["n2"])
    }
}
