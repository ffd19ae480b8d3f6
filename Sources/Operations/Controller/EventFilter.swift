import Kubernetes
import Objects
import SailResources
import Values

/// What the news of an object asks the controller to do.
struct Wake: Hashable, Sendable {
    enum What: Hashable, Sendable {
        case reconcile, status
        /// A turn for a resource whose last turn did not reach its end.
        case retry
        /// Resources of revisions are told that they are no part of sail.
        case revisions
    }

    var what: What
    /// `nil` for `revisions`.
    var key: ResourceKey?
}

/// A resource as far as the news of others concern it.
struct KnownResource: Sendable {
    var key: ResourceKey
    var namespace: String
    /// Whether it takes values over of a control plane.
    var hasTarget: Bool
    var isBeingDeleted: Bool

    init(_ kind: String, kept: Value) {
        key = ResourceKey(kind: kind, name: kept.metadata.name)
        namespace = kept["namespace"]?.string ?? ResourceKind.named(kind)?.defaultNamespace ?? ""
        hasTarget = kept["target"]?.string != nil
        isBeingDeleted = kept["deleting"]?.bool ?? false
    }

    var isControlPlane: Bool { ResourceKind.named(key.kind)?.isControlPlane ?? false }
}

/// Decides from the news of an object which resources need a turn. Pure.
struct EventFilter: Sendable {
    let resources: [KnownResource]

    func wakes(for news: ObjectNews, of followed: FollowedKind) -> [Wake] {
        switch followed.change {
        case .resource where ResourceKind.named(followed.kind).map { $0.components.isEmpty } ?? true:
            return revision(news, followed.kind)
        case .resource: return resource(news, followed.kind)
        case .namespace: return namespace(news)
        default: return owned(news, followed.change)
        }
    }

    private func resource(_ news: ObjectNews, _ kind: String) -> [Wake] {
        let known = KnownResource(kind, kept: news.object)
        var wakes: [Wake] = []
        let isChanged =
            news.kind != .changed
            || ["generation", "deleting", "finalizers", "metadata"].contains { news.old?[$0] != news.new?[$0] }
        if isChanged {
            wakes.append(Wake(what: .reconcile, key: known.key))
            // What waited for this one, or stood against it.
            wakes += resources.filter { $0.key != known.key }.map { Wake(what: .retry, key: $0.key) }
            if known.isControlPlane { wakes += followers }
        } else if news.new?["state"]?.isNull ?? false {
            wakes.append(Wake(what: .status, key: known.key))
        }
        if !known.isControlPlane, news.kind != .changed || news.old?["state"] != news.new?["state"] {
            wakes += resources.filter(\.isControlPlane).map { Wake(what: .status, key: $0.key) }
        }
        return wakes
    }

    /// Those that take values over of the control plane.
    private var followers: [Wake] { resources.filter(\.hasTarget).map { Wake(what: .reconcile, key: $0.key) } }

    /// An IstioRevision that belongs to an Istio is the Istio's to put right; others are told that they are no part.
    private func revision(_ news: ObjectNews, _ kind: String) -> [Wake] {
        let owners = news.object.metadata.ownerReferences.compactMap { owner -> ResourceKey? in
            guard let kind = owner["kind"]?.string, let name = owner["name"]?.string else { return nil }
            return ResourceKey(kind: kind, name: name)
        }
        if let owner = resources.first(where: { owners.contains($0.key) }), owner.isControlPlane {
            let isChanged = ["generation", "deleting", "finalizers"].contains { news.old?[$0] != news.new?[$0] }
            return news.kind != .added && isChanged ? [Wake(what: .reconcile, key: owner.key)] : []
        }
        guard news.kind != .deleted else { return [] }
        let isChanged = news.kind == .added || news.old?["generation"] != news.new?["generation"]
        return isChanged ? [Wake(what: .revisions)] : []
    }

    private func namespace(_ news: ObjectNews) -> [Wake] {
        let name = news.object.metadata.name
        if news.kind != .changed || news.old?["deleting"] != news.new?["deleting"] {
            return resources.filter { $0.namespace.hasSameBytes(as: name) }.map { Wake(what: .reconcile, key: $0.key) }
        }
        guard news.old?["labels"] != news.new?["labels"] else { return [] }
        return resources.compactMap { resource in
            if resource.isBeingDeleted { return Wake(what: .reconcile, key: resource.key) }
            return resource.isControlPlane ? Wake(what: .status, key: resource.key) : nil
        }
    }

    private func owned(_ news: ObjectNews, _ change: FollowedKind.Change) -> [Wake] {
        let owners = owners(of: news.object)
        var wakes: [Wake] = []
        switch news.kind {
        // What this controller has made itself, or what was there before.
        case .added: if change != .workload { return [] }
        case .deleted: wakes += owners.map { Wake(what: .reconcile, key: $0) }
        case .changed:
            let isIgnored = news.new?["ignored"]?.bool ?? false
            if change != .existence, !isIgnored, news.old?["content"] != news.new?["content"] {
                wakes += owners.map { Wake(what: .reconcile, key: $0) }
            }
        }
        if change == .workload, news.old?["status"] != news.new?["status"] {
            wakes += owners.map { Wake(what: .status, key: $0) }
            wakes += resources.map { Wake(what: .retry, key: $0.key) }
        }
        return wakes
    }

    /// The resources that an object goes with; all where it does not say.
    private func owners(of object: Value) -> [ResourceKey] {
        let named = object.metadata.ownerReferences.compactMap { owner -> ResourceKey? in
            guard let kind = owner["kind"]?.string, let name = owner["name"]?.string else { return nil }
            let own = kind == ResourceKind.revision.name ? ResourceKind.istio.name : kind
            return ResourceKey(kind: own, name: name)
        }.filter { key in resources.contains { $0.key == key } }
        return named.isEmpty ? resources.map(\.key) : named
    }
}
