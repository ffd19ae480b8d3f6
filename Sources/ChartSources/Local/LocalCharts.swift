internal import Charts
internal import Glibc
internal import System
internal import Values
internal import YAML

/// Charts on this machine: one chart (a folder or a .tgz file), or a folder that holds several at any depth up to three,
/// such as a release's manifests/charts or the archives that `helm pull` leaves.
struct LocalCharts {
    let path: String

    private static let depth = 3

    /// Whether the path names one chart rather than a collection; throws where there is nothing.
    var isOne: Bool {
        get throws(ChartSourceError) {
            var kind = stat()
            guard stat(path, &kind) == 0 else { throw .unreadable(path: path, reason: systemReason()) }
            return kind.st_mode & S_IFMT != S_IFDIR || readFile(path + "/Chart.yaml") != nil
        }
    }

    /// The chart that the path names.
    func one() throws(ChartSourceError) -> FoundChart { try load(path) }

    /// The chart of that name in the collection; of several the one of that version.
    func chart(_ name: String, version: String) throws(ChartSourceError) -> FoundChart {
        let all = listing()
        let named = all.filter { $0.chart == name }
        if named.isEmpty {
            throw .missingChart(
                source: path, chart: name, found: Set(all.map(\.chart)).sorted { $0.precedesByBytes($1) })
        }
        let fitting = named.first { $0.version.isSameVersion(as: version) } ?? (named.count == 1 ? named[0] : nil)
        guard let fitting, let place = fitting.path else {
            throw .missingVersion(
                source: path, chart: name, version: version, nearest: named.map(\.version).nearestVersions(to: version))
        }
        let found = try load(place)
        guard found.chart.name == name else {
            throw .wrongChart(origin: place, expected: name, found: found.chart.name)
        }
        return found
    }

    /// The charts of the collection, those higher up first; an archive's name and version are read off its file's name.
    func listing() -> [ListedChart] {
        var found: [ListedChart] = []
        var level = [path]
        for _ in 0..<LocalCharts.depth {
            var next: [String] = []
            for folder in level {
                for entry in listFolder(folder) { look(at: folder + "/" + entry, name: entry, &found, &next) }
            }
            level = next
        }
        return found
    }

    /// Charts inside a chart are its own, so a chart is not looked into.
    private func look(at path: String, name: String, _ found: inout [ListedChart], _ next: inout [String]) {
        if let file = ArchiveName(name) {
            found.append(ListedChart(chart: file.chart, version: file.version, path: path))
            return
        }
        guard let text = readFile(path + "/Chart.yaml") else {
            next.append(path)
            return
        }
        let value = try? Value(yaml: text, numbers: .native)
        guard let title = value?["name"]?.string else { return }
        found.append(ListedChart(chart: title, version: value?["version"]?.string ?? "", path: path))
    }

    private func load(_ path: String) throws(ChartSourceError) -> FoundChart {
        var kind = stat()
        guard stat(path, &kind) == 0 else { throw .unreadable(path: path, reason: systemReason()) }
        if kind.st_mode & S_IFMT == S_IFDIR { return try FoundChart(folder: path) }
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try readWholeFile(path, limit: FileLimit.archive)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        guard bytes.isGzip else { throw .unreadable(path: path, reason: "is not a .tgz archive") }
        return try FoundChart(archive: bytes, origin: path)
    }
}

/// A chart's name and version as `helm package` writes them into a file's name: `istiod-1.30.3.tgz`.
struct ArchiveName: Equatable {
    var chart: String
    /// Empty where the name has none.
    var version: String

    /// `nil` for files that are no archives.
    init?(_ file: String) {
        guard let ending = [".tgz", ".tar.gz"].first(where: file.hasSuffix) else { return nil }
        let stem = file.dropLast(ending.count)
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        let start = parts.indices.dropFirst().first { index in
            let digits = parts[index].first == "v" ? parts[index].dropFirst() : parts[index]
            return digits.first?.isNumber == true
        }
        guard let start else {
            chart = String(stem)
            version = ""
            return
        }
        chart = parts[..<start].joined(separator: "-")
        version = parts[start...].joined(separator: "-")
    }
}

extension [UInt8] {
    var isGzip: Bool { starts(with: [0x1F, 0x8B]) }
}
