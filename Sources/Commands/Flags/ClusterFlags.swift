import Arguments
import Operations
import Planning
import Values

extension FlagGroup<Request> {
    static let cluster = FlagGroup(
        "Cluster",
        [
            .value("kubeconfig", "FILE", help: "Kubeconfig file", environment: "KUBECONFIG", completion: .files) {
                request, path in
                // The variable may hold several files, which are merged; the flag names one that must exist.
                if request.environment["KUBECONFIG"] != path { request.cluster.kubeconfig = path }
            },
            .value("context", "NAME", help: "Context of the kubeconfig", completion: .words(contextNames)) {
                $0.cluster.contextName = $1
            },
            .value("cluster", "NAME", help: "Cluster of the kubeconfig", completion: .words(clusterNames)) {
                $0.cluster.clusterName = $1
            },
            .value("user", "NAME", help: "User of the kubeconfig", completion: .words(userNames)) {
                $0.cluster.userName = $1
            },
            .value("as", "USER", help: "User to impersonate") { $0.cluster.impersonatedUser = $1 },
            .value("as-group", "GROUP", help: "Group to impersonate", repeatable: true) {
                $0.cluster.impersonatedGroups.append($1)
            },
            .value("as-uid", "UID", help: "UID to impersonate") { $0.cluster.impersonatedUID = $1 },
            .value("request-timeout", "DURATION", help: "Limit for one request, 60s by default") {
                $0.cluster.requestTimeout = try milliseconds(
                    $1, zero: "a request that never ends would hold the run; write 1h for a long one")
            },
            .toggle("trace", help: "Show each request to the API server", environment: "SAIL_TRACE") {
                $0.cluster.traces = $1
            },
        ])

    /// The same for commands that find the mesh's namespace on the cluster.
    static let installed = FlagGroup("Cluster", [.installedNamespace] + cluster.flags)

    static let applying = FlagGroup(
        "Applying",
        removing.flags + [
            .forceConflicts,
            .value("history-max", "N", help: "Revisions to keep, 10 by default, 0 for all") {
                guard let number = Int($1), number >= 0 else { throw InvalidValue(expectation: "a number from 0 on") }
                $0.cluster.historyMax = number
            },
            .toggle("rollback-on-failure", help: "Roll back to the revision before where the run fails") {
                $0.cluster.rollsBackOnFailure = $1
            },
        ])

    static let removing = FlagGroup(
        "Applying",
        [
            .approval, .dryRun,
            .toggle("wait", help: "Wait until each component is ready (the default)", negatable: true) {
                $0.cluster.apply.waits = $1
            },
            .timeout,
            .toggle(
                "allow-managed", help: "Go on although an operator, Argo CD or Flux manages the mesh",
                environment: "SAIL_ALLOW_MANAGED"
            ) { $0.cluster.allowsManaged = $1 },
        ])
}

extension FlagGroup<Request> {
    static let ownership = FlagGroup(
        "Ownership",
        [
            .toggle(
                "take-ownership",
                help: "Take objects that belong to another Helm release, and annotate them as sail's"
            ) {
                $0.cluster.takesOwnership = $1
            }
        ])

    static let rollout = FlagGroup(
        "Rollout of ztunnel",
        [
            .value(
                "ztunnel-rollout", "HOW",
                help: "rolling, batch=N (so many nodes at a time) or on-delete; sets ztunnel.updateStrategy.type",
                completion: .words { _ in ["rolling", "batch=1", "on-delete"].map { Candidate($0) } }
            ) { request, word in
                let mode = try rolloutMode(word)
                request.cluster.apply.rollout = mode
                let type = mode == .rolling ? "RollingUpdate" : "OnDelete"
                request.values.sets.append((.typed, "ztunnel.updateStrategy.type=\(type)"))
            },
            .value("ztunnel-nodes", "SELECTOR", help: "Only nodes with these labels, in batches") {
                $0.cluster.apply.rolloutNodes = $1
            }.needing("ztunnel-rollout"),
            .value("ztunnel-pause", "DURATION", help: "Pause between two batches, none by default") {
                $0.cluster.apply.rolloutPause = try milliseconds($1)
            }.needing("ztunnel-rollout"),
        ])
}

/// `rolling`, `batch=3` or `on-delete`; throws `InvalidValue`.
func rolloutMode(_ word: String) throws -> RolloutMode {
    switch word {
    case "rolling": return .rolling
    case "on-delete": return .onDelete
    default:
        let prefix = "batch="
        guard word.hasPrefix(prefix), let size = Int(word.dropFirst(prefix.count)), size > 0 else {
            throw InvalidValue(expectation: "rolling, batch=N with a number from 1 on, or on-delete")
        }
        return .batch(size)
    }
}

extension Flag<Request> {
    static let installedNamespace = Flag.value(
        "namespace", short: "n", "NAMESPACE", help: "Namespace of the mesh, an error where it is in another",
        environment: "SAIL_NAMESPACE", completion: .words(clusterNamespaces)
    ) { $0.namespace = $1 }

    static let forceConflicts = Flag.toggle("force-conflicts", help: "Take fields that others manage") {
        $0.cluster.apply.forcesConflicts = $1
    }

    static let approval = Flag.toggle("yes", short: "y", help: "Do not ask", environment: "SAIL_YES") {
        $0.cluster.isApproved = $1
    }

    static let dryRun = Flag.value(
        "dry-run", "WHERE", help: "Show the plan and change nothing, server by default",
        choices: ["none"] + DryRunKind.allCases.map(\.rawValue), implied: DryRunKind.server.rawValue
    ) { $0.cluster.dryRun = DryRunKind(rawValue: $1) }

    static let timeout = timeout(notToWait: "--no-wait is the way not to wait")

    /// Of a command that waits with --wait only.
    static let timeoutOfWait = timeout(notToWait: "without --wait the command does not wait")

    private static func timeout(notToWait way: String) -> Flag {
        .value("timeout", "DURATION", help: "Limit for the whole run, 5m by default") {
            $0.cluster.apply.timeout = try milliseconds($1, zero: "the run would be over before it begins; \(way)")
        }
    }

    static let endOfLife = Flag.toggle(
        "allow-end-of-life", help: "Install a version that reached its end of life",
        environment: "SAIL_ALLOW_END_OF_LIFE"
    ) { $0.cluster.allowsEndOfLife = $1 }
}
