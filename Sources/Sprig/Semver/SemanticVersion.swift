import Values

/// A version as the library Masterminds/semver reads and compares it: loosely, with missing parts taken for zero.
struct SemanticVersion: Sendable {
    var major: UInt
    var minor: UInt
    var patch: UInt
    var prerelease: Text = ""
    var metadata: Text = ""
    /// The text it was read from.
    var original: Text = ""

    /// Major, minor and patch, with prerelease and metadata where there are some.
    var text: Text {
        var result: Text = "\(major).\(minor).\(patch)"
        if !prerelease.isEmpty { result += "-" + prerelease }
        if !metadata.isEmpty { result += "+" + metadata }
        return result
    }
}

/// What the library semver says of a bad version or constraint.
struct SemanticVersionError: Error {
    let message: Text

    init(_ message: Text) {
        self.message = message
    }

    static let invalid = SemanticVersionError("invalid semantic version")
    static let startsWithZero = SemanticVersionError("version segment starts with 0")
    static let invalidPrerelease = SemanticVersionError("invalid prerelease string")
    static let invalidMetadata = SemanticVersionError("invalid metadata string")
}

extension SemanticVersion {
    /// `v1.2.3-pre.1+meta`; the `v`, minor and patch, and leading zeros of the numbers are optional.
    init(parsing text: Text) throws(SemanticVersionError) {
        var reader = Reader(bytes: text.bytes)
        reader.take(UInt8(ascii: "v"))
        guard let first = reader.digits() else { throw .invalid }
        var numbers = [first]
        while numbers.count < 3, let number = reader.dottedDigits() { numbers.append(number) }
        let prerelease = try reader.identifiers(after: UInt8(ascii: "-"))
        let metadata = try reader.identifiers(after: UInt8(ascii: "+"))
        guard reader.isAtEnd else { throw .invalid }
        var values: [UInt] = []
        for number in numbers { values.append(try SemanticVersion.number(number)) }
        values += [0, 0]
        self.init(
            major: values[0], minor: values[1], patch: values[2], prerelease: prerelease, metadata: metadata,
            original: text)
        try SemanticVersion.checkPrerelease(prerelease)
    }

    private static func number(_ digits: Text) throws(SemanticVersionError) -> UInt {
        if let value = UInt(digits.string) { return value }
        throw SemanticVersionError(
            "error parsing version segment: strconv.ParseUint: parsing " + quoted(digits) + ": value out of range")
    }

    /// Refuses empty identifiers, other characters than letters, digits and `-`, and numbers with leading zeros.
    static func checkPrerelease(_ text: Text) throws(SemanticVersionError) {
        if text.isEmpty { return }
        for identifier in text.split(by: ".") {
            let bytes = identifier.bytes
            if bytes.isEmpty { throw .invalidPrerelease }
            if bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
                if bytes.count > 1, bytes[0] == 0x30 { throw .startsWithZero }
            } else if !bytes.allSatisfy(Reader.isIdentifier) {
                throw .invalidPrerelease
            }
        }
    }

    static func checkMetadata(_ text: Text) throws(SemanticVersionError) {
        if text.isEmpty { return }
        for identifier in text.split(by: ".")
        where identifier.isEmpty || !identifier.bytes.allSatisfy(Reader.isIdentifier) {
            throw .invalidMetadata
        }
    }

    /// Takes the pieces of a version one after the other.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        static func isIdentifier(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
            default: false
            }
        }

        @discardableResult
        mutating func take(_ byte: UInt8) -> Bool {
            guard position < bytes.count, bytes[position] == byte else { return false }
            position += 1
            return true
        }

        private mutating func take(while belongs: (UInt8) -> Bool) -> Text? {
            let start = position
            while position < bytes.count, belongs(bytes[position]) { position += 1 }
            return start == position ? nil : Text(bytes[start..<position])
        }

        mutating func digits() -> Text? {
            take { (0x30...0x39).contains($0) }
        }

        mutating func dottedDigits() -> Text? {
            guard take(UInt8(ascii: ".")) else { return nil }
            let digits = digits()
            if digits == nil { position -= 1 }
            return digits
        }

        /// Dotted identifiers after `mark`; empty where the mark is missing.
        mutating func identifiers(after mark: UInt8) throws(SemanticVersionError) -> Text {
            guard take(mark) else { return "" }
            var parts: [Text] = []
            repeat {
                guard let part = take(while: Reader.isIdentifier) else { throw .invalid }
                parts.append(part)
            } while take(UInt8(ascii: "."))
            return .joined(parts, by: ".")
        }
    }
}

extension SemanticVersion {
    /// -1, 0 or 1; metadata does not count, and a prerelease comes before its release.
    func compare(_ other: SemanticVersion) -> Int {
        for (left, right) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where left != right {
            return left < right ? -1 : 1
        }
        switch (prerelease.isEmpty, other.prerelease.isEmpty) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        default: return SemanticVersion.comparePrereleases(prerelease, other.prerelease)
        }
    }

    /// Identifier by identifier; a missing one comes first.
    static func comparePrereleases(_ left: Text, _ right: Text) -> Int {
        let (lefts, rights) = (left.split(by: "."), right.split(by: "."))
        for index in 0..<max(lefts.count, rights.count) {
            let order = compareIdentifiers(
                index < lefts.count ? lefts[index] : "", index < rights.count ? rights[index] : "")
            if order != 0 { return order }
        }
        return 0
    }

    /// Numbers by value and before words; words, and numbers too large for 64 bits, by their bytes.
    private static func compareIdentifiers(_ left: Text, _ right: Text) -> Int {
        if left == right { return 0 }
        if left.isEmpty { return -1 }
        if right.isEmpty { return 1 }
        switch (unsigned(left), unsigned(right)) {
        case (nil, nil): return left > right ? 1 : -1
        case (_?, nil): return -1
        case (nil, _?): return 1
        case (let first?, let second?): return first > second ? 1 : -1
        }
    }

    private static func unsigned(_ text: Text) -> UInt? {
        text.bytes.allSatisfy { (0x30...0x39).contains($0) } ? UInt(text.string) : nil
    }
}
