package import Values
internal import YAML

/// The definitions of the Gateway API's standard channel, as far as meshes need them: names, versions, columns and the lists
/// that are merged by key; fields below are not checked.
package enum GatewayDefinitions {
    private static let group = "gateway.networking.k8s.io"

    /// Kind, plural, short name, versions with the stored one first.
    private static let rows = [
        ("GatewayClass", "gatewayclasses", "gc", ["v1", "v1beta1"]), ("Gateway", "gateways", "gtw", ["v1", "v1beta1"]),
        ("HTTPRoute", "httproutes", "", ["v1", "v1beta1"]), ("GRPCRoute", "grpcroutes", "", ["v1"]),
        ("ReferenceGrant", "referencegrants", "refgrant", ["v1beta1", "v1"]),
    ]

    private static let columnTexts = [
        "GatewayClass": """
        - {name: Controller, type: string, jsonPath: .spec.controllerName}
        - {name: Accepted, type: string, jsonPath: '.status.conditions[?(@.type=="Accepted")].status'}
        - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
        """,
        "Gateway": """
        - {name: Class, type: string, jsonPath: .spec.gatewayClassName}
        - {name: Address, type: string, jsonPath: '.status.addresses[*].value'}
        - {name: Programmed, type: string, jsonPath: '.status.conditions[?(@.type=="Programmed")].status'}
        - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
        """,
        "": "- {name: Age, type: date, jsonPath: .metadata.creationTimestamp}",
    ]

    private static let schemaText = """
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-preserve-unknown-fields: true
            properties:
              listeners:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name]
                items:
                  type: object
                  required: [name]
                  x-kubernetes-preserve-unknown-fields: true
                  properties: {name: {type: string}}
          status:
            type: object
            x-kubernetes-preserve-unknown-fields: true
            properties:
              conditions:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [type]
                items:
                  type: object
                  required: [type]
                  x-kubernetes-preserve-unknown-fields: true
                  properties: {type: {type: string}}
        """

    /// Those of a bundle, `v1.5.1`.
    package static func definitions(bundle: String) -> [Value] {
        rows.map { kind, plural, short, versions in
            let columns = (try? Value(yaml: columnTexts[kind] ?? columnTexts[""] ?? "")) ?? []
            let schema = (try? Value(yaml: schemaText)) ?? .empty
            var names: Value = [
                "kind": .string(kind), "plural": .string(plural), "singular": .string(kind.lowercased()),
                "listKind": .string(kind + "List"), "categories": ["gateway-api"],
            ]
            if !short.isEmpty { names[at: "shortNames"] = [.string(short)] }
            let served = versions.map { version -> Value in
                [
                    "name": .string(version), "served": true, "storage": .bool(version == versions[0]),
                    "additionalPrinterColumns": columns, "subresources": ["status": .empty],
                    "schema": ["openAPIV3Schema": schema],
                ]
            }
            return [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": [
                    "name": .string("\(plural).\(group)"),
                    "annotations": [
                        "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api",
                        "\(group)/bundle-version": .string(bundle), "\(group)/channel": "standard",
                    ],
                ],
                "spec": [
                    "group": .string(group), "scope": kind == "GatewayClass" ? "Cluster" : "Namespaced",
                    "names": names, "versions": .list(served),
                ],
            ]
        }
    }
}

extension World {
    /// Writes the Gateway API's definitions, served at once.
    mutating func addGatewayAPI(_ bundle: String) {
        guard let kind = kinds["customresourcedefinitions.apiextensions.k8s.io"] else { return }
        for definition in GatewayDefinitions.definitions(bundle: bundle) {
            _ = try? create(
                definition, Target(kind: kind, version: "v1", name: definition.name),
                WriteOptions(manager: "kubectl"))
            establish(definition.name)
        }
    }
}
