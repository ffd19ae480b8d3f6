internal import Planning
internal import Values
package import Waypoints

/// A change of a waypoint's options that a flag asks for.
package typealias WaypointOption = WaypointOptionEdit

/// A word that is no value of an option.
package struct UnreadableOption: Error {
    /// What was expected: `a number from 0 on, or none`.
    package let expectation: String
}

extension WaypointRequest {
    /// The kinds of traffic that a waypoint takes.
    package static var trafficWords: [String] { Waypoint.Traffic.allCases.map(\.rawValue) }

    /// The keys of a file of patches.
    package static var parameterKeys: [String] { WaypointOptions.keys }

    /// Sets the traffic to one of `trafficWords`.
    package mutating func setTraffic(_ word: String) { traffic = Waypoint.Traffic(rawValue: word) }

    /// `3`, or `none`.
    package static func replicas(_ word: String) throws(UnreadableOption) -> WaypointOption {
        guard word != "none" else { return .replicas(nil) }
        guard let number = count(word, from: 0) else {
            throw UnreadableOption(expectation: "a number from 0 on, or none")
        }
        return .replicas(number)
    }

    /// `2:5`, `2:5:80%`, or `none`.
    package static func autoscaling(_ word: String) throws(UnreadableOption) -> WaypointOption {
        guard word != "none" else { return .autoscaling(nil) }
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let least = count(parts[0], from: 1), let most = count(parts[1], from: 1),
            least <= most, let percent = parts.count < 3 ? 80 : percentage(parts[2])
        else {
            throw UnreadableOption(
                expectation: "MIN:MAX or MIN:MAX:CPU%, such as 2:5:80%, with MIN from 1 on and no more than MAX")
        }
        return .autoscaling(WaypointOptionEdit.Autoscaling(least: least, most: most, percent: percent))
    }

    /// `1`, `50%`, or `none`.
    package static func disruptionBudget(_ word: String) throws(UnreadableOption) -> WaypointOption {
        guard word != "none" else { return .disruptionBudget(nil) }
        if word.hasSuffix("%"), let percent = count(word.dropLast(), from: 0), percent <= 100 {
            return .disruptionBudget(.string(word))
        }
        guard let number = count(word, from: 0) else {
            throw UnreadableOption(expectation: "a number of pods, a percentage such as 50%, or none")
        }
        return .disruptionBudget(.int(number))
    }

    /// `cpu=200m`, `limits.memory=1Gi`; `nil` for none.
    package static func resources(_ words: [String]?) throws(UnreadableOption) -> WaypointOption {
        guard let words else { return .resources(nil) }
        let limits = "limits."
        var parts: [String: Mapping] = [:]
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, !pair[0].isEmpty, Quantity(.string(pair[1])) != nil else {
                throw UnreadableOption(
                    expectation: "NAME=QUANTITY with commas, such as cpu=200m,memory=256Mi,limits.memory=1Gi")
            }
            let isLimit = pair[0].hasPrefix(limits)
            let name = isLimit ? String(pair[0].dropFirst(limits.count)) : pair[0]
            parts[isLimit ? "limits" : "requests", default: Mapping()][name] = .string(pair[1])
        }
        return .resources(
            .map(Mapping(["requests", "limits"].compactMap { key in parts[key].map { (key: key, value: .map($0)) } })))
    }
}

/// The most pods that Kubernetes' own type holds.
private let mostPods = Int(Int32.max)

private func count(_ word: some StringProtocol, from least: Int) -> Int? {
    Int(word).flatMap { (least...mostPods).contains($0) ? $0 : nil }
}

/// `80` or `80%`; more than 100 is a share of the request, too.
private func percentage(_ word: Substring) -> Int? { count(word.hasSuffix("%") ? word.dropLast() : word, from: 1) }
