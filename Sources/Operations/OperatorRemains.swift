import Applying
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Objects
import Planning
import Preflight
import Values

/// The resources by which a Sail Operator keeps a mesh; what is in front owns what is behind.
private let operatorKinds = ["Istio", "IstioCNI", "ZTunnel", "IstioRevisionTag", "IstioRevision"]

/// What an adoption from an operator leaves of it: its resources, and a release of base of its own.
package struct OperatorRemains {
    let session: ClusterSession
    let resources: [(identity: ObjectReference, live: Value)]
    /// Releases of base whose objects the mesh's own release has now.
    let bases: [ReleaseRecord]

    /// Reads what is there; `adopted` is the mesh that was taken over.
    package init(_ session: ClusterSession, adopted: DesiredState) throws {
        self.session = session
        var resources: [(identity: ObjectReference, live: Value)] = []
        for kind in operatorKinds {
            guard let resource = session.cluster.discovery.preferred(group: "sailoperator.io", kind: kind) else {
                continue
            }
            for item in try session.client.list(resource.path()).items {
                let identity = ObjectReference(apiVersion: resource.apiVersion, kind: kind, item: item)
                resources.append((identity, item))
            }
        }
        self.resources = resources
        let own = adopted.contents.first { $0.component == .base }
        let known = try own == nil ? ReleaseHistory() : session.history()
        bases = known.latest(of: .base).filter { record in
            record.status != .uninstalled && (record.name != own?.name || record.namespace != own?.namespace)
        }
    }

    private var ui: any OperationUI { session.ui }
    private var names: String { resources.map { "\($0.identity)" }.joined(separator: ", ") }

    /// Closes the other releases of base and, where it is asked for, removes the resources; returns the exit code.
    package func clear(_ adopted: DesiredState) throws -> Int32 {
        let releases = session.options.cluster.releasesResources
        let isDryRun = session.options.cluster.dryRun != nil
        if !resources.isEmpty, !releases {
            ui.note(
                "\(names): the operator's; sail does not read \(resources.count == 1 ? "it" : "them") after the adoption; "
                    + "remove with sail adopt --release-resources")
        }
        if releases, isDryRun, !resources.isEmpty {
            ui.note("would be removed, without the mesh's objects: \(names)")
        }
        guard !isDryRun, !bases.isEmpty || (releases && !resources.isEmpty) else { return 0 }
        if releases, !resources.isEmpty {
            try session.requirePermissions(permissions)
            let question = "Remove the operator's resources (\(names))? The mesh's objects stay."
            do {
                guard try ui.confirm(question) else {
                    ui.note("the resources stay")
                    return 1
                }
            } catch let interruption as QuestionInterrupted {
                ui.note("the resources stay")
                return interruption.exitCode
            }
        }
        session.options.signals.listen()
        let guarded = try LockedRun(
            session, namespace: adopted.namespace,
            making: Namespaces(session.cluster, of: Plan([])) { _ in }, knowing: session.history())
        defer { guarded.release() }
        try closeBases(adopted)
        return releases ? removeResources() : 0
    }

    private var permissions: [Permission] {
        resources.flatMap { item -> [Permission] in
            let resource = session.cluster.discovery.resource(
                apiVersion: item.identity.apiVersion, kind: item.identity.kind)
            return ["patch", "delete"].map {
                Permission($0, "sailoperator.io", resource?.name ?? "", namespace: item.identity.namespace)
            }
        }
    }

    /// Helm then no longer counts it as installed, and no `helm uninstall` of it deletes the mesh's objects.
    private func closeBases(_ adopted: DesiredState) throws {
        guard let own = adopted.contents.first(where: { $0.component == .base }) else { return }
        for base in bases {
            try ReleaseStorage(session.client).close(
                base, "adopted by sail: its objects belong to release \(own.name) in namespace \(own.namespace)")
            ui.note("closed release \(base.name) in namespace \(base.namespace)")
        }
    }

    private func removeResources() -> Int32 {
        let failures = ResourceRelease(session.cluster).run(resources)
        for failure in failures { ui.fail("\(failure)") }
        guard failures.isEmpty else { return 1 }
        ui.note("removed \(names); the operator's CRDs stay")
        return 0
    }
}
