import Arguments
import Operations

/// All commands, in the order in which the help lists them.
let root = Command<Request>(
    "sail",
    summary: "Install and upgrade Istio's ambient mode, offline and in one shot",
    discussion: """
        The charts of every supported Istio version are in this binary; a profile and your values go on top of them.

        Values are merged in this order, the last one winning: chart, profile, compatibility version, platform, \
        files given with -f, --set flags.
        """,
    children: deployCommands
        + [reconcileCommand, statusCommand, precheckCommand, adoptCommand, uninstallCommand] + recordCommands
        + [bundleCommand] + enrolmentCommands + [waypointCommand]
        + [manifestCommand, exportCommand, templateCommand, definitionsCommand] + inspectCommands + [chartsCommand]
        + toolCommands,
    peerWords: peerWords, notes: .sail)
