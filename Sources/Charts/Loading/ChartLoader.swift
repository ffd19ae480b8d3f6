import Archives
package import Values
import YAML

/// Makes a chart of its files, as Helm's loader does, and collects what Helm would log.
package struct ChartLoader {
    /// Lines of Helm's log, without time stamps.
    package private(set) var warnings: [String] = []

    package init() {}

    /// How many charts are around the one that is being read, and how much their archives may still hold.
    private var depth = 0
    private var room = ChartLoader.largestChart

    private static let deepest = 100
    /// A chart with all that is packed in it; Helm bounds each archive by itself, so that one within another multiplies.
    private static let largestChart = 256 << 20

    /// The chart of these files: `Chart.yaml`, `values.yaml`, `templates/…`, `charts/…` and so on. `values` are those of
    /// its `values.yaml` where they have been read already.
    package mutating func load(_ files: [ChartFile], values: Mapping? = nil) throws(ChartError) -> Chart {
        var metadata: Metadata?
        for file in files where file.name == "Chart.yaml" {
            var read = metadata ?? Metadata()
            try decode(file, Metadata.type, into: &read)
            // A chart of Helm 2 need not say its version.
            if read.apiVersion.isEmpty { read.apiVersion = "v1" }
            metadata = read
        }
        var parts = Parts(chart: Chart(metadata: metadata ?? Metadata()), hasMetadata: metadata != nil)
        if let values { parts.chart.values = values }
        for file in files where values == nil || file.name != "values.yaml" { try sort(file, into: &parts) }
        guard parts.hasMetadata else { throw .noChartYAML }
        try parts.chart.metadata.validate()
        depth += 1
        defer { depth -= 1 }
        guard depth <= ChartLoader.deepest else {
            throw .invalid("charts are nested more than \(ChartLoader.deepest) deep")
        }
        for (name, files) in parts.subcharts.sorted(by: { $0.key < $1.key }) {
            if let subchart = try loadSubchart(name.string, files, parent: parts.chart.name) {
                parts.chart.dependencies.append(subchart)
            }
        }
        return parts.chart
    }

    private struct Parts {
        var chart: Chart
        var hasMetadata: Bool
        /// The files below `charts/`, by the first part of their paths.
        var subcharts: [Text: [ChartFile]] = [:]
    }

    private mutating func sort(_ file: ChartFile, into parts: inout Parts) throws(ChartError) {
        switch file.name {
        case "Chart.yaml": break
        case "Chart.lock":
            var lock = Lock()
            try decode(file, Lock.type, into: &lock)
        case "values.yaml": parts.chart.values = try ChartLoader.values(of: file)
        case "values.schema.json": parts.chart.schema = file.data
        case "requirements.yaml", "requirements.lock": try sortRequirements(file, into: &parts)
        default: sortByFolder(file, into: &parts)
        }
    }

    /// The two files that charts of version 1 keep apart; a newer chart gets a warning, yet they are read.
    private mutating func sortRequirements(_ file: ChartFile, into parts: inout Parts) throws(ChartError) {
        let isLock = file.name == "requirements.lock"
        var lock = Lock()
        if isLock { try decode(file, Lock.type, into: &lock) }
        let isFirstVersion = parts.chart.metadata.apiVersion == "v1"
        if !isFirstVersion { warnings.append(isLock ? ChartLoader.lockWarning : ChartLoader.requirementsWarning) }
        if !isLock { try decode(file, Metadata.type, into: &parts.chart.metadata) }
        parts.hasMetadata = true
        if parts.chart.metadata.apiVersion == "v1" { parts.chart.files.append(file) }
    }

    private static let requirementsWarning =
        "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\"."
        + " We recommend migrating dependencies to Chart.yaml."
    private static let lockWarning =
        "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\"."
        + " We recommend migrating to Chart.lock."

    private func sortByFolder(_ file: ChartFile, into parts: inout Parts) {
        if file.name.utf8.starts(with: "templates/".utf8) {
            parts.chart.templates.append(file)
        } else if file.name.utf8.starts(with: "charts/".utf8), SlashPath.extension(of: file.name) != ".prov" {
            let name = String(file.name.utf8.dropFirst("charts/".utf8.count)) ?? ""
            let folder = String(name.utf8.prefix { $0 != UInt8(ascii: "/") }) ?? ""
            parts.subcharts[Text(folder), default: []].append(ChartFile(name: name, data: file.data))
        } else {
            parts.chart.files.append(file)
        }
    }

    /// The chart in `charts/NAME`, a folder's files or an archive; `nil` where Helm passes over the name.
    private mutating func loadSubchart(
        _ name: String, _ files: [ChartFile], parent: String
    ) throws(ChartError) -> Chart? {
        if let first = name.utf8.first, first == UInt8(ascii: "_") || first == UInt8(ascii: ".") { return nil }
        let isArchive = SlashPath.extension(of: name) == ".tgz"
        if isArchive, let file = files.first, !file.name.hasSameBytes(as: name) {
            throw .strayArchive(parent: parent, expected: name, got: file.name)
        }
        do throws(ChartError) {
            if isArchive, let file = files.first { return try load(archive: file.data.bytes) }
            return try load(
                files.compactMap { file in
                    guard let slash = file.name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
                    let inner = file.name[file.name.utf8.index(after: slash)...]
                    return ChartFile(name: String(inner), data: file.data)
                })
        } catch {
            throw .subchart(name, parent: parent, reason: error)
        }
    }

    /// The chart in a gzipped tar archive.
    package mutating func load(archive bytes: [UInt8]) throws(ChartError) -> Chart {
        let files: [ChartFile]
        do throws(ArchiveError) {
            files = try ChartArchive.files(in: bytes)
            room -= files.reduce(0) { $0 + $1.data.count }
            if room < 0 { throw ArchiveError.tooLarge(limit: ChartLoader.largestChart) }
        } catch {
            throw .archive(error)
        }
        return try load(files)
    }
}
