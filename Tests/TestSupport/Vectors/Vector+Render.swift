import Charts
import Foundation
import GoTemplate
import Values

extension Vector {
    /// What is made of the vector's input; `nil` for operations that are not known here.
    package func answer() -> Answer? {
        var warnings: [String] = []
        do {
            switch operation {
            case nil: return try rendered(&warnings)
            case "merge": return Answer(files: ["": try merged(&warnings)], warnings: warnings)
            default: return valuesAnswer()
            }
        } catch ChartRenderError.dependencies(let error) {
            return Answer(error: Text(String(describing: error)), warnings: warnings)
        } catch {
            return Answer(error: Text(String(describing: error)), warnings: warnings)
        }
    }

    private func rendered(_ warnings: inout [String]) throws -> Answer {
        let capabilities = Capabilities(
            kubeVersion: try fields["capabilities"]?["kubeVersion"]?.string.map { try KubeVersion($0) } ?? .standard,
            addedAPIVersions: (fields["capabilities"]?["apiVersions"]?.list ?? []).compactMap(\.string))
        var chart = try chart(&warnings)
        let renderer = ChartRenderer(
            release: release, capabilities: capabilities, engine: Engine(isStrict: fields["strict"]?.bool ?? false))
        let files = try renderer.renderFiles(of: &chart, values: values, warnings: &warnings)
        return Answer(
            files: Dictionary(uniqueKeysWithValues: files.map { ($0.path.string, $0.text) }),
            mainPath: chart.name + "/templates/t.yaml", warnings: warnings)
    }

    private func merged(_ warnings: inout [String]) throws -> Text {
        let chart = try chart(&warnings)
        let result = try Coalescing.coalesce(chart, into: Map(values), warnings: &warnings)
        return try json(Mapping(result))
    }

    private func json(_ values: Mapping) throws -> Text {
        Text(try Value.map(Mapping(Map(values))).json())
    }

    private var values: Mapping { fields["values"]?.map ?? Mapping() }

    private func chart(_ warnings: inout [String]) throws -> Chart {
        var files = ["Chart.yaml": Text("apiVersion: v2\nname: c\nversion: 0.1.0\n")]
        if let template = fields["template"]?.string { files["templates/t.yaml"] = Text(template) }
        for (path, content) in fields["files"]?.map ?? Mapping() {
            if let base64 = content["b64"]?.string {
                files[path] = Text(Data(base64Encoded: base64).map { Array($0) } ?? [])
            } else {
                files[path] = Text(content.string ?? "")
            }
        }
        var loader = ChartLoader()
        defer { warnings += loader.warnings }
        return try loader.load(try ChartFolder.files(in: files.map { ChartFile(name: $0.key, data: $0.value) }))
    }

    /// Helm's defaults where the vector leaves something open.
    private var release: ReleaseOptions {
        let given = fields["release"]?.map ?? Mapping()
        func text(_ key: String, _ standard: String, _ empty: String) -> String {
            guard let text = given[key]?.string else { return standard }
            return text.isEmpty ? empty : text
        }
        let isUpgrade = given["isUpgrade"]?.bool ?? false
        let isInstall = given["isInstall"]?.bool ?? !isUpgrade
        return ReleaseOptions(
            name: text("name", "rel", "release-name"), namespace: text("namespace", "ns", "default"),
            revision: given["revision"]?.int ?? 1, isInstall: isInstall || !isUpgrade, isUpgrade: isUpgrade)
    }
}
