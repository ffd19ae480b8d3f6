package import Archives
import Values

/// The files of a packed chart (.tgz), read as Helm reads them: below one folder, nothing outside it, and bounded.
package enum ChartArchive {
    /// Bounds on the unpacked bytes of a chart.
    package struct Limits: Sendable {
        package var chart: Int
        package var file: Int

        package init(chart: Int, file: Int) {
            self.chart = chart
            self.file = file
        }

        /// Helm's: 100 MiB for all files together, 5 MiB for one.
        package static let standard = Limits(chart: 100 * 1024 * 1024, file: 5 * 1024 * 1024)
    }

    package static func files(
        in bytes: [UInt8], limits: Limits = .standard
    ) throws(ArchiveError) -> [ChartFile] {
        // What is passed over and the headers come on top of the files.
        var reader = TarReader(try GzipReader(bytes, limit: limits.chart.addingReportingOverflow(1 << 26).partialValue))
        var files: [ChartFile] = []
        var room = limits.chart
        while let header = try reader.next() {
            if header.kind == UInt8(ascii: "5") || header.name.utf8.last == UInt8(ascii: "/") { continue }
            if header.kind == UInt8(ascii: "g") { continue }
            let name = try path(in: header.name)
            if (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(header.kind) {
                throw .specialFile(name: header.name)
            }
            if header.size > room { throw .tooLarge(limit: limits.chart) }
            if header.size > limits.file { throw .fileTooLarge(name: header.name, limit: limits.file) }
            let content = try reader.content(header)
            room -= content.count
            if room <= 0 { throw .tooLarge(limit: limits.chart) }
            files.append(ChartFile(name: name, data: withoutByteOrderMark(Text(content))))
        }
        if files.isEmpty { throw .noFiles }
        return files
    }

    /// The path below the chart's folder; throws where it would lead elsewhere.
    private static func path(in name: String) throws(ArchiveError) -> String {
        // Archives made on Windows may have backslashes.
        let delimiter = name.utf8.contains(UInt8(ascii: "\\")) ? UInt8(ascii: "\\") : UInt8(ascii: "/")
        let parts = name.utf8.split(separator: delimiter, omittingEmptySubsequences: false).map { String($0) ?? "" }
        let inner = parts.dropFirst().joined(separator: "/")
        if inner.utf8.first == UInt8(ascii: "/") { throw .absolutePath }
        let path = SlashPath.clean(inner)
        if path == "." { throw .outsideBase(name: name) }
        if path.utf8.starts(with: "..".utf8) { throw .parentDirectory }
        if isDrivePath(path) { throw .drivePath }
        if parts.first == "Chart.yaml" { throw .chartNotInBase }
        return path
    }

    private static func isDrivePath(_ path: String) -> Bool {
        let start = Array(path.utf8.prefix(3))
        guard start.count == 3, start[1] == UInt8(ascii: ":"), start[2] == UInt8(ascii: "/") else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(start[0] | 0x20)
    }
}

/// The text without the mark that some editors put before UTF-8.
func withoutByteOrderMark(_ text: Text) -> Text {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return text.withBytes { $0.starts(with: mark) } ? text[3..<text.count] : text
}
