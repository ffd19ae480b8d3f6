import Objects
import Patches
import Values
import YAML

// Patches of rendered objects.
extension Subject {
    private static let object = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: istiod, namespace: istio-system, labels: {app: istiod}, finalizers: [a]}
        spec:
          template: {spec: {containers: [{name: discovery, args: [a, 30m], env: [{name: A, value: b}]}], volumes: []}}
        """

    static let patches = Subject(
        "patches",
        texts: [
            "patches:\n- target: {kind: Deployment, name: istio.}\n  patch: {spec: {template: {spec: {containers: [{name: discovery, "
                + "env: [{name: B}, {name: A, $patch: delete}]}]}}}}\n",
            "- target: {labelSelector: 'app in (istiod, a),!b'}\n  patch: |-\n    - {op: add, path: /spec/template/spec/volumes/-, "
                + "value: 1}\n    - {op: move, from: /metadata/labels, path: /x}\n    - {op: test, path: /a~1b, value: null}\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, $deleteFromPrimitiveList/finalizers: [a]}\n"
                + "spec: {$retainKeys: [template], template: {spec: {$patch: replace}}}\n",
            "spec.template.spec.containers.[name:discovery].args.[30m]", "spec.a\\.b.[0].[:x].[-1].c[2]",
        ],
        words: [
            "$patch: delete", "$patch: replace", "$retainKeys: [a]", "{op: remove, path: /spec}", "/-", "/0", "~1",
            "target: ",
            "patch: ", "patches: ", "name: ", "[", "]", "[-1]", "[name:a]", "\\.", ".", ":", "(", ")", "!", " in ", "*",
            "null",
        ]
    ) { bytes in
        let identity = ObjectReference(
            apiVersion: "apps/v1", kind: "Deployment", namespace: "istio-system", name: "istiod")
        return succeeds(
            {
                let object = try Value(yaml: Subject.object, numbers: .native)
                for entry in try PatchFile(bytes, name: "patches.yaml").entries {
                    _ = entry.patch.target.matches(identity) && entry.patch.target.matches(object)
                    _ = try? entry.patch.applied(to: object, of: identity)?.yaml()
                }
            },
            {
                let path = try OverlayPath(String(decoding: bytes, as: UTF8.self))
                let object = try Value(yaml: Subject.object, numbers: .native)
                _ = try path.written("x", to: object)
                _ = try path.written(nil, to: object)
            })
    }
}
