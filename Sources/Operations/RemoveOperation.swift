import Applying
import ClusterState
import Glibc
import HelmReleases
import Kubernetes
import Objects
import Planning
import Terminal
import Values

/// An uninstallation from its plan to the end of the records.
struct Removing {
    let session: Session
    let removals: [Removal]
    let history: ReleaseHistory

    private var console: Console { session.console }
    private var request: Request { session.request }
    private var definitions: [Removal] { removals.filter { $0.identity.kind == "CustomResourceDefinition" } }

    func run() throws -> Int32 {
        let order = Pruner.ordered(removals).flatMap { $0 }
        let plan = Plan(
            order.map { Change(component: $0.component, identity: $0.identity, action: .delete, live: $0.live) })
        if request.cluster.dryRun != nil {
            var output = PlanOutput(plan: plan, style: console.style, width: console.window)
            output.showsDifferences = false
            _ = try request.print(Output(output.text) { output.value })
            try requirePermissions(for: plan)
            _ = try checkedPurge()
            return 0
        }
        var output = PlanOutput(plan: plan, style: console.messageStyle, width: console.window)
        output.showsDifferences = false
        if !plan.isEmpty { console.show(output.text) }
        try requirePermissions(for: plan)
        let purge = try checkedPurge()
        if let purge, purge.isOpen { try purge.requireTerminal(request) }
        guard try Confirmation(request).ask("Remove the mesh?"), try purge?.ask(request) ?? true else {
            console.note("nothing was changed")
            return 1
        }
        return try carryOut(purge)
    }

    private func requirePermissions(for plan: Plan) throws {
        try session.requirePermissions(
            requiredPermissions(
                plan, session.cluster.discovery, request.cluster.apply, lock: namespace,
                records: Set(history.records.map(\.namespace)).sorted()))
    }

    /// What deleting the definitions comes to; refused where another number of objects was approved.
    private func checkedPurge() throws -> Purge? {
        guard request.cluster.purgesCRDs else {
            guard request.cluster.confirmedPurge == nil else {
                throw Failures(
                    failures: [Failure(nil, "--confirm-purge approves nothing without --purge-crds")],
                    remedy: "add --purge-crds, or leave --confirm-purge out")
            }
            return nil
        }
        let purge = try Purge(session, definitions, confirmed: request.cluster.confirmedPurge)
        guard !definitions.isEmpty else { return nil }
        console.warn(purge.description)
        try purge.check()
        return purge
    }

    private var namespace: String {
        history.latest(ofChart: "istiod").last?.namespace ?? history.records.first?.namespace ?? "istio-system"
    }

    /// Removes what was approved; returns the exit code.
    private func carryOut(_ purge: Purge?) throws -> Int32 {
        Interrupts.listen()
        let guarded = try Guarded(session, namespace: namespace, knowing: history)
        defer { guarded.release() }
        let outcome = try remove(guarded, purge)
        if let loss = guarded.loss { throw loss }
        switch outcome {
        case .done:
            guarded.release(forGood: true)
            console.note("removed the mesh")
            sayRemains()
            return 0
        case .interrupted:
            console.fail("interrupted; run the same command again to go on")
            return Interrupts.exitCode
        case .failed(let failures, let component):
            for failure in failures { console.fail("\(failure)") }
            session.sayWebhooks(failures)
            console.fail("stopped at \(component); run the same command again to go on")
            return 1
        }
    }

    /// Removes all but the definitions, then those whose objects are still as many as were approved, then the records.
    func remove(_ guarded: Guarded, _ purge: Purge? = nil) throws -> Outcome {
        let progress = ProgressOutput(console, isTerminal: isatty(STDERR_FILENO) == 1)
        defer { progress.close() }
        let uninstall = Pruner(
            session.cluster, timeout: request.cluster.apply.timeout, report: progress.take)
        let outcome = uninstall.run(removals.filter { $0.identity.kind != "CustomResourceDefinition" })
        guard case .done = outcome else { return outcome }
        if let purge {
            try purge.checkAgain(session, definitions)
            let outcome = uninstall.run(definitions)
            guard case .done = outcome else { return outcome }
        }
        try forgetRecords()
        return .done
    }

    /// The records go last: until then they say what there is to remove.
    private func forgetRecords() throws {
        let paths = history.records.map(\.path)
        for answer in session.client.send(paths.map { Call.delete($0) }) {
            if case .failure(let error) = answer, !error.isNotFound { throw error }
        }
    }

    /// What is not removed, and how it would be.
    private func sayRemains() {
        do {
            let count = try session.definitions().count
            if count > 0 {
                console.note("\(count) CRDs of istio.io stay with their objects (sail uninstall --purge-crds)")
            }
            let remains = try session.cluster.remains(in: namespace)
            for line in remains.lines { console.note(line) }
        } catch {
            console.warn("what stays behind is not known: \(error)")
        }
    }
}

/// The deletion of definitions with all their objects, which is approved on its own.
struct Purge {
    private let counts: [(name: String, count: Int)]
    private let definitions: Int
    private let confirmed: Int?

    /// Counts the objects of each definition.
    init(_ session: Session, _ definitions: [Removal], confirmed: Int?) throws {
        counts = try session.cluster.instances(ofDefinitions: definitions.map(\.live)).filter { $0.count > 0 }
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
    func checkAgain(_ session: Session, _ removals: [Removal]) throws {
        let now = try Purge(session, removals, confirmed: total)
        guard now.total != total else { return }
        throw Failures(
            failures: [
                Failure(nil, "the CRDs stay: they have \(now.total) objects now, and \(total) were approved")
            ], remedy: "run sail uninstall --purge-crds again")
    }

    /// Throws where there is nobody to ask.
    func requireTerminal(_ request: Request) throws {
        guard !Confirmation.hasTerminal else { return }
        throw Failures(
            failures: [Failure(nil, "\(description); --yes does not approve this")],
            remedy: "approve it with --confirm-purge=\(total); nothing was changed")
    }

    /// Asks where no number was given, whatever --yes says.
    func ask(_ request: Request) throws -> Bool {
        guard isOpen else { return true }
        let objects = total == 0 ? "" : " and \(total) \(total == 1 ? "object" : "objects") of theirs"
        return Confirmation(request).put("Delete \(crds)\(objects)?")
    }
}
