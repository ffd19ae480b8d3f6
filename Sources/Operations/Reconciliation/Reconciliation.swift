import Applying
import ClusterState
import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import Preflight
import SailResources
import System
import Values

/// Brings a mesh to what the resources of the Sail Operator ask for, once: reads and checks them, takes the line of every
/// operation for the components that they speak for, and writes what was found into their statuses.
struct Reconciliation {
    let session: ClusterSession

    private var options: OperationOptions { session.options }

    func run() throws -> Int32 {
        try refuseManagers()
        let given = try session.givenResources()
        let wanted = given.filter { !$0.isBeingDeleted }
        let report = ResourceReport(session, wanted, beside: try neighbours(of: given))
        report.revision = try wanted.first(where: \.kind.isControlPlane).flatMap(session.revision)
        do { try check(wanted, report) } catch {
            _ = report.finish(1, error, onlyNoted: report.hasErrors)
            throw error
        }
        refuseRevisions()
        let removal = ResourceRemoval(session: session, resources: given.filter(\.isBeingDeleted))
        if let code = try removal.run(), code != 0 { return code }
        let ready = try withoutWaiting(wanted, report)
        return ready.isEmpty ? report.finish(wanted.isEmpty ? 0 : 1) : try reconcile(ready, report)
    }

    /// Resources of the cluster of kinds that the run's files do not have.
    private func neighbours(of given: [GivenResource]) throws -> [GivenResource] {
        guard !options.values.files.isEmpty else { return [] }
        return try session.resources(of: ResourceKind.ofMesh).filter { other in
            !other.isBeingDeleted && !given.contains { $0.kind.name == other.kind.name }
        }
    }

    /// The line of every operation, for the components that have a resource.
    ///
    /// `context` are resources beside them that say what the others of the mesh are like.
    func reconcile(_ wanted: [GivenResource], beside context: [GivenResource] = [], _ report: ResourceReport) throws
        -> Int32
    {
        let settings = self.options
        var options = options
        options.components = Component.allCases.filter { component in
            wanted.contains { $0.kind.components.contains(component) }
        }
        if options.values.files.isEmpty {
            options.values.resources = (wanted + context).map { ("\($0.kind.name) \($0.name)", $0.document) }
        }
        options.report = report
        if options.controller == nil {
            let namespace = try session.operatorLockNamespace(mesh: wanted.meshNamespace)
            options.operatorLock = namespace
            if namespace != "kube-system" { options.operatorNamespace = namespace }
        }
        let session = session.with(options)
        do {
            let code = try Pipeline(operation: .reconcile, session: session).run()
            if code == 0, options.controller == nil, settings.cluster.dryRun == nil {
                keepRevisions(of: wanted, report)
            }
            let end = report.finish(code)
            if code == 0, settings.cluster.dryRun == nil, options.controller == nil { sayWhatDeletionDoes(wanted) }
            return end
        } catch {
            // Another run or an operator has the mesh: what is written is for it to say.
            if !(error is LeaseLock.Holder) { _ = report.finish(1, error) }
            throw error
        }
    }

    /// One shot brings an IstioRevision that is there to what its Istio says now, and makes none.
    private func keepRevisions(of wanted: [GivenResource], _ report: ResourceReport) {
        guard report.revision != nil, let istio = wanted.first(where: \.kind.isControlPlane) else { return }
        do {
            try session.whileLocked(mesh: wanted.meshNamespace) {
                report.revision = try session.keepRevision(of: istio, creating: false)
            }
        } catch {
            session.ui.warn("IstioRevision \(istio.name): \(error)")
        }
    }

    /// The resources whose turn it is: a node agent that asks for a newer minor than the control plane's waits for it.
    private func withoutWaiting(_ wanted: [GivenResource], _ report: ResourceReport) throws -> [GivenResource] {
        let asked = wanted.first(where: \.kind.isControlPlane)?.version
        guard let control = try asked ?? session.cluster.workloads().runningVersions[.istiod]?.last else {
            return wanted
        }
        var ready: [GivenResource] = []
        for (index, resource) in wanted.enumerated() {
            guard !resource.kind.isControlPlane, let version = resource.version,
                let ahead = version.minors(aheadOf: control), ahead > 0
            else {
                ready.append(resource)
                continue
            }
            let text = "waits for istiod \(resource.spec["version"]?.string ?? ""); it is asked to be at \(control)"
            session.ui.warn("\(resource.identity): \(text)")
            report.note(text, at: index)
        }
        return ready
    }

    /// An operator at work writes the statuses itself.
    private func refuseManagers() throws {
        guard options.cluster.dryRun == nil else { return }
        var mesh = DesiredMesh()
        mesh.allowsManaged = options.cluster.allowsManaged
        let findings = preflight(mesh, try session.operatorFacts(), for: .reconcile)
        try session.refuse(findings.filter { $0.check == "manager" && $0.severity == .blocking })
    }

