/// Dates and times by the four layouts that go-yaml tries.
enum Timestamp {
    /// `2006-1-2`, `2006-1-2 15:4:5.9`, `2006-1-2T15:4:5.9Z07:00`, and the same with a small `t`.
    static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 8, text[4] == UInt8(ascii: "-") else { return false }
        var reader = Reader(text: text)
        guard let year = reader.digits(4...4), reader.take("-"), let month = reader.digits(1...2), reader.take("-"),
            let day = reader.digits(1...2), (1...12).contains(month), isDay(day, month, year)
        else { return false }
        if reader.isAtEnd { return true }
        if reader.take(" ") {
            // Go takes more spaces in the text than the layout has.
            while reader.take(" ") {}
            return reader.time() && reader.isAtEnd
        }
        guard reader.take("T") || reader.take("t") else { return false }
        return reader.time() && reader.zone() && reader.isAtEnd
    }

    private static func isDay(_ day: Int, _ month: Int, _ year: Int) -> Bool {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day >= 1 && day <= days[month - 1]
    }

    private struct Reader {
        let text: UnsafeBufferPointer<UInt8>
        var index = 0

        var isAtEnd: Bool { index == text.count }

        mutating func take(_ byte: Unicode.Scalar) -> Bool {
            guard index < text.count, text[index] == UInt8(ascii: byte) else { return false }
            index += 1
            return true
        }

        /// As many digits as there are within the range, read as a number.
        mutating func digits(_ count: ClosedRange<Int>) -> Int? {
            var value = 0
            let start = index
            while index < text.count, index - start < count.upperBound, (0x30...0x39).contains(text[index]) {
                // The value of a fraction is not needed; it may be of any length.
                value = value &* 10 &+ Int(text[index] & 0x0F)
                index += 1
            }
            return index - start < count.lowerBound ? nil : value
        }

        /// Hours take one or two digits, as do minutes and seconds; a fraction may follow a point or a comma.
        mutating func time() -> Bool {
            guard let hour = digits(1...2), hour < 24, take(":"), let minute = digits(1...2), minute < 60, take(":"),
                let second = digits(1...2), second < 60
            else { return false }
            let start = index
            if take(".") || take(",") {
                guard digits(1...Int.max) != nil else {
                    index = start
                    return false
                }
            }
            return true
        }

        mutating func zone() -> Bool {
            if take("Z") { return true }
            guard take("+") || take("-"), let hours = digits(2...2), hours <= 24, take(":"),
                let minutes = digits(2...2)
            else { return false }
            return minutes <= 60
        }
    }
}
