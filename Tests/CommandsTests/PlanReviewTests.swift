import Foundation
import FoundationXML
import Istio
import Objects
import Planning
import Preflight
import TestSupport
import Testing
import Values

@testable import Commands
@testable import Operations

/// A plan as a pull request's comment and as a page, whatever the values hold.
@Suite struct PlanReviewTests {
    /// What would break Markdown, a table, a fence, HTML, or the reader's trust.
    private static let hostile = [
        "```` ``` ` </details></summary> | <script>alert(1)</script> &amp; @everyone [x](http://x)",
        "\u{1B}[2J\u{202E}gnp.exe", "</pre></style></title><!-- ", "https://user:secret@example.com/",
        "*bold* _it_ #1 ~~",
    ]

    private func change(
        _ kind: String, _ name: String, _ old: String, _ new: String, component: Component = .istiod,
        impact: Impact = .none, action: Action = .change
    ) -> Change {
        func object(_ text: String) -> Value {
            let metadata: Value = ["name": .string(name), "namespace": "istio-system"]
            return ["apiVersion": "v1", "kind": .string(kind), "metadata": metadata, "data": ["key": .string(text)]]
        }
        return Change(
            component: component,
            identity: ObjectReference(apiVersion: "v1", kind: kind, namespace: "istio-system", name: name),
            action: action, live: object(old), predicted: object(new), impact: impact)
    }

    private func preview(_ changes: [Change]) -> RunPreview {
        var preview = RunPreview(
            kind: .upgrade, digest: PlanDigest(Plan(changes)), cluster: ("prod|eu`", "https://10.1.2.3:6443"),
            namespace: "istio-system", profile: "ambient", platform: nil, from: "v1.29.6", to: "v1.30.3",
            direction: .upgrade)
        preview.order = [.istiod, .cni, .ztunnel]
        preview.form = .full
        preview.impacts = changes.compactMap { $0.impactSummary(.rolling) }
        preview.behaviour = []
        return preview
    }

    private func markdown(_ changes: [Change]) -> String { MarkdownReview(PlanReview(preview(changes))).text }
    private func html(_ changes: [Change]) -> String { HTMLReview(PlanReview(preview(changes))).text }

    private func hostileChanges() -> [Change] {
        PlanReviewTests.hostile.enumerated().map { index, text in
            change(
                "ConfigMap", "\(text)-\(index)", text, "first\n\(text) again\nlast",
                impact: index == 0 ? .restartsControlPlane : .none)
        }
    }

