package import Archives
import Values

/// Why a chart could not be loaded; the texts are Helm's.
package enum ChartError: Error, Sendable {
    case noChartYAML
    /// `file` is Chart.yaml, values.yaml, …; `reason` what YAML or JSON had against it.
    case unreadable(file: String, reason: String)
    /// What `Chart.yaml` says does not hold together.
    case invalid(String)
    case ignorePattern(String)
    /// A chart below `charts/`, by the name of its folder or file.
    indirect case subchart(String, parent: String, reason: ChartError)
    case strayArchive(parent: String, expected: String, got: String)
    case archive(ArchiveError)
    case notAnArchive(path: String, contentType: String)
    case yamlInsteadOfArchive(path: String)
    case fileTooLarge(name: String, limit: Int)
    case irregularFile(path: String)
    /// A system call's complaint: what was tried on which path.
    case system(operation: String, path: String, reason: String)
    case symbolicLink(path: String, reason: String)
}

extension ChartError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noChartYAML: "Chart.yaml file is missing"
        case .unreadable(let file, let reason): "cannot load \(file): \(reason)"
        case .invalid(let reason): "validation: \(reason)"
        case .ignorePattern(let reason): reason
        case .subchart(let name, let parent, let reason): "error unpacking subchart \(name) in \(parent): \(reason)"
        case .strayArchive(let parent, let expected, let got):
            "error unpacking subchart tar in \(parent): expected \(expected), got \(got)"
        case .archive(let error): error.description
        case .notAnArchive(let path, let type):
            "file '\(path)' does not appear to be a gzipped archive; got '\(type)'"
        case .yamlInsteadOfArchive(let path):
            "file '\(path)' seems to be a YAML file, but expected a gzipped archive"
        case .fileTooLarge(let name, let limit): "chart file \"\(name)\" is larger than the maximum file size \(limit)"
        case .irregularFile(let path):
            "cannot load irregular file \(path) as it has file mode type bits set"
        case .system(let operation, let path, let reason): "\(operation) \(path): \(reason)"
        case .symbolicLink(let path, let reason): "error evaluating symlink \(path): \(reason)"
        }
    }
}
