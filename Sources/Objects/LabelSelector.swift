package import Values

extension Value {
    /// Whether a label selector fits the labels; an empty one fits all. `unknownFits` says whether an expression does whose
    /// operator is not one of the four.
    package func selects(_ labels: [String: String], unknownFits: Bool = true) -> Bool {
        let equal = self["matchLabels"]?.map ?? Mapping()
        guard equal.allSatisfy({ labels[$0.key] == $0.value.string }) else { return false }
        return (self["matchExpressions"]?.list ?? []).allSatisfy { expression in
            let value = labels[expression["key"]?.string ?? ""]
            let values = (expression["values"]?.list ?? []).compactMap(\.string)
            switch expression["operator"]?.string {
            case "In": return value.map(values.contains) ?? false
            case "NotIn": return !(value.map(values.contains) ?? false)
            case "Exists": return value != nil
            case "DoesNotExist": return value == nil
            default: return unknownFits
            }
        }
    }

    /// Whether a pod template's node selector and required node affinity let its pods run on a node with these labels.
    package func allowsNode(_ labels: [String: String]) -> Bool {
        let spec = self["spec"]
        let wanted = spec?["nodeSelector"]?.map ?? Mapping()
        guard wanted.allSatisfy({ labels[$0.key] == $0.value.string }) else { return false }
        let terms = spec?[
            path: "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]?
            .list
        return terms.map { terms in terms.contains { $0.selects(labels) } } ?? true
    }
}

extension ObjectMetadata {
    /// The labels with their texts, as selectors compare them.
    package var labelTexts: [String: String] { labels.reduce(into: [:]) { $0[$1.key] = $1.value.string ?? "" } }
}
