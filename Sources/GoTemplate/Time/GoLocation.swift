import Glibc
import System
package import Values

/// Go's time.Location: the offsets from UTC that hold in a place, from the system's time zone files.
package final class GoLocation: Sendable {
    /// A span in which one offset holds.
    struct Period: Sendable {
        var name: Text
        /// Seconds east of UTC.
        var offset: Int
        var isDaylight = false
        var start = Int.min
        var end = Int.max
    }

    struct Kind: Sendable {
        var name: Text
        var offset: Int
        var isDaylight: Bool
    }

    let name: Text
    private let kinds: [Kind]
    /// From when on which kind holds, in ascending order.
    private let transitions: [(start: Int, kind: Int)]
    /// The rule for times after the last transition.
    private let rule: LocationRule?

    init(name: Text, kinds: [Kind], transitions: [(start: Int, kind: Int)] = [], rule: LocationRule? = nil) {
        self.name = name
        self.kinds = kinds
        self.transitions = transitions
        self.rule = rule
    }

    package static let utc = GoLocation(name: "UTC", kinds: [])

    static func fixed(_ name: Text, offset: Int) -> GoLocation {
        GoLocation(name: name, kinds: [Kind(name: name, offset: offset, isDaylight: false)])
    }

    var isUTC: Bool { self === GoLocation.utc }

    func period(at seconds: Int) -> Period {
        if kinds.isEmpty { return Period(name: "UTC", offset: 0) }
        guard let first = transitions.first, seconds >= first.start else {
            return period(kinds[firstKind], .min, transitions.first?.start ?? .max)
        }
        var low = 0
        var high = transitions.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if seconds < transitions[middle].start { high = middle } else { low = middle }
        }
        let start = transitions[low].start
        if high == transitions.count, let period = rule?.period(at: seconds, after: start) { return period }
        return period(kinds[transitions[low].kind], start, high < transitions.count ? transitions[high].start : .max)
    }

    private func period(_ kind: Kind, _ start: Int, _ end: Int) -> Period {
        Period(name: kind.name, offset: kind.offset, isDaylight: kind.isDaylight, start: start, end: end)
    }

    /// The kind that holds before the first transition: the first one if no transition leads to it, else the standard
    /// time before the first daylight time, else any standard time.
    private var firstKind: Int {
        guard let first = transitions.first, transitions.contains(where: { $0.kind == 0 }) else {
            return 0
        }
        if kinds[first.kind].isDaylight, let kind = kinds[..<first.kind].lastIndex(where: { !$0.isDaylight }) {
            return kind
        }
        return kinds.firstIndex { !$0.isDaylight } ?? 0
    }

    /// The offset for a time on this zone's clock; where the clock jumps, Go's choice.
    func offset(ofShown shown: Int) -> Int {
        let guess = period(at: shown)
        let seconds = shown &- guess.offset
        return guess.offset == 0 || seconds >= guess.start && seconds < guess.end
            ? guess.offset : period(at: seconds).offset
    }

    /// The offset that an abbreviation such as `EST` means here around the given time on the zone's clock.
    func offset(named name: Text, at seconds: Int) -> Int? {
        for kind in kinds where kind.name == name {
            let period = period(at: seconds &- kind.offset)
            if period.name == name { return period.offset }
        }
        return kinds.first { $0.name == name }?.offset
    }
}

// MARK: Finding zones

extension GoLocation {
    private static let folders = [
        "/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/", "/usr/lib/locale/TZ/", "/etc/zoneinfo/",
    ]

    /// The zone of a name as Go's time.LoadLocation takes it; `nil` for an unknown one.
    package static func named(_ name: Text) -> GoLocation? {
        if name.isEmpty || name == "UTC" { return utc }
        if name == "Local" { return local }
        let path = name.string
        let isUnsafe =
            path.utf8.first == UInt8(ascii: "/") || path.utf8.first == UInt8(ascii: "\\")
            || path.split(separator: "/", omittingEmptySubsequences: false).contains("..") || path.utf8.contains(0)
        return isUnsafe ? nil : load(path)
    }

    private static func load(_ path: String) -> GoLocation? {
        for folder in folders {
            if let zone = read(folder + path, name: Text(path)) { return zone }
        }
        return nil
    }

