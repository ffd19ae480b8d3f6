import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// `sail enroll` and `sail unenroll` as a shell sees them, on the sandbox and on a real control plane.
@Suite(.serialized) struct EnrolmentTests {
    private func deploy(_ mesh: Mesh, _ namespace: String) throws {
        _ = try mesh.client.send(.create("/api/v1/namespaces", ["metadata": ["name": .string(namespace)]]))
        for (name, spec) in [("web", Mapping()), ("agent", ["hostNetwork": true])] {
            var pod = spec
            pod["containers"] = [["name": "c", "image": "i:1"]]
            let deployment: Value = [
                "metadata": ["name": .string(name)],
                "spec": [
                    "replicas": 2, "selector": ["matchLabels": ["app": .string(name)]],
                    "template": ["metadata": ["labels": ["app": .string(name)]], "spec": .map(pod)],
                ],
            ]
            _ = try mesh.client.send(.create("/apis/apps/v1/namespaces/\(namespace)/deployments", deployment))
        }
        let pods = "/api/v1/namespaces/\(namespace)/pods"
        for _ in 0..<200 {
            let running = try mesh.client.list(pods).items.count { $0["status"]?["podIP"] != nil }
            if running == 4 { return }
            usleep(50_000)
        }
    }

    private func label(_ mesh: Mesh, _ namespace: String) throws -> Value? {
        try mesh.object("/api/v1/namespaces/\(namespace)")["metadata"]?["labels"]?["istio.io/dataplane-mode"]
    }

    @Test(arguments: ClusterKind.available)
    func aNamespaceGoesIntoTheMeshAndOutAgain(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        try deploy(mesh, "enroll")
        defer { _ = try? mesh.client.send(.delete("/api/v1/namespaces/enroll", uid: nil)) }
        let dry = try mesh.sail("enroll enroll --dry-run")
        #expect(dry.code == 0, "\(dry.end)")
        #expect(dry.output.contains("captures 2 of 4 pods"), "\(dry.output)")
        #expect(dry.output.contains("no: on the host's network"))
        #expect(try label(mesh, "enroll") == nil)
        let unasked = try mesh.sail("enroll enroll")
        #expect(unasked.code == 1 && unasked.messages.contains("approve with --yes"))
        let run = try mesh.sail("enroll enroll --yes -o json")
        #expect(run.code == 0, "\(run.end)")
        let result = try Value(json: run.output, numbers: .native)
        #expect(result["result"] == "done")
        let states = (result["workloads"]?.list ?? []).compactMap { $0["state"]?.string }
        #expect(states == ["host-network", "captured"])
        #expect(try label(mesh, "enroll") == "ambient")
        let refused = try mesh.sail("uninstall --yes")
        #expect(refused.messages.contains("namespace enroll is enrolled: sail unenroll enroll"))
        let out = try mesh.sail("unenroll enroll --yes")
        #expect(out.code == 0, "\(out.end)")
        #expect(try label(mesh, "enroll") == nil)
        let left = try mesh.client.list("/api/v1/namespaces/enroll/pods").items.filter {
            $0["metadata"]?["annotations"]?["ambient.istio.io/redirection"] != nil
        }
        #expect(left.isEmpty)
    }

    @Test(arguments: ClusterKind.available)
    func withoutPermissionsNothingIsWritten(kind: ClusterKind) throws {
        let mesh = try Mesh(kind)
        #expect(try mesh.sail("install --yes").code == 0)
        let run = try mesh.sail("enroll default --yes --as jane")
        #expect(run.code == 1)
        #expect(run.messages.contains("may not"), "\(run.end)")
        #expect(try label(mesh, "default") == nil)
        let unknown = try mesh.sail("enroll no-such-namespace --yes")
        #expect(unknown.code == 1 && unknown.messages.contains("namespace no-such-namespace not found"))
    }
}
