internal import Glibc
internal import Values
internal import YAML

/// Charts on this machine: one chart (a folder or a .tgz file), or a folder that holds several at any depth up to three,
/// such as a release's manifests/charts or the archives that `helm pull` leaves.
struct LocalCharts {
    let path: String

    private static let depth = 3

    /// The chart of that name; of several archives the one of that version.
    func chart(_ name: String, version: String) throws(ChartSourceError) -> FoundChart {
        var kind = stat()
        guard stat(path, &kind) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        if kind.st_mode & S_IFMT != S_IFDIR { return try archive(path) }
        if readFile(path + "/Chart.yaml") != nil { return .folder(path) }
        var found: [String] = []
        if let folder = folder(name, beneath: path, depth: LocalCharts.depth, &found) { return .folder(folder) }
        if let file = archiveName(name, version) { return try archive(path + "/" + file) }
        throw .missingChart(source: path, chart: name, found: found.sorted { $0.precedesByBytes($1) })
    }

    private func archive(_ path: String) throws(ChartSourceError) -> FoundChart {
        guard let bytes = readFile(path) else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard bytes.starts(with: [0x1F, 0x8B]) else { throw .unreadable(path: path, reason: "is not a .tgz archive") }
        return .archive(bytes, origin: path)
    }

    /// Breadth first by name; charts inside a chart are its own.
    private func folder(_ name: String, beneath parent: String, depth: Int, _ found: inout [String]) -> String? {
        var inner: [String] = []
        for entry in listFolder(parent) {
            let path = parent + "/" + entry
            guard let chart = readFile(path + "/Chart.yaml") else {
                inner.append(path)
                continue
            }
            let value = try? Value(yaml: chart, numbers: .native)
            guard let title = value?["name"]?.string else { continue }
            if title == name { return path }
            found.append(title)
        }
        guard depth > 1 else { return nil }
        for path in inner {
            if let folder = folder(name, beneath: path, depth: depth - 1, &found) { return folder }
        }
        return nil
    }

    private func archiveName(_ name: String, _ version: String) -> String? {
        let files = listFolder(path)
        let wanted = ["\(name)-\(version.withoutVersionPrefix).tgz", "\(name)-v\(version.withoutVersionPrefix).tgz"]
        return files.first { wanted.contains($0) } ?? files.first { $0 == name + ".tgz" }
    }
}
