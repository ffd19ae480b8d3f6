internal import Glibc

/// Times as Kubernetes and Helm write them: `2026-11-24T08:00:00Z`, with fractions and offsets where they are read.
package enum RFC3339 {
    /// The time to the second, in UTC; `seconds` since 1970, held within the years that have four digits.
    package static func text(_ seconds: Int) -> String {
        var time = tm()
        var seconds = time_t(min(max(seconds, -62_135_596_800), 253_402_300_799))
        gmtime_r(&seconds, &time)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let year = String(time.tm_year + 1900)
        let date =
            String(repeating: "0", count: 4 - year.count) + year + "-\(two(time.tm_mon + 1))-\(two(time.tm_mday))"
        return date + "T\(two(time.tm_hour)):\(two(time.tm_min)):\(two(time.tm_sec))Z"
    }

    /// The same with microseconds, as the API wants a MicroTime.
    package static func microTime(_ seconds: Int) -> String { text(seconds).dropLast() + ".000000Z" }

    /// The day alone: `2026-11-24`.
    package static func day(_ seconds: Int) -> String { String(text(seconds).prefix(10)) }

    /// Seconds since 1970 without their fraction; `nil` for any other text.
    package static func seconds(_ text: String) -> Int? {
        var reader = Reader(bytes: Array(text.utf8))
        guard let date = reader.date(), reader.take("T") || reader.take("t") || reader.take(" "),
            let clock = reader.clock(), reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        return date + clock - offset
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Character) -> Bool {
            guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
            position += 1
            return true
        }

        /// So many digits, within a range.
        mutating func number(_ count: Int, _ range: ClosedRange<Int>) -> Int? {
            guard position + count <= bytes.count else { return nil }
            var number = 0
            for byte in bytes[position..<position + count] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
            }
            position += count
            return range.contains(number) ? number : nil
        }

        mutating func date() -> Int? {
            guard let year = number(4, 0...9999), take("-"), let month = number(2, 1...12), take("-"),
                let day = number(2, 1...31)
            else { return nil }
            var time = tm()
            (time.tm_year, time.tm_mon, time.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
            let seconds = timegm(&time)
            // The 30th of February is no day.
            return time.tm_mday == Int32(day) ? seconds : nil
        }

        /// A second of 60 is a leap second.
        mutating func clock() -> Int? {
            guard let hour = number(2, 0...23), take(":"), let minute = number(2, 0...59), take(":"),
                let second = number(2, 0...60)
            else { return nil }
            return (hour * 60 + minute) * 60 + second
        }

        mutating func fraction() -> Bool {
            guard take(".") else { return true }
            let start = position
            while number(1, 0...9) != nil {}
            return position > start
        }

        mutating func offset() -> Int? {
            if take("Z") || take("z") { return 0 }
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = number(2, 0...23), take(":"), let minutes = number(2, 0...59) else {
                return nil
            }
            return sign * (hours * 60 + minutes) * 60
        }
    }
}
