/// Which versions may run side by side, and which steps lead from one to another: the one place that judges them.
///
/// Judged is the state that a run would leave: what runs, with the components of the run replaced. By minors alone,
/// the control plane is as old as the node agent and ztunnel or one minor ahead. One run takes one minor, up or down.
package struct VersionSkew: Sendable {
    /// What runs by component, oldest first; several versions of one in the middle of a rollout.
    private let live: [Component: [IstioVersion]]
    /// What the components of the run would be at.
    private let wanted: [Component: IstioVersion]

    /// Components that are in neither do not run; one whose version cannot be known is left out.
    package init(live: [Component: [IstioVersion]], wanted: [Component: IstioVersion] = [:]) {
        self.live = live.mapValues { $0.sorted() }
        self.wanted = wanted
    }

    /// One thing that is wrong with the versions, or that a user should know of them.
    package struct Finding: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            /// The component is ahead of the control plane by a minor or more.
            case ahead
            /// It is more than one minor behind the control plane.
            case behind
            /// It would move by more than one minor at once.
            case step
            /// It is ahead of the control plane by a patch, which works.
            case patchAhead
            /// It would move to an older version.
            case downgrade
        }

        package let kind: Kind
        package let component: Component
        /// Whether a run must not do it; what the run does not make worse is no reason to stop it.
        package let isBlocking: Bool
        package let message: String
        package let remedy: String
    }

    /// All that there is to say, in the order of the components; steps first.
    package var findings: [Finding] {
        let steps = Component.allCases.flatMap { component in step(of: component) }
        return steps + [Component.cni, .ztunnel].flatMap { skew(of: $0) }
    }

    /// Whether the data plane goes before the control plane: when that goes down, or is to get farther from what the data
    /// plane runs now than the two may be apart.
    package var isDataPlaneFirst: Bool {
        guard let now = live[.istiod]?.last, let target = wanted[.istiod] else { return false }
        if target < now { return true }
        return [Component.cni, .ztunnel].contains { component in
            guard let oldest = live[component]?.first, let next = wanted[component] else { return false }
            return distance(control: target, data: oldest) > 0 && distance(control: now, data: next) == 0
        }
    }

    // MARK: - Steps

    private func step(of component: Component) -> [Finding] {
        guard let target = wanted[component], let running = live[component], let high = running.last else { return [] }
        let names = running.map(\.description).joined(separator: " and ")
        if let far = running.first(where: { abs(target.minors(aheadOf: $0) ?? 2) > 1 }) {
            let isUp = far < target
            let next = IstioVersion(major: far.major, minor: far.minor + (isUp ? 1 : -1), patch: nil)
            return [
                Finding(
                    kind: .step, component: component, isBlocking: true,
                    message:
                        "\(component) runs \(names), and \(target) is more than one minor \(isUp ? "ahead" : "back")",
                    remedy: far.major == target.major
                        ? "go one minor at a time: first \(isUp ? "upgrade" : "downgrade") to \(next), with --version "
                            + next.latestName : "stay within Istio \(far.major)")
            ]
        }
        // base has no pods: its version is istiod's, which may be newer.
        guard target < high, component != .base else { return [] }
        return [
            Finding(
                kind: .downgrade, component: component, isBlocking: false,
                message: "\(component): downgrade from \(names) to \(target)",
                remedy: "a downgrade of at most one minor is supported")
        ]
    }

    // MARK: - The state that the run would leave

    private func state(of component: Component) -> [IstioVersion] {
        wanted[component].map { [$0] } ?? live[component] ?? []
    }

    private func skew(of component: Component) -> [Finding] {
        var worst: (control: IstioVersion, data: IstioVersion, distance: Int)?
        for control in state(of: .istiod) {
            for data in state(of: component) {
                let distance = distance(control: control, data: data)
                if distance > worst?.distance ?? 0 { worst = (control, data, distance) }
            }
        }
        guard let (control, data, distance) = worst else { return patchAhead(component) }
        let verb = isMoved(component) ? "would be" : "is"
        let isAhead = control < data
        return [
            Finding(
                kind: isAhead ? .ahead : .behind, component: component,
                isBlocking: isMoved(component) && distance >= max(1, distanceNow(component)),
                message: "\(component) \(verb) at \(data), "
                    + (isAhead ? "ahead of" : "more than one minor behind") + " istiod at \(control)",
                remedy: isAhead ? aheadRemedy(component, control, data) : behindRemedy(component, control, data))
        ]
    }

    /// Who moves first: upwards the control plane, downwards the component.
    private func aheadRemedy(_ component: Component, _ control: IstioVersion, _ data: IstioVersion) -> String {
        let rule = "istiod must not be older than \(component): "
        guard isLowered(.istiod) else { return rule + "upgrade istiod to \(data.minorName) first" }
        return rule + "downgrade \(component) to \(control.minorName) first"
    }

    private func behindRemedy(_ component: Component, _ control: IstioVersion, _ data: IstioVersion) -> String {
        let rule = "istiod may be one minor ahead of \(component): "
        guard isLowered(component), data.minor < Int.max else { return rule + "upgrade \(component) first" }
        let least = IstioVersion(major: data.major, minor: data.minor + 1, patch: nil)
        return rule + "downgrade istiod to \(least) first"
    }

    /// Whether the run takes the component to an older version than runs.
    private func isLowered(_ component: Component) -> Bool {
        guard let target = wanted[component], let high = live[component]?.last else { return false }
        return target < high
    }

    /// Whether the run changes one of the two.
    private func isMoved(_ component: Component) -> Bool {
        [component, .istiod].contains { one in
            guard let target = wanted[one] else { return false }
            return live[one].map { $0 != [target] } ?? true
        }
    }

    private func patchAhead(_ component: Component) -> [Finding] {
        guard let control = state(of: .istiod).first, let data = state(of: component).last,
            control.minors(aheadOf: data) == 0, let one = control.patch, let other = data.patch, other > one
        else { return [] }
        return [
            Finding(
                kind: .patchAhead, component: component, isBlocking: false,
                message: "\(component) \(data) is a patch ahead of istiod \(control), which is allowed",
                remedy: "upgrade istiod to \(data) when it suits")
        ]
    }

    /// How far the two are outside of what is allowed, now.
    private func distanceNow(_ component: Component) -> Int {
        var most = 0
        for control in live[.istiod] ?? [] {
            for data in live[component] ?? [] { most = max(most, distance(control: control, data: data)) }
        }
        return most
    }

    /// How many minors the pair is outside of what is allowed; 0 where it is allowed.
    private func distance(control: IstioVersion, data: IstioVersion) -> Int {
        guard let ahead = control.minors(aheadOf: data) else { return Int.max }
        if ahead < 0 { return -ahead }
        return max(0, ahead - 1)
    }
}
