import Applying
import Charts
import ClusterState
package import HelmReleases
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import Preflight
import Values
import YAML

/// What a cluster is to become: the objects that should be there, what earlier runs left, and what will be recorded.
package struct DesiredState {
    package var namespace: String
    package var version: String?
    var desired: [Desired]
    var previous: [(component: Component, identity: ObjectReference)]
    var contents: [ReleaseContent]
    /// sail's note in the records.
    var note: Value
    var platform: String?
    /// The mesh's releases as they are recorded, under whatever names.
    var releases: Set<ReleaseReference>
    /// When Helm was at work on the mesh, by its records, in seconds since 1970.
    var helmTimes: [Int]
    /// What the run knows of releases; the built-in catalogue where `nil`.
    var catalogue: Catalogue?
    /// Where each component's release is recorded.
    var places: [ReleasePlace]
    /// What the objects were rendered from; of a rollback or an uninstallation there is none.
    var mesh: Mesh?
    /// What is deleted where nothing is wanted any more.
    var removals: [Change] = []

    /// The images that the workloads name.
    var images: RenderedImages {
        RenderedImages(desired.lazy.map { ($0.component, $0.identity.kind, $0.object) })
    }
}

extension ClusterSession {
    /// Completes the flags from the cluster and works the mesh out. `isUpgrade` takes what was remembered into account.
    package func target(_ history: ReleaseHistory, remembering isUpgrade: Bool) throws -> DesiredState {
        var options = self.options
        let known = try known(history)
        let memory = isUpgrade || !options.components.isEmpty ? try remembered(known) : nil
        if isUpgrade, let memory { try options.require(.postRenderer, stored: memory.commands) }
        if !isUpgrade {
            let stored = StoredSettings(history).noted
            options.sayDroppedCommands(stored)
            options.sayDroppedPatches(stored)
        }
        if isUpgrade, let memory {
            options = options.yielding(to: memory)
            try options.reuse(memory.sources, of: memory.allVersions)
        }
        var wanted = try options.meshRequest()
        if let memory, !isUpgrade {
            let others = memory.allVersions.filter { !wanted.wantedComponents.contains($0.key) }
            wanted.storedVersions = others
        }
        if isUpgrade, let memory {
            wanted.profile = wanted.profile ?? memory.profile
            wanted.platform = wanted.platform ?? memory.platform
            wanted.storedVersions = memory.allVersions
            wanted.storedNamespaces = memory.namespaces
            try options.reusePatches(memory.patchFiles, in: &wanted)
            if !options.cluster.resetsValues {
                wanted.user.remember(memory)
                wanted.adopted = memory.adopted
            }
        }
        if wanted.platform == nil, wanted.user.settings.platform == nil,
            wanted.user.layers.merged.value(at: ["global", "platform"]) == nil
        {
            wanted.platform = try detectedPlatform(wanted)
        }
        try keepNames(&wanted, known)
        if options.actsAsOperator { try keepImages(&wanted, known) }
        let mesh = try options.mesh(wanted)
        var target = try self.target(mesh, known, from: options.sources(of: mesh, after: memory?.sources))
        target.catalogue = wanted.catalogue
        target.mesh = mesh
        return target
    }

    /// The objects of a mesh and the records they make.
    func target(_ mesh: Mesh, _ history: ReleaseHistory, from sources: StoredSources = StoredSources()) throws
        -> DesiredState
    {
        try options.target(mesh, history, from: sources)
    }
}

extension OperationOptions {
    /// The same, which needs no cluster.
    func target(_ mesh: Mesh, _ history: ReleaseHistory, from sources: StoredSources = StoredSources()) throws
        -> DesiredState
    {
        try target(mesh, objects(of: mesh), history, from: sources)
    }

    /// The same of objects that are rendered already: a post-renderer runs once.
    func target(
        _ mesh: Mesh, _ objects: [MeshObject], _ history: ReleaseHistory, from sources: StoredSources = StoredSources()
    ) throws -> DesiredState {
        for stray in mesh.strays { ui.warn(stray) }
        let first = mesh.parts.first?.component
        let desired = try objects.map { object in
            var desired = Desired(
                component: object.component ?? first, identity: object.identity,
                object: try Value(yaml: object.text.bytes, numbers: .native),
                release: mesh.parts.first { $0.component == object.component }?.releaseReference)
            desired.changedBy = object.changedBy
            return desired
        }
        var stored = Remembered(mesh)
        stored.sources = sources
        stored.commands = try storedCommands()
        var note = stored.note
        for part in mesh.parts where part.instanceName != part.releaseName {
            note.set(.string(part.instanceName), at: ["instances", part.component.rawValue])
        }
        return DesiredState(
            namespace: mesh.namespace, version: mesh.release.version, desired: desired,
            previous: earlierObjects(mesh.parts.map { ($0.component, $0.releaseName, $0.releaseNamespace) }, history),
            contents: mesh.parts.map { content($0, objects) }, note: .map(note),
            platform: mesh.platform, releases: history.releases, helmTimes: history.helmTimes,
            places: releasePlaces(history))
    }

