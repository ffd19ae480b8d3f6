import Foundation
import Sandbox
import TestSupport
import Testing

/// `-o markdown` and `-o html` as a pipeline gets them: on standard output alone, with the exit codes of the command.
@Suite struct PlanPageTests {
    @Test(arguments: ClusterKind.available)
    func aDiffIsAPage(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        let first = try mesh.sail("diff -o markdown")
        #expect(first.code == 1, "\(first.end)")
        #expect(first.output.utf16.count <= 65_536)
        #expect(try mesh.installOld().code == 0)
        for command in ["diff", "upgrade --dry-run"] {
            let comment = try mesh.sail("\(command) --version \(Mesh.new) -o markdown")
            #expect(comment.code == (command == "diff" ? 1 : 0), "\(comment.end)")
            #expect(comment.output.hasPrefix("### "))
            #expect(comment.output.contains("| version | v1.29.6 → v1.30.3 |"))
            #expect(comment.output.contains("3. **cni**: "))
            #expect(!comment.messages.contains("<details>"))
        }
        let page = try mesh.sail("diff --version \(Mesh.new) -o html")
        #expect(page.code == 1)
        #expect(page.output.hasPrefix("<!doctype html>") && page.output.hasSuffix("</html>\n"))
        #expect(page.output.contains("<summary><span class=\"name\">change DaemonSet istio-system/ztunnel</span>"))
        #expect(page.output.contains("aria-label=\"Order: base, istiod, cni, ztunnel\""))
        let same = try mesh.sail("diff -o html")
        #expect(same.code == 0, "\(same.end)")
        #expect(try mesh.sail("diff -o html --context nowhere").code == 2)
    }

    @Test func aRunThatAppliesHasNoPage() throws {
        let mesh = try Mesh(.sandbox)
        for line in ["install --yes -o markdown", "install --dry-run=client -o html", "upgrade -o html --contexts a"] {
            let run = try mesh.sail(line)
            #expect(run.code == 2, "\(line)")
            #expect(run.output == "", "\(line)")
        }
        #expect(mesh.cluster.sandbox?.requests.isEmpty == true)
    }
}
