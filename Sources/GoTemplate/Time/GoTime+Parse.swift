package import Values

/// Why a text is not a time, in the words of Go's time.ParseError.
package struct TimeParseError: Error {
    var layout: Text
    var value: Text
    var layoutElement: Text = ""
    var valueElement: Text = ""
    /// Says more than "cannot parse"; starts with a colon.
    var message: Text = ""

    package var description: Text {
        let start = "parsing time " + quotedInTime(value)
        if !message.isEmpty { return start + message }
        return start + " as " + quotedInTime(layout) + ": cannot parse " + quotedInTime(valueElement) + " as "
            + quotedInTime(layoutElement)
    }
}

extension GoTime {
    /// Reads a time under a reference layout, as Go's time.ParseInLocation; throws `TimeParseError`.
    package static func parse(_ layout: Text, _ value: Text, in zone: GoLocation) throws -> GoTime {
        var parser = TimeParser(value.bytes[...])
        let pieces = TimeLayout(layout.bytes).pieces
        for (index, piece) in pieces.enumerated() {
            guard parser.skip(piece.prefix) else {
                throw TimeParseError(
                    layout: layout, value: value, layoutElement: Text(piece.prefix), valueElement: Text(parser.rest))
            }
            guard let element = piece.element else { break }
            let held = parser.rest
            let next = pieces[index + 1].element
            if !parser.read(element, before: next) {
                throw TimeParseError(
                    layout: layout, value: value, layoutElement: Text(piece.text), valueElement: Text(held))
            }
            if let part = parser.outOfRange {
                throw TimeParseError(layout: layout, value: value, message: Text(": \(part) out of range"))
            }
        }
        if !parser.rest.isEmpty {
            let extra = quotedInTime(Text(parser.rest))
            throw TimeParseError(layout: layout, value: value, message: ": extra text: " + extra)
        }
        if let problem = parser.settleDate() {
            throw TimeParseError(layout: layout, value: value, message: Text(": \(problem)"))
        }
        return parser.moment(in: zone)
    }
}

/// What has been read of a time, and what is left to read.
struct TimeParser {
    var rest: ArraySlice<UInt8>
    /// The part whose number is too large or small.
    var outOfRange: String?
    private var year = 0
    private var month: Int?
    private var day: Int?
    private var yearDay: Int?
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var nanoseconds = 0
    private var isAfternoon: Bool?
    private var isUTC = false
    private var offset: Int?
    private var zoneName: Text = ""

    init(_ value: ArraySlice<UInt8>) {
        rest = value
    }

    /// Skips literal text; a run of spaces matches any number of them.
    mutating func skip(_ prefix: ArraySlice<UInt8>) -> Bool {
        let space = UInt8(ascii: " ")
        var prefix = prefix
        while let byte = prefix.first {
            if byte == space {
                if let next = rest.first, next != space { return false }
                prefix = prefix.drop { $0 == space }
                rest = rest.drop { $0 == space }
                continue
            }
            guard rest.first == byte else { return false }
            prefix.removeFirst()
            rest.removeFirst()
        }
        return true
    }

    /// Reads what `element` stands for; `next` decides who takes a fraction after the seconds.
    mutating func read(_ element: TimeLayout.Element, before next: TimeLayout.Element?) -> Bool {
        switch element {
        case .longYear, .shortYear: readYear(isLong: element.isLongYear)
        case .longMonth, .shortMonth, .month, .zeroMonth: readMonth(element)
        case .longWeekday: lookUp(weekdayNames, length: nil) != nil
        case .shortWeekday: lookUp(weekdayNames, length: 3) != nil
        case .day, .underDay, .zeroDay, .underYearDay, .zeroYearDay: readDay(element)
        case .hour, .hour12, .zeroHour12, .minute, .zeroMinute: readClock(element)
        case .second: readSecond(isFixed: false, next)
        case .zeroSecond: readSecond(isFixed: true, next)
        case .upperNoon: readNoon("AM", "PM")
        case .lowerNoon: readNoon("am", "pm")
        case .zoneName: readZoneName()
        case .offset(let form): readOffset(form)
        case .fraction(let digits, _, let omitsZeros):
            omitsZeros ? readFractionIfAny() : readFraction(length: 1 + digits)
        }
    }

    private mutating func readYear(isLong: Bool) -> Bool {
        let count = isLong ? 4 : 2
        // Go's atoi takes a sign in a two-digit year.
        guard rest.count >= count, !isLong || rest.first.map(isDigit) == true,
            let number = signedNumber(rest.prefix(count))
        else { return false }
        rest = rest.dropFirst(count)
        year = isLong ? number : number + (number >= 69 ? 1900 : 2000)
        return true
    }

