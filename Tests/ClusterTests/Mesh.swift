import Foundation
import Kubernetes
import Sandbox
import TestSupport
import Testing
import Values

/// A cluster without a mesh at the start, and sail's commands on it.
///
/// A real cluster is lent to one at a time, and left without a mesh.
final class Mesh {
    let cluster: TestCluster
    let client: Client
    private let isLive: Bool

    private static let live = DispatchSemaphore(value: 1)

    init(_ kind: ClusterKind, _ settings: SandboxSettings = .quick) throws {
        isLive = kind == .live
        if isLive { Mesh.live.wait() }
        do {
            cluster = try TestCluster(kind, settings)
            client = try cluster.client()
        } catch {
            if isLive { Mesh.live.signal() }
            throw error
        }
    }

    deinit {
        guard isLive else { return }
        cluster.breakImages(nil)
        // Custom objects of a test's own are gone by now: whatever this says is a fault.
        if let run = try? sail("uninstall --yes --purge-crds --confirm-purge=0"), run.code != 0 {
            Issue.record("uninstall --purge-crds: \(run.end)")
        }
        _ = try? client.send(.delete("/api/v1/namespaces/istio-system", uid: nil))
        for _ in 0..<200 where (try? client.send(.get("/api/v1/namespaces/istio-system"))) != nil { usleep(100_000) }
        Mesh.live.signal()
    }

    /// The version that upgrades start from.
    static let old = "v1.29.6"
    static let new = "v1.30.3"

    func start(_ line: String) throws -> Program {
        let words = line.split(separator: " ").map(String.init)
        return try Program(words, kubeconfig: cluster.kubeconfig)
    }

    func sail(_ line: String) throws -> Run { try start(line).end() }

    func installOld(_ flags: String = "") throws -> Run {
        try sail("install --version \(Mesh.old) --allow-end-of-life --yes \(flags)")
    }

    func upgrade(_ flags: String = "") throws -> Run { try sail("upgrade --version \(Mesh.new) --yes \(flags)") }
}

extension SandboxSettings {
    /// Pods and CRDs that take next to no time.
    static var quick: SandboxSettings {
        var settings = SandboxSettings()
        settings.podSeconds = 0
        settings.terminationSeconds = 0
        settings.crdSeconds = 0
        return settings
    }
}

// MARK: - What is there

extension Mesh {
    /// Collections that hold what sail applies.
    private static let collections = [
        "/api/v1/configmaps", "/api/v1/serviceaccounts", "/api/v1/services", "/apis/apps/v1/deployments",
        "/apis/apps/v1/daemonsets", "/apis/autoscaling/v2/horizontalpodautoscalers",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "/apis/rbac.authorization.k8s.io/v1/roles", "/apis/rbac.authorization.k8s.io/v1/rolebindings",
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    ]
    /// What a run keeps for itself, beside what it applies.
    private static let records = ["/api/v1/secrets", "/apis/coordination.k8s.io/v1/leases"]

    /// Every object of the mesh by collection, namespace and name.
    func objects() throws -> [String: Value] {
        try read(Mesh.collections) { object in
            object["metadata"]?["name"]?.string?.contains("istio") == true
                || object["metadata"]?["namespace"] == "istio-system"
        }.filter { !$0.key.hasSuffix("-ca.crt") && !$0.key.hasSuffix("/default") }
    }

