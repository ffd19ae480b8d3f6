internal import Kubernetes
internal import Meshes
internal import Objects
internal import Planning
package import Values
internal import Waypoints
internal import YAML

extension WaypointRequest {
    /// The objects of the waypoint as for a cluster that has none: its options, then the Gateway. Asks no cluster;
    /// `namespace` is left out where `nil`.
    package func objects(in namespace: String?, _ options: OperationOptions) throws -> [Value] {
        var manifest = try WaypointManifest(
            name: name, namespace: namespace, traffic: traffic, revision: revision)
        if let otherNamespaces, !otherNamespaces.isEmpty {
            guard let namespace else {
                throw Failures(
                    failures: [Failure(nil, "the listener admits namespaces by name, its own among them")],
                    remedy: "give the waypoint's with -n")
            }
            manifest.admission = WaypointManifest.admitting(otherNamespaces, own: namespace)
        }
        var overlays = WaypointOptions()
        if let parameterFile, parameterFile != "none" {
            overlays = try options.waypointOptions(fromFile: parameterFile)
        }
        overlays.apply(self.options)
        guard !overlays.isEmpty else { return [manifest.gateway] }
        manifest.parameters = WaypointOptions.configMapName(of: manifest.name)
        return [overlays.configMap(of: manifest.name, in: namespace), manifest.gateway]
    }

    /// `--dry-run=client`: prints the objects as for a cluster that has no such waypoint.
    func rehearseOffline(_ options: OperationOptions) throws -> Int32 {
        var target = options.cluster.connection
        target.namespace = namespace
        let place = try namespace ?? Connection(target, options.processEnvironment).namespace
        let objects = try objects(in: place, options)
        try options.ui.show(
            try objects.compactMap { object in
                try ObjectReference(of: object).map {
                    MeshObject(identity: $0, component: nil, source: "waypoint", text: Text(try object.yamlBytes()))
                }
            })
        return 0
    }
}
