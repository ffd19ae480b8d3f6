import Arguments
import Operations
import Planning
import Values
import Waypoints

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
        choices: Waypoint.Traffic.allCases.map(\.rawValue)
    ) { $0.waypoint.request.traffic = Waypoint.Traffic(rawValue: $1) }

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
                $0.waypoint.request.options.append(.replicas(try unlessNone($1, replicaCount)))
            },
            .value(
                "hpa", "MIN:MAX[:CPU%]", help: "Scale by CPU, at 80% of the request by default; none for no autoscaler"
            ) {
                $0.waypoint.request.options.append(.autoscaling(try unlessNone($1, autoscaling)))
            },
            .value("pdb", "MIN", help: "Pods that a drain leaves, a number or a percentage; none for no budget") {
                $0.waypoint.request.options.append(.disruptionBudget(try unlessNone($1, leastAvailable)))
            },
            .value(
                "resources", "LIST",
                help: "Requests, and limits by limits.NAME: cpu=200m,memory=256Mi,limits.memory=1Gi"
            ) {
                $0.waypoint.request.options.append(.resources(try unlessNone($1, containerResources)))
            },
            .value(
                "parameters", "FILE",
                help: "File of patches for istiod's objects, by key: "
                    + WaypointOptions.keys.joined(separator: ", "),
                completion: .files
            ) { $0.waypoint.request.parameterFile = $1 },
        ])
}

private func unlessNone<Option>(_ word: String, _ read: (String) throws -> Option) throws -> Option? {
    word == "none" ? nil : try read(word)
}

/// The most pods that Kubernetes' own type holds.
private let mostPods = Int(Int32.max)

private func count(_ word: some StringProtocol, from least: Int) -> Int? {
    Int(word).flatMap { (least...mostPods).contains($0) ? $0 : nil }
}

private func replicaCount(_ word: String) throws -> Int {
    guard let number = count(word, from: 0) else { throw InvalidValue(expectation: "a number from 0 on, or none") }
    return number
}

private func autoscaling(_ word: String) throws -> WaypointOptionEdit.Autoscaling {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let least = count(parts[0], from: 1), let most = count(parts[1], from: 1),
        least <= most, let percent = parts.count < 3 ? 80 : percentage(parts[2])
    else {
        throw InvalidValue(
            expectation: "MIN:MAX or MIN:MAX:CPU%, such as 2:5:80%, with MIN from 1 on and no more than MAX")
    }
    return WaypointOptionEdit.Autoscaling(least: least, most: most, percent: percent)
}

/// `80` or `80%`; more than 100 is a share of the request, too.
private func percentage(_ word: Substring) -> Int? { count(word.hasSuffix("%") ? word.dropLast() : word, from: 1) }

private func leastAvailable(_ word: String) throws -> Value {
    if word.hasSuffix("%"), let percent = count(word.dropLast(), from: 0), percent <= 100 { return .string(word) }
    guard let number = count(word, from: 0) else {
        throw InvalidValue(expectation: "a number of pods, a percentage such as 50%, or none")
    }
    return .int(number)
}

private func containerResources(_ word: String) throws -> Value {
    let limits = "limits."
    var parts: [String: Mapping] = [:]
    for part in try commaSeparated(word) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard pair.count == 2, !pair[0].isEmpty, Quantity(.string(pair[1])) != nil else {
            throw InvalidValue(
                expectation: "NAME=QUANTITY with commas, such as cpu=200m,memory=256Mi,limits.memory=1Gi")
        }
        let isLimit = pair[0].hasPrefix(limits)
        let name = isLimit ? String(pair[0].dropFirst(limits.count)) : pair[0]
        parts[isLimit ? "limits" : "requests", default: Mapping()][name] = .string(pair[1])
    }
    return .map(Mapping(["requests", "limits"].compactMap { key in parts[key].map { (key: key, value: .map($0)) } }))
}
