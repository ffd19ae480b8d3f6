import Applying
import ClusterState
import Istio
import Kubernetes
import Meshes
import Objects
import Planning
import Preflight
import SailResources
import Values

/// The IstioRevision of an Istio: as the Sail Operator makes it, so that a `targetRef` finds it, `kubectl` shows it, and an
/// operator goes on with it. It is read by nobody here: the Istio says what is installed.
extension ClusterSession {
    /// The one that belongs to an Istio, as it is; `nil` where there is none, or one of somebody else's.
    func revision(of istio: GivenResource) throws -> GivenResource? {
        guard let uid = istio.live?.metadata.uid else { return nil }
        return try resources(of: [.revision]).first {
            $0.name.hasSameBytes(as: istio.name) && $0.live?.metadata.isOwned(byUID: uid) == true
        }
    }

    /// Makes the IstioRevision of an Istio what it is to be, and creates it where there is none. One that is being deleted
    /// is left alone; the next one is made when it is gone.
    func keepRevision(of istio: GivenResource, creating: Bool) throws -> GivenResource? {
        let apiVersion = "\(ResourceKind.group)/\(ResourceKind.revision.storedVersion.name)"
        guard let live = istio.live, let uid = live.metadata.uid,
            cluster.discovery.resource(apiVersion: apiVersion, kind: ResourceKind.revision.name) != nil
        else { return nil }
        let all = try resources(of: [.revision]).filter { $0.name.hasSameBytes(as: istio.name) }
        let writer = RevisionWriter(cluster)
        guard let found = all.first else {
            guard creating else { return nil }
            let owner = ControllerTerms.reference(to: live, uid: uid, isController: true)
            let metadata: Mapping = [
                "finalizers": [.string(GivenResource.finalizer)], "ownerReferences": [.map(owner)],
            ]
            let identity = ObjectReference(apiVersion: apiVersion, kind: ResourceKind.revision.name, name: istio.name)
            let made = try writer.create(identity, metadata: metadata, spec: revisionSpec(of: istio))
            return made.flatMap { GivenResource(revision: $0) }
        }
        guard found.live?.metadata.isOwned(byUID: uid) == true, !found.isBeingDeleted, var own = found.live else {
            return nil
        }
        if creating {
            own = try ResourceStatusWriter(cluster).claim(found.identity, live: own, with: GivenResource.finalizer)
        }
        return GivenResource(revision: try writer.write(revisionSpec(of: istio), of: found.identity, live: own))
    }

    /// Lets go of an IstioRevision that somebody is deleting. Nothing may belong to it any more, since the server deletes
    /// what does.
    func releaseDeletedRevision(of istio: GivenResource) throws(APIError) {
        guard let found = try? revision(of: istio), found.isBeingDeleted, let live = found.live else { return }
        try ResourceStatusWriter(cluster).release(found.identity, live: live, from: GivenResource.finalizer)
    }

    /// Removes the IstioRevision of an Istio whose component is gone.
    func removeRevision(of istio: GivenResource) throws {
        guard let found = try revision(of: istio), let live = found.live else { return }
        try ResourceStatusWriter(cluster).release(found.identity, live: live, from: GivenResource.finalizer)
        try RevisionWriter(cluster).delete(found.identity, live: live)
    }

    /// The spec as the Sail Operator computes it: the version by its real name, the user's values over the profile's, with
    /// the images, and the revision's name.
    func revisionSpec(of istio: GivenResource) throws -> Mapping {
        var request = MeshRequest()
        request.user = try UserValues([.resource(istio.kind.name, istio.document)], reading: options.readFile)
        request.adopted = try options.operatorImages(of: request)
        try keepImages(&request, recentHistory())
        let (_, release) = try options.catalogue().release(request.version(of: .istiod), allowingOthers: true)
        var values: Mapping = [
            "profile": "ambient",
            "global": ["configValidation": true, "istioNamespace": .string(istio.namespace)],
        ]
        if options.isFIPS { values.set("fips-140-2", at: ["pilot", "env", "COMPLIANCE_POLICY"]) }
        let given = istio.spec["values"]?.map ?? Mapping()
        for path in Component.istiod.imagePaths where !Component.istiod.choosesImage(at: path, given) {
            if let image = request.adopted[.istiod]?.values.value(at: path) { values.set(image, at: path) }
        }
        values.merge(given)
        let platform = try options.platform ?? request.user.settings.platform ?? cluster.detectPlatform()?.name
        if platform == "openshift", values.value(at: ["global", "platform"]) == nil {
            values.set("openshift", at: ["global", "platform"])
        }
        values["revision"] = .string(istio.name == "default" ? "" : istio.name)
        values["defaultRevision"] = nil
        let spec: Mapping = [
            "version": .string(release.version), "namespace": .string(istio.namespace), "values": .map(values),
        ]
        // As the server keeps it.
        let document: Mapping = [
            "apiVersion": .string("\(ResourceKind.group)/v1"), "kind": .string(ResourceKind.revision.name),
            "metadata": ["name": .string(istio.name)], "spec": .map(spec),
        ]
        let admission = Admission(
            document, ResourceKind.revision.storedVersion, of: .revision, try ResourceSchema.builtIn())
        return admission.resource["spec"]?.map ?? spec
    }
}

extension GivenResource {
    /// An IstioRevision as the server answered it.
    fileprivate init?(revision live: Value) {
        guard case .map(let map) = live.withKind(ResourceKind.revision.name) else { return nil }
        self.init(kind: .revision, document: map, live: .map(map))
    }
}
