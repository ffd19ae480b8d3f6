import Arguments
import Operations

extension FlagGroup<Request> {
    /// The user's own check while a run goes on.
    static let checking = FlagGroup(
        "Your own check", [.checkCommand, .checkCommandArguments, .noCheckCommand])
}

extension Flag<Request> {
    fileprivate static let checkCommand = Flag.value(
        "check-command", "PROGRAM",
        help: "Program to run after each component and each batch of ztunnel; where it fails, the run halts",
        completion: .files
    ) { $0.commandFlags[.checkCommand, default: CommandFlags()].program = $1 }

    fileprivate static let checkCommandArguments = Flag.value(
        "check-command-args", "ARGUMENT", help: "Argument of the check command", repeatable: true
    ) { $0.commandFlags[.checkCommand, default: CommandFlags()].arguments.append($1) }

    fileprivate static let noCheckCommand = Flag.toggle(
        "no-check-command", help: "Drop the check command of the last run"
    ) { $0.commandFlags[.checkCommand, default: CommandFlags()].isDropped = $1 }
}
