// Archives: tar and gzip as Go 1.26's archive/tar and compress/gzip read them, with their errors; zlib is linked here
// and nowhere else. There are no recorded vectors; ArchivesTests and ChartsTests hold literal archives and messages.

import Values

/// Why an archive is refused. Where Helm refuses it too, the text is Helm's or Go's.
package enum ArchiveError: Error, Equatable, Sendable {
    case endOfFile
    case unexpectedEnd
    case gzipHeader
    case gzipChecksum
    /// Bytes that deflate cannot read, with the offset in the compressed data.
    case corrupt(offset: Int)
    case tarHeader
    case tarFieldTooLong
    case noFiles
    case absolutePath
    case outsideBase(name: String)
    case parentDirectory
    case drivePath
    case chartNotInBase
    case tooLarge(limit: Int)
    case fileTooLarge(name: String, limit: Int)
    /// Ours: Helm takes links and devices for empty files.
    case specialFile(name: String)
}

extension ArchiveError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .endOfFile: "EOF"
        case .unexpectedEnd: "unexpected EOF"
        case .gzipHeader: "gzip: invalid header"
        case .gzipChecksum: "gzip: invalid checksum"
        case .corrupt(let offset): "flate: corrupt input before offset \(offset)"
        case .tarHeader: "archive/tar: invalid tar header"
        case .tarFieldTooLong: "archive/tar: header field too long"
        case .noFiles: "no files in chart archive"
        case .absolutePath: "chart illegally contains absolute paths"
        case .outsideBase(let name):
            "chart illegally contains content outside the base directory: \(quoted(name))"
        case .parentDirectory: "chart illegally references parent directory"
        case .drivePath: "chart contains illegally named files"
        case .chartNotInBase: "chart yaml not in base directory"
        case .tooLarge(let limit): "decompressed chart is larger than the maximum size \(limit)"
        case .fileTooLarge(let name, let limit):
            "decompressed chart file \(quoted(name)) is larger than the maximum file size \(limit)"
        case .specialFile(let name): "chart archive contains a link or a device: \(quoted(name)); pack plain files only"
        }
    }
}
