import Arguments
import Operations

extension FlagGroup<Request> {
    /// What changes the rendered objects before they are printed, compared or applied.
    static let patching = FlagGroup(
        "Changing the rendered objects",
        [.patch, .noPatch, .postRenderer, .postRendererArguments, .noPostRenderer])
}

extension Flag<Request> {
    fileprivate static let patch = Flag.value(
        "patch", "FILE",
        help:
            "Patches of rendered objects, as in a kustomization; replaces the stored ones; - for stdin",
        repeatable: true, completion: .files
    ) { $0.patchFiles.append($1) }

    fileprivate static let noPatch = Flag.toggle("no-patch", help: "Drop the patches of the last run") {
        $0.dropsPatches = $1
    }

    static let postRenderer = Flag.value(
        "post-renderer", "PROGRAM",
        help: "Program that gets all rendered objects on standard input and prints what is to be applied",
        completion: .files
    ) { $0.commandFlags[.postRenderer, default: CommandFlags()].program = $1 }

    static let postRendererArguments = Flag.value(
        "post-renderer-args", "ARGUMENT", help: "Argument of the post-renderer", repeatable: true
    ) { $0.commandFlags[.postRenderer, default: CommandFlags()].arguments.append($1) }

    fileprivate static let noPostRenderer = Flag.toggle(
        "no-post-renderer", help: "Drop the post-renderer of the last run"
    ) { $0.commandFlags[.postRenderer, default: CommandFlags()].isDropped = $1 }
}
