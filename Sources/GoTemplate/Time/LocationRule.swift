import Values

/// A POSIX time zone rule such as `EST5EDT,M3.2.0,M11.1.0`.
struct LocationRule: Sendable {
    private struct Clock: Sendable {
        var name: Text
        /// Seconds east of UTC.
        var offset: Int
        var isDaylight = false
    }

    /// When in a year the clock changes.
    private struct Change: Sendable {
        enum Day: Sendable {
            /// `Jn`: the day of the year from 1, February 29 not counted.
            case withoutLeapDay(Int)
            /// `n`: the day of the year from 0.
            case dayOfYear(Int)
            /// `Mm.w.d`: a weekday in a week of a month, week 5 being the last.
            case weekday(month: Int, week: Int, day: Int)
        }

        var day: Day
        /// Seconds after midnight on the clock that ends.
        var time: Int
    }

    private let standard: Clock
    private let daylight: (clock: Clock, start: Change, end: Change)?

    init?(_ text: [UInt8]) {
        var reader = Reader(rest: text[...])
        guard let name = reader.name(), let west = reader.offset() else { return nil }
        standard = Clock(name: name, offset: -west)
        guard !reader.rest.isEmpty else {
            daylight = nil
            return
        }
        guard let name = reader.name() else { return nil }
        let offset = reader.rest.first == UInt8(ascii: ",") ? -west + 3600 : reader.offset().map { -$0 }
        guard let offset, let start = reader.change(), let end = reader.change() else { return nil }
        daylight = (Clock(name: name, offset: offset, isDaylight: true), start, end)
    }

    /// The period that holds at a time after the last transition of the zone's table.
    func period(at seconds: Int, after last: Int) -> GoLocation.Period? {
        guard let daylight else {
            return GoLocation.Period(name: standard.name, offset: standard.offset, start: last, end: .max)
        }
        // The calendar repeats itself, so that no time is too far away for the sums below.
        let inCycle = seconds % LocationRule.cycle + (seconds % LocationRule.cycle < 0 ? LocationRule.cycle : 0)
        let year = GoTime(seconds: inCycle, zone: .utc).date.year
        // A period may begin in one year and end in the next; three years hold every change around.
        var changes: [(time: Int, clock: Clock)] = []
        for year in (year - 1)...(year + 1) {
            let yearStart = daysSinceEpoch(year: year, month: 1) * 86400
            changes.append((yearStart + LocationRule.seconds(daylight.start, year) - standard.offset, daylight.clock))
            changes.append((yearStart + LocationRule.seconds(daylight.end, year) - daylight.clock.offset, standard))
        }
        changes.sort { $0.time < $1.time }
        guard let next = changes.firstIndex(where: { $0.time > inCycle }), next > 0 else { return nil }
        let (start, clock) = changes[next - 1]
        return GoLocation.Period(
            name: clock.name, offset: clock.offset, isDaylight: clock.isDaylight,
            start: LocationRule.sum(seconds, start - inCycle),
            end: LocationRule.sum(seconds, changes[next].time - inCycle))
    }

    /// Seconds in the 400 years after which weekdays and leap years come again.
    private static let cycle = 146_097 * 86400

    private static func sum(_ seconds: Int, _ more: Int) -> Int {
        let (sum, overflow) = seconds.addingReportingOverflow(more)
        return overflow ? (more < 0 ? .min : .max) : sum
    }

    /// Seconds from the start of the year to a change.
    private static func seconds(_ change: Change, _ year: Int) -> Int {
        let start = daysSinceEpoch(year: year, month: 1)
        let day: Int
        switch change.day {
        case .withoutLeapDay(let number):
            day = number - 1 + (number >= 60 && daysIn(month: 2, year: year) == 29 ? 1 : 0)
        case .dayOfYear(let number): day = number
        case .weekday(let month, let week, let weekday):
            let first = daysSinceEpoch(year: year, month: month)
            var inMonth = floorModulo(weekday - (first + 4), 7) + (week - 1) * 7
            if inMonth >= daysIn(month: month, year: year) { inMonth -= 7 }
            day = first - start + inMonth
        }
        return day * 86400 + change.time
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        /// Letters, or anything between angle brackets.
        mutating func name() -> Text? {
            if rest.first == UInt8(ascii: "<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
                let name = Text(rest[rest.startIndex..<end].dropFirst())
                rest = rest[(end + 1)...]
                return name
            }
            let name = rest.prefix { !isDigit($0) && !",+-".utf8.contains($0) }
            rest = rest[name.endIndex...]
            return name.count >= 3 ? Text(name) : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func offset() -> Int? {
            let isNegative = rest.first == UInt8(ascii: "-")
            if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard var seconds = number().map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where rest.first == UInt8(ascii: ":") {
                rest.removeFirst()
                guard let part = number() else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// None of a rule's numbers has more than three digits.
        mutating func number() -> Int? {
            let digits = rest.prefix(while: isDigit)
            rest = rest[digits.endIndex...]
            return digits.count > 3 ? nil : Int(String(decoding: digits, as: UTF8.self))
        }

        /// `,` and a day, with `/` and a time where it is not two o'clock.
        mutating func change() -> Change? {
            guard rest.popFirst() == UInt8(ascii: ","), let day = day() else { return nil }
            guard rest.first == UInt8(ascii: "/") else { return Change(day: day, time: 7200) }
            rest.removeFirst()
            return offset().map { Change(day: day, time: $0) }
        }

        private mutating func day() -> Change.Day? {
            switch rest.first {
            case UInt8(ascii: "J"):
                rest.removeFirst()
                return number().map(Change.Day.withoutLeapDay)
            case UInt8(ascii: "M"):
                rest.removeFirst()
                guard let month = number(), rest.popFirst() == UInt8(ascii: "."), let week = number(),
                    rest.popFirst() == UInt8(ascii: "."), let day = number(),
                    (1...12).contains(month), (1...5).contains(week), (0...6).contains(day)
                else { return nil }
                return .weekday(month: month, week: week, day: day)
            default: return number().map(Change.Day.dayOfYear)
            }
        }
    }
}
