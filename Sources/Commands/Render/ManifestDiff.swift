import Arguments
import Operations
import Planning
import Terminal
import Values

extension Operand<Request> {
    static func side(_ name: String) -> Operand {
        Operand(
            name, help: "A file, a folder, a version, a revision or COMPONENT@REVISION", completion: .either(sideNames)
        ) {
            $0.operands.append($1)
        }
    }
}

/// `sail manifest diff`: exits 0 where the sides are the same, 1 where not, 2 on errors, as diff does.
func compare(_ request: Request) throws -> Int32 {
    do {
        let plan = try request.options.comparison(request.operands[0], request.operands[1])
        let digest = PlanDigest(plan)
        let output = DifferenceOutput(
            digest: digest, style: request.console.style, form: request.cluster.difference ?? .full,
            showsAll: request.cluster.showsAll)
        let labels = request.cluster.showsAll ? [] : digest.versionLabels.map { $0.description + "\n" }
        let tally = plan.tally(request.operands[0], request.operands[1])
        let text = output.text + labels.joined() + "\(tally)\n"
        _ = try request.print(
            Output(text) { ["changes": digest.values(withObjects: true), "summary": .string(digest.summary)] })
        return plan.isEmpty ? 0 : 1
    } catch {
        for line in messageLines("\(error)") { request.console.fail(line) }
        return 2
    }
}

extension Plan {
    /// `2 only in A, 1 only in B, 5 differ, 30 the same`
    fileprivate func tally(_ old: String, _ new: String) -> String {
        let counts: [(Int, String)] = [
            (deletions.count, "only in \(old)"), (count { $0 == .create }, "only in \(new)"),
            (count { $0 == .change }, "differ"), (count { $0 == .unchanged }, "the same"),
        ]
        return counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
