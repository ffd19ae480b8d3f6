import Applying
import ClusterState
import Planning

/// The deletion of definitions with all their objects, which is approved on its own.
struct Purge {
    private let counts: [(name: String, count: Int)]
    private let definitions: Int
    private let confirmed: Int?

    /// Counts the objects of each definition.
    init(_ session: ClusterSession, _ definitions: [Change], confirmed: Int?) throws {
        counts = try session.cluster.instances(ofDefinitions: definitions.compactMap(\.live)).filter { $0.count > 0 }
        self.definitions = definitions.count
        self.confirmed = confirmed
    }

    private var total: Int { counts.reduce(0) { $0 + $1.count } }
    private var crds: String { definitions == 1 ? "the CRD" : "the \(definitions) CRDs" }
    /// Whether nobody has approved it yet.
    var isOpen: Bool { confirmed == nil }

    /// `deleting the 14 CRDs also deletes 3 objects of theirs: 2 virtualservices.networking.istio.io, …`
    var description: String {
        guard total > 0 else { return "deleting \(crds) deletes no objects: there are none" }
        return "deleting \(crds) also deletes \(total) \(total == 1 ? "object" : "objects") of theirs: "
            + counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    /// Throws where another number was approved.
    func check() throws {
        guard let confirmed, confirmed != total else { return }
        throw Failures(
            failures: [Failure(nil, "--confirm-purge=\(confirmed): \(description)")],
            remedy: "see them with kubectl get istio-io -A, then give --confirm-purge=\(total)")
    }

    /// Objects that came since the count keep their definitions.
    func checkAgain(_ session: ClusterSession, _ removals: [Change]) throws {
        let now = try Purge(session, removals, confirmed: total)
        guard now.total != total else { return }
        throw Failures(
            failures: [
                Failure(nil, "the CRDs stay: they have \(now.total) objects now, and \(total) were approved")
            ], remedy: "run sail uninstall --purge-crds again")
    }

    /// The error where there is nobody to ask.
    var unapproved: Failures {
        Failures(
            failures: [Failure(nil, "\(description); --yes does not approve this")],
            remedy: "approve it with --confirm-purge=\(total); nothing was changed")
    }

    /// Asks where no number was given, whatever --yes says.
    func ask(_ ui: any OperationUI) throws -> Bool {
        guard isOpen else { return true }
        let objects = total == 0 ? "" : " and \(total) \(total == 1 ? "object" : "objects") of theirs"
        return try ui.confirmAlways("Delete \(crds)\(objects)?")
    }
}
