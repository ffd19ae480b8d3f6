/// Why a flag cannot have a default in the config file; `nil` where it can.
///
/// Values would hide in it from who reads a plan; what approves a change, lifts a protection or runs a program is said anew each time, by who runs the command.
func configRefusal(of flag: String, inContext: Bool) -> String? {
    let approvals = [
        "yes", "confirm-purge", "purge-crds", "take-ownership", "force-conflicts", "release-resources", "clear",
        "reset-values", "no-patch", "no-post-renderer", "no-check-command",
    ]
    if approvals.contains(flag) || flag.hasPrefix("allow-") {
        return "\(flag) cannot be a default: it is approved anew each time, by --\(flag) on the command line"
    }
    if flag.hasPrefix("check-command") || flag.hasPrefix("post-renderer") {
        return "\(flag) cannot be a default: no file starts a program; give --\(flag) on the command line"
    }
    if ["values", "set", "patch"].contains(flag) || flag.hasPrefix("set-") {
        return "\(flag) cannot be a default: values and patches are stored with the mesh; give --\(flag) once"
    }
    if flag == "help" { return "help cannot be a default" }
    if ["contexts", "all-contexts"].contains(flag) {
        return "\(flag) cannot be a default: which clusters a command is about is said each time, by --\(flag)"
    }
    if inContext, ["context", "kubeconfig"].contains(flag) {
        return "\(flag) decides which context counts; it can only be below defaults"
    }
    return nil
}
