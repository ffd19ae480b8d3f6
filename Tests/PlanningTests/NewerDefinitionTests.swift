import Istio
import Objects
import Planning
import Testing
import Values
import YAML

private func definition(_ properties: String, versions: [String] = ["v1"]) throws -> Value {
    let schema = try Value(yaml: "{type: object, properties: {spec: {type: object, properties: \(properties)}}}")
    let all = versions.map { name -> Value in
        ["name": .string(name), "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]]
    }
    return [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "rules.example.com"], "spec": ["versions": .list(all)],
    ]
}

private let ours =
    "{host: {type: string}, mode: {type: string, enum: [A, B]}, list: {type: array, items: {type: object, "
    + "properties: {a: {type: string}}}}, map: {type: object, additionalProperties: {type: object, properties: {b: "
    + "{type: string}}}}, any: {type: object, x-kubernetes-preserve-unknown-fields: true}}"

@Test(arguments: [
    ("{host: {type: string}}", nil),
    ("{host: {type: string, description: Other words}, mode: {type: string, enum: [B]}}", nil),
    ("{host: {type: string}, port: {type: integer}}", "spec.port"),
    ("{mode: {type: string, enum: [A, B, C]}}", "spec.mode: C"),
    ("{list: {type: array, items: {type: object, properties: {z: {type: string}}}}}", "spec.list[].z"),
    ("{map: {type: object, additionalProperties: {type: object, properties: {z: {type: string}}}}}", "spec.map{}.z"),
    ("{any: {type: object, properties: {z: {type: string}}}}", nil),
])
func aDefinitionIsNewerByWhatOursLacks(live: String, part: String?) throws {
    #expect(newerPart(ofDefinition: try definition(live), than: try definition(ours)) == part)
}

@Test func aDefinitionIsNewerByAVersionThatOursLacks() throws {
    let live = try definition("{host: {type: string}}", versions: ["v1", "v2"])
    #expect(newerPart(ofDefinition: live, than: try definition(ours)) == "version v2")
    #expect(newerPart(ofDefinition: try definition(ours), than: live) == "spec.mode")
}

@Test func aNewerDefinitionStaysAsItIs() throws {
    let (live, own) = (try definition("{host: {type: string}, port: {type: integer}}"), try definition(ours))
    let identity = ObjectReference(
        apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "rules.example.com")
    let snapshot = Snapshot(
        observations: [identity: ObservedObject(live: live, sent: own, prediction: .object(own))])
    let made = plan([Desired(component: .base, identity: identity, object: own)], snapshot)
    #expect(made.isEmpty)
    #expect(made.changes[0].newerPart == "spec.port")
}

@Test func whatIsNoDefinitionIsNeverNewer() {
    #expect(newerPart(ofDefinition: ["kind": "ConfigMap"], than: ["kind": "ConfigMap"]) == nil)
    #expect(newerPart(ofDefinition: "text", than: 1) == nil)
    #expect(
        newerPart(ofDefinition: ["kind": "CustomResourceDefinition"], than: ["kind": "CustomResourceDefinition"]) == nil
    )
}
