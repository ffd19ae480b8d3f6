package import Values

/// An entry of `metadata.managedFields`.
package struct ManagedFieldsEntry: Sendable, Equatable {
    package var name: String
    /// `Apply` or `Update`.
    package var operation: String
    package var subresource: String
    package var fields: FieldSet
    /// The entry as the object has it.
    package var entry: Value

    init(_ entry: Value) {
        name = entry["manager"]?.string ?? ""
        operation = entry["operation"]?.string ?? ""
        subresource = entry["subresource"]?.string ?? ""
        fields = FieldSet(fieldsV1: entry["fieldsV1"] ?? .map(Mapping()))
        self.entry = entry
    }

    /// The name in `metadata.managedFields` of a program with Helm built in, as far as that is known of it.
    package static let embeddedHelm = "Helm"

    /// Installers that sail takes over from, by the names they write under. `sail` is an earlier version's.
    private static let installers: Set<String> = [
        "helm", embeddedHelm, "sail", "istio-operator", "istioctl", "kubectl", "kubectl-client-side-apply",
        "kubectl-create", "sail-operator", "helm-controller", "kustomize-controller", "argocd-controller",
        "Go-http-client",
    ]

    /// Whether this is the entry of sail's own applies under that name; Helm's applies share it.
    package func isOwn(_ manager: FieldManager) -> Bool {
        name.hasSameBytes(as: manager.rawValue) && operation == "Apply" && subresource.isEmpty
    }

    /// Whether this entry is an earlier installer's, whose fields become ours.
    ///
    /// Of what sail adds by itself nothing is taken over: a namespace's labels are its owner's. Helm applies under the
    /// name of whatever program it is built into; it gives itself away by owning the annotation that names the release.
    /// Who owns nothing but the annotations of a release has marked the object for Helm, as `kubectl annotate` does.
    package func isInstaller(before manager: FieldManager) -> Bool {
        guard manager == .helm, subresource.isEmpty, !isOwn(manager) else { return false }
        return ManagedFieldsEntry.installers.contains(name)
            || fields.contains(["f:metadata", "f:annotations", "f:meta.helm.sh/release-name"]) || ownsReleaseMarksOnly
    }

    private var ownsReleaseMarksOnly: Bool {
        let marks: Value = [
            "f:metadata": [
                "f:annotations": [
                    ".": .map(Mapping()), "f:meta.helm.sh/release-name": .map(Mapping()),
                    "f:meta.helm.sh/release-namespace": .map(Mapping()),
                ]
            ]
        ]
        let owned = fields
        return owned.contains(["f:metadata", "f:annotations", "f:meta.helm.sh/release-namespace"])
            && owned.subtracting(FieldSet(fieldsV1: marks)).isEmpty
    }

    /// Those whose last scaling of a Deployment is over once `sent` says how many replicas there are to be: it does so
    /// only where no autoscaler is at work.
    private static let scalers: Set<String> = ["kubectl", "kube-controller-manager"]

    /// Whether what is sent under that name takes the fields of this entry.
    package func isTakenOver(by manager: FieldManager, sending sent: Value) -> Bool {
        if manager == .helm, subresource == "scale" {
            return ManagedFieldsEntry.scalers.contains(name) && sent["spec"]?["replicas"] != nil
        }
        if manager == .sail, sent.kind == "Gateway" {
            return subresource.isEmpty && !isOwn(manager) && ManagedFieldsEntry.gatewayMakers.contains(name)
        }
        return isInstaller(before: manager)
    }

    /// Who else makes a waypoint's Gateway: `istioctl waypoint apply`, and kubectl with what `generate` printed.
    private static let gatewayMakers: Set<String> = [
        "istioctl", "kubectl", "kubectl-client-side-apply", "kubectl-create",
    ]
}

extension Value {
    /// Who manages which fields of this object.
    package var managers: [ManagedFieldsEntry] {
        metadata.managedFields.map(ManagedFieldsEntry.init)
    }
}

/// What taking an object over from earlier installers comes to.
package struct Takeover: Sendable, Equatable {
    /// The managers whose fields become ours.
    package var from: [String]
    /// The object's `managedFields` after it: their entries merged into our own.
    package var managedFields: Value

    /// `nil` where no earlier installer manages anything of the live object.
    package init?(live: Value, sending sent: Value, by manager: FieldManager) {
        let managers = live.managers
        let installers = managers.filter { $0.isTakenOver(by: manager, sending: sent) }
        guard let first = installers.first else { return nil }
        from = installers.map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let own = managers.filter { $0.isOwn(manager) } + installers
        var entry: Mapping = ["manager": .string(manager.rawValue), "operation": "Apply"]
        entry["apiVersion"] = own[0].entry["apiVersion"] ?? live["apiVersion"] ?? .null
        if let time = first.entry["time"] { entry["time"] = time }
        entry["fieldsType"] = "FieldsV1"
        entry["fieldsV1"] = own.reduce(FieldSet()) { $0.union($1.fields) }.fieldsV1
        let others = managers.filter { !$0.isTakenOver(by: manager, sending: sent) && !$0.isOwn(manager) }
        managedFields = .list(others.map(\.entry) + [.map(entry)])
    }

    /// The fields that go with the installers: theirs alone, and not in what is now sent.
    ///
    /// `predicted` is the server's answer to our dry-run apply, which names the fields we apply.
    package static func leftovers(
        live: Value, predicted: Value, sending sent: Value, by manager: FieldManager
    ) -> FieldSet {
        let installers = live.managers.filter { $0.isTakenOver(by: manager, sending: sent) }
            .reduce(FieldSet()) { $0.union($1.fields) }
        let kept = predicted.managers
            .filter { !$0.isTakenOver(by: manager, sending: sent) }
            .reduce(FieldSet()) { $0.union($1.fields) }
        return installers.subtracting(kept)
    }
}