    private func content(_ part: MeshPart, _ objects: [MeshObject]) -> ReleaseContent {
        var manifest: [UInt8] = []
        for object in objects where object.component == part.component {
            guard object.identity.kind != "CustomResourceDefinition" else { continue }
            append(object, text: recordedText(of: object), to: &manifest)
        }
        var chart = part.chart
        // The chart that serves every version is recorded as the one it was here.
        if part.values["istioVersion"] != nil {
            chart.metadata.version = part.release.version.withoutVersionPrefix
            chart.metadata.appVersion = chart.metadata.version
        }
        let recorded = chart
        return ReleaseContent(
            component: part.component, name: part.releaseName, namespace: part.releaseNamespace,
            chartVersion: chart.metadata.version, chart: { recorded.recorded }, config: .map(part.values),
            manifest: String(decoding: manifest, as: UTF8.self))
    }

    /// The same of the releases that these records belong to.
    func earlierObjects(_ records: [ReleaseRecord], _ history: ReleaseHistory) -> [(
        component: Component, identity: ObjectReference
    )] {
        earlierObjects(
            records.compactMap { record in record.component.map { ($0, record.name, record.namespace) } }, history)
    }

    /// What the records since the last good one say was applied: more than the desired objects after a failed run.
    func earlierObjects(
        _ releases: [(component: Component, name: String, namespace: String)], _ history: ReleaseHistory
    ) -> [(component: Component, identity: ObjectReference)] {
        var found: [(component: Component, identity: ObjectReference)] = []
        var seen: Set<ObjectReference> = []
        for (component, name, namespace) in releases {
            let revisions = history.revisions(of: name, in: namespace)
            let start = revisions.lastIndex { $0.status == .deployed } ?? revisions.startIndex
            for record in revisions[start...] {
                for (_, identity) in identified(record.manifest) where seen.insert(identity).inserted {
                    found.append((component, identity))
                }
            }
        }
        return found
    }
}

extension ClusterSession {
    private func detectedPlatform(_ wanted: MeshRequest) throws -> String? {
        guard let found = try cluster.detectPlatform() else { return nil }
        let (minor, release) = try (wanted.catalogue ?? Catalogue.builtIn())
            .release(wanted.version(of: .istiod), allowingOthers: wanted.bringsCharts)
        guard minor.platforms.contains(where: { $0.name == found.name }) else {
            ui.warn("this looks like \(found.name) (\(found.sign)), for which \(release.version) has no settings")
            return nil
        }
        ui.note("platform \(found.name), by \(found.sign)")
        return found.name
    }

    /// What the last installer left to remember: sail's own note with what Helm changed since, an operator's resources,
    /// Helm's values, or istiod's ConfigMap.
    func remembered(_ history: ReleaseHistory) throws -> Remembered? {
        let memory = StoredSettings(history)
        if let noted = memory.noted { return noted }
        if var resources = try operatorResources() {
            // `v1.30-latest` is what the operator takes for the latest; what runs is what is to be kept.
            let workloads = try cluster.workloads()
            for component in Component.allCases {
                guard let live = try runningVersion(component, workloads) else { continue }
                resources.versions[component] = live
                if component == .istiod { (resources.version, resources.versions[.base]) = (live, live) }
            }
            return try withOperatorImages(resources)
        }
        if let left = memory.helms { return try withOperatorImages(left) }
        if let left = memory.attempted { return left }
        let namespace = options.namespace ?? "istio-system"
        let identity = ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: namespace, name: "values")
        guard let map = try cluster.get([identity])[0] else { return nil }
        var remembered = Remembered(configMap: map)
        guard remembered != nil || options.cluster.resetsValues else {
            throw Failures(
                failures: [Failure(identity, "holds no values that can be read, so none can be kept")],
                remedy: "give all values with -f and add --reset-values")
        }
        let workloads = try cluster.workloads()
        for component in Component.allCases {
            let running = try runningVersion(component, workloads)
            remembered?.versions[component] = running
        }
        remembered?.version = try runningVersion(.istiod, workloads)
        let ztunnel = workloads.first { $0.component == .ztunnel }?.object
        if let container = ztunnel?[path: "spec", "template", "spec", "containers"]?.list?.first {
            remembered?.read(ztunnel: container)
        }
        return remembered
    }

    /// The version of a component as it runs.
    private func runningVersion(_ component: Component, _ known: [Workload]? = nil) throws -> String? {
        let workloads = try known ?? cluster.workloads()
        guard let newest = workloads.runningVersions[component]?.last else { return nil }
        return try Catalogue.builtIn().name(for: newest)
    }

    /// What an operator's resources say of the mesh, where there are any.
    private func operatorResources() throws -> Remembered? {
        let kinds = [
            ("sailoperator.io", "Istio"), ("sailoperator.io", "IstioCNI"), ("sailoperator.io", "ZTunnel"),
        ]
        var found: [Value] = []
        for (group, kind) in kinds {
            guard let resource = cluster.discovery.preferred(group: group, kind: kind) else { continue }
            for item in try client.list(resource.path()).items {
                guard case .map(var map) = item.withKind(kind) else { continue }
                map["apiVersion"] = .string(resource.apiVersion)
                found.append(.map(map))
            }
        }
        return found.isEmpty ? nil : Remembered(resources: found, place: "the Sail Operator's resources")
    }
}
