import Arguments
import Operations
import Values

extension Flag<Request> {
    static let waypointNamespace = Flag.value(
        "namespace", short: "n", "NAMESPACE", help: "Namespace of the waypoint, by default the context's"
    ) { $0.waypoint.request.namespace = $1 }

    static let allNamespaces = Flag.toggle("all-namespaces", short: "A", help: "All namespaces") {
        $0.waypoint.isEverywhere = $1
    }

    static let waypointName = Flag.value("name", "NAME", help: "Name of the waypoint, waypoint by default") {
        $0.waypoint.request.name = $1
    }

    static let waypointTraffic = Flag.value(
        "for", "TRAFFIC", help: "Traffic that it takes; left to istiod by default, which means service",
        choices: WaypointRequest.trafficWords
    ) { $0.waypoint.request.setTraffic($1) }

    static let waypointRevision = Flag.value("revision", short: "r", "NAME", help: "Revision label") {
        $0.waypoint.request.revision = $1
    }

    fileprivate static let useFrom = Flag.value(
        "use-from", "NAMESPACE",
        help: "Other namespaces that may and shall use it, besides those that may already; none for its own alone",
        repeatable: true
    ) {
        let names = try commaSeparated($1)
        let known = $0.waypoint.request.otherNamespaces ?? []
        for name in names where name != "none" && !isDNSLabel(name) {
            throw InvalidValue(expectation: "names of namespaces, with commas between them")
        }
        $0.waypoint.request.otherNamespaces = names == ["none"] ? [] : known + names
    }
}

extension Flag<Request> {
    static let allWaypoints = Flag.toggle("all", help: "All waypoints of the namespace") {
        $0.waypoint.selection.isAll = $1
    }

    static let revisionToDelete = Flag.value(
        "revision", short: "r", "NAME", help: "All waypoints of the namespace with this revision label"
    ) { $0.waypoint.selection.revision = $1 }

    static let keepLabels = Flag.toggle("keep-labels", help: "Leave the labels that lead traffic through them") {
        $0.waypoint.selection.keepsLabels = $1
    }

    static let untilReady = Flag.toggle("wait", short: "w", help: "Wait until all are ready, at most --timeout") {
        $0.waypoint.waits = $1
    }
}

extension FlagGroup<Request> {
    /// What is led through the waypoint.
    static let enrolling = FlagGroup(
        "What goes through it",
        [
            .toggle("enroll-namespace", help: "Its namespace; the same as --enroll namespace") {
                $0.waypoint.request.enrolments.removeAll { $0 == .namespace }
                if $1 { $0.waypoint.request.enrolments.append(.namespace) }
            },
            .value(
                "enroll", "WHAT",
                help: "namespace, service/NAME, serviceentry/NAME, pod/NAME or pods=SELECTOR", repeatable: true
            ) {
                guard let enrolment = WaypointEnrolment($1) else {
                    throw InvalidValue(
                        expectation: "namespace, service/NAME, serviceentry/NAME, pod/NAME or pods=SELECTOR")
                }
                if !$0.waypoint.request.enrolments.contains(enrolment) {
                    $0.waypoint.request.enrolments.append(enrolment)
                }
            },
            .useFrom,
            .toggle("ingress", help: "Let ingress gateways go through it too, for what is enrolled") {
                $0.waypoint.request.takesIngress = $1
            },
            .toggle(
                "overwrite", help: "Replace labels that mean another waypoint, and options of your own ConfigMap"
            ) {
                $0.waypoint.request.overwrites = $1
            },
        ])

    /// Options of the waypoint's pods.
    static let waypointOptions = FlagGroup(
        "Options of its pods",
        [
            .value("replicas", "N", help: "Number of pods; none leaves it to istiod") {
                try option($1, &$0, WaypointRequest.replicas)
            },
            .value(
                "hpa", "MIN:MAX[:CPU%]", help: "Scale by CPU, at 80% of the request by default; none for no autoscaler"
            ) {
                try option($1, &$0, WaypointRequest.autoscaling)
            },
            .value("pdb", "MIN", help: "Pods that a drain leaves, a number or a percentage; none for no budget") {
                try option($1, &$0, WaypointRequest.disruptionBudget)
            },
            .value(
                "resources", "LIST",
                help: "Requests, and limits by limits.NAME: cpu=200m,memory=256Mi,limits.memory=1Gi"
            ) {
                let parts = $1 == "none" ? nil : try commaSeparated($1)
                try option(parts, &$0, WaypointRequest.resources)
            },
            .value(
                "parameters", "FILE",
                help: "File of patches for istiod's objects, by key: "
                    + WaypointRequest.parameterKeys.joined(separator: ", "),
                completion: .files
            ) { $0.waypoint.request.parameterFile = $1 },
        ])
}

/// Changes the request by an option's word, where that is one.
private func option<Word>(
    _ word: Word, _ request: inout Request, _ read: (Word) throws(UnreadableOption) -> WaypointOption
) throws(InvalidValue) {
    do throws(UnreadableOption) {
        request.waypoint.request.options.append(try read(word))
    } catch {
        throw InvalidValue(expectation: error.expectation)
    }
}
