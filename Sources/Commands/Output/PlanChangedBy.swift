import Objects
import Planning
import Values

extension Plan {
    /// What changed the objects after their charts made them, a line for each patch, setting or program:
    /// `patched by ztunnel.yaml: DaemonSet istio-system/ztunnel`.
    var changedByLines: String {
        var objects: [String: [String]] = [:]
        var order: [String] = []
        for change in changes {
            for origin in change.changedBy {
                if objects[origin] == nil { order.append(origin) }
                objects[origin, default: []].append(change.identity.description)
            }
        }
        return order.map { origin in
            let names = (objects[origin] ?? []).joined(most: 3)
            return "\(Plan.verb(origin.onOneLine)): \(names)\n"
        }.joined()
    }

    /// `patched by FILE` of `patch FILE`, `changed by post-renderer NAME`.
    private static func verb(_ origin: String) -> String {
        let prefix = "patch "
        if origin.hasPrefix(prefix) { return "patched by " + origin.dropFirst(prefix.count) }
        return (origin.hasPrefix("post-renderer ") ? "changed by " : "patched by ") + origin
    }
}