    /// Resources of revisions, which are no part of sail, are told so.
    func refuseRevisions() {
        guard let found = try? session.resources(of: [.revision, .tag]) else { return }
        let foreign = found.filter { resource in
            !(resource.live?.metadata.ownerReferences ?? []).contains {
                $0["kind"]?.string == ResourceKind.istio.name && $0["name"]?.string == "default"
            }
        }
        guard !foreign.isEmpty else { return }
        let report = ResourceReport(session, foreign)
        for (index, resource) in foreign.enumerated() {
            let text = "sail installs in place, without revisions; delete it, or leave it to the Sail Operator"
            report.note(text, at: index)
            session.ui.warn("\(resource.identity): \(text)")
        }
        _ = report.finish(1)
    }

    /// What a deletion needs a controller for.
    private func sayWhatDeletionDoes(_ resources: [GivenResource]) {
        let held = resources.filter { $0.live?.metadata.finalizers.contains(GivenResource.finalizer) == true }
        guard resources.contains(where: { $0.live != nil }) else { return }
        session.ui.note(
            "deleting a resource removes nothing of the mesh by itself: "
                + (held.isEmpty
                    ? "sail uninstall removes the mesh"
                    : held.map { "\($0.identity)" }.joined(separator: ", ")
                        + " then waits for sail reconcile, which removes its component"))
    }
}

// MARK: - What is wrong with the resources

extension Reconciliation {
    /// Notes what is wrong with each resource, and throws where anything is.
    private func check(_ given: [GivenResource], _ report: ResourceReport) throws {
        var failures: [Failure] = []
        for (index, resource) in given.enumerated() {
            guard let fault = try fault(of: resource, among: given) else { continue }
            report.note("validation error: \(fault)", at: index)
            failures.append(Failure(resource.identity, fault))
        }
        if !failures.isEmpty { throw Failures(failures: failures, remedy: nil) }
    }

    /// What is wrong with a resource itself; `nil` where nothing is.
    func fault(of resource: GivenResource, among given: [GivenResource]) throws -> String? {
        if let fault = targetFault(resource, given) { return fault }
        if options.values.files.isEmpty {
            do {
                _ = try UserValues([.resource(resource.kind.name, resource.document)], reading: options.readFile)
            } catch {
                return "\(error)".split(separator: "\n").map { line in
                    line.hasPrefix("\(resource.kind.name): ") ? line.dropFirst(resource.kind.name.count + 2) : line
                }.joined(separator: "; ")
            }
        }
        return try endOfLifeFault(resource) ?? namespaceFault(resource)
    }

    /// ztunnel takes values over of a control plane that must be there.
    private func targetFault(_ resource: GivenResource, _ given: [GivenResource]) -> String? {
        guard resource.kind.name == ResourceKind.ztunnel.name, let target = resource.spec["targetRef"],
            let name = target["name"]?.string, let kind = target["kind"]?.string
        else { return nil }
        let isThere = given.contains { $0.kind.isControlPlane && $0.name.hasSameBytes(as: name) }
        return isThere ? nil : "spec.targetRef: \(kind) \"\(name)\" not found"
    }

    private func endOfLifeFault(_ resource: GivenResource) throws -> String? {
        guard !options.cluster.allowsEndOfLife, let name = resource.spec["version"]?.string,
            let version = IstioVersion(name)
        else { return nil }
        let catalogue = try options.catalogue()
        let minor = catalogue.minors.first { $0.name == version.minorName }
        let oldest = catalogue.minors.compactMap { IstioVersion($0.name) }.min()
        var isOver = minor == nil && oldest.map { version < $0 } ?? false
        if let minor, case .ended = minor.support(on: String(RFC3339.text(SystemClock.now()).prefix(10))) {
            isOver = true
        }
        return isOver ? "version \"\(name)\" is end-of-life and cannot be installed; use a supported version" : nil
    }

    /// As under the operator, namespaces are made by their owners, unless asked for.
    private func namespaceFault(_ resource: GivenResource) throws -> String? {
        let name = resource.namespace
        do throws(APIError) {
            let namespace = try session.client.send(.get("/api/v1/namespaces/\(name)"))
            return namespace.metadata.isBeingDeleted ? "namespace \"\(name)\" is being deleted" : nil
        } catch {
            guard error.isNotFound else { throw error }
            if options.createsNamespaces || options.givesNamespace(name) { return nil }
            return "namespace \"\(name)\" doesn't exist; create it, or add --create-namespaces"
        }
    }
}

extension OperationOptions {
    /// Whether a file of the run holds the namespace.
    fileprivate func givesNamespace(_ name: String) -> Bool {
        guard !values.files.isEmpty, let user = try? UserValues(values.sources, reading: readFile) else { return false }
        return user.settings.namespaces.contains { $0.name.hasSameBytes(as: name) }
    }
}
