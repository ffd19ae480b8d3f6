package import Charts
internal import Values

/// A chart found at its source, loaded.
package struct FoundChart: Sendable {
    package let chart: Chart
    /// The path or address it was found at, for messages.
    package let origin: String
    /// The archive it was loaded from; `nil` for a folder.
    package let archive: [UInt8]?
    /// The SHA-256 that its source announced and its archive has; `nil` where the source announces none.
    package let digest: String?

    /// Loads an archive; throws `ChartSourceError.brokenChart`.
    init(archive bytes: [UInt8], origin: String, digest: String? = nil) throws(ChartSourceError) {
        var loader = ChartLoader()
        do throws(ChartError) {
            chart = try loader.load(archive: bytes)
        } catch {
            throw .brokenChart(origin: origin, reason: error.description)
        }
        self.origin = origin
        self.digest = digest
        archive = bytes
    }

    /// Loads a folder; throws `ChartSourceError.brokenChart`.
    init(folder: String) throws(ChartSourceError) {
        var loader = ChartLoader()
        do throws(ChartError) {
            chart = try loader.load(path: folder)
        } catch {
            throw .brokenChart(origin: folder, reason: error.description)
        }
        origin = folder
        digest = nil
        archive = nil
    }
}

/// A version of a chart that a source has.
package struct ListedChart: Sendable, Equatable {
    package let chart: String
    package let version: String
    /// The digest that a repository announces.
    package var digest: String?
    /// The path of one on this machine.
    package var path: String?
}

extension [ListedChart] {
    /// By version, the newest first; a version with a suffix comes before the one without.
    package var newestFirst: [ListedChart] {
        sorted { order(of: $0.version).lexicographicallyPrecedes(order(of: $1.version), by: >) }
    }
}

/// `[1, 30, 3, 1]` for `1.30.3`, `[1, 30, 3, 0, …]` for `1.30.3-rc.1`.
private func order(of version: String) -> [Int] {
    let parts = version.withoutVersionPrefix.split(separator: "-", maxSplits: 1)
    let numbers = (parts.first ?? "").split(separator: ".").map { Int($0) ?? 0 }
    let suffix = parts.dropFirst().first?.split { !$0.isNumber }.compactMap { Int($0) }
    return numbers + (suffix.map { [0] + $0 } ?? [1])
}
