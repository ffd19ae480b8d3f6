import Kubernetes
import Sandbox
import TestSupport
import Values

/// A namespace of its own on a cluster, and short ways to write there.
struct Scene {
    let cluster: TestCluster
    let client: Client
    let namespace: String

    init(_ kind: ClusterKind, _ namespace: String, _ settings: SandboxSettings = SandboxSettings()) throws {
        cluster = try TestCluster(kind, settings)
        client = try cluster.client()
        self.namespace = namespace
        _ = try client.send(.create("/api/v1/namespaces", ["metadata": ["name": .string(namespace)]]))
    }

    func path(_ plural: String, _ name: String = "") -> String {
        let group = plural == "configmaps" || plural == "pods" || plural == "services" ? "/api/v1" : "/apis/apps/v1"
        return "\(group)/namespaces/\(namespace)/\(plural)" + (name.isEmpty ? "" : "/" + name)
    }

    func configMap(_ data: Mapping, _ labels: Mapping = [:]) -> Value {
        var metadata: Mapping = ["name": "c"]
        if !labels.isEmpty { metadata["labels"] = .map(labels) }
        return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": .map(metadata), "data": .map(data)]
    }

    func apply(_ object: Value, by manager: String, force: Bool = false, isDryRun: Bool = false) throws -> Value {
        let plural = (object["kind"]?.string ?? "").lowercased() + "s"
        let name = object["metadata"]?["name"]?.string ?? ""
        return try client.send(
            .apply(path(plural, name), object, manager: manager, force: force, isDryRun: isDryRun))
    }

    /// The error of a call that has to fail.
    func failure(_ body: () throws -> Value) -> Status? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? APIError)?.status
        }
    }

    func workload(_ kind: String, _ image: String, strategy: Value? = nil) -> Value {
        let template: Value = [
            "metadata": ["labels": ["app": "w"]], "spec": ["containers": [["name": "c", "image": .string(image)]]],
        ]
        var spec: Mapping = ["selector": ["matchLabels": ["app": "w"]], "template": template]
        if let strategy { spec["updateStrategy"] = strategy }
        return ["apiVersion": "apps/v1", "kind": .string(kind), "metadata": ["name": "w"], "spec": .map(spec)]
    }

    /// Asks again until the object is as wanted, ten seconds at most.
    func eventually(_ path: String, _ isWanted: (Value) -> Bool) throws -> Bool {
        for _ in 0..<200 {
            if isWanted(try client.send(.get(path))) { return true }
            wait(milliseconds: 50)
        }
        return false
    }
}

extension Value {
    /// The managers of an object with their fields, as JSON, sorted.
    var owners: [String] {
        (self["metadata"]?["managedFields"]?.list ?? []).map { entry in
            "\(entry["manager"]?.string ?? "") \((try? entry["fieldsV1"]?.json()) ?? "")"
        }.sorted()
    }

    var version: String { self["metadata"]?["resourceVersion"]?.string ?? "" }
}
