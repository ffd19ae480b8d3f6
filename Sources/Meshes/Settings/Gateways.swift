import Values

/// The gateways that istioctl's values describe below `gateways`, beside what istiod's chart reads there.
///
/// Ambient mode has none of them: one that is asked for is refused, one that is disabled is passed over.
enum Gateways {
    private static let key = "gateways"
    private static let names: Set<String> = ["istio-ingressgateway", "istio-egressgateway", "istio-ilbgateway"]

    static let remedy =
        "sail installs no gateways: make a Gateway resource, or install the chart gateway of Istio; remove it, or set "
        + "enabled to false"

    /// The paths of those that the values ask for.
    static func wanted(in values: Mapping) -> [[String]] {
        let all = values[key]?.map ?? Mapping()
        return all.filter { isGateway($0.key, $0.value) && isWanted($0.value) }.map { [key, $0.key] }
    }

    /// The values without them.
    static func removed(from values: Mapping) -> Mapping {
        guard case .map(let all)? = values[key], all.contains(where: { isGateway($0.key, $0.value) }) else {
            return values
        }
        var values = values
        let rest = Mapping(all.filter { !isGateway($0.key, $0.value) })
        values[key] = rest.isEmpty ? nil : .map(rest)
        return values
    }

    private static func isGateway(_ name: String, _ value: Value) -> Bool {
        names.contains(name) || value["enabled"] != nil
    }

    /// One that says nothing of `enabled` is described because it is wanted.
    private static func isWanted(_ value: Value) -> Bool {
        switch value["enabled"] {
        case .bool(let isEnabled): isEnabled
        case .null?: false
        case .some: true
        case nil: value.map?.isEmpty == false || value.list?.isEmpty == false
        }
    }
}