    @Test func theSummaryComesFirst() throws {
        let text = markdown([
            change("ConfigMap", "values", "a", "b"),
            change("DaemonSet", "ztunnel", "a", "b", component: .ztunnel, impact: .rollsZtunnel(nodes: 12)),
        ])
        #expect(
            text == """
                ### prod&#124;eu&#96;&#58; v1.29.6 → v1.30.3

                | | |
                |---|---|
                | cluster | prod&#124;eu&#96; (https&#58;//10.1.2.3&#58;6443) |
                | namespace | istio-system |
                | version | v1.29.6 → v1.30.3 |
                | profile | ambient |
                | changes | 2 of 2 objects |
                | impact | ⚠️ ztunnel rolls on 12 nodes&#58; long TCP connections reset |

                **Order**

                1. **istiod**: 1 object
                2. **cni**: no changes
                3. **ztunnel**: 1 object · ztunnel rolls on 12 nodes&#58; long TCP connections reset

                <details><summary><code>change DaemonSet istio-system/ztunnel</code>: rolls ztunnel on 12 nodes, resets long TCP connections</summary>

                ```diff
                  data.key
                -   a
                +   b
                ```

                </details>

                <details><summary><code>change ConfigMap istio-system/values</code></summary>

                ```diff
                  data.key
                -   a
                +   b
                ```

                </details>


                """)
    }

    @Test func markdownStaysWellFormedWhateverTheValuesHold() throws {
        let text = markdown(hostileChanges())
        // What is outside of the fences has no text of others but as numbers.
        var fence: Substring?
        var outside = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if line == open { fence = nil }
                continue
            }
            if line.hasPrefix("```"), line.hasSuffix("diff") {
                fence = line.dropLast(4)
            } else {
                outside += line + "\n"
            }
        }
        #expect(fence == nil)
        #expect(outside.components(separatedBy: "<details>").count == 6)
        #expect(outside.components(separatedBy: "</details>").count == 6)
        #expect(outside.components(separatedBy: "</summary>").count == 6)
        for word in ["<script", "@everyone", "`", "[x]", "*bold*"] { #expect(!outside.contains(word), "\(word)") }
        for word in ["\u{1B}", "\u{202E}", "user:secret"] { #expect(!text.contains(word), "\(word)") }
        #expect(text.contains("`````diff"), "the fence is longer than those in the values")
    }

    @Test func aCommentIsCutByWholeObjects() {
        let long = (0..<900).map { "line \($0)" }.joined(separator: "\n")
        let changes =
            (0..<12).map { change("ConfigMap", "map-\($0)", "a", long) } + [change("ConfigMap", "small", "a", "b")]
        let text = markdown(changes)
        #expect(text.utf16.count <= 65_536)
        #expect(text.utf16.count > 50_000)
        #expect(text.contains("objects do not fit into a comment (sail diff --diff=full shows all): "))
        #expect(text.contains("<code>change ConfigMap istio-system/map-11</code>"), "it is named")
        #expect(text.contains("<summary><code>change ConfigMap istio-system/small</code></summary>"))
        #expect(text.components(separatedBy: "<details>").count == text.components(separatedBy: "</details>").count)
        let wide = (0..<3000).map { change("ConfigMap", "map-\($0)", "a", String(repeating: "`", count: 300)) }
        #expect(markdown(wide).utf16.count <= 65_536)
    }

    @Test func thePageIsOneWellFormedDocument() throws {
        let text = html(hostileChanges())
        // As XML, with what HTML lets stay open closed: elements nest, and no text of others is markup.
        let body = try #require(text.range(of: "<body>"))
        var inner = String(text[body.lowerBound...]).replacing("</html>", with: "")
        inner = inner.replacing("<br>", with: "<br/>").replacing(" open>", with: " open=\"\">")
        let document = try XMLDocument(xmlString: inner)
        #expect(try document.nodes(forXPath: "//details").count == 5)
        #expect(try document.nodes(forXPath: "//script").isEmpty)
        #expect(try document.nodes(forXPath: "//*[local-name()='svg']").count == 1)
        let shown = document.rootElement()?.stringValue ?? ""
        #expect(shown.contains("<script>alert(1)</script> &amp; @everyone"))
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}") && !text.contains("user:secret"))
        for outside in ["src=", "url(", "@import", "<link", "href="] { #expect(!text.contains(outside), "\(outside)") }
        #expect(text.contains("prefers-color-scheme: dark"))
    }

    @Test func theDrawingHasTheOrderAndTheNodes() throws {
        let text = html([
            change("DaemonSet", "ztunnel", "a", "b", component: .ztunnel, impact: .rollsZtunnel(nodes: .max)),
            change("DaemonSet", "istio-cni-node", "a", "b", component: .cni, impact: .rollsNodeAgent(nodes: 3)),
        ])
        #expect(text.contains("aria-label=\"Order: istiod, cni, ztunnel\""))
        #expect(text.components(separatedBy: "<rect class=\"node\"").count - 1 == 3 + 20)
        #expect(text.contains(">+\(Int.max - 20)<"))
    }

    @Test func secretsAreMaskedAndRefusalsStandOut() {
        let changes = [
            change("Secret", "cacerts", "aHVzaA==", "c2VjcmV0"),
            change(
                "ConfigMap", "istio", "a", "b", action: .refused("admission webhook \"x\" denied: | `no` </details>")),
        ]
        for text in [markdown(changes), html(changes)] {
            #expect(!text.contains("c2VjcmV0") && !text.contains("aHVzaA"))
            #expect(text.contains("*** (after)"))
        }
        #expect(markdown(changes).contains("**Blocked**\n\n- <code>refused ConfigMap istio-system/istio</code>"))
        #expect(markdown(changes).contains("| blocked by | ⛔ ConfigMap istio-system/istio |"))
        #expect(markdown(changes).contains("1. **istiod**: 2 objects · **1 blocked**"))
        #expect(html(changes).contains("<dd class=\"blocked\">ConfigMap istio-system/istio</dd>"))
        // It is open, and before the Secret that is changed.
        let first = html(changes).components(separatedBy: "<details").dropFirst().first
        #expect(first?.hasPrefix(" class=\"blocked\" open>") == true)
    }

    @Test func noChangesIsSaid() {
        let same = [change("ConfigMap", "a", "x", "x", action: .unchanged)]
        #expect(markdown(same).contains("| changes | none&#58; the cluster is as it should be |"))
        #expect(!html(same).contains("<svg"))
    }
}
