package import Istio
package import Kubernetes
package import Objects
package import Planning
internal import Values

/// What a snapshot is to be taken of, and how it is to be judged.
package struct SnapshotRequest: Sendable {
    package var desired: [Desired]
    /// What earlier runs applied.
    package var previous: [(component: Component, identity: ObjectReference)] = []
    /// Predicts applies that overrule other managers.
    package var forcesConflicts = false
    /// The releases of the mesh, whose objects are its own.
    package var releases: Set<ReleaseReference> = []
    package var takesOwnership = false
    /// When Helm was at work on the mesh, in seconds since 1970: what it wrote is recognised by it.
    package var helmTimes: [Int] = []

    package init(_ desired: [Desired]) {
        self.desired = desired
    }
}

extension Cluster {
    /// Asks the server how each desired object is and, where that does not tell, how it would be after our apply (dry
    /// run), and how those are that earlier runs applied. One round of requests where nothing is to be done, two where
    /// something may be, three where earlier installers are taken over from or others manage fields.
    ///
    /// Throws the first error that says nothing can be done here; what the server refuses for one object becomes that
    /// object's prediction.
    package func snapshot(_ request: SnapshotRequest) throws(APIError) -> Snapshot {
        helmTimes = request.helmTimes
        var observations = try observe(request)
        try markTerminating(request.desired, &observations)
        let namespaces = namespacesToCome(request.desired, observations)
        var asked: [DryRun] = []
        for item in request.desired {
            // What will only exist after this very run cannot be asked about.
            guard let observation = observations[item.identity], case .unknown = observation.prediction,
                let path = path(of: item.identity), !namespaces.contains(item.identity.namespace)
            else { continue }
            asked.append(
                DryRun(
                    identity: item.identity, path: path, object: observation.sent, live: observation.live,
                    manager: item.manager, isForced: request.forcesConflicts))
        }
        for answer in try predict(asked) {
            observations[answer.run.identity]?.sent = answer.run.object
            observations[answer.run.identity]?.prediction = answer.prediction
        }
        var snapshot = Snapshot(
            observations: observations, previous: try stillThere(request.previous, besides: request.desired))
        snapshot.releases = request.releases
        snapshot.takesOwnership = request.takesOwnership
        return snapshot
    }

    /// The live objects. Of one that is settled only the status is kept, so that a mesh's worth of definitions need not
    /// be in memory at once.
    private func observe(_ request: SnapshotRequest) throws(APIError) -> [ObjectReference: ObservedObject] {
        var observations: [ObjectReference: ObservedObject] = [:]
        for item in request.desired {
            let object = item.release == nil ? item.object : sent(item.object, live: nil, release: item.release)
            observations[item.identity] = ObservedObject(live: nil, sent: object, prediction: .unknown)
        }
        var scaled: [(item: Desired, live: Value)] = []
        try get(request.desired.map(\.identity)) { index, live in
            let item = request.desired[index]
            if let termination = Objects.termination(of: live) {
                observations[item.identity] = ObservedObject(
                    live: live, sent: observations[item.identity]?.sent ?? item.object,
                    prediction: .terminating(termination))
                return
            }
            observations[item.identity] = observation(of: item, live, isAutoscaled: true)
            if isScaledByOthers(item, observations[item.identity]) { scaled.append((item, live)) }
        }
        for (item, live) in scaled where try !isAutoscaled(item.identity, request) {
            observations[item.identity] = observation(of: item, live, isAutoscaled: false)
        }
        return observations
    }

    private func observation(of item: Desired, _ live: Value, isAutoscaled: Bool) -> ObservedObject {
        let object =
            item.release == nil
            ? item.object : sent(item.object, live: live, release: item.release, isAutoscaled: isAutoscaled)
        let isSettled = isSettled(object, live: live, by: item.manager)
        return ObservedObject(
            live: isSettled ? ["status": live["status"] ?? .null] : live, sent: object,
            prediction: isSettled ? .settled : .unknown)
    }

    private func namespacesToCome(_ desired: [Desired], _ observations: [ObjectReference: ObservedObject]) -> Set<
        String
    > {
        let missing = desired.map(\.identity).filter { identity in
            identity.kind == "Namespace"
                && (observations[identity]?.live == nil || observations[identity]?.prediction.termination != nil)
        }
        return Set(missing.map(\.name))
    }

    private func stillThere(
        _ previous: [(component: Component, identity: ObjectReference)], besides desired: [Desired]
    ) throws(APIError) -> [(component: Component, identity: ObjectReference, live: Value)] {
        let wanted = Set(desired.map(\.identity.withoutVersion))
        let rest = previous.filter { !wanted.contains($0.identity.withoutVersion) }
        return zip(rest, try get(rest.map(\.identity))).compactMap { item, live in
            live.map { (item.component, item.identity, $0) }
        }
    }
}

// MARK: - Autoscalers

extension Cluster {
    /// Whether the number of replicas that is asked for was left out because another manager has set another one.
    private func isScaledByOthers(_ item: Desired, _ observation: ObservedObject?) -> Bool {
        item.identity.kind == "Deployment" && item.object["spec"]?["replicas"] != nil
            && observation?.sent["spec"]?["replicas"] == nil
    }

    /// Whether an autoscaler targets the Deployment: one that is desired, or one that is there and stays.
    private func isAutoscaled(_ deployment: ObjectReference, _ request: SnapshotRequest) throws(APIError) -> Bool {
        let kind = "HorizontalPodAutoscaler"
        func targets(_ object: Value) -> Bool {
            let target = object["spec"]?["scaleTargetRef"]
            return target?["kind"] == "Deployment" && target?["name"]?.string == deployment.name
        }
        let desired = request.desired.filter {
            $0.identity.kind == kind && $0.identity.namespace == deployment.namespace
        }
        if desired.contains(where: { targets($0.object) }) { return true }
        guard let resource = discovery.preferred(group: "autoscaling", kind: kind) else { return false }
        let going = Set(request.previous.map(\.identity).filter { $0.kind == kind }.map(\.withoutVersion))
        let listing: [Value]
        do throws(APIError) {
            listing = try client.list(resource.path(namespace: deployment.namespace)).items
        } catch {
            // Without the permission to list them, the number is left to its owner.
            guard error.isForbidden else { throw error }
            return true
        }
        return listing.contains { item in
            let identity = ObjectReference(
                apiVersion: resource.apiVersion, kind: kind, namespace: deployment.namespace,
                name: item.metadata.name)
            return targets(item) && !going.contains(identity.withoutVersion)
        }
    }
}
