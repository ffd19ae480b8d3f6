package import Charts
package import Values

/// What the user asks for: which mesh, with which values.
package struct MeshRequest: Sendable {
    package var profile: String?
    package var version: String?
    package var platform: String?
    package var namespace: String?
    package var componentNamespaces: [Component: String] = [:]
    /// The components asked for; all where empty.
    package var components: Set<Component> = []
    package var user = UserValues()
    /// Names of releases that are on the cluster already and are kept; the usual ones for the others.
    package var releaseNames: [Component: String] = [:]
    /// Names that charts were rendered under where these are not the releases': istioctl renders all as `istio`.
    package var instanceNames: [Component: String] = [:]
    /// Whether charts come from elsewhere, which may have versions that the catalogue does not list.
    package var bringsCharts = false

    package init() {}
}

/// One component of a mesh, ready to be rendered.
package struct MeshPart: Sendable {
    package let component: Component
    package let releaseName: String
    /// `.Release.Name` in the templates.
    package let instanceName: String
    package let namespace: String
    package let chart: Chart
    /// What the chart gets as the user's values under Helm.
    package let values: Mapping
    /// Whether the chart is sail's own. The user's values were then held against its schema here, which says it in the
    /// user's terms.
    let isChecked: Bool
}

/// A mesh worked out: versions, names, namespaces and the layers of values.
package struct Mesh: Sendable {
    package let release: Release
    package let minor: Minor
    package let profile: String
    package let platform: String?
    package let namespace: String
    /// From the bottom to the top; the charts' own values lie beneath them.
    package let layers: [Layer]
    /// The components asked for, in the order of installation.
    package let parts: [MeshPart]
    /// Remembered keys that no chart knows, each with its place, as sentences.
    package let strays: [String]

    /// What the user gave, with what was remembered from earlier runs, as one map.
    package var userValues: Mapping {
        layers.filter { layer in
            switch layer.origin {
            case .file, .flag, .remembered: true
            case .version, .profile, .compatibility, .platform, .derived: false
            }
        }.merged
    }

    /// The user's network name, with which the namespace is labelled.
    package var network: String? {
        layers.merged.value(at: ["global", "network"])?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Mesh {
    /// Gives the charts of the components for a version; throws what it wants.
    package typealias ChartSupply = ([Component], Release) throws -> [Chart]

    /// Works a request out; throws `IstioError`, `IstioErrors`, or what `charts` throws.
    package init(_ request: MeshRequest, charts supply: ChartSupply) throws {
        let settings = request.user.settings
        let (minor, release) = try Catalogue.builtIn()
            .release(request.version ?? settings.version, allowingOthers: request.bringsCharts)
        self.minor = minor
        self.release = release
        profile = request.profile ?? settings.profile ?? Profiles.ambient
        let user = request.user.layers
        let userValues = user.merged
        platform = request.platform ?? userValues.value(at: ["global", "platform"])?.string

        let wanted = Component.allCases.filter { component in
            (request.components.isEmpty || request.components.contains(component))
                && !settings.disabled.contains(component)
        }
        let charts = try supply(wanted, release)
        let ours = Set(zip(wanted, charts).filter { $1.servesEveryRelease }.map(\.0))

        let placement = try Placement(request, user: user, platform: platform)
        namespace = placement.mesh
        let lower = LowerLayers(minor, release, profile: profile, platform: platform, user: user)
        var layers = try lower.layers(wanted: Set(wanted), ours: ours) + user
        let derived = try placement.derivedLayer(over: lower.known + user, user: user)
        if !derived.values.isEmpty { layers.append(derived) }
        self.layers = layers
        strays = try Mesh.check(user, charts: zip(wanted, charts).filter { ours.contains($0.0) })

        let (profile, platform) = (profile, platform)
        parts = zip(wanted, charts).map { component, chart in
            var values = layers.merged(for: component)
            if component == .istiod, ours.contains(component) {
                values["originalValues"] = .map(Mesh.originalValues(user, profile, platform))
            }
            let name = request.releaseNames[component] ?? component.releaseName
            return MeshPart(
                component: component, releaseName: name, instanceName: request.instanceNames[component] ?? name,
                namespace: placement.namespace(of: component),
                chart: chart, values: values, isChecked: ours.contains(component))
        }
    }

    /// Throws what is wrong; answers what is merely unknown and was remembered.
    private static func check(_ user: [Layer], charts: some Sequence<(Component, Chart)>) throws -> [String] {
        var schemas: [(component: Component, schema: Value)] = []
        for (component, chart) in charts {
            guard !user.isEmpty, let schema = chart.schema, let value = try? Value(json: schema.string) else {
                continue
            }
            schemas.append((component, value))
        }
        let (errors, strays) = ValueCheck(user).faults(schemas)
        if !errors.isEmpty { throw IstioErrors(errors: errors) }
        return strays
    }

    /// What istiod's chart records as the values that the user gave.
    private static func originalValues(_ user: [Layer], _ profile: String, _ platform: String?) -> Mapping {
        var values = user.merged(for: .istiod)
        values["profile"] = .string(profile)
        if let platform { values.set(.string(platform), at: ["global", "platform"]) }
        return values
    }
}
