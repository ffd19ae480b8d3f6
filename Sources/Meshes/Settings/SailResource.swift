import Istio
import Objects
import SailResources
import Values

/// Reads a resource of the Sail Operator as its definition and sail's limits have it.
struct SailResource {
    let kind: SailKind
    private let version: String
    let document: Mapping
    var check: DocumentCheck
    private(set) var values = Mapping()
    private(set) var settings = Settings()

    init(_ kind: SailKind, _ version: String, _ document: Mapping, _ check: DocumentCheck) {
        (self.kind, self.version, self.document, self.check) = (kind, version, document, check)
        settings.resources = kind.components
        read()
    }

    /// What ztunnel takes over of the control plane that its `targetRef` names.
    static let inheritedKeys = ["meshConfig", "revision", "global"]

    private var isPreview: Bool { version == "v1alpha1" }

    private mutating func read() {
        guard let known = kind.definition.version(version) else {
            check.refuse(["apiVersion"], "\(kind.name) has sailoperator.io/v1; write that")
            return
        }
        if isPreview {
            check.warn(["apiVersion"], "v1alpha1 is deprecated and cannot hold targetRef; write sailoperator.io/v1")
        }
        do throws(IstioError) {
            let schema = try ResourceSchema.builtIn()
            let admission = Admission(document, known, of: kind.definition, schema)
            for fault in admission.faults { refuse(fault, schema) }
        } catch {
            check.report(error)
        }
        readName()
        let spec = present("spec", of: document)
        readVersion(spec)
        readNamespace(spec)
        readStrategy(spec)
        readTarget(spec)
        readValues(spec)
        readProfile(spec)
    }

    /// The map at a key without its nulls; empty where there is none, which the definition has refused.
    private func present(_ key: String, of parent: Mapping) -> Mapping {
        Mapping((parent[key]?.map ?? Mapping()).filter { !$0.value.isNull })
    }

    /// Revisions are no part of sail, and a resource by another name is a revision by that name.
    private mutating func readName() {
        guard kind.isControlPlane, !["", "default"].contains(document.metadata.name) else { return }
        check.refuse(
            ["metadata", "name"],
            "another name is a revision, and sail installs in place, without revisions; name it default")
    }

    private mutating func readVersion(_ spec: Mapping) {
        let path = ["spec", "version"]
        guard let name = spec["version"]?.string else { return }
        let given = Settings.Given(name: name, place: check.place(path))
        for component in kind.components { settings.versions[component] = given }
        let known = ((try? Catalogue.builtIn())?.names ?? []).filter(\.hasVersionPrefix)
        guard !known.contains(name), !isLaterVersion(name) else { return }
        guard
            let near = known.contains(name.withVersionPrefix) ? name.withVersionPrefix : nearest(to: name, among: known)
        else {
            check.refuse(path, "\(IstioError.unknownVersion(name, nearest: nil, known: chartedVersions))")
            return
        }
        check.refuse(path, "version \"\(name)\" is not known; did you mean \(near)?")
    }

    private var chartedVersions: String { (try? Catalogue.builtIn())?.chartedVersions ?? "" }

    /// Whether it may be a version that came after this binary, which the catalogue of the run and its charts decide:
    /// `v1.32.1`, `v1.32-latest`.
    private func isLaterVersion(_ name: String) -> Bool {
        guard name.hasVersionPrefix, let number = IstioVersion(name) else { return false }
        return number.patch != nil || number.prerelease == "latest"
    }

    private mutating func readNamespace(_ spec: Mapping) {
        let path = ["spec", "namespace"]
        guard let name = spec["namespace"]?.string else { return }
        guard isDNSLabel(name) else {
            check.refuse(path, "\"\(name)\" is no name of a namespace: lower-case letters, digits and -, at most 63")
            return
        }
        for component in kind.components where component != .base {
            settings.namespacePlaces[component] = check.place(path)
            if component == .istiod {
                settings.namespace = name
            } else {
                settings.componentNamespaces[component] = name
            }
        }
    }

    private mutating func readStrategy(_ spec: Mapping) {
        guard spec["updateStrategy"]?["type"]?.string == "RevisionBased" else { return }
        check.refuse(
            ["spec", "updateStrategy", "type"], "sail upgrades in place, without revisions; write InPlace")
    }

    private mutating func readTarget(_ spec: Mapping) {
        guard !isPreview, let name = spec["targetRef"]?["name"]?.string, !name.isEmpty else { return }
        guard name == "default" else {
            check.refuse(
                ["spec", "targetRef", "name"],
                "sail's control plane is Istio \"default\", without revisions; write default")
            return
        }
        settings.ztunnelFollowsControlPlane = true
    }

    /// The profile makes the mesh ambient, or the values do it by themselves.
    private mutating func readProfile(_ spec: Mapping) {
        guard kind.definition.name != ResourceKind.ztunnel.name || isPreview else { return }
        if let value = spec["profile"], ResourceProfile.known.allSatisfy({ value.string != $0 }) { return }
        let given = spec["profile"]?.string ?? (isPreview ? Profiles.ambient : nil)
        let isAmbient = kind.isAmbient(values)
        if let inner = values["profile"]?.string, inner != Profiles.ambient {
            check.refuse(["spec", "values", "profile"], ResourceProfile(inner).refusal ?? ResourceProfile.remedy)
        }
        values["profile"] = nil
        let profile = ResourceProfile(given ?? "default")
        settings.profile = Profiles.ambient
        settings.platform = profile.platform
        guard let refusal = profile.refusal, !(isAmbient && profile.isPlain) else { return }
        let path = ["spec", "profile"]
        check.refuse(path, given == nil ? "is missing, which means default: " + refusal : refusal)
    }

    private mutating func readValues(_ spec: Mapping) {
        values = present("values", of: spec)
        dropWhatHasNoEffect()
        refuseRevision()
    }

    /// Keys of the definitions that no chart reads are taken with a warning, since the API server takes them too.
    private mutating func dropWhatHasNoEffect() {
        for wrong in ["Labels", "Annotations"] {
            guard values.value(at: ["ztunnel", wrong]) != nil else { continue }
            check.warn(["spec", "values", "ztunnel", wrong], "has no effect, no chart reads it; write pod\(wrong)")
            guard case .map(var own)? = values["ztunnel"] else { continue }
            own[wrong] = nil
            values["ztunnel"] = .map(own)
        }
        guard kind.isControlPlane, let value = values["defaultRevision"], !value.isNull else { return }
        check.warn(
            ["spec", "values", "defaultRevision"],
            "has no effect, as under the Sail Operator, which removes it; remove it")
        values["defaultRevision"] = nil
    }

    private mutating func refuseRevision() {
        guard kind.isControlPlane, let value = values["revision"], !value.isNull, value.string != "" else { return }
        check.refuse(["spec", "values", "revision"], "sail installs in place, without revisions; remove it")
    }
}