    /// The zone of the environment: `TZ`, else /etc/localtime, else UTC.
    package static let local: GoLocation = {
        guard let variable = getenv("TZ") else { return read("/etc/localtime", name: "Local") ?? fallback }
        var place = String(cString: variable)
        if place.hasPrefix(":") { place.removeFirst() }
        if place.hasPrefix("/") {
            return read(place, name: place == "/etc/localtime" ? "Local" : Text(place)) ?? fallback
        }
        guard !place.isEmpty, place != "UTC", let zone = load(place) else { return fallback }
        return zone.renamed("Local")
    }()

    /// Local time where nothing says which: UTC, but not the same as Go's time.UTC.
    private static let fallback = GoLocation(name: "Local", kinds: [])

    private func renamed(_ name: Text) -> GoLocation {
        GoLocation(name: name, kinds: kinds, transitions: transitions, rule: rule)
    }

    private static let largestFile = 1 << 18

    private static func read(_ path: String, name: Text) -> GoLocation? {
        guard let bytes = try? readWholeFile(path, limit: largestFile, patience: 0) else { return nil }
        return GoLocation(name: name, file: bytes)
    }
}

// MARK: Time zone files (RFC 8536)

extension GoLocation {
    /// Reads a compiled zone, the part with 64-bit times where there is one.
    convenience init?(name: Text, file: [UInt8]) {
        var reader = LocationFileReader(file)
        guard var header = reader.header() else { return nil }
        let isLong = header.version >= UInt8(ascii: "2")
        if isLong {
            reader.offset += header.bodyLength(timeSize: 4)
            guard let second = reader.header() else { return nil }
            header = second
        }
        guard let body = reader.body(header, timeSize: isLong ? 8 : 4) else { return nil }
        self.init(
            name: name, kinds: body.kinds, transitions: body.transitions, rule: isLong ? reader.footer() : nil)
    }
}

private struct LocationFileReader {
    struct Header {
        var version: UInt8
        /// In the file's order: UT indicators, standard indicators, leap seconds, transitions, kinds, name bytes.
        var counts: [Int]

        func bodyLength(timeSize: Int) -> Int {
            counts[3] * (timeSize + 1) + counts[4] * 6 + counts[5] + counts[2] * (timeSize + 4) + counts[1] + counts[0]
        }
    }

    let bytes: [UInt8]
    var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func integer(_ size: Int) -> Int? {
        guard offset + size <= bytes.count else { return nil }
        var value = bytes[offset] >= 0x80 ? -1 : 0
        for byte in bytes[offset..<(offset + size)] { value = value << 8 | Int(byte) }
        offset += size
        return value
    }

    mutating func header() -> Header? {
        guard bytes.count >= offset + 44, bytes[offset..<(offset + 4)].elementsEqual("TZif".utf8) else { return nil }
        let version = bytes[offset + 4]
        offset += 20
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(integer(4) ?? 0) }
        return counts.allSatisfy { (0...1 << 16).contains($0) } ? Header(version: version, counts: counts) : nil
    }

    mutating func body(_ header: Header, timeSize: Int) -> (kinds: [GoLocation.Kind], transitions: [(Int, Int)])? {
        let end = offset + header.bodyLength(timeSize: timeSize)
        guard end <= bytes.count else { return nil }
        var starts: [Int] = []
        for _ in 0..<header.counts[3] { starts.append(integer(timeSize) ?? 0) }
        let indices = bytes[offset..<(offset + header.counts[3])].map(Int.init)
        offset += header.counts[3]
        let names = bytes[(offset + header.counts[4] * 6)...].prefix(header.counts[5])
        var kinds: [GoLocation.Kind] = []
        for _ in 0..<header.counts[4] {
            let seconds = integer(4) ?? 0
            let name = names.dropFirst(Int(bytes[offset + 1])).prefix { $0 != 0 }
            kinds.append(GoLocation.Kind(name: Text(name), offset: seconds, isDaylight: bytes[offset] != 0))
            offset += 2
        }
        offset = end
        guard !kinds.isEmpty, indices.allSatisfy({ $0 < kinds.count }) else { return nil }
        return (kinds, Array(zip(starts, indices)))
    }

    /// The rule between the two newlines at the end of the file.
    func footer() -> LocationRule? {
        guard offset < bytes.count else { return nil }
        return LocationRule(Array(bytes[offset...].filter { $0 != UInt8(ascii: "\n") }))
    }
}
