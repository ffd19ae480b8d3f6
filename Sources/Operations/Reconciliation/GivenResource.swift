import ClusterState
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import SailResources
import System
import Values

/// A resource of the Sail Operator that a run is about: of the cluster, or of a file.
struct GivenResource {
    let kind: ResourceKind
    /// The resource as it was given.
    let document: Mapping
    /// The same on the cluster, where its status is written; `nil` for one of a file that is not there.
    var live: Value?

    /// What the Sail Operator marks a resource with whose deletion it has work for.
    static let finalizer = "sailoperator.io/sail-operator"

    var name: String {
        let own = document.metadata.name
        return own.isEmpty ? "default" : own
    }

    var identity: ObjectReference {
        ObjectReference(apiVersion: "\(ResourceKind.group)/\(kind.storedVersion.name)", kind: kind.name, name: name)
    }

    var isBeingDeleted: Bool { live?.metadata.isBeingDeleted ?? false }

    /// The version that it asks for, as far as its name says it.
    var version: IstioVersion? { spec["version"]?.string.flatMap { IstioVersion($0) } }

    var spec: Value { document["spec"] ?? .null }

    /// The namespace of its component.
    var namespace: String {
        spec["namespace"]?.string ?? kind.defaultNamespace
    }
}

extension [GivenResource] {
    /// Where the control plane is that they ask for.
    var meshNamespace: String { first(where: \.kind.isControlPlane)?.namespace ?? ResourceKind.istio.defaultNamespace }
}

extension ClusterSession {
    /// The resources of these kinds on the cluster; empty where a kind is not served.
    func resources(of kinds: [ResourceKind]) throws -> [GivenResource] {
        var found: [GivenResource] = []
        for kind in kinds {
            let apiVersion = "\(ResourceKind.group)/\(kind.storedVersion.name)"
            guard let resource = cluster.discovery.resource(apiVersion: apiVersion, kind: kind.name) else { continue }
            for item in try client.list(resource.path()).items {
                guard case .map(var map) = item.withKind(kind.name) else { continue }
                map["apiVersion"] = .string(apiVersion)
                // A writer of v1alpha1 left it, where the server does not drop what v1 does not have.
                if kind.name == ResourceKind.ztunnel.name, case .map(var spec)? = map["spec"] {
                    spec["profile"] = nil
                    map["spec"] = .map(spec)
                }
                found.append(GivenResource(kind: kind, document: map, live: .map(map)))
            }
        }
        return found
    }

    /// The resources that the run is about: those of its files, or the cluster's.
    func givenResources() throws -> [GivenResource] {
        guard !options.values.files.isEmpty else {
            let found = try resources(of: ResourceKind.ofMesh)
            if found.isEmpty { throw Failures(failures: [Failure(nil, missing)], remedy: remedyOfMissing) }
            return found
        }
        let user = try UserValues(options.values.files.map { .file($0) }, reading: options.readFile)
        let live = try resources(of: ResourceKind.ofMesh)
        let found = user.resources.compactMap { document -> GivenResource? in
            ResourceKind.named(document["kind"]?.string ?? "").map { kind in
                var given = GivenResource(kind: kind, document: document)
                given.live =
                    live.first { $0.kind.name == kind.name && $0.name == given.name && $0.isAsked(by: given) }?.live
                return given
            }
        }
        guard !found.isEmpty else {
            throw Failures(
                failures: [Failure(nil, "the files hold no Istio, IstioCNI or ZTunnel of \(ResourceKind.group)")],
                remedy: "give plain values to sail install")
        }
        return found
    }

    private var missing: String {
        let isServed = cluster.discovery.resource(apiVersion: "\(ResourceKind.group)/v1", kind: "Istio") != nil
        return isServed
            ? "there is no Istio, IstioCNI or ZTunnel resource on this cluster"
            : "this cluster does not serve \(ResourceKind.group)/v1"
    }

    private var remedyOfMissing: String {
        "give files with -f, or create the resources; their definitions: sail crds | kubectl apply --server-side -f -"
    }
}

extension GivenResource {
    /// Whether a resource of the cluster is what a file asks for, with its defaults.
    fileprivate func isAsked(by file: GivenResource) -> Bool {
        guard let version = kind.version("v1"), let schema = try? ResourceSchema.builtIn() else { return false }
        let admission = Admission(file.document, version, of: kind, schema)
        return spec == admission.resource["spec"] ?? .null
    }
}
