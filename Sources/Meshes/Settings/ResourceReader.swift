import Istio
import SailResources
import Values

/// Reads one document of a values file: plain values, or a resource that speaks of a mesh.
struct ResourceReader {
    private(set) var values = Mapping()
    /// Values that no schema is asked about, over all others.
    private(set) var unvalidated = Mapping()
    private(set) var settings = Settings()
    /// The only components that get the values; all where `nil`.
    private(set) var components: Set<Component>?
    /// The paths below which the values lie.
    private(set) var prefixes: [[String]] = [[]]
    /// What is wrong, and what is merely without effect.
    private(set) var check: DocumentCheck

    /// `place` names the place of a path.
    init(_ document: Mapping, place: @escaping ([String]) -> String) {
        check = DocumentCheck(place: place)
        let apiVersion = document["apiVersion"]?.string ?? ""
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (group, version) = parts.count == 2 ? (parts[0], parts[1]) : ("", apiVersion)
        let kind = document["kind"]?.string ?? ""
        if document["kind"] == nil, document["apiVersion"] == nil {
            values = document
            return
        }
        prefixes = [["spec", "values"], ["spec"]]
        switch (group, kind) {
        case ("install.istio.io", "IstioOperator"): readOperator(document, version)
        case ("", "Namespace"): readNamespace(document, version)
        case (ResourceKind.group, _): readSail(kind, version, document)
        default: check.refuse(["kind"], ResourceReader.remedy)
        }
    }

    private static let remedy =
        "a values file holds plain values, an IstioOperator, an Istio, IstioCNI or ZTunnel resource, or a Namespace"

    private mutating func readSail(_ name: String, _ version: String, _ document: Mapping) {
        guard let kind = SailKind.all.first(where: { $0.name == name }) else {
            let isRevision = SailKind.revisions.contains(name)
            check.refuse(
                ["kind"],
                isRevision
                    ? "\(name): sail installs in place, without revisions; give the Istio resource instead"
                    : ResourceReader.remedy)
            return
        }
        let resource = SailResource(kind, version, document, check)
        (values, settings, components, check) = (resource.values, resource.settings, kind.components, resource.check)
    }

    private mutating func readOperator(_ document: Mapping, _ version: String) {
        let resource = OperatorResource(version, document, check)
        (values, unvalidated, settings, check) = (
            resource.values, resource.unvalidated, resource.settings, resource.check
        )
    }

    private mutating func readNamespace(_ document: Mapping, _ version: String) {
        if version != "v1" { check.refuse(["apiVersion"], "a Namespace has v1; write that") }
        check.check(document, resourceFields.merging(["spec": .map]) { $1 }, at: [])
        let metadata = check.map("metadata", of: document, at: [], fields: metadataFields)
        guard let name = metadata["name"]?.string, isDNSLabel(name) else {
            check.refuse(
                ["metadata", "name"], "must be a namespace's name: lower-case letters, digits and -, at most 63")
            return
        }
        func texts(_ key: String) -> Mapping {
            let map = check.map(key, of: metadata, at: ["metadata"], fields: nil)
            for (inner, value) in map where value.string == nil {
                check.wrong(value, "a string", at: ["metadata", key, inner])
            }
            return map
        }
        settings.namespaces = [
            GivenNamespace(
                name: name, labels: texts("labels"), annotations: texts("annotations"),
                place: check.place(["metadata", "name"]))
        ]
    }
}

extension ResourceReader {
    /// The kind of a resource that speaks of the mesh; one file has one of each.
    static func meshKind(_ resource: Mapping) -> String? {
        let group = resource["apiVersion"]?.string?.split(separator: "/").first.map(String.init)
        let kind = resource["kind"]?.string ?? ""
        switch group {
        case "install.istio.io": return kind == "IstioOperator" ? kind : nil
        case ResourceKind.group: return SailKind.all.contains { $0.name == kind } ? kind : nil
        default: return nil
        }
    }

    /// The resources of a document with their paths: those of a `List`, or the document itself.
    static func resources(
        in document: Mapping, place: ([String]) -> String
    ) throws(IstioError) -> [(path: [String], resource: Mapping)] {
        guard document["kind"]?.string == "List", document["apiVersion"]?.string == "v1" else {
            return [([], document)]
        }
        var found: [(path: [String], resource: Mapping)] = []
        guard let items = document["items"], !items.isNull else { return [] }
        guard case .list(let list) = items else {
            throw .wrongValue(place: place(["items"]), path: "items", expected: "a list", found: typeName(items))
        }
        for (index, item) in list.enumerated() {
            let path = ["items", "\(index)"]
            guard case .map(let map) = item, map["kind"]?.string != "List", map["kind"] != nil else {
                throw .refusedField(
                    place: place(path), path: path.joined(separator: "."), remedy: "an item of a List is a resource")
            }
            found.append((path, map))
        }
        return found
    }
}

/// The fields of every resource; `status` is the cluster's, and passed over.
let resourceFields: [String: FieldType] = [
    "apiVersion": .string, "kind": .string, "metadata": .map, "status": .any,
]

/// The fields of `metadata`.
let metadataFields: [String: FieldType] = [
    "name": .string, "namespace": .string, "labels": .map, "annotations": .map, "generateName": .string,
    "finalizers": .any, "ownerReferences": .any, "managedFields": .any, "uid": .any, "resourceVersion": .any,
    "generation": .any, "creationTimestamp": .any, "deletionTimestamp": .any, "deletionGracePeriodSeconds": .any,
    "selfLink": .any,
]
