import Foundation
import Kubernetes
import TestSupport
import Testing
import Values

/// The types that the charts' schemas give to what goes into the objects as it is, beside a real server's own.
@Suite struct KubernetesTypesTests {
    /// Those that have no counterpart by name; a profile's type is required where there is a profile at all.
    private static let own: Set<String> = [
        "Environment", "ImagePullPolicy", "IntOrPercent", "Names", "Quantities", "Quantity", "Scope", "SeccompProfile",
        "StringMap", "Text",
        // Those of the mesh configuration are istiod's.
        "ClientTLS", "ProxyConfig",
    ]

    @Test(arguments: ClusterKind.available.filter { $0 == .live })
    func theDefinitionsOfTheSchemasAreTheServers(kind: ClusterKind) throws {
        let server = try TestCluster(kind, .quick).client().send(.get("/openapi/v2"))["definitions"]?.map ?? Mapping()
        for (name, definition) in try Self.definitions() where !Self.own.contains(name) && !name.hasPrefix("Mesh") {
            let found = try #require(Self.find(name, in: server), "\(name)")
            let fields = Set(found["properties"]?.map?.keys ?? [])
            let ours = Set(definition["properties"]?.map?.keys ?? [])
            // A newer server has more, an older one fewer.
            #expect(fields.isSubset(of: ours) || ours.isSubset(of: fields), "\(name): \(fields) \(ours)")
            #expect(Self.required(found) == Self.required(definition), "\(name)")
        }
    }

    private static func required(_ definition: Value) -> [String] {
        (definition["required"]?.list ?? []).compactMap(\.string).sorted()
    }

    private static func find(_ name: String, in server: Mapping) -> Value? {
        let groups = [
            "io.k8s.api.core.v1.", "io.k8s.api.apps.v1.", "io.k8s.api.autoscaling.v2.",
            "io.k8s.apimachinery.pkg.apis.meta.v1.",
        ]
        return groups.lazy.compactMap { server[$0 + name] }.first
    }

    private static func definitions() throws -> [String: Value] {
        let charts = Repository.root.appending(path: "charts")
        var found: [String: Value] = [:]
        for chart in ["base", "cni", "istiod", "ztunnel"] {
            let file = charts.appending(path: "\(chart)/values.schema.json")
            let schema = try Value(json: try String(contentsOf: file, encoding: .utf8))
            for (name, definition) in schema["$defs"]?.map ?? Mapping() { found[name] = definition }
        }
        return found
    }
}
