package import ClusterState
package import Kubernetes
package import Objects
internal import Values

extension Cluster {
    /// Writes labels, one after the other, and nothing else of the objects; the server only checks them where `isDryRun`.
    ///
    /// Throws at the first that is refused; `done` hears of each that was written.
    package func write(
        _ changes: [LabelChange], isDryRun: Bool = false, done: (LabelChange) -> Void = { _ in }
    ) throws(APIError) {
        for change in changes {
            guard let path = path(of: change.object) else { continue }
            var metadata: Mapping = ["labels": [change.label: change.after.map(Value.string) ?? .null]]
            metadata["uid"] = change.uid.map(Value.string)
            _ = try client.send(
                .mergePatch(
                    path, ["metadata": .map(metadata)], manager: FieldManager.sail.rawValue, isDryRun: isDryRun))
            done(change)
        }
    }
}
