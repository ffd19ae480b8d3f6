package import Objects
package import Values

/// A workload of the mesh as it runs: istiod, the node agent, or ztunnel.
package struct Workload: Sendable, Equatable {
    package var component: Component
    package var identity: ObjectReference
    /// The images that its pods run; more than one in the middle of a rollout.
    package var images: [ComponentImage]
    package var readiness: Readiness
    /// Pods that should run, and that run and are ready.
    package var desired: Int
    package var available: Int
    package var object: Value

    package init(
        component: Component, identity: ObjectReference, images: [ComponentImage], readiness: Readiness, desired: Int,
        available: Int, object: Value
    ) {
        self.component = component
        self.identity = identity
        self.images = images
        self.readiness = readiness
        self.desired = desired
        self.available = available
        self.object = object
    }

    /// The versions its pods run, from their images, oldest first; a tag without a version is kept.
    package var versions: [String] {
        let known = Set(images.compactMap(\.version)).sorted().map(\.description)
        let others = Set(images.filter { $0.version == nil }.map(\.shown)).sorted { $0.precedesByBytes($1) }
        return known + others
    }
}

extension Sequence<Workload> {
    /// What runs in a few words, as `RenderedImages.summary` says it; `nil` where nothing runs.
    package var summary: String? {
        var parts: [(component: Component, versions: [String])] = []
        for component in Component.allCases {
            let own = filter { $0.component == component }
            let versions = own.flatMap(\.versions)
            guard !versions.isEmpty else { continue }
            parts.append((component, versions.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }))
        }
        return versionSummary(parts)
    }

    /// What runs by component, as the rules of versions go by it.
    package var runningVersions: [Component: [IstioVersion]] {
        var found: [Component: [IstioVersion]] = [:]
        for workload in self {
            found[workload.component, default: []] += Set(workload.images.compactMap(\.judged))
        }
        // base has no pods; it goes with istiod.
        found[.base] = found[.istiod]
        return found.mapValues { Set($0).sorted() }
    }
}
