internal import Istio
internal import Objects
package import Values

/// Compares what is wanted with what is there. Pure: the cluster was asked before, and is written to after.
///
/// Desired objects keep their order; deletions come last, in the reverse of the order in which things are applied.
package func plan(_ desired: [Desired], _ snapshot: Snapshot) -> Plan {
    let wanted = Set(desired.map(\.identity.withoutVersion))
    let changes = desired.map { change(for: $0, snapshot.observations[$0.identity], snapshot) }
    let obsolete = snapshot.previous.filter { !wanted.contains($0.identity.withoutVersion) && isPrunable($0.live) }
    let deletions = obsolete.inApplyOrder(\.identity).reversed().map { item in
        Change(
            component: item.component, identity: item.identity, action: .delete, live: item.live,
            impact: impact(of: item.identity, component: item.component, live: item.live, predicted: nil))
    }
    return Plan(changes + deletions)
}

/// CRDs are never pruned (their objects would go with them), nor what says so itself by Helm's resource policy, nor what
/// is being deleted already.
private func isPrunable(_ live: Value) -> Bool {
    termination(of: live) == nil && live["kind"]?.string != "CustomResourceDefinition"
        && live["kind"]?.string != "Namespace"
        && live.metadata.annotation("helm.sh/resource-policy") != "keep"
}

private func change(for desired: Desired, _ observation: ObservedObject?, _ snapshot: Snapshot) -> Change {
    var change = Change(
        component: desired.component, identity: desired.identity, action: .create,
        sent: observation?.sent ?? desired.object, live: observation?.live)
    change.manager = desired.manager
    change.changedBy = desired.changedBy
    // Definitions that are no component's come in bundles, which are judged as a whole by their versions.
    let isOfComponent = desired.component != nil
    if case .settled? = observation?.prediction {
    } else if isOfComponent, let live = observation?.live,
        let part = newerPart(ofDefinition: live, than: desired.object)
    {
        (change.action, change.newerPart) = (.unchanged, part)
        return change
    } else if let live = observation?.live,
        isLeftAlone(live, predicted: isOfComponent ? observation?.prediction.object : nil)
    {
        change.action = .unchanged
        return change
    }
    if let owner = otherOwner(of: observation?.live, desired, snapshot) {
        change.action = .owned(by: owner)
        return change
    }
    switch observation?.prediction ?? .unknown {
    case .conflict(let conflicts): change.action = .conflict(conflicts)
    case .refused(let message): change.action = .refused(message)
    case .unknown: change.predicted = change.sent
    case .settled: change.action = .unchanged
    case .terminating(let termination):
        change.action = .terminating(termination)
        change.predicted = desired.object
    case .object(let predicted):
        change.predicted = predicted
        guard let live = observation?.live else { break }
        change.takeover = Takeover(live: live, sending: change.sent ?? desired.object, by: desired.manager)
        let isSame = comparable(live) == comparable(predicted)
        change.action = !isSame ? .change : change.takeover != nil ? .takeOver : .unchanged
    }
    if change.action == .change || change.action == .delete {
        change.impact = impact(
            of: change.identity, component: change.component, live: change.live, predicted: change.predicted)
    }
    return change
}

/// The Helm release outside the mesh that an object belongs to, by its own annotations, as Helm itself judges it.
private func otherOwner(of live: Value?, _ desired: Desired, _ snapshot: Snapshot) -> ReleaseReference? {
    guard !snapshot.takesOwnership, let release = desired.release, let owner = live?.owningRelease,
        owner != release, !snapshot.releases.contains(owner)
    else { return nil }
    return owner
}

/// An object without what the server alone keeps: versions, times, managers, status.
package func comparable(_ object: Value) -> Value {
    guard case .map(var map) = object else { return object }
    map["status"] = nil
    if case .map(var metadata) = map["metadata"] {
        for key in ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"] {
            metadata[key] = nil
        }
        if case .map(var annotations) = metadata["annotations"] {
            for key in controllersAnnotations { annotations[key] = nil }
            metadata["annotations"] = annotations.isEmpty ? Optional.none : .map(annotations)
        }
        map["metadata"] = .map(metadata)
    }
    return .map(map)
}

/// Annotations by which controllers count rollouts.
private let controllersAnnotations = ["deprecated.daemonset.template.generation", "deployment.kubernetes.io/revision"]

/// A comparable object as it is shown: without the copy of itself that `kubectl apply` keeps.
package func readable(_ object: Value) -> Value {
    guard case .map(var map) = comparable(object), case .map(var metadata) = map["metadata"],
        case .map(var annotations) = metadata["annotations"]
    else { return comparable(object) }
    annotations["kubectl.kubernetes.io/last-applied-configuration"] = nil
    metadata["annotations"] = annotations.isEmpty ? Optional.none : .map(annotations)
    map["metadata"] = .map(metadata)
    return .map(map)
}

/// What the step from `live` to `predicted` (`nil`: deleted) does to running pods.
private func impact(of identity: ObjectReference, component: Component?, live: Value?, predicted: Value?) -> Impact {
    guard identity.hasRollout, let live else { return .none }
    let keepsTemplate = predicted.map { live["spec"]?["template"] == $0["spec"]?["template"] } ?? false
    if let scaling = scaling(identity, live, predicted, restarting: !keepsTemplate) { return scaling }
    if keepsTemplate { return .none }
    let nodes = live["status"]?["desiredNumberScheduled"]?.int ?? 0
    if predicted?[path: "spec", "updateStrategy", "type"]?.string == "OnDelete" { return .awaitsDeletion(nodes: nodes) }
    return switch (component, identity.kind) {
    case (.ztunnel, "DaemonSet"): .rollsZtunnel(nodes: nodes)
    case (.cni, "DaemonSet"): .rollsNodeAgent(nodes: nodes)
    case (.istiod, "Deployment"): .restartsControlPlane
    default: .rolls(workload: identity.description)
    }
}

/// A change of the number of pods; `nil` where it stays.
private func scaling(_ identity: ObjectReference, _ live: Value, _ predicted: Value?, restarting: Bool) -> Impact? {
    guard let from = live["spec"]?["replicas"]?.int, let to = predicted?["spec"]?["replicas"]?.int, from != to else {
        return nil
    }
    return .scales(workload: identity.name, from: from, to: to, restarting: restarting)
}
