import Istio
import Meshes
import Objects
import Planning
import Preflight
import SailResources
import Values

/// What the controller may have to do in a cluster: what the planner asks for to write a mesh, and what it reads, follows and
/// tells beyond.
struct ControllerPermissions {
    let options: OperationOptions

    /// Values and platforms that add kinds of objects to a mesh.
    private static let variants: [(platform: String?, sets: [String])] = [
        (nil, ["global.networkPolicy.enabled=true"]), (nil, ["pilot.autoscaleMin=2"]), ("openshift", []), ("gke", []),
    ]

    /// Kinds of a mesh that are not followed.
    private static let others = [
        FollowedKind("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", .version),
        FollowedKind(
            "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", .version),
        FollowedKind(
            "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings",
            .version),
        FollowedKind("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "network-attachment-definitions", .version),
    ]

    /// What checks, diagnosis and the question who is enrolled read.
    private static let reads: [(group: String, resources: [String])] = [
        (
            "",
            [
                "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes", "pods", "pods/log",
                "resourcequotas", "secrets", "serviceaccounts", "services",
            ]
        ), ("apps", ["controllerrevisions", "daemonsets", "deployments", "replicasets"]),
        ("apiextensions.k8s.io", ["customresourcedefinitions"]), ("discovery.k8s.io", ["endpointslices"]),
        ("coordination.k8s.io", ["leases"]), ("gateway.networking.k8s.io", ["*"]), ("networking.istio.io", ["*"]),
        ("security.istio.io", ["*"]), ("telemetry.istio.io", ["*"]), ("extensions.istio.io", ["*"]),
    ]

    /// All of them, wherever they are needed.
    func all() throws -> [Permission] {
        var permissions = try written()
        for (group, resources) in ControllerPermissions.reads {
            for resource in resources {
                permissions += ["get", "list", "watch"].map { Permission($0, group, resource) }
            }
        }
        for kind in FollowedKind.all + ControllerPermissions.others {
            permissions += ["get", "list", "watch"].map { Permission($0, kind.group, kind.plural) }
        }
        for kind in ResourceKind.ofMesh { permissions.append(Permission("patch", ResourceKind.group, kind.plural)) }
        permissions += ["create", "delete", "patch"].map {
            Permission($0, ResourceKind.group, ResourceKind.revision.plural)
        }
        for kind in ResourceKind.all {
            permissions.append(Permission("patch", ResourceKind.group, kind.plural + "/status"))
        }
        // Where a cluster guards the owners that block a deletion (OwnerReferencesPermissionEnforcement).
        for kind in ResourceKind.ofMesh + [.revision] {
            permissions.append(Permission("update", ResourceKind.group, kind.plural + "/finalizers"))
        }
        permissions += ["create", "patch"].map { Permission($0, "", "events") }
        permissions.append(Permission("create", "authentication.k8s.io", "tokenreviews"))
        permissions.append(Permission("create", "authorization.k8s.io", "subjectaccessreviews"))
        // The roles of the mesh grant more than the controller itself needs.
        for resource in ["clusterroles", "roles"] {
            permissions += ["bind", "escalate"].map { Permission($0, "rbac.authorization.k8s.io", resource) }
        }
        return permissions
    }

    /// What the planner asks for, of the meshes that resources can ask for; anywhere, since resources say where.
    private func written() throws -> [Permission] {
        let discovery = Discovery(
            (FollowedKind.all + ControllerPermissions.others).map { kind in
                let (group, version) = Discovery.split(kind.apiVersion)
                return APIResource(
                    group: group, version: version, kind: kind.kind, name: kind.plural, isNamespaced: true)
            })
        var found: [Permission] = []
        for (platform, sets) in ControllerPermissions.variants {
            var options = options
            // The controller takes the built-in charts.
            (options.platform, options.charts, options.values) = (platform, [], ValueFlags())
            options.values.sets = sets.map { (.typed, $0) }
            let desired = try options.objects(of: options.mesh(options.meshRequest())).map {
                Desired(component: $0.component, identity: $0.identity, object: .null)
            }
            for item in desired where item.identity.kind != "Namespace" {
                let apiVersion = item.identity.apiVersion
                guard discovery.resource(apiVersion: apiVersion, kind: item.identity.kind) == nil else { continue }
                throw Failures(
                    failures: [Failure(item.identity, "its kind has no row in the table of the controller's kinds")],
                    remedy: "report it")
            }
            found += requiredPermissions(desired, discovery, namespace: "")
        }
        return found.map { Permission($0.verb, $0.group, $0.resource) }
    }

    /// The rules of a role: the resources of a group with the same verbs together, all in order.
    static func rules(_ permissions: [Permission]) -> [Value] {
        var verbs: [String: [String: Set<String>]] = [:]
        for permission in permissions {
            verbs[permission.group, default: [:]][permission.resource, default: []].insert(permission.verb)
        }
        return verbs.keys.sorted { $0.precedesByBytes($1) }.flatMap { group -> [Value] in
            let resources = verbs[group] ?? [:]
            let sets = Set(resources.values.map { own in verbOrder.filter(own.contains).joined(separator: " ") })
            return sets.sorted { $0.precedesByBytes($1) }.map { set in
                let names = resources.filter { own in verbOrder.filter(own.value.contains).joined(separator: " ") == set
                }
                .keys.sorted { $0.precedesByBytes($1) }
                return [
                    "apiGroups": [.string(group)], "resources": .list(names.map(Value.string)),
                    "verbs": .list(set.split(separator: " ").map { .string(String($0)) }),
                ]
            }
        }
    }
}

extension FollowedKind {
    fileprivate var group: String { Discovery.split(apiVersion).group }
}
