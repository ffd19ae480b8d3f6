internal import Istio
internal import Objects
package import Values

/// A bundle of the Gateway API: its definitions, and the policy that keeps older ones from replacing them.
package struct GatewayBundle: Sendable {
    /// The objects in the order in which they are applied: definitions first, since the policy judges them.
    package let objects: [Value]
    /// `v1.5.1`, as all of its definitions say.
    package let version: String
    /// `standard` or `experimental`.
    package let channel: String

    private static let versionKey = gatewayGroup + "/bundle-version"
    private static let channelKey = gatewayGroup + "/channel"
    /// The groups that definitions of a bundle have; the second one is that of experiments.
    private static let groups = [gatewayGroup, "gateway.networking.x-k8s.io"]
    private static let policyName = "safe-upgrades." + gatewayGroup
    private static let policyKinds = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
    /// What waypoints cannot do without.
    private static let needed = ["gatewayclasses." + gatewayGroup, "gateways." + gatewayGroup]

    /// The documents of a bundle's file, of which empty ones are passed over. Throws what makes them no bundle.
    package init(documents: [Value]) throws(GatewayBundleError) {
        var definitions: [Value] = []
        var policies: [Value] = []
        for (index, document) in documents.enumerated() where document != .null {
            if GatewayBundle.isDefinition(document) {
                definitions.append(document)
            } else if GatewayBundle.isPolicy(document) {
                policies.append(document)
            } else {
                let identity = ObjectReference(of: document).map { "\($0)" } ?? "no object"
                throw GatewayBundleError(
                    "document \(index + 1) is \(identity.onOneLine), and a bundle of the Gateway API holds its definitions"
                )
            }
        }
        let names = definitions.map(\.metadata.name)
        for name in GatewayBundle.needed where !names.contains(name) {
            throw GatewayBundleError("holds no definition of \(name)")
        }
        let repeated = names.first { name in names.count { $0 == name } > 1 }
        if let repeated { throw GatewayBundleError("holds \(repeated.onOneLine) twice") }
        let said = Set(
            definitions.map { [$0.metadata.annotation(Self.versionKey), $0.metadata.annotation(Self.channelKey)] })
        guard said.count == 1, let words = said.first, let version = words[0], let channel = words[1] else {
            throw GatewayBundleError("its definitions do not agree on one \(Self.versionKey) and \(Self.channelKey)")
        }
        guard GatewayAPI.isVersion(version) else {
            throw GatewayBundleError("\(Self.versionKey) is \"\(version.onOneLine)\", which is no version")
        }
        (self.version, self.channel) = (version, channel)
        objects = definitions + policies
    }

    private static func isDefinition(_ object: Value) -> Bool {
        object.kind == "CustomResourceDefinition" && groups.contains(object["spec"]?["group"]?.string ?? "")
    }

    private static func isPolicy(_ object: Value) -> Bool {
        policyKinds.contains(object.kind) && object.metadata.name == policyName
    }

    /// Why this bundle must not replace the definitions that are on the cluster; `nil` where it may.
    package func refusal(over live: [Value]) -> GatewayBundleRefusal? {
        for object in live {
            let name = object.metadata.name
            guard let installed = object.metadata.annotation(Self.versionKey), GatewayAPI.isVersion(installed) else {
                return .unknown(definition: name)
            }
            if GatewayAPI.isOlder(version, than: installed) { return .newer(definition: name, version: installed) }
            let other = object.metadata.annotation(Self.channelKey) ?? ""
            if other == "experimental", channel != other { return .experimental(definition: name) }
        }
        return nil
    }
}

/// Why a bundle must not replace what is on the cluster.
package enum GatewayBundleRefusal: Equatable, Sendable {
    /// A definition that does not say its version.
    case unknown(definition: String)
    case newer(definition: String, version: String)
    /// Its experimental fields and kinds would be lost.
    case experimental(definition: String)
}

/// What makes a file no bundle of the Gateway API.
package struct GatewayBundleError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
