import Charts
import GoTemplate
import Values

extension Vector {
    /// Renders the vector's chart; `nil` for operations that are not rendering.
    package func answer() -> Answer? {
        guard operation == nil else { return valuesAnswer() }
        do {
            let rendered = try Engine(isStrict: fields["strict"]?.bool ?? false).render(templates)
            return Answer(
                files: Dictionary(uniqueKeysWithValues: rendered.map { ($0.path.string, $0.text) }))
        } catch {
            return Answer(error: Text(String(describing: error)))
        }
    }

    private var templates: [Renderable] {
        let dot = dot
        var texts = [("templates/t.yaml", fields["template"]?.string ?? "")]
        for (path, text) in fields["files"]?.map ?? Mapping() where path.hasPrefix("templates/") {
            texts.append((path, text.string ?? ""))
        }
        return texts.map { path, text in
            Renderable(path: Text("c/" + path), text: Text(text), basePath: "c/templates", dot: dot)
        }
    }

    /// The least that templates expect, until charts are really loaded.
    private var dot: Map {
        let release = fields["release"]?.map ?? Mapping()
        var entries: [Text: Datum] = [:]
        entries["Values"] = .map(Map(fields["values"]?.map ?? Mapping(), type: .commonValues))
        let name = release["name"]?.string ?? "rel"
        let namespace = release["namespace"]?.string ?? "ns"
        var object: [Text: Datum] = [:]
        object["Name"] = .string(name)
        object["Namespace"] = .string(namespace)
        object["Revision"] = .int(release["revision"]?.int ?? 1)
        object["IsInstall"] = .bool(release["isInstall"]?.bool ?? true)
        object["IsUpgrade"] = .bool(release["isUpgrade"]?.bool ?? false)
        object["Service"] = .string("Helm")
        entries["Release"] = .map(object)
        entries["Chart"] = .map(["Name": .string("c"), "Version": .string("0.1.0"), "IsRoot": .bool(true)])
        entries["Capabilities"] = .map([:])
        entries["Files"] = .map([:])
        entries["Subcharts"] = .map([:])
        return Map(entries, type: .commonValues)
    }
}
