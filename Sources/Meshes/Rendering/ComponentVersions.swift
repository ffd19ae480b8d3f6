import Charts
import Istio

/// The release of Istio of each component, and what follows from it: charts, and the layers beneath the user's values.
struct ComponentVersions {
    typealias Choice = (minor: Minor, release: Release)

    private let components: [Component]
    private let choices: [Component: Choice]
    /// Of the control plane, or of the first component.
    let leading: Choice
    /// The versions of all components, of those too that take no part, as far as they are known.
    let names: [Component: String]

    init(_ request: MeshRequest, of components: [Component]) throws(IstioError) {
        let catalogue: Catalogue
        if let own = request.catalogue { catalogue = own } else { catalogue = try Catalogue.builtIn() }
        var choices: [Component: Choice] = [:]
        for component in components { choices[component] = try catalogue.choice(component, request) }
        let leader = components.contains(.istiod) ? .istiod : components.first ?? .istiod
        if let own = choices[leader] { leading = own } else { leading = try catalogue.choice(leader, request) }
        names = request.storedVersions.merging(choices.mapValues(\.release.version)) { $1 }
        (self.components, self.choices) = (components, choices)
    }

    /// Only for components that take part; the leading release for others.
    func choice(of component: Component) -> Choice { choices[component] ?? leading }

    /// The components of each release, both in the order of installation.
    private var groups: [(choice: Choice, components: [Component])] {
        var groups: [(choice: Choice, components: [Component])] = []
        for component in components {
            let choice = choice(of: component)
            if let index = groups.firstIndex(where: { $0.choice.release == choice.release }) {
                groups[index].components.append(component)
            } else {
                groups.append((choice, [component]))
            }
        }
        return groups
    }

    /// The chart of each component.
    func charts(_ supply: Mesh.ChartSupply) throws -> [Chart] {
        var found: [Component: Chart] = [:]
        for (choice, components) in groups {
            for (component, chart) in zip(components, try supply(components, choice.release)) {
                found[component] = chart
            }
        }
        return components.compactMap { found[$0] }
    }

    /// The layers beneath the user's values, and what charts of others do by themselves in their place.
    func lowerLayers(
        profile: String, platform: String?, user: [Layer], ours: Set<Component>
    ) throws(IstioError) -> (layers: [Layer], known: [Layer]) {
        var result: (layers: [Layer], known: [Layer]) = ([], [])
        for (choice, components) in groups(whereAlike: user) {
            let lower = LowerLayers(
                choice.minor, choice.release, profile: profile, platform: platform,
                user: user.seen(by: components.first ?? .istiod))
            let wanted = Set(components)
            let layers = try lower.layers(wanted: wanted, ours: ours.intersection(wanted))
            let isWhole = wanted.count == self.components.count
            result.layers += isWhole ? layers : layers.map { $0.only(for: $0.components ?? wanted) }
            result.known += isWhole ? lower.known : lower.known.map { $0.only(for: wanted) }
        }
        return result
    }

    /// The groups, divided where resources give components values of their own: the compatibility version may differ.
    private func groups(whereAlike user: [Layer]) -> [(choice: Choice, components: [Component])] {
        if user.allSatisfy({ $0.components == nil }) { return groups }
        return components.map { (choice(of: $0), [$0]) }
    }
}

extension Catalogue {
    /// The release that a component should get; throws for a flag that contradicts the component's resource.
    fileprivate func choice(
        _ component: Component, _ request: MeshRequest
    ) throws(IstioError) -> ComponentVersions.Choice {
        let found = try untaggedChoice(component, request)
        return try tagged(component, request) ?? found
    }

    /// What the tag of the component's image says; base, which has none, goes with istiod where nothing says otherwise.
    private func tagged(_ component: Component, _ request: MeshRequest) throws(IstioError) -> ComponentVersions.Choice?
    {
        let asked = request.askedVersion(of: component)
        let isLed = component == .base && asked == nil && request.wantedComponents.contains(.istiod)
        let source = isLed ? .istiod : component
        let layers = request.user.layers.seen(by: source)
        guard !layers.isEmpty else { return nil }
        return try taggedRelease(
            source, ImageSettings(user: layers, beneath: []), asked: isLed ? request.askedVersion(of: source) : asked,
            stored: request.storedVersions[source], allowingOthers: request.bringsCharts)
    }

    private func untaggedChoice(
        _ component: Component, _ request: MeshRequest
    ) throws(IstioError) -> ComponentVersions.Choice {
        let found = try release(request.version(of: component), allowingOthers: request.bringsCharts)
        guard let flag = request.version, let own = request.user.settings.versions[component],
            request.wantedComponents.contains(component)
        else { return found }
        let other = try? release(own.name, allowingOthers: true).release.version
        guard other != found.release.version else { return found }
        throw .contradiction(
            place: own.place, what: "spec.version is \(own.name), and --version is \(flag)",
            remedy: "leave one of them out, or bring them to the same version")
    }
}
