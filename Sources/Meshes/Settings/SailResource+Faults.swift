import Istio
import SailResources
import Values

/// What the definition of a resource refuses, each in its place and with what to write.
extension SailResource {
    mutating func refuse(_ fault: Admission.Fault, _ schema: ResourceSchema) {
        let path = fault.path
        switch fault.problem {
        case .unknownField(let known): refuseUnknown(path, known, schema)
        // Which versions there are is for the catalogue of the run to say.
        case .notAVersion: break
        case .wrongType(let expected): refuse(path, expected: expected, isText: expected == "a string")
        case .notOneOf(let names): refuse(path, expected: "one of " + names.joined(separator: ", "), among: names)
        case .below(let least): refuse(path, expected: "a whole number from \(least)")
        case .outOfRange(let bits): refuse(path, expected: "a whole number of \(bits)")
        case .noQuantity: refuse(path, expected: "a quantity such as 500m or 1Gi")
        case .tooLong(let most): refuse(path, expected: "a string of at most \(most) characters")
        case .empty: check.refuse(path, "is empty; write a name")
        case .tooManyItems(let most): check.refuse(path, "has more than \(most) elements")
        case .duplicate(let name): check.refuse(path, "is a second element named \(name); remove one")
        case .immutable: check.refuse(path, "cannot be changed")
        case .missing:
            let isTarget = path.starts(with: ["spec", "targetRef"])
            check.refuse(path, "is missing; write " + (isTarget ? "kind: Istio and name: default" : "it"))
        case .broken(let rule): refuse(rule, at: path)
        }
    }

    private mutating func refuse(_ rule: Rule, at path: [String]) {
        switch rule {
        case .nameIsDefault: check.refuse(["metadata", "name"], "\(kind.name) must be named default")
        case .istioNamespaceFits, .istioNamespaceIsGiven:
            let own = document["spec"]?[path: "values", "global", "istioNamespace"]?.string ?? ""
            let namespace = document["spec"]?["namespace"]?.string ?? kind.namespace
            check.refuse(
                ["spec", "values", "global", "istioNamespace"],
                "is \(own), and spec.namespace is \(namespace): they must be the same; remove it")
        case .atMostOne(let fields):
            check.refuse(path, "takes at most one of \(fields.joined(separator: ", ")); remove the others")
        case .revisionIsName: check.refuse(path, rule.message)
        }
    }

    private mutating func refuse(_ path: [String], expected: String, among names: [String] = [], isText: Bool = false) {
        let value = document.value(at: path) ?? .null
        var found = typeName(value)
        if let near = value.string.flatMap({ nearest(to: $0, among: names) }) { found += " (did you mean \(near)?)" }
        // YAML reads 1.30 as 1.3.
        if isText, value.map == nil, value.list == nil { found += "; write it in quotes" }
        check.report(
            .wrongValue(
                place: check.place(path), path: path.joined(separator: "."), expected: expected, found: found))
    }

    /// A section of another kind's values has its place there, and a key of a section within that.
    private mutating func refuseUnknown(_ path: [String], _ known: [String], _ schema: ResourceSchema) {
        guard path.count == 3, path.starts(with: ["spec", "values"]) else {
            if path == ["spec", "values", "ztunnel", "labels"] || path == ["spec", "values", "ztunnel", "annotations"] {
                let name = path[3] == "labels" ? "podLabels" : "podAnnotations"
                check.refuse(path, "the definition of ZTunnel does not have it; write \(name)")
                return
            }
            return check.unknown(path, known: known)
        }
        let owner = SailKind.all.first { other in
            other.name != kind.name && schema.valueFields(of: other.definition).contains(path[2])
        }
        if let owner {
            check.refuse(path, "\(kind.name) does not read it; write it in \(owner.indefinite) resource")
        } else if let section = known.first(where: { section in
            section != "global" && schema.valueFields(of: kind.definition, in: section).contains(path[2])
        }) {
            check.refuse(path, "write it as spec.values.\(section).\(path[2])")
        } else {
            check.unknown(path, known: known)
        }
    }
}
