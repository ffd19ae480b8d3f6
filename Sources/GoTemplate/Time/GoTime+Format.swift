package import Values

extension GoTime {
    /// The time under a reference layout, as Go's Time.Format.
    package func format(_ layout: Text) -> Text {
        var output: [UInt8] = []
        let parts = TimeParts(self)
        for piece in TimeLayout(layout.bytes).pieces {
            output += piece.prefix
            if let element = piece.element { parts.append(element, to: &output) }
        }
        return Text(output)
    }

    /// The text of Go's Time.String.
    var text: Text {
        let text = format("2006-01-02 15:04:05.999999999 -0700 MST")
        guard let monotonic else { return text }
        let (seconds, nanoseconds) = monotonic.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var fraction: [UInt8] = []
        appendNumber(Int(nanoseconds), width: 9, to: &fraction)
        return text + Text(" m=\(monotonic < 0 ? "-" : "+")\(seconds).\(String(decoding: fraction, as: UTF8.self))")
    }

    /// The text of Go's Time.GoString.
    var goSyntax: Text {
        let (year, month, day) = date
        let clock = TimeParts(self)
        let place: Text =
            zone.isUTC ? "UTC" : zone.name == "Local" ? "Local" : "Location(" + quotedInTime(zone.name) + ")"
        return Text(
            "time.Date(\(year), time.\(monthNames[month - 1]), \(day), \(clock.hour), \(clock.minute), "
                + "\(clock.second), \(nanoseconds), time.") + place + ")"
    }
}

/// The parts of a time on the clock of its zone.
struct TimeParts {
    let moment: GoTime
    let date: (year: Int, month: Int, day: Int)
    let hour: Int
    let minute: Int
    let second: Int
    let period: GoLocation.Period

    init(_ moment: GoTime) {
        self.moment = moment
        date = moment.date
        let second = moment.secondOfDay
        hour = second / 3600
        minute = second / 60 % 60
        self.second = second % 60
        period = moment.zone.period(at: moment.seconds)
    }

    private var hour12: Int { hour % 12 == 0 ? 12 : hour % 12 }

    func append(_ element: TimeLayout.Element, to output: inout [UInt8]) {
        if appendDate(element, to: &output) || appendClock(element, to: &output) { return }
        switch element {
        case .zoneName: appendZoneName(to: &output)
        case .offset(let form): appendOffset(form, to: &output)
        case .fraction(let digits, let separator, let omitsZeros):
            appendFraction(digits, separator, omitsZeros, to: &output)
        default: break
        }
    }

    private func appendDate(_ element: TimeLayout.Element, to output: inout [UInt8]) -> Bool {
        switch element {
        case .longMonth: output += monthNames[date.month - 1].utf8
        case .shortMonth: output += monthNames[date.month - 1].utf8.prefix(3)
        case .month: appendNumber(date.month, to: &output)
        case .zeroMonth: appendNumber(date.month, width: 2, to: &output)
        case .longWeekday: output += weekdayNames[moment.weekday].utf8
        case .shortWeekday: output += weekdayNames[moment.weekday].utf8.prefix(3)
        case .day: appendNumber(date.day, to: &output)
        case .underDay: appendNumber(date.day, width: 2, padding: " ", to: &output)
        case .zeroDay: appendNumber(date.day, width: 2, to: &output)
        case .underYearDay: appendNumber(moment.yearDay, width: 3, padding: " ", to: &output)
        case .zeroYearDay: appendNumber(moment.yearDay, width: 3, to: &output)
        case .longYear: appendNumber(date.year, width: 4, to: &output)
        case .shortYear: appendNumber(abs(date.year) % 100, width: 2, to: &output)
        default: return false
        }
        return true
    }

    private func appendClock(_ element: TimeLayout.Element, to output: inout [UInt8]) -> Bool {
        switch element {
        case .hour: appendNumber(hour, width: 2, to: &output)
        case .hour12: appendNumber(hour12, to: &output)
        case .zeroHour12: appendNumber(hour12, width: 2, to: &output)
        case .minute: appendNumber(minute, to: &output)
        case .zeroMinute: appendNumber(minute, width: 2, to: &output)
        case .second: appendNumber(second, to: &output)
        case .zeroSecond: appendNumber(second, width: 2, to: &output)
        case .upperNoon: output += (hour < 12 ? "AM" : "PM").utf8
        case .lowerNoon: output += (hour < 12 ? "am" : "pm").utf8
        default: return false
        }
        return true
    }

    private func appendZoneName(to output: inout [UInt8]) {
        if !period.name.isEmpty {
            output += period.name.bytes
            return
        }
        let minutes = period.offset / 60
        output.append(UInt8(ascii: minutes < 0 ? "-" : "+"))
        appendNumber(abs(minutes) / 60, width: 2, to: &output)
        appendNumber(abs(minutes) % 60, width: 2, to: &output)
    }

    private func appendOffset(_ form: TimeLayout.OffsetForm, to output: inout [UInt8]) {
        if form.namesUTC, period.offset == 0 {
            output.append(UInt8(ascii: "Z"))
            return
        }
        // Go decides on the sign by whole minutes.
        let minutes = period.offset / 60
        output.append(UInt8(ascii: minutes < 0 ? "-" : "+"))
        appendNumber(abs(minutes) / 60, width: 2, to: &output)
        guard form.hasMinutes else { return }
        if form.hasColon { output.append(UInt8(ascii: ":")) }
        appendNumber(abs(minutes) % 60, width: 2, to: &output)
        guard form.hasSeconds else { return }
        if form.hasColon { output.append(UInt8(ascii: ":")) }
        appendNumber((minutes < 0 ? -period.offset : period.offset) % 60, width: 2, to: &output)
    }

    private func appendFraction(_ digits: Int, _ separator: UInt8, _ omitsZeros: Bool, to output: inout [UInt8]) {
        var fraction: [UInt8] = []
        appendNumber(moment.nanoseconds, width: 9, to: &fraction)
        fraction = Array(fraction.prefix(min(9, digits)))
        if omitsZeros {
            while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
            if fraction.isEmpty { return }
        }
        output.append(separator)
        output += fraction
    }
}

/// A decimal number, padded to `width` digits at least.
func appendNumber(_ number: Int, width: Int = 0, padding: Unicode.Scalar = "0", to output: inout [UInt8]) {
    let digits = String(number.magnitude)
    if number < 0 { output.append(UInt8(ascii: "-")) }
    output += repeatElement(UInt8(ascii: padding), count: max(0, width - digits.utf8.count))
    output += digits.utf8
}

/// The quoting of Go's time package, which escapes every byte outside ASCII.
package func quotedInTime(_ text: Text) -> Text {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    let digits = Formatter.digits(false)
    for byte in text.bytes {
        if byte >= 0x80 || byte < 0x20 {
            result += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        } else {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
    }
    return Text(result + [UInt8(ascii: "\"")])
}