    private func signedNumber(_ digits: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: digits, as: UTF8.self))
    }

    private mutating func readMonth(_ element: TimeLayout.Element) -> Bool {
        switch element {
        case .longMonth: month = lookUp(monthNames, length: nil).map { $0 + 1 }
        case .shortMonth: month = lookUp(monthNames, length: 3).map { $0 + 1 }
        default:
            month = number(isFixed: element.isZeroMonth)
            if let month, !(1...12).contains(month) { outOfRange = "month" }
        }
        return month != nil
    }

    /// The first name, or its first `length` letters, that starts the rest, in any case of letters.
    private mutating func lookUp(_ names: [String], length: Int?) -> Int? {
        for (index, name) in names.enumerated() {
            let name = Array(name.utf8.prefix(length ?? .max))
            let start = rest.prefix(name.count)
            guard start.count == name.count, zip(start, name).allSatisfy({ $0 == $1 || $0 ^ $1 == 0x20 }) else {
                continue
            }
            rest = rest.dropFirst(name.count)
            return index
        }
        return nil
    }

    private mutating func readDay(_ element: TimeLayout.Element) -> Bool {
        let space = UInt8(ascii: " ")
        switch element {
        case .underYearDay, .zeroYearDay:
            let isFixed = element.isZeroYearDay
            for _ in 0..<2 where !isFixed && rest.first == space { rest.removeFirst() }
            let digits = rest.prefix(3).prefix(while: isDigit)
            guard !digits.isEmpty, !isFixed || digits.count == 3 else { return false }
            rest = rest.dropFirst(digits.count)
            yearDay = signedNumber(digits)
        default:
            if element.isUnderDay, rest.first == space { rest.removeFirst() }
            day = number(isFixed: element.isZeroDay)
            return day != nil
        }
        return true
    }

    /// One digit or two; just two where the width is fixed.
    private mutating func number(isFixed: Bool) -> Int? {
        let digits = rest.prefix(2).prefix(while: isDigit)
        guard digits.count == 2 || digits.count == 1 && !isFixed else { return nil }
        rest = rest.dropFirst(digits.count)
        return signedNumber(digits)
    }

    private mutating func readClock(_ element: TimeLayout.Element) -> Bool {
        switch element {
        case .hour, .hour12, .zeroHour12:
            guard let value = number(isFixed: element.isZeroHour12) else { return false }
            hour = value
            if value > (element.isHour ? 23 : 12) { outOfRange = "hour" }
        default:
            guard let value = number(isFixed: element.isZeroMinute) else { return false }
            minute = value
            if value > 59 { outOfRange = "minute" }
        }
        return true
    }

    private mutating func readSecond(isFixed: Bool, _ next: TimeLayout.Element?) -> Bool {
        guard let value = number(isFixed: isFixed) else { return false }
        second = value
        if value > 59 {
            outOfRange = "second"
            return true
        }
        // A fraction may follow even if the layout has none.
        if case .fraction = next { return true }
        return readFractionIfAny()
    }

    private mutating func readFractionIfAny() -> Bool {
        guard let separator = rest.first, separator == UInt8(ascii: ".") || separator == UInt8(ascii: ",") else {
            return true
        }
        let digits = rest.dropFirst().prefix(while: isDigit)
        return digits.isEmpty ? true : readFraction(length: 1 + digits.count)
    }

    private mutating func readFraction(length: Int) -> Bool {
        guard rest.count >= length, let separator = rest.first,
            separator == UInt8(ascii: ".") || separator == UInt8(ascii: ",")
        else { return false }
        let digits = rest.dropFirst().prefix(min(length, 10) - 1)
        guard let value = signedNumber(digits) else { return false }
        rest = rest.dropFirst(length)
        if value < 0 { outOfRange = "fractional second" }
        nanoseconds = (digits.count..<9).reduce(value) { number, _ in number * 10 }
        return true
    }

    private mutating func readNoon(_ morning: String, _ afternoon: String) -> Bool {
        let text = rest.prefix(2)
        guard text.elementsEqual(morning.utf8) || text.elementsEqual(afternoon.utf8) else { return false }
        // As in Go, an afternoon once read stays.
        if isAfternoon != true { isAfternoon = text.elementsEqual(afternoon.utf8) }
        rest = rest.dropFirst(2)
        return true
    }

    private mutating func readOffset(_ form: TimeLayout.OffsetForm) -> Bool {
        if form.namesUTC, rest.first == UInt8(ascii: "Z") {
            rest.removeFirst()
            isUTC = true
            return true
        }
        let colon = UInt8(ascii: ":")
        guard let sign = rest.popFirst() else { return false }
        var parts: [Int] = []
        for index in 0..<(form.hasSeconds ? 3 : form.hasMinutes ? 2 : 1) {
            if index > 0, form.hasColon, rest.popFirst() != colon { return false }
            guard let part = number(isFixed: true) else { return false }
            parts.append(part)
        }
        parts += repeatElement(0, count: 3 - parts.count)
        for (part, limit, unit) in [(parts[0], 24, "hour"), (parts[1], 60, "minute"), (parts[2], 60, "second")]
        where part > limit {
            outOfRange = "time zone offset \(unit)"
        }
        let seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return outOfRange != nil }
        offset = sign == UInt8(ascii: "-") ? -seconds : seconds
        return true
    }

    private mutating func readZoneName() -> Bool {
        if rest.starts(with: "UTC".utf8) {
            rest = rest.dropFirst(3)
            isUTC = true
            return true
        }
        guard let length = zoneNameLength() else { return false }
        zoneName = Text(rest.prefix(length))
        rest = rest.dropFirst(length)
        return true
    }

    /// Go guesses where an abbreviation ends: three capitals, four or five that end in T, `GMT±n`, or `±n`.
    private func zoneNameLength() -> Int? {
        guard rest.count >= 3 else { return nil }
        if rest.starts(with: "ChST".utf8) || rest.starts(with: "MeST".utf8) { return 4 }
        if rest.starts(with: "GMT".utf8) { return 3 + TimeParser.signedOffsetLength(rest.dropFirst(3)) }
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
            let length = TimeParser.signedOffsetLength(rest)
            return length > 0 ? length : nil
        }
        let capitals = rest.prefix(6).prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        switch capitals.count {
        case 5: return capitals.last == UInt8(ascii: "T") ? 5 : nil
        case 4: return capitals.last == UInt8(ascii: "T") || capitals.elementsEqual("WITA".utf8) ? 4 : nil
        case 3: return 3
        default: return nil
        }
    }

    private static func signedOffsetLength(_ text: ArraySlice<UInt8>) -> Int {
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return 0 }
        let digits = text.dropFirst().prefix(while: isDigit)
        guard let hours = Int(String(decoding: digits, as: UTF8.self)), hours <= 23 else { return 0 }
        return 1 + digits.count
    }

    /// Reconciles month, day and day of the year; answers what is wrong with them.
    mutating func settleDate() -> String? {
        if isAfternoon == true, hour < 12 { hour += 12 } else if isAfternoon == false, hour == 12 { hour = 0 }
        if let yearDay {
            let start = daysSinceEpoch(year: year, month: 1)
            guard yearDay >= 1, start + yearDay - 1 < daysSinceEpoch(year: year + 1, month: 1) else {
                return "day-of-year out of range"
            }
            let date = GoTime(seconds: (start + yearDay - 1) * 86400, zone: .utc).date
            if let month, month != date.month { return "day-of-year does not match month" }
            if let day, day != date.day { return "day-of-year does not match day" }
            month = date.month
            day = date.day
        }
        let month = month ?? 1
        let day = day ?? 1
        return day < 1 || day > daysIn(month: month, year: year) ? "day out of range" : nil
    }

    func moment(in zone: GoLocation) -> GoTime {
        if isUTC { return date(in: .utc) }
        var moment = date(in: .utc)
        if let offset {
            moment.seconds -= offset
            let period = zone.period(at: moment.seconds)
            let isLocal = period.offset == offset && (zoneName.isEmpty || period.name == zoneName)
            return moment.with(zone: isLocal ? zone : .fixed(zoneName, offset: offset))
        }
        if zoneName.isEmpty { return date(in: zone) }
        if let offset = zone.offset(named: zoneName, at: moment.seconds) {
            moment.seconds -= offset
            return moment.with(zone: zone)
        }
        // An unknown abbreviation is taken for UTC by another name, unless it tells its offset.
        let hours = zoneName.count > 3 && zoneName[0..<3] == "GMT" ? signedNumber(zoneName.bytes[3...]) ?? 0 : 0
        return moment.with(zone: .fixed(zoneName, offset: hours * 3600))
    }

    private func date(in zone: GoLocation) -> GoTime {
        GoTime(
            year: year, month: month ?? 1, day: day ?? 1, hour: hour, minute: minute, second: second,
            nanoseconds: nanoseconds, zone: zone)
    }
}

extension TimeLayout.Element {
    fileprivate var isLongYear: Bool { if case .longYear = self { true } else { false } }
    fileprivate var isZeroMonth: Bool { if case .zeroMonth = self { true } else { false } }
    fileprivate var isZeroYearDay: Bool { if case .zeroYearDay = self { true } else { false } }
    fileprivate var isUnderDay: Bool { if case .underDay = self { true } else { false } }
    fileprivate var isZeroDay: Bool { if case .zeroDay = self { true } else { false } }
    fileprivate var isHour: Bool { if case .hour = self { true } else { false } }
    fileprivate var isZeroHour12: Bool { if case .zeroHour12 = self { true } else { false } }
    fileprivate var isZeroMinute: Bool { if case .zeroMinute = self { true } else { false } }
}
