import Applying
import ClusterState
import Istio
import Kubernetes
import Objects
import Planning
import SailResources
import Values

/// A resource as the controller's queue and log name it.
struct ResourceKey: Hashable, Sendable, CustomStringConvertible {
    var kind: String
    var name: String

    var description: String { "\(kind) \(name)" }
}

/// What a turn of the controller came to.
enum TurnEnding: Sendable, Equatable {
    case done
    /// There is no such resource any more.
    case deleted
    /// The resource is wrong, or what it names is not there: nothing is tried until something changes.
    case invalid(String)
    /// Others have their turn before.
    case waits(String)
    /// It is tried again.
    case failed(String)
    /// The resource changed meanwhile, or another run has the mesh: tried again without a word in the status.
    case postponed(String)

    /// What the status says of it.
    var error: String? {
        switch self {
        case .done, .deleted, .postponed: nil
        case .invalid(let text): "validation error: \(text)"
        case .waits(let text), .failed(let text): text
        }
    }
}

/// A turn's ending, and the state that the resource's status has then.
struct TurnResult: Sendable {
    var ending: TurnEnding
    var state: String?
}

extension Reconciliation {
    /// Brings the components of one resource to what it asks for, by the line that one shot takes.
    func turn(_ key: ResourceKey) throws -> TurnResult {
        let given = try session.resources(of: ResourceKind.ofMesh)
        guard var resource = given.first(where: { $0.key == key }) else {
            return TurnResult(ending: .deleted)
        }
        if resource.isBeingDeleted { return TurnResult(ending: try removal(of: resource)) }
        guard let live = resource.live else { return TurnResult(ending: .deleted) }
        do {
            let claimed = try ResourceStatusWriter(session.cluster).claim(
                resource.identity, live: live, with: GivenResource.finalizer)
            resource.live = claimed.withKind(resource.kind.name)
            let others = given.filter { !$0.isBeingDeleted && $0.key != key }
            return try turn(resource, beside: others)
        } catch let error as APIError where error.isConflict {
            return TurnResult(ending: .postponed("\(error)"))
        } catch let holder as LeaseLock.Holder {
            return TurnResult(ending: .postponed("\(holder)"))
        }
    }

    private func turn(_ resource: GivenResource, beside others: [GivenResource]) throws -> TurnResult {
        let report = ResourceReport(session, [resource], beside: others)
        func result(_ ending: TurnEnding) -> TurnResult {
            TurnResult(ending: ending, state: report.resources[0].live?["status"]?["state"]?.string)
        }
        func end(_ ending: TurnEnding) -> TurnResult {
            if let error = ending.error { report.note(error, at: 0) }
            _ = report.finish(1)
            return result(ending)
        }
        if let fault = try fault(of: resource, among: [resource] + others) { return end(.invalid(fault)) }
        if let text = try waitsForVersion(resource, beside: others) { return end(.waits(text)) }
        let context = try others.filter { try fault(of: $0, among: [resource] + others) == nil }
        var options = session.options
        if resource.kind.isControlPlane { report.revision = try keptRevision(of: resource) }
        options.controller = ControllerTerms(
            resource, revision: report.revision, asked: Set(([resource] + others).flatMap(\.kind.components)))
        let run = Reconciliation(session: session.with(options))
        do {
            let code = try run.reconcile([resource], beside: context, report)
            if code == 0, resource.kind.isControlPlane, report.revision == nil {
                try session.releaseDeletedRevision(of: resource)
            }
            return result(code == 0 ? .done : .failed(""))
        } catch let wait as WaitsForOthers {
            return result(.waits("\(wait)"))
        }
    }

    /// The IstioRevision of an Istio, as it is to be. What the server has against it keeps no control plane from its turn.
    private func keptRevision(of istio: GivenResource) throws -> GivenResource? {
        do {
            return try session.keepRevision(of: istio, creating: true)
        } catch let error as APIError where error.isForbidden || error.isInvalid {
            session.ui.warn("IstioRevision \(istio.name): \(error)")
            return nil
        }
    }

    /// A node agent that asks for a newer minor than istiod runs waits for istiod; ztunnel for a CNI agent that is asked for the
    /// same version and still runs an older one.
    private func waitsForVersion(_ resource: GivenResource, beside others: [GivenResource]) throws -> String? {
        guard !resource.kind.isControlPlane, let version = resource.version else { return nil }
        let running = try session.cluster.workloads().runningVersions
        let asked = resource.spec["version"]?.string ?? ""
        if let control = running[.istiod]?.last, let ahead = version.minors(aheadOf: control), ahead > 0 {
            return "waits for istiod \(asked); it runs \(control)"
        }
        guard resource.kind.name == ResourceKind.ztunnel.name, running[.ztunnel]?.last != version,
            others.contains(where: { $0.kind.name == ResourceKind.cni.name && $0.version == version }),
            let agent = running[.cni]?.last, agent < version
        else { return nil }
        return "waits for cni \(asked); it runs \(agent)"
    }

    private func removal(of resource: GivenResource) throws -> TurnEnding {
        guard resource.live?.metadata.finalizers.contains(GivenResource.finalizer) == true else { return .done }
        do {
            let code = try ResourceRemoval(session: session, resources: [resource]).run()
            return code == 0 ? .deleted : .failed("")
        } catch let error as APIError {
            throw error
        } catch let holder as LeaseLock.Holder {
            return .postponed("\(holder)")
        } catch {
            return .waits("\(error)".asOneSentence)
        }
    }

    /// Writes what is found of a resource into its status, with why its last turn did not reach its end. Answers the state.
    func refreshStatus(_ key: ResourceKey, error: String?) throws -> String? {
        let given = try session.resources(of: ResourceKind.ofMesh)
        guard let resource = given.first(where: { $0.key == key }), !resource.isBeingDeleted else { return nil }
        let others = given.filter { !$0.isBeingDeleted && $0.key != key }
        let report = ResourceReport(session, [resource], beside: others)
        if resource.kind.isControlPlane { report.revision = try session.revision(of: resource) }
        if let error { report.note(error, at: 0) }
        _ = report.finish(0)
        return report.resources[0].live?["status"]?["state"]?.string
    }
}

extension GivenResource {
    var key: ResourceKey { ResourceKey(kind: kind.name, name: name) }
}
