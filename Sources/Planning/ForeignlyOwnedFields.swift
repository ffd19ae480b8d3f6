package import Objects
package import Values

/// Who owns what of a live object: ourselves, with the installers before us, or others.
private struct Owners {
    let ours: FieldSet
    let others: FieldSet

    init(_ live: Value) {
        let managers = live.managers
        func isOurs(_ manager: ManagedFieldsEntry) -> Bool {
            manager.isOwn(.helm) || manager.isInstaller(before: .helm)
        }
        ours = managers.filter(isOurs).reduce(FieldSet()) { $0.union($1.fields) }
        others = managers.filter { !isOurs($0) }.reduce(FieldSet()) { $0.union($1.fields) }
    }
}

/// What is sent of a chart's desired object, given what lives: without the fields that others have taken over once the
/// object is there.
///
/// istiod fills in the webhooks' caBundle and turns failurePolicy to Fail when it is ready; an autoscaler sets the
/// replicas. `isAutoscaled` says whether one is at work on this Deployment, or will be. `release` is the Helm release
/// that the object belongs to.
package func sent(
    _ desired: Value, live: Value?, release: ReleaseReference? = nil, isAutoscaled: Bool = true
) -> Value {
    var object = desired.map ?? Mapping()
    switch desired["kind"]?.string {
    case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration":
        object["webhooks"] = object["webhooks"].map {
            webhooks($0, kind: desired["kind"], live, live.map(Owners.init))
        }
    case "Deployment", "DaemonSet":
        guard let live else { break }
        object["spec"] = workload(object["spec"], live, Owners(live), isAutoscaled)
    default: break
    }
    return release.map { labelled(.map(object), $0, live: live) } ?? .map(object)
}

// MARK: - Webhooks

private func webhooks(_ desired: Value, kind: Value?, _ live: Value?, _ owners: Owners?) -> Value {
    guard let items = desired.list else { return desired }
    return .list(
        items.map { item in
            guard case .map(var webhook) = item else { return item }
            let current = live?["webhooks"]?.list?.first { $0["name"] == item["name"] }
            guard let current, let owners, let name = try? (item["name"] ?? .null).json() else {
                // A webhook without an authority cannot be called: it lets pass until istiod has filled one in.
                let canBeCalled = webhook["clientConfig"]?["caBundle"] != nil
                if kind == "ValidatingWebhookConfiguration", webhook["failurePolicy"] == nil, !canBeCalled {
                    webhook["failurePolicy"] = "Ignore"
                }
                return .map(webhook)
            }
            let place = ["f:webhooks", "k:{\"name\":\(name)}"]
            if owners.others.contains(place + ["f:clientConfig", "f:caBundle"]),
                case .map(var config)? = webhook["clientConfig"], current["clientConfig"]?["caBundle"] != nil
            {
                config["caBundle"] = Value?.none
                webhook["clientConfig"] = .map(config)
            }
            webhook["failurePolicy"] = failurePolicy(webhook["failurePolicy"], current, owners, place)
            return .map(webhook)
        })
}

/// A failurePolicy is only a start, and never lowered from Fail, whatever its manager. One without a manager stays too:
/// Helm's upgrade leaves it out, which then is the server's Fail.
private func failurePolicy(_ desired: Value?, _ live: Value, _ owners: Owners, _ webhook: [String]) -> Value? {
    guard let current = live["failurePolicy"] else { return desired }
    let place = webhook + ["f:failurePolicy"]
    if owners.others.contains(place) { return nil }
    let isRaised = desired == "Fail" && current != "Fail"
    if owners.ours.contains(place) { return isRaised ? desired : current }
    return isRaised ? desired : nil
}

// MARK: - Workloads

/// The number is an autoscaler's while there is one. Where it was ours and is no longer asked for, as when an autoscaler
/// is to take it, the live one stays until another client changes it: without a number the server would scale to 1.
private func workload(_ desired: Value?, _ live: Value, _ owners: Owners, _ isAutoscaled: Bool) -> Value? {
    guard case .map(var spec)? = desired else { return desired }
    spec["template"] = spec["template"].map {
        keepingLabels($0, live: live["spec"]?["template"], isOurs: owners.ours.contains)
    }
    guard let current = live["spec"]?["replicas"] else { return .map(spec) }
    let place = ["f:spec", "f:replicas"]
    if spec["replicas"] == nil {
        if owners.ours.contains(place), !owners.others.contains(place) { spec["replicas"] = current }
    } else if isAutoscaled, owners.others.contains(place) {
        spec["replicas"] = Value?.none
    }
    return .map(spec)
}

// MARK: - Ownership by a release

private let nameAnnotation = "meta.helm.sh/release-name"
private let namespaceAnnotation = "meta.helm.sh/release-namespace"

extension Value {
    /// The Helm release that this object's annotations name; `nil` where there are none.
    package var owningRelease: ReleaseReference? {
        let name = metadata.annotation(nameAnnotation) ?? ""
        let namespace = metadata.annotation(namespaceAnnotation) ?? ""
        return name.isEmpty && namespace.isEmpty ? nil : ReleaseReference(name: name, namespace: namespace)
    }
}

/// The object with the annotations and the label by which Helm knows its own: in what is new, and where they are already.
/// Helm writes none into the definitions of a chart's folder crds/.
private func labelled(_ object: Value, _ release: ReleaseReference, live: Value?) -> Value {
    if live == nil, object["kind"] == "CustomResourceDefinition" { return object }
    guard live == nil || live?.owningRelease != nil else { return object }
    guard case .map(var result) = object else { return object }
    result.set(.string(release.name), at: ["metadata", "annotations", nameAnnotation])
    result.set(.string(release.namespace), at: ["metadata", "annotations", namespaceAnnotation])
    result.set("Helm", at: ["metadata", "labels", "app.kubernetes.io/managed-by"])
    return .map(result)
}
