import Objects
import Patches
import Testing
import Values

private func file(_ text: String) throws(PatchFile.Faults) -> PatchFile {
    try PatchFile(Array(text.utf8), name: "p.yaml")
}

private let istiod = ObjectReference(
    apiVersion: "apps/v1", kind: "Deployment", namespace: "istio-system", name: "istiod")
private let ztunnel = ObjectReference(
    apiVersion: "apps/v1", kind: "DaemonSet", namespace: "istio-system", name: "ztunnel")

@Suite struct PatchFileTests {
    static let forms: [String] = [
        "patches:\n- target: {kind: Deployment, name: istiod}\n  patch: {spec: {paused: true}}\n",
        "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - {op: add, path: /spec/paused, value: true}\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- target: {name: istio.}\n  patch: 'spec: {paused: true}'\n",
        "- target: {kind: Deployment, group: apps, version: v1, namespace: istio-.*}\n  patch: {spec: {paused: true}}\n",
        "target: {kind: Deployment}\npatch: {spec: {paused: true}}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: istio-system}\nspec: {paused: true}\n",
        "# nothing\n---\ntarget: {labelSelector: 'app=istiod,tier notin (a, b),!canary', annotationSelector: x}\npatch: {spec: {paused: true}}\n",
    ]

    @Test(arguments: forms) func aFileHasPatchesWithTargets(text: String) throws {
        let file = try file(text)
        let patch = try #require(file.entries.first?.patch)
        let object: Value = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": [
                "name": "istiod", "namespace": "istio-system", "labels": ["app": "istiod"],
                "annotations": ["x": "y"],
            ], "spec": [:],
        ]
        #expect(patch.target.matches(istiod) && patch.target.matches(object))
        #expect(!patch.target.matches(ztunnel) || patch.target.needsObject)
        #expect(try patch.applied(to: object, of: istiod)?["spec"] == ["paused": true])
        // What is stored reads the same.
        let again = try PatchFile(stored: file.content, name: "p.yaml")
        #expect(try again.entries[0].patch.applied(to: object, of: istiod)?["spec"] == ["paused": true])
    }

    static let faults: [(text: String, message: String)] = [
        ("", "p.yaml: holds no patch; write patches: with a list of target: {kind, name} and patch:"),
        ("a: b\n", "p.yaml:1:1: neither patches nor an object with apiVersion and kind"),
        ("text\n", "p.yaml:1:1: no patch"),
        ("patches: {a: b}\n", "p.yaml:1:1: patches must be a list"),
        ("patches:\n- target: {kind: A}\n", "p.yaml:2:3: has no patch"),
        ("patches:\n- patch: {a: b}\n", "p.yaml:2:3: has no target; write target: with kind and name"),
        (
            "patches:\n- target: {}\n  patch: {a: b}\n",
            "p.yaml:2:3: target names no object; write kind and name"
        ),
        (
            "patches:\n- target: {kid: A}\n  patch: {a: b}\n",
            "p.yaml:2:3: unknown key target.kid; did you mean kind?"
        ),
        (
            "patches:\n- target: {name: 1}\n  patch: {a: b}\n", "p.yaml:2:3: target.name must be a string"
        ),
        (
            "patches:\n- target: {name: '('}\n  patch: {a: b}\n",
            "p.yaml:2:3: target.name: \"(\" is no regular expression"
        ),
        (
            "patches:\n- target: {labelSelector: 'a at (b)'}\n  patch: {a: b}\n",
            "p.yaml:2:3: target.labelSelector: \"at\" is not in or notin"
        ),
        ("patches:\n- target: {kind: A}\n  patch: 1\n", "p.yaml:2:3: patch must be a map"),
        ("patches:\n- target: {kind: A}\n  patch: {}\n", "p.yaml:2:3: the patch is empty"),
        (
            "patches:\n- target: {kind: A}\n  patch: '['\n",
            "p.yaml:2:3: the text of the patch cannot be read"
        ),
        (
            "patches:\n- target: {kind: A}\n  path: x.yaml\n",
            "p.yaml:2:3: path: write the patch itself under patch"
        ),
        (
            "patches:\n- target: {kind: A}\n  patch: [{op: add}]\n",
            "p.yaml:2:3: operation add has no path"
        ),
        (
            "patches: []\nresources: [a]\n",
            "p.yaml:2:1: resources: of a kustomization sail takes patches alone"
        ),
        ("patches: [\n", "p.yaml:1: did not find"),
    ]

    @Test(arguments: faults) func whatIsWrongHasItsPlace(text: String, message: String) {
        do throws(PatchFile.Faults) {
            _ = try file(text)
            Issue.record("no error")
        } catch {
            #expect(error.description.hasPrefix(message), "\(error)")
        }
    }

    @Test func aPatchMakesNoOtherObject() throws {
        let patch = try file("target: {kind: Deployment}\npatch: {metadata: {name: other}}\n").entries[
            0
        ].patch
        let object: Value = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": "istiod", "namespace": "istio-system"],
        ]
        #expect(throws: PatchError.self) { try patch.applied(to: object, of: istiod) }
    }

    @Test func aPatchHasItsDepth() {
        let deep = String(repeating: "{a: ", count: 200) + "1" + String(repeating: "}", count: 200)
        do throws(PatchFile.Faults) {
            _ = try file("target: {kind: A}\npatch: \(deep)\n")
            Issue.record("no error")
        } catch {
            #expect(
                error.description == "p.yaml: the patch is nested too deep"
                    || error.description.hasSuffix("nested too deep"))
        }
    }

    @Test func theNearestObjectIsNamed() throws {
        let target = try file("target: {kind: Deployment, name: istoid}\npatch: {a: b}\n").entries[0]
            .patch.target
        #expect(target.nearestObject(among: [ztunnel, istiod]) == istiod)
        #expect("\(target)" == "kind Deployment, name istoid")
        let kind = try file("target: {kind: Deployment, name: ztunnel}\npatch: {a: b}\n").entries[0]
            .patch.target
        #expect(kind.nearestObject(among: [ztunnel, istiod]) == ztunnel)
    }
}
