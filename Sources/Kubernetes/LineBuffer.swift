/// The lines of a stream that comes in pieces. Each byte is looked at once, however long a line is.
struct LineBuffer {
    /// More than any object that an API server keeps.
    static let longestLine = 32 << 20

    private var bytes: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// Up to where there is no line break after `start`.
    private var searched = 0

    /// Whether a line has become longer than any should be.
    var isTooLong: Bool { bytes.count - start > LineBuffer.longestLine }

    mutating func append(_ more: [UInt8]) {
        // What was handed over goes once it is the larger part.
        if start > 0, start * 2 >= bytes.count {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes += more
    }

    /// The next whole line without its break.
    mutating func next() -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return Array(bytes[start..<end])
    }
}
