package import Values

/// An entry of `metadata.managedFields`.
package struct Manager: Sendable, Equatable {
    package var name: String
    /// `Apply` or `Update`.
    package var operation: String
    package var subresource: String
    package var fields: FieldSet
    /// The entry as it stands in the object.
    package var entry: Value

    init(_ entry: Value) {
        name = entry["manager"]?.string ?? ""
        operation = entry["operation"]?.string ?? ""
        subresource = entry["subresource"]?.string ?? ""
        fields = FieldSet(fieldsV1: entry["fieldsV1"] ?? .map(Mapping()))
        self.entry = entry
    }

    /// sail's own name as a field manager.
    package static let sail = "sail"

    /// Installers that sail takes over from, by the names they apply under.
    private static let installers: Set<String> = [
        "helm", "Helm", "istio-operator", "istioctl", "kubectl", "kubectl-client-side-apply", "kubectl-create",
        "sail-operator", "helm-controller", "Go-http-client",
    ]

    /// Whether this entry is an earlier installer's, whose fields become ours.
    ///
    /// Helm applies under the name of whatever program it is built into; it gives itself away by owning the
    /// annotation that names the release.
    package var isInstaller: Bool {
        guard subresource.isEmpty, !isSail else { return false }
        return Manager.installers.contains(name)
            || fields.contains(["f:metadata", "f:annotations", "f:meta.helm.sh/release-name"])
    }

    package var isSail: Bool { name == Manager.sail && operation == "Apply" && subresource.isEmpty }
}

extension Value {
    /// Who manages which fields of this object.
    package var managers: [Manager] {
        (self["metadata"]?["managedFields"]?.list ?? []).map(Manager.init)
    }
}

/// What taking an object over from earlier installers comes to.
package struct Takeover: Sendable, Equatable {
    /// The managers whose fields become sail's.
    package var from: [String]
    /// The object's `managedFields` after it: their entries merged into one of sail's.
    package var managedFields: Value

    /// `nil` where no earlier installer manages anything of the live object.
    package init?(live: Value) {
        let managers = live.managers
        let installers = managers.filter(\.isInstaller)
        guard let first = installers.first else { return nil }
        from = installers.map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let own = managers.filter(\.isSail) + installers
        var entry: Mapping = ["manager": .string(Manager.sail), "operation": "Apply"]
        entry["apiVersion"] = first.entry["apiVersion"] ?? live["apiVersion"] ?? .null
        if let time = first.entry["time"] { entry["time"] = time }
        entry["fieldsType"] = "FieldsV1"
        entry["fieldsV1"] = own.reduce(FieldSet()) { $0.union($1.fields) }.fieldsV1
        let others = managers.filter { !$0.isInstaller && !$0.isSail }.map(\.entry)
        managedFields = .list(others + [.map(entry)])
    }

    /// The fields that go with the installers: theirs alone, and not in what sail now applies.
    ///
    /// `predicted` is the server's answer to our dry-run apply, which names the fields we apply.
    package static func leftovers(live: Value, predicted: Value) -> FieldSet {
        let installers = live.managers.filter(\.isInstaller).reduce(FieldSet()) { $0.union($1.fields) }
        let kept = predicted.managers
            .filter { !$0.isInstaller }
            .reduce(FieldSet()) { $0.union($1.fields) }
        return installers.subtracting(kept)
    }
}
