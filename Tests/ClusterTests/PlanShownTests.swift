import Foundation
import Glibc
import Sandbox
import TestSupport
import Testing
import Values

/// What a user sees of a plan, at the question, and at the end.
@Suite struct PlanShownTests {
    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test(arguments: ClusterKind.available)
    func theOverviewOfAnUpgradeFitsOnAScreen(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.installOld().code == 0)
        for line in ["upgrade --dry-run", "diff"] {
            let run = try mesh.sail("\(line) --version \(Mesh.new)")
            #expect(run.code == (line == "diff" ? 1 : 0), "\(run.end)")
            let shown = lines(run.output)
            #expect(shown.count <= 70, "\(run.output)")
            let end = shown.suffix(4)
            #expect(end.first?.hasPrefix("cluster   ") == true, "\(run.output)")
            #expect(end.contains("version   v1.29.6 → v1.30.3"), "\(run.output)")
            #expect(end.contains { $0.hasPrefix("changes   ") && $0.hasSuffix(" relabelled") }, "\(run.output)")
            #expect(end.last?.hasPrefix("impact    istiod restarts · CNI agent rolls on ") == true, "\(run.output)")
            // Those with an effect come first.
            #expect(shown[1].hasPrefix("~  istiod     Deployment istio-system/istiod"), "\(run.output)")
            #expect(run.output.contains("version labels 1.29.6 → 1.30.3 on "))
            #expect(run.output.contains("spec.template.spec.containers[discovery].image"))
            #expect(!run.output.contains("helm.sh/chart"))
            #expect(run.output.contains("behaviour changes\n- 1.30: "))
            #expect(run.output.contains("to keep the old behaviour: --set-string pilot.env."))
        }
        let all = try mesh.sail("diff --version \(Mesh.new) --show-all --diff=full").output
        #expect(all.contains("metadata.labels[helm.sh/chart]"))
        #expect(lines(all).count > 200)
        let short = try mesh.sail("diff --version \(Mesh.new) --diff=none").output
        #expect(!short.contains("spec.template"))
    }

    @Test func aFirstInstallationIsAShortTable() throws {
        let mesh = try Mesh(.sandbox)
        let run = try mesh.sail("install --dry-run")
        #expect(lines(run.output).count < 12, "\(run.output)")
        #expect(run.output.contains("+  base       18 objects: "), "\(run.output)")
        #expect(run.output.contains("changes   46 objects to create"))
        #expect(!run.output.contains("EFFECT"))
        let full = try mesh.sail("install --dry-run --diff=full").output
        #expect(full.contains("+ kind: DaemonSet") || full.contains("+   kind: DaemonSet"), "\(full.suffix(500))")
        #expect(full.contains("ServiceAccount istio-system/ztunnel"))
    }

    @Test func anApplyingRunPrintsOneDocument() throws {
        let mesh = try Mesh(.sandbox)
        func document(_ line: String, code: Int32) throws -> Value {
            let run = try mesh.sail(line)
            #expect(run.code == code, "\(run.end)")
            return try Value(json: Array(run.output.utf8), numbers: .native)
        }
        #expect(try document("install -o json", code: 1)["result"] == "failed")
        let first = try document("install --version \(Mesh.old) --allow-end-of-life --yes -o json", code: 0)
        #expect(first["result"] == "done")
        #expect(first["from"] == .null)
        #expect(first["to"] == "v1.29.6")
        #expect(first["summary"] == "46 objects to create")
        #expect(first["changes"]?.list?.count == 46)
        let next = try document("upgrade --version \(Mesh.new) --yes -o json", code: 0)
        #expect(next["from"] == "v1.29.6")
        #expect(next["components"]?.list?.map { $0["result"] } == Array(repeating: "done", count: 4))
        #expect(next["components"]?.list?.map { $0["revision"] } == [2, 2, 2, 2])
        #expect(next["impact"]?.list?.count == 3)
        #expect(next["behaviourChanges"]?.list?.first?[path: "keep", "key"]?.string?.hasPrefix("pilot.env.") == true)
        #expect(next["cluster"]?["namespace"] == "istio-system")
        #expect(try document("upgrade --yes -o json", code: 0)["result"] == "unchanged")
        let yaml = try mesh.sail("upgrade --yes -o yaml --set ztunnel.logLevel=debug")
        #expect(yaml.output.contains("result: done\n"), "\(yaml.output)")
        #expect(try document("uninstall --yes -o json", code: 0)["result"] == "done")
        #expect(try document("upgrade --yes -o json", code: 1)["errors"]?.list?.count == 1)
    }

    @Test func questionsEndWithALine() throws {
        let mesh = try Mesh(.sandbox)
        let kubeconfig = mesh.cluster.kubeconfig
        for (keys, signal, code) in [("\u{4}", nil, 1), ("n\n", nil, 1), ("", SIGINT, 130)] as [(String, Int32?, Int32)]
        {
            let run = try TerminalProgram("install", kubeconfig: kubeconfig)
            #expect(run.waits(for: "[y/N] "), "\(run.text)")
            let above = lines(run.text).suffix(5)
            #expect(above.first?.hasPrefix("cluster   ") == true, "\(run.text)")
            #expect(above.last?.hasPrefix("Install v") == true, "\(run.text)")
            if let signal { run.signal(signal) } else { run.type(keys) }
            #expect(run.end() == code, "\(run.text)")
            #expect(run.text.contains("[y/N] \n") || run.text.contains("[y/N] n\n"), "\(run.text.debugDescription)")
            #expect(run.text.hasSuffix("\nnothing was changed\n"), "\(run.text.debugDescription)")
        }
        #expect(mesh.cluster.sandbox?.writes.isEmpty == true)
    }

    @Test func aTerminalHasABlockForEachComponent() throws {
        let mesh = try Mesh(.sandbox)
        let run = try TerminalProgram("install --yes", kubeconfig: mesh.cluster.kubeconfig)
        #expect(run.end() == 0, "\(run.text)")
        #expect(run.text.contains("✓\u{1B}[0m ztunnel: 2 objects, ztunnel ready"), "\(run.text.debugDescription)")
        #expect(!run.text.contains("created ServiceAccount"))
        #expect(run.text.contains("next: sail enroll NAMESPACE"))
        let dumb = try TerminalProgram(
            "upgrade --yes --set ztunnel.logLevel=debug", kubeconfig: mesh.cluster.kubeconfig,
            environment: ["TERM": "dumb"])
        #expect(dumb.end() == 0, "\(dumb.text)")
        #expect(!dumb.text.contains("\u{1B}"), "\(dumb.text.debugDescription)")
        #expect(dumb.text.contains("  changed DaemonSet istio-system/ztunnel"))
        #expect(dumb.text.hasSuffix("next: sail status\n"))
    }
}
