import Istio
import SailResources
import Testing
import Values

/// What the definitions make of a resource given as JSON.
private func admit(
    _ kind: ResourceKind, _ spec: String, name: String = "default", version: String = "v1", replacing old: String? = nil
) throws -> Admission {
    func resource(_ spec: String) throws -> Mapping {
        let text = """
            {"apiVersion": "sailoperator.io/\(version)", "kind": "\(kind.name)", "metadata": {"name": "\(name)"}, \
            "spec": \(spec)}
            """
        return try #require(Value(json: text, numbers: .native).map)
    }
    return Admission(
        try resource(spec), try #require(kind.version(version)), of: kind, try ResourceSchema.builtIn(),
        replacing: try old.map(resource))
}

/// The places of what is wrong, joined.
private func faults(_ kind: ResourceKind, _ spec: String, name: String = "default") throws -> [String] {
    try admit(kind, spec, name: name).faults.map { $0.path.joined(separator: ".") }
}

@Suite struct AdmissionTests {
    // Behaviours 2, 3 and 4.
    static let completed: [(kind: ResourceKind, spec: String, expected: String)] = [
        (.istio, "null", #"{"namespace":"istio-system","updateStrategy":{"type":"InPlace"},"version":"v1.30.3"}"#),
        (.istio, "{}", #"{"namespace":"istio-system","updateStrategy":{"type":"InPlace"},"version":"v1.30.3"}"#),
        (
            .istio, #"{"updateStrategy": {}, "namespace": "mesh"}"#,
            #"{"namespace":"mesh","updateStrategy":{"type":"InPlace"},"version":"v1.30.3"}"#
        ),
        (.cni, "{}", #"{"namespace":"istio-cni","version":"v1.30.3"}"#),
        (.ztunnel, "{}", #"{"namespace":"ztunnel","version":"v1.30.3"}"#),
        (
            .ztunnel, #"{"version": "v1.29.6", "values": {"ztunnel": {"logLevel": null, "env": {"A": null}}}}"#,
            #"{"namespace":"ztunnel","values":{"ztunnel":{"env":{},"logLevel":"info","#
                + #""terminationGracePeriodSeconds":30}},"version":"v1.29.6"}"#
        ),
        (
            .istio,
            #"{"values": {"pilot": {"volumes": [{"name": "d", "azureDisk": {"diskName": "n", "diskURI": "u"}}]}}}"#,
            #"{"namespace":"istio-system","updateStrategy":{"type":"InPlace"},"values":{"pilot":{"volumes":"#
                + #"[{"azureDisk":{"diskName":"n","diskURI":"u","fsType":"ext4","readOnly":false},"name":"d"}]}},"#
                + #""version":"v1.30.3"}"#
        ),
    ]

    @Test(arguments: completed)
    func whatIsNotGivenGetsItsDefault(kind: ResourceKind, spec: String, expected: String) throws {
        let admission = try admit(kind, spec)
        #expect(admission.faults.isEmpty, "\(admission.faults)")
        #expect(try admission.resource["spec"]?.json() == expected)
    }

    static let refused: [(kind: ResourceKind, spec: String, places: [String])] = [
        (.istio, #"{"namespce": "a"}"#, ["spec.namespce"]),
        (.istio, #"{"version": "1.29.6"}"#, ["spec.version"]),
        (.istio, #"{"version": "v1.29"}"#, ["spec.version"]),
        (.istio, #"{"version": "v1.29.06"}"#, ["spec.version"]),
        (.istio, #"{"version": "latest"}"#, ["spec.version"]),
        (.istio, #"{"version": "v1.23.9"}"#, ["spec.version"]),
        (.ztunnel, #"{"version": "v1.23.6"}"#, ["spec.version"]),
        (
            .revision, #"{"namespace": "a", "version": "v1.30-latest", "values": {"global": {"istioNamespace": "a"}}}"#,
            ["spec.version"]
        ),
        (.istio, #"{"profile": "sidecar"}"#, ["spec.profile"]),
        (
            .istio, #"{"updateStrategy": {"inactiveRevisionDeletionGracePeriodSeconds": -2}}"#,
            ["spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds"]
        ),
        (.cni, #"{"values": {"cni": {"repair": {"enabled": "no"}}}}"#, ["spec.values.cni.repair.enabled"]),
        (
            .cni, #"{"values": {"cni": {"resources": {"limits": {"cpu": "1 core"}}}}}"#,
            ["spec.values.cni.resources.limits.cpu"]
        ),
        (.istio, #"{"values": {"pilot": {"replicaCount": 2147483648}}}"#, ["spec.values.pilot.replicaCount"]),
        (.istio, #"{"values": {"pilot": {"replicaCount": 1.5}}}"#, ["spec.values.pilot.replicaCount"]),
        (.istio, #"{"values": {"pilot": {"envVarFrom": [{"value": "x"}]}}}"#, ["spec.values.pilot.envVarFrom.0.name"]),
        (.istio, #"{"values": {"pilot": {"extraContainerArgs": [null]}}}"#, ["spec.values.pilot.extraContainerArgs.0"]),
        (
            .istio, #"{"values": {"pilot": {"resources": {"claims": [{"name": "a"}, {"name": "a"}]}}}}"#,
            ["spec.values.pilot.resources.claims.1"]
        ),
        (
            .istio, #"{"values": {"pilot": {"tolerations": {"a": 1}}}}"#,
            ["spec.values.pilot.tolerations.a", "spec.values.pilot.tolerations"]
        ),
        (.ztunnel, #"{"targetRef": {"kind": "Gateway", "name": ""}}"#, ["spec.targetRef.kind", "spec.targetRef.name"]),
        (.ztunnel, #"{"values": {"ztunnel": {"labels": {"a": "b"}}}}"#, ["spec.values.ztunnel.labels"]),
        (.tag, "{}", ["spec.targetRef"]),
        // Rules over several fields.
        (.istio, #"{"values": {"global": {"istioNamespace": "other"}}}"#, ["spec"]),
        (
            .istio,
            #"{"values": {"meshConfig": {"extensionProviders": [{"name": "x", "zipkin": {"port": 1, "#
                + #""service": "s"}, "prometheus": {}}]}}}"#, ["spec.values.meshConfig.extensionProviders.0"]
        ),
        (
            .revision,
            #"{"namespace": "a", "version": "v1.30.3", "values": {"revision": "x", "global": "#
                + #"{"istioNamespace": "a"}}}"#, [""]
        ),
        (.revision, #"{"namespace": "a", "version": "v1.30.3", "values": {"revision": ""}}"#, ["spec"]),
    ]

    // Behaviours 9, 10 and 11.
    @Test(arguments: refused)
    func whatTheDefinitionsRefuseHasItsPlace(kind: ResourceKind, spec: String, places: [String]) throws {
        #expect(try faults(kind, spec) == places)
    }

    static let accepted: [(kind: ResourceKind, spec: String)] = [
        (.istio, #"{"version": "v1.27.9"}"#), (.istio, #"{"version": "v1.30.99"}"#),
        (.istio, #"{"version": "v1.29-latest"}"#), (.istio, #"{"version": "v1.21.6"}"#),
        (.istio, #"{"version": "v1.23-latest"}"#), (.ztunnel, #"{"version": "v1.24.0"}"#),
        (.istio, #"{"values": {"experimental": {"a": [1, {"b": null}]}, "gatewayClasses": "x"}}"#),
        (.istio, #"{"values": {"pilot": {"resources": {"requests": {"cpu": 1, "memory": "1.5Gi", "x": "1e3"}}}}}"#),
        (.istio, #"{"values": {"pilot": {"rollingMaxSurge": "25%", "replicaCount": 2.0, "traceSampling": 0.5}}}"#),
        (.revision, #"{"namespace": "a", "version": "v1.30.3", "values": {"global": {"istioNamespace": "a"}}}"#),
        (.tag, #"{"targetRef": {"kind": "Istio", "name": "default"}}"#),
    ]

    @Test(arguments: accepted) func theRestIsAccepted(kind: ResourceKind, spec: String) throws {
        #expect(try admit(kind, spec).faults == [])
    }

    // Behaviours 5 and 6.
    @Test func thereIsOneNodeAgentAndOneZtunnel() throws {
        #expect(try admit(.cni, "{}", name: "other").faults == [.init([], .broken(.nameIsDefault))])
        #expect(try admit(.ztunnel, "{}", name: "other").faults == [.init([], .broken(.nameIsDefault))])
        #expect(try admit(.ztunnel, "{}", name: "other", version: "v1alpha1").faults.count == 1)
        #expect(try admit(.istio, "{}", name: "other").faults.isEmpty)
    }

    // Behaviours 7 and 8.
    @Test func theNamespaceOfAResourceStays() throws {
        for kind in [ResourceKind.istio, .cni] {
            let admission = try admit(kind, #"{"namespace": "b"}"#, replacing: #"{"namespace": "a"}"#)
            #expect(admission.faults == [.init(["spec", "namespace"], .immutable)])
        }
        #expect(try admit(.ztunnel, #"{"namespace": "b"}"#, replacing: #"{"namespace": "a"}"#).faults.isEmpty)
    }

    @Test func theOlderVersionOfZtunnelIsStoredWithoutItsProfile() throws {
        let admission = try admit(.ztunnel, #"{"profile": "ambient"}"#, version: "v1alpha1")
        #expect(admission.faults.isEmpty)
        #expect(admission.resource["spec"]?["profile"] == nil)
        #expect(try faults(.ztunnel, #"{"profile": "ambient"}"#) == ["spec.profile"])
        #expect(try !admit(.ztunnel, #"{"targetRef": {}}"#, version: "v1alpha1").faults.isEmpty)
    }

    @Test func unknownFieldsAloneAreDroppedWhereNothingIsStrict() throws {
        let admission = try admit(.istio, #"{"a": {"b": 1}, "values": {"c": 2, "pilot": {"image": "x"}}}"#)
        #expect(admission.isAcceptedWithoutUnknownFields)
        #expect(admission.resource["spec"]?["values"] == ["pilot": ["image": "x"]])
        #expect(try !admit(.istio, #"{"a": 1, "profile": 2}"#).isAcceptedWithoutUnknownFields)
    }
}

@Suite struct DefinitionTests {
    private func versions(_ kind: ResourceKind) throws -> [Value] {
        try Definitions(Catalogue.builtIn()).definition(of: kind)["spec"]?["versions"]?.list ?? []
    }

    private func spec(_ version: Value) -> Value? {
        version[path: "schema", "openAPIV3Schema", "properties", "spec"]
    }

    @Test func everyKindHasItsNames() throws {
        for kind in ResourceKind.all {
            let definition = try Definitions(Catalogue.builtIn()).definition(of: kind)
            #expect(definition["metadata"]?["name"]?.string == kind.plural + ".sailoperator.io")
            #expect(definition[path: "spec", "scope"] == "Cluster")
            #expect(definition[path: "spec", "names", "categories"] == ["istio-io"])
        }
        #expect(
            try Definitions(Catalogue.builtIn()).definition(of: .revision)[path: "spec", "names", "shortNames"]
                == ["istiorev"])
    }

    @Test func theDefaultOfASpecIsThatOfItsFields() throws {
        #expect(
            try spec(versions(.istio)[0])?["default"]
                == ["namespace": "istio-system", "updateStrategy": ["type": "InPlace"], "version": "v1.30.3"])
        #expect(try spec(versions(.revision)[0])?["default"] == nil)
    }

    @Test func versionsAreARuleOverTheMinorsOfTheCatalogue() throws {
        let rule = VersionRule(try Catalogue.builtIn())
        let scope = VersionRule.Scope(takesOld: true, takesLatest: true)
        #expect(
            rule.pattern(in: scope)
                == #"^v1\.((24|25|26|27|28|29|30|31)(\.(0|[1-9][0-9]*)|-latest)|23(\.[2-6]|-latest)|22(\.[5-8]|-latest)|21\.6)$"#
        )
        #expect(
            rule.pattern(in: VersionRule.Scope(takesOld: false, takesLatest: true))
                == #"^v1\.((24|25|26|27|28|29|30|31)(\.(0|[1-9][0-9]*)|-latest))$"#)
    }

    @Test func theOlderVersionOfZtunnelIsServedWithAWarning() throws {
        let versions = try versions(.ztunnel)
        #expect(versions.map { $0["name"]?.string } == ["v1", "v1alpha1"])
        #expect(versions.map { $0["storage"]?.bool } == [true, false])
        #expect(versions[1]["deprecated"] == true)
        #expect(versions[1]["deprecationWarning"]?.string?.contains("spec.targetRef") == true)
    }

    @Test func columnsSayWhatAResourceIsAt() throws {
        let columns = try versions(.istio)[0]["additionalPrinterColumns"]?.list?.compactMap { $0["name"]?.string }
        #expect(
            columns == [
                "Namespace", "Profile", "Revisions", "Ready", "In use", "Active Revision", "Status", "Version", "Age",
            ])
    }

    /// Every object that a field names is in the table, and every object of the table is used.
    @Test func theTableIsComplete() throws {
        let schema = try ResourceSchema.builtIn()
        var used = Set(ResourceKind.all.flatMap(\.versions).map(\.type))
        func note(_ type: FieldType) {
            switch type {
            case .object(let name): used.insert(name)
            case .list(let inner), .map(let inner): note(inner)
            default: break
            }
        }
        for type in schema.types.values { type.fields.forEach { note($0.type) } }
        #expect(used == Set(schema.types.keys))
        #expect(schema.types.values.allSatisfy { !$0.fields.isEmpty })
    }

    /// Fields of the resources themselves are described; what they hold of Kubernetes says where it is.
    @Test func everyFieldOfAResourceIsDescribed() throws {
        let schema = try ResourceSchema.builtIn()
        for name in schema.types.keys where name.hasSuffix("Spec") || name.hasSuffix("Status") {
            guard !name.hasPrefix("Persistent") else { continue }
            for field in schema.type(name).fields { #expect(!field.text.isEmpty, "\(name).\(field.name)") }
        }
    }
}
