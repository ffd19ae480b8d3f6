internal import Planning
internal import System
internal import Values

extension OperationOptions {
    /// Writes what a plan is made from to the file that SAIL_PLAN_INPUTS names, for a report of a plan that is wrong; only
    /// the user can read the file. Throws where it cannot be written.
    func writePlanInputs(_ desired: [Desired], _ snapshot: Snapshot) throws {
        guard let path = environment["SAIL_PLAN_INPUTS"], !path.isEmpty else { return }
        do throws(FileFailure) {
            let text = (try? PlanInputs(desired, snapshot).value.json(escapingHTML: false)) ?? ""
            try writeAtomically(Array(text.utf8) + [UInt8(ascii: "\n")], to: path)
        } catch {
            throw Failures(
                failures: [Failure(nil, "SAIL_PLAN_INPUTS=\(path) cannot be written: \(error.reason)")],
                remedy: "name a file in a folder of yours")
        }
    }
}
