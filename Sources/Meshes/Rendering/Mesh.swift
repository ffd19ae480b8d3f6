package import Charts
package import Istio
package import Patches
package import Values

/// One component of a mesh, ready to be rendered.
package struct MeshPart: Sendable {
    package let component: Component
    package let releaseName: String
    /// `.Release.Name` in the templates.
    package let instanceName: String
    package let namespace: String
    /// Where the release is recorded: the component's namespace, or another that is kept.
    package let releaseNamespace: String
    /// The release of Istio that the component gets, which may differ from the others'.
    package let release: Release
    package let minor: Minor
    package let chart: Chart
    /// What the chart gets as the user's values under Helm.
    package internal(set) var values: Mapping
    /// Whether the chart is sail's own. The user's values were then checked against its schema here, which names them in the
    /// user's terms.
    let isChecked: Bool
}

/// A mesh worked out: versions, names, namespaces and the layers of values.
package struct Mesh: Sendable {
    /// The control plane's release, or that of the first component where istiod is none of the parts.
    package let release: Release
    package let minor: Minor
    /// The version of every component, of those too that are no part: what the stored settings have of them.
    package let versions: [Component: String]
    /// The images of installers before us that still count.
    package let adopted: [Component: AdoptedImages]
    package let profile: String
    package let platform: String?
    package let namespace: String
    /// Namespaces that were given as resources, now or in an earlier run.
    package let givenNamespaces: [GivenNamespace]
    /// From the bottom to the top; the charts' own values lie beneath them.
    package let layers: [Layer]
    /// The components asked for, in the order of installation.
    package let parts: [MeshPart]
    /// What charts would refuse of remembered values, and what has no effect, each with its place, as sentences.
    package let strays: [String]
    /// What IstioOperators lay over the rendered objects of components, of those too that are no part.
    package let objectSettings: [Component: ObjectSettings]
    /// Files of patches, in the order in which they are applied.
    package let patchFiles: [PatchFile]

    /// What the user gave, with what was stored by earlier runs, as one map; without what no schema is asked about.
    package var userValues: Mapping { layers.filter { $0.isUsers && !$0.isUnvalidated }.merged }

    /// The part of it that a component gets, in the same form.
    package func userValues(of component: Component) -> Mapping {
        layers.filter { $0.isUsers && !$0.isUnvalidated }.seen(by: component).merged
    }

    /// What the user gave that no schema is asked about.
    package var unvalidatedValues: Mapping { layers.filter { $0.isUsers && $0.isUnvalidated }.merged }

    /// Whether components have values of their own, as the Sail Operator's resources give them.
    package var isDividedByComponent: Bool { layers.contains { $0.isUsers && $0.components != nil } }

    /// The user's network name, with which the namespace is labelled.
    package var network: String? {
        layers.seen(by: .istiod).merged.value(at: ["global", "network"])?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Mesh {
    /// Gives the charts of the components for a version; throws what it wants.
    package typealias ChartSupply = ([Component], Release) throws -> [Chart]

    /// Works a request out; throws `IstioError`, `IstioErrors`, or what `charts` throws.
    package init(_ request: MeshRequest, charts supply: ChartSupply) throws {
        let settings = request.user.settings
        var user = request.user.resolvedLayers
        (objectSettings, patchFiles) = (settings.objectSettings, request.patchFiles)
        profile = request.profile ?? settings.profile ?? Profiles.ambient
        platform =
            request.platform ?? settings.platform
            ?? user.lazy.compactMap { $0.values.value(at: ["global", "platform"])?.string }.last

        let wanted = request.wantedComponents
        let versions = try ComponentVersions(request, of: wanted)
        self.versions = versions.names
        let charts = try versions.charts(supply)
        let ours = Set(zip(wanted, charts).filter { $1.servesEveryRelease }.map(\.0))
        let defaults = zip(wanted, charts).map { ($0.traits.key, $1.values) }
        user = user.takingBack { path in
            defaults.contains { key, values in
                let own = path.first == key ? Array(path.dropFirst()) : path
                return !own.isEmpty && (values.value(at: own) ?? .null) != .null
            }
        }

        let placement = try Placement(request, user: user, platform: platform)
        namespace = placement.mesh
        let lower = try versions.lowerLayers(profile: profile, platform: platform, user: user, ours: ours)
        try ImageSettings.check(user, beneath: lower.known, for: wanted)
        adopted = request.adopted.filter { $0.value.version == versions.names[$0.key] }
        var layers = lower.layers + Mesh.adoptedLayers(adopted, user: user, versions, wanted) + user
        let derived = try placement.derivedLayer(over: lower.known + user, user: user)
        if !derived.values.isEmpty { layers.append(derived) }
        var pins = ImagePins()
        for component in wanted { pins.add(component, versions.choice(of: component).release, lower.known + user) }
        if !pins.values.isEmpty { layers.append(Layer(.derived("the catalogue's image digests"), pins.values)) }
        self.layers = layers
        let settled = ["profile": profile, "platform": platform, "istioVersion": versions.leading.release.version]
        strays =
            try Mesh.check(user, settled: settled, charts: zip(wanted, charts).filter { ours.contains($0.0) })
            + (ours.contains(.istiod) ? Mesh.ineffective(user, in: layers.merged(for: .istiod)) : [])

        let (profile, told) = (profile, layers.toldPlatform)
        parts = zip(wanted, charts).map { component, chart in
            var values = layers.merged(for: component)
            if component == .istiod, ours.contains(component) {
                values["originalValues"] = .map(Mesh.originalValues(user, profile, told))
            }
            let name = request.releaseNames[component] ?? component.releaseName
            let (minor, release) = versions.choice(of: component)
            let place = placement.namespace(of: component)
            return MeshPart(
                component: component, releaseName: name, instanceName: request.instanceNames[component] ?? name,
                namespace: place, releaseNamespace: request.releaseNamespaces[component] ?? place, release: release,
                minor: minor,
                chart: chart, values: values, isChecked: ours.contains(component))
        }
        (minor, release) = versions.leading
        givenNamespaces = request.allNamespaces
        try refuseOtherNetwork()
    }

    /// Throws what is wrong; answers what is wrong and was only remembered. What a file says for components that are
    /// left out is checked too.
    private static func check(
        _ user: [Layer], settled: [String: String?], charts: [(Component, Chart)]
    ) throws -> [String] {
        if user.isEmpty || charts.isEmpty { return [] }
        var schemas = ChartSchema.builtIn
        for (component, chart) in charts {
            if let own = ChartSchema(of: chart, unlike: component) { schemas[component] = own }
        }
        let (errors, strays) = ValueCheck(user, settled: settled).faults(schemas)
        if !errors.errors.isEmpty { throw errors }
        return strays
    }

    /// Values of the user's that have no effect beside others, each with its place.
    private static func ineffective(_ user: [Layer], in values: Mapping) -> [String] {
        let path = ["pilot", "replicaCount"]
        let scales = values.value(at: ["pilot", "autoscaleEnabled"]) ?? values["autoscaleEnabled"]
        guard user.merged.value(at: path)?.isNull == false, scales != false else { return [] }
        return [
            ValueCheck(user).place(of: path)
                + ": pilot.replicaCount has no effect while pilot.autoscaleEnabled is true; write pilot.autoscaleMin, or "
                + "pilot.autoscaleEnabled: false"
        ]
    }

    /// What istiod's chart records as the values that the user gave.
    private static func originalValues(_ user: [Layer], _ profile: String, _ platform: String?) -> Mapping {
        var values = user.merged(for: .istiod)
        values["profile"] = .string(profile)
        if let platform { values.set(.string(platform), at: ["global", "platform"]) }
        return values
    }
}
