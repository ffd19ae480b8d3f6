internal import Assets
internal import Istio
internal import Values

/// A key that may stand somewhere in a user's values, as a shell offers it.
package struct ValueKey: Sendable, Equatable {
    package let name: String
    /// Whether there are keys below it.
    package let isMap: Bool
    /// `text, default "info" (istiod, cni)`: what it may hold, the charts' own value, and the components that read it.
    package let help: String
}

/// The keys that some built-in chart reads of the map at a path of the user's values, in the order of their bytes.
package func valueKeys(below path: [String]) -> [ValueKey] {
    ChartSchema.known(at: path).sorted { $0.precedesByBytes($1) }.map { name in
        let full = path + [name]
        let isMap = !ChartSchema.known(at: full).isEmpty
        let readers = ChartSchema.readers(of: full)
        var help = isMap ? "" : typeText(of: full, readers) + defaultText(of: full, readers) + " "
        help += "(\(readers.map(\.rawValue).joined(separator: ", ")))"
        return ValueKey(name: name, isMap: isMap, help: help)
    }
}

private func typeText(of path: [String], _ readers: [Component]) -> String {
    guard let component = readers.first, let inner = ChartSchema.chartPath(of: path, in: component) else { return "" }
    return ChartSchema.of(component).typeText(at: inner)
}

/// `, default "info"` where a built-in chart has a short value for the key.
private func defaultText(of path: [String], _ readers: [Component]) -> String {
    for component in readers {
        guard let text = Assets.json(at: "charts/\(component.rawValue)/values.yaml"),
            let values = (try? Value(json: text))?.map
        else { continue }
        for inner in chartPaths(of: path, in: component) {
            guard let value = values.value(at: inner), !value.isNull, let json = try? value.json(escapingHTML: false),
                json.utf8.count <= 40
            else { continue }
            return ", default \(json)"
        }
    }
    return ""
}
