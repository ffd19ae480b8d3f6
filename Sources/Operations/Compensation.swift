import Applying
import HelmReleases
import Istio
import Planning

extension PlannedRun {
    /// After a run that failed: leads back to what stood before it. Whatever comes of that ends the command, which has
    /// failed.
    func compensate(_ locked: LockedRun) -> Int32 {
        do {
            let outcome = try restore(locked)
            if let loss = locked.loss { throw loss }
            switch outcome {
            case .done: return 1
            case .failed(let failures, let component):
                say(failures, "the rollback failed too, at \(component); \(advice)")
                return 1
            case .interrupted: return interrupted()
            }
        } catch {
            if options.signals.happened { return interrupted() }
            ui.fail(error)
            ui.fail("the rollback failed too; \(advice)")
            return 1
        }
    }

    private func interrupted() -> Int32 {
        ui.fail("the rollback was interrupted; \(advice)")
        return options.signals.exitCode
    }

    private var advice: String {
        "the mesh may be between two states: "
            + (earlierRecords == nil ? "remove it with sail uninstall" : "remove the cause, then run sail rollback")
    }

    /// Back to the last good records, or to nothing where there were none.
    private func restore(_ locked: LockedRun) throws -> Outcome {
        let since = try session.history()
        guard let records = earlierRecords else {
            ui.note("removing what was made (--rollback-on-failure)")
            return try PlannedRun(session, .uninstall, session.emptyState(since), since, .unchecked).apply(nil, locked)
        }
        ui.note("rolling back to what stood before (--rollback-on-failure)")
        let run = try PlannedRun(session, .rollback, session.target(records, since), since, .unchecked)
        try run.refuseWhatCannotBe()
        var recording = run.recording
        recording?.note(RunDetails(flags: ["--rollback-on-failure"]))
        let outcome = try run.apply(recording, locked)
        if case .done = outcome { ui.note("rolled back") }
        return outcome
    }

    /// The records of what stood before this run, one of each component; `nil` where no mesh did.
    private var earlierRecords: [ReleaseRecord]? {
        let records = Component.allCases.compactMap { component -> ReleaseRecord? in
            guard let latest = history.latest(of: component).last else { return nil }
            return history.base(of: latest.name, in: latest.namespace)
        }
        let stood = records.contains { $0.component == .istiod && $0.status == .deployed }
        return stood ? records : nil
    }
}