    /// The objects without what the server keeps: to compare states of different times.
    func content() throws -> [String: Value] {
        try objects().mapValues { object in
            var map = object.map ?? Mapping()
            var metadata = map["metadata"]?.map ?? Mapping()
            for name in ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"] {
                metadata[name] = Value?.none
            }
            // The Deployment controller counts the revisions of its template.
            if case .map(var annotations)? = metadata["annotations"] {
                annotations["deployment.kubernetes.io/revision"] = Value?.none
                annotations["deprecated.daemonset.template.generation"] = Value?.none
                metadata["annotations"] = annotations.isEmpty ? Value?.none : .map(annotations)
            }
            map["metadata"] = .map(metadata)
            map["status"] = Value?.none
            // Addresses are given out anew with each Service.
            if object["spec"]?["clusterIP"] != nil, case .map(var spec)? = map["spec"] {
                spec["clusterIP"] = Value?.none
                spec["clusterIPs"] = Value?.none
                map["spec"] = .map(spec)
            }
            return .map(map)
        }
    }

    /// The versions of all objects, records and locks among them: nothing was written where they stand still.
    func versions() throws -> [String: String] {
        try objects().merging(read(Mesh.records) { $0["metadata"]?["namespace"] == "istio-system" }) { first, _ in first
        }
        .mapValues { $0["metadata"]?["resourceVersion"]?.string ?? "" }
    }

    /// The same once controllers and kubelets have come to rest.
    func versionsAtRest() throws -> [String: String] {
        var last = try versions()
        for _ in 0..<50 {
            usleep(isLive ? 500_000 : 20_000)
            let now = try versions()
            if now == last { return now }
            last = now
        }
        return last
    }

    private func read(_ collections: [String], _ isOurs: (Value) -> Bool) throws -> [String: Value] {
        var found: [String: Value] = [:]
        for collection in collections {
            for object in try client.list(collection).items where isOurs(object) {
                let namespace = object["metadata"]?["namespace"]?.string ?? ""
                found["\(collection) \(namespace)/\(object["metadata"]?["name"]?.string ?? "")"] = object
            }
        }
        return found
    }

    /// `base 1 superseded`, sorted: component's release, revision and status by the labels of the records.
    func revisions() throws -> [String] {
        try client.list("/api/v1/namespaces/istio-system/secrets", Selection(labels: "owner=helm")).items.map {
            secret in
            let labels = secret["metadata"]?["labels"]
            return ["name", "version", "status"].map { labels?[$0]?.string ?? "?" }.joined(separator: " ")
        }.sorted()
    }

    func generation(_ resource: String, _ name: String) throws -> Int? {
        try object("/apis/apps/v1/namespaces/istio-system/\(resource)/\(name)")["metadata"]?["generation"]?.int
    }

    func object(_ path: String) throws -> Value { try client.send(.get(path)) }

    /// The names of the mesh's pods.
    func pods() throws -> [String] {
        try client.list("/api/v1/namespaces/istio-system/pods").items
            .compactMap { $0["metadata"]?["name"]?.string }.sorted()
    }

    /// Every pod with its node, image and conditions: what a failed expectation shows.
    func allPods() -> String {
        let pods = (try? client.list("/api/v1/namespaces/istio-system/pods").items) ?? []
        return pods.map { pod in
            let spec = pod["spec"]
            let ready = (pod["status"]?["conditions"]?.list ?? []).first { $0["type"] == "Ready" }?["status"]?.string
            let image = spec?["containers"]?.list?.first?["image"]?.string ?? ""
            let end = pod["metadata"]?["deletionTimestamp"]?.string ?? "-"
            return "\(pod["metadata"]?["name"]?.string ?? "") \(spec?["nodeName"]?.string ?? "-") \(image) "
                + "ready \(ready ?? "-") ends \(end)"
        }.sorted().joined(separator: "\n")
    }

    /// Ready pods of ztunnel by node, with the image they run.
    func ztunnels() throws -> [String: [String]] {
        let pods = try client.list(
            "/api/v1/namespaces/istio-system/pods", Selection(labels: "app=ztunnel")
        ).items.filter { pod in
            (pod["status"]?["conditions"]?.list ?? []).contains { $0["type"] == "Ready" && $0["status"] == "True" }
        }
        let images = pods.map { pod in
            (pod["spec"]?["nodeName"]?.string ?? "", pod["spec"]?["containers"]?.list?.first?["image"]?.string ?? "")
        }
        return Dictionary(grouping: images) { $0.0 }.mapValues { $0.map(\.1) }
    }
}
