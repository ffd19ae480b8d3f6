import Glibc
import Values

/// Go's time.Time: an instant and the zone in which it is shown.
package struct GoTime: Sendable {
    /// Seconds since 1970-01-01 00:00 UTC.
    package var seconds: Int
    package var nanoseconds: Int
    package var zone: GoLocation
    /// The reading of the monotonic clock that `now` adds to its text, in nanoseconds since the start.
    var monotonic: Int?

    package init(seconds: Int, nanoseconds: Int = 0, zone: GoLocation, monotonic: Int? = nil) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.zone = zone
        self.monotonic = monotonic
    }

    /// 0001-01-01 00:00 UTC, Go's zero time.
    package static let zero = GoTime(seconds: -62_135_596_800, zone: .utc)

    /// The current time in the local zone, with the monotonic clock's reading.
    package static func now() -> GoTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return GoTime(
            seconds: time.tv_sec, nanoseconds: time.tv_nsec, zone: .local, monotonic: monotonicNow() - monotonicStart)
    }

    private static func monotonicNow() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    private static let monotonicStart = monotonicNow()

    /// Parts out of their range carry over, as in Go's time.Date.
    package init(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanoseconds: Int = 0,
        zone: GoLocation
    ) {
        let months = month &- 1
        let carry = floorDivide(months, 12)
        let days = daysSinceEpoch(year: year &+ carry, month: months &- carry &* 12 &+ 1) &+ day &- 1
        let shown = days &* 86400 &+ hour &* 3600 &+ minute &* 60 &+ second
        self.init(seconds: shown &- zone.offset(ofShown: shown), nanoseconds: nanoseconds, zone: zone)
    }

    /// The same instant shown in another zone.
    package func with(zone: GoLocation) -> GoTime {
        GoTime(seconds: seconds, nanoseconds: nanoseconds, zone: zone, monotonic: monotonic)
    }

    /// The time that many nanoseconds later.
    package func adding(_ duration: Int) -> GoTime {
        let (quotient, remainder) = duration.quotientAndRemainder(dividingBy: 1_000_000_000)
        var sum = self
        sum.seconds &+= quotient
        sum.nanoseconds += remainder
        if sum.nanoseconds >= 1_000_000_000 {
            sum.seconds &+= 1
            sum.nanoseconds -= 1_000_000_000
        } else if sum.nanoseconds < 0 {
            sum.seconds &-= 1
            sum.nanoseconds += 1_000_000_000
        }
        sum.monotonic = monotonic.map { $0 &+ duration }
        return sum
    }

    /// This time less another, in nanoseconds; saturated.
    package func since(_ other: GoTime) -> Int {
        let duration = (seconds &- other.seconds) &* 1_000_000_000 &+ (nanoseconds - other.nanoseconds)
        if other.adding(duration).order == order { return duration }
        return order < other.order ? .min : .max
    }

    /// What times are compared by: seconds since year 1, which wrap around 64 bits as Go's do.
    var order: (seconds: Int, nanoseconds: Int) { (sinceYearOne, nanoseconds) }

    /// Seconds since 0001-01-01 00:00 UTC.
    var sinceYearOne: Int { seconds &- GoTime.zero.seconds }

    /// Down to a multiple of `unit` nanoseconds since year 1, or to the nearest one; itself where there is no unit.
    func rounded(to unit: Int, up: Bool) -> GoTime {
        var result = self
        result.monotonic = nil
        guard unit > 0 else { return result }
        let rest = (Int128(sinceYearOne) * 1_000_000_000 + Int128(nanoseconds)) % Int128(unit)
        let above = Int(rest < 0 ? rest + Int128(unit) : rest)
        return result.adding(up && above >= unit - above ? unit - above : -above)
    }

    /// Seconds on the clock of the zone, counted from a year so long ago that Go knows no instant before it.
    private var absolute: UInt {
        UInt(bitPattern: seconds &+ zone.period(at: seconds).offset &+ absoluteEpochDays * 86400)
    }

    var days: Int { Int(absolute / 86400) - absoluteEpochDays }
    var secondOfDay: Int { Int(absolute % 86400) }
    var weekday: Int { floorModulo(days + 4, 7) }
    var date: (year: Int, month: Int, day: Int) { civil(days) }

    var yearDay: Int {
        let (year, month, day) = date
        guard month > 2 else { return (month - 1) * 31 + day }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return (153 * (month - 3) + 2) / 5 + (isLeap ? 60 : 59) + day
    }
}

/// Go counts years from this one before year 0, in unsigned numbers.
private let absoluteYears: UInt = 292_277_022_400
/// Days from the first of March of that year to 1970-01-01.
private let absoluteEpochDays = Int(absoluteYears) / 400 * 146_097 + 306 + 719_162

func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
}

func floorModulo(_ dividend: Int, _ divisor: Int) -> Int {
    dividend - floorDivide(dividend, divisor) * divisor
}

/// Days from 1970-01-01 to the first of a month. Years are counted from March, so that a leap day ends one; those out of
/// Go's range wrap around as there.
func daysSinceEpoch(year: Int, month: Int) -> Int {
    let shifted = UInt(bitPattern: month > 2 ? year : year &- 1) &+ absoluteYears
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
    let (century, yearOfCentury) = shifted.quotientAndRemainder(dividingBy: 100)
    let days = (146_097 &* century) / 4 + 1461 * yearOfCentury / 4
    return Int(bitPattern: days) &+ dayOfYear &- absoluteEpochDays
}

/// The date that is `days` after 1970-01-01.
private func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

func daysIn(month: Int, year: Int) -> Int {
    month == 12 ? 31 : daysSinceEpoch(year: year, month: month + 1) &- daysSinceEpoch(year: year, month: month)
}
