import ClusterState
import HelmReleases
package import Kubernetes
import Objects
import Planning
package import Preflight
import Values
import YAML

/// What a command needs of a cluster, to be named in one piece where a first request was refused.
package enum Need {
    /// The objects of the mesh that the flags ask for, and all of sail's own work.
    case mesh
    /// The plan for that mesh, which the server is asked for in dry run.
    case plan
    /// Only a look.
    case look
    /// These permissions, of a command that changes single objects.
    case objects([Permission])
    /// These permissions, of a command that shows waypoints or plans an enrolment.
    case waypoints((ClusterSession) -> [Permission])
    /// These permissions, of a run that applies the Gateway API.
    case definitions([Permission])
}

extension ClusterSession {
    /// Connects and runs a command's body; where a right is missing, all that are missing are named.
    /// `ahead` as in `init`.
    package static func run(
        _ options: OperationOptions, needing need: Need = .mesh, ahead: [APIRequest] = [],
        _ body: (ClusterSession) throws -> Int32
    ) throws -> Int32 {
        let session = try ClusterSession(options, ahead: ahead)
        return try session.run(needing: need) { try body(session) }
    }

    /// Runs a command's body; where a permission is missing, all that are missing are named.
    func run<Answer>(needing need: Need, _ body: () throws -> Answer) throws -> Answer {
        let session = self
        do {
            return try body()
        } catch let error as APIError {
            if let failure = session.webhookFailure(error.description) { throw failure }
            guard error.lacksPermission else { throw error }
            let permissions =
                switch need {
                case .look: readingPermissions
                case .objects(let list), .definitions(let list): list
                case .waypoints(let list): list(session)
                case .mesh, .plan: (try? session.meshPermissions(need)) ?? readingPermissions
                }
            throw (try? session.complaint(of: permissions, need)) ?? error
        }
    }

    /// What a webhook is called that does not answer, and how to get rid of it, where the message tells of one.
    func webhookFailure(_ message: String) -> Failures? {
        guard failedWebhook(in: message) != nil, let configurations = try? cluster.webhooks(),
            let finding = webhookFinding(for: message, among: configurations)
        else { return nil }
        return Failures(failures: [Failure(nil, message), Failure(nil, finding.message)], remedy: finding.remedy)
    }

    /// Refuses what this user may not do all of, before the first write.
    func requirePermissions(_ permissions: [Permission], _ need: Need = .mesh) throws {
        if let complaint = try complaint(of: permissions, need) { throw complaint }
    }

    /// All rights among these that are missing; `nil` where there is none.
    private func complaint(of permissions: [Permission], _ need: Need = .mesh) throws -> Failures? {
        let missing = try cluster.missing(permissions)
        guard !missing.isEmpty else { return nil }
        let user = cluster.userName()
        let remedy =
            switch need {
            case .look: readingRemedy
            case .objects: waypointsRemedy(missing) + "; nothing was changed"
            case .waypoints: waypointsRemedy(missing)
            case .mesh, .plan, .definitions: permissionsRemedy + "; nothing was changed"
            }
        return Failures(
            failures: permissionLines(missing).map { Failure(nil, "\(user) may not \($0)") }, remedy: remedy)
    }

    /// The rights for a mesh of these flags, without a look at the cluster, which may have been what was refused.
    private func meshPermissions(_ need: Need) throws -> [Permission] {
        try permissions(for: plainTarget(), need)
    }

    /// What it takes to plan this mesh, or to install it too.
    func permissions(for target: DesiredState, _ need: Need) -> [Permission] {
        if case .mesh = need {
            return requiredPermissions(target.desired, cluster.discovery, namespace: target.namespace)
        }
        return planningPermissions(target.desired, cluster.discovery)
    }

    /// The mesh of the flags alone.
    func plainTarget() throws -> DesiredState {
        try target(options.mesh(options.meshRequest()), ReleaseHistory())
    }
}

extension APIError {
    /// Whether the user lacks a right; admission, too, answers 403, in other words.
    var lacksPermission: Bool { status.map { isMissingPermission($0.message) && isForbidden } ?? false }
}

/// `secrets is forbidden: User "viewer" cannot list resource "secrets" …`
func isMissingPermission(_ message: String) -> Bool {
    message.contains("is forbidden: User ") && message.contains(" cannot ")
}
