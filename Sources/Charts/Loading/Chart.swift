// Charts: loading, values, engine and manifests of Helm 4.2.3.
// Vectors: Tests/Fixtures/vectors/helm.jsonl (ChartsTests, TOMLTests, JSONSchemaTests).

package import Values

/// A Helm chart in memory: what its files say, and the charts it depends on.
package struct Chart: Sendable {
    package var metadata: Metadata
    /// The files under `templates/`, in the order in which they were loaded.
    package var templates: [ChartFile] = []
    /// Everything that is neither a template nor read by the loader: what `.Files` and `crds/` are made of.
    package var files: [ChartFile] = []
    /// The defaults from `values.yaml`.
    package var values = Mapping()
    /// The text of `values.schema.json`.
    package var schema: Text?
    /// The charts below `charts/`.
    package var dependencies: [Chart] = []
    /// Where it was found; `nil` for a chart of the binary.
    package var origin: ChartOrigin?

    package init(metadata: Metadata) {
        self.metadata = metadata
    }

    package var name: String { metadata.name }

    /// A library chart offers definitions only; the type is compared without regard to case, as Helm does.
    package var isLibrary: Bool {
        metadata.type.utf8.count == 7 && metadata.type.lowercased().hasSameBytes(as: "library")
    }
}

/// Where a chart that is not in the binary was found.
package struct ChartOrigin: Sendable, Equatable {
    /// The path or address, for messages.
    package let place: String
    /// The SHA-256 of its archive in hexadecimal; `nil` for a folder.
    package let digest: String?

    package init(place: String, digest: String?) {
        self.place = place
        self.digest = digest
    }
}

/// A file below `crds/`: its path from the root chart's name on, and its text.
package struct CustomResourceFile: Sendable {
    package var path: String
    package var data: Text
}

extension Chart {
    private static let manifestExtensions: Set<String> = [".yaml", ".yml", ".json"]

    /// The files below `crds/` of this chart, then those of its dependencies.
    package var customResourceFiles: [CustomResourceFile] { customResourceFiles(below: name) }

    private func customResourceFiles(below path: String) -> [CustomResourceFile] {
        let own = files.filter { file in
            file.name.utf8.starts(with: "crds/".utf8)
                && Chart.manifestExtensions.contains(SlashPath.extension(of: file.name).lowercased())
        }
        return own.map { CustomResourceFile(path: SlashPath.join(path, $0.name), data: $0.data) }
            + dependencies.flatMap { $0.customResourceFiles(below: path + "/charts/" + $0.name) }
    }

    /// The names of declared dependencies that are not in `charts/`; `helm template` refuses such a chart.
    package var missingDependencies: [String] {
        (metadata.dependencies ?? []).compactMap { $0 }.map(\.name).filter { name in
            !dependencies.contains { $0.name.hasSameBytes(as: name) }
        }
    }
}
