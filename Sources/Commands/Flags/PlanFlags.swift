import Arguments
import Operations

extension FlagGroup<Request> {
    /// How much of a plan is shown.
    static let plan = FlagGroup(
        "Plan",
        [
            .value(
                "diff", "FORM",
                help: "Differences to show: none, short (the first lines of each object) or full (with new objects)",
                choices: DifferenceForm.allCases.map(\.rawValue)
            ) { $0.cluster.difference = DifferenceForm(rawValue: $1) },
            .toggle("show-all", help: "Show objects too that differ in nothing but version labels") {
                $0.cluster.showsAll = $1
            },
        ])
}
