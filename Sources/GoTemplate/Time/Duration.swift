package import Values

extension GoType {
    /// time.Duration, in nanoseconds.
    package static let duration = GoType.named("time.Duration", underlying: .int64)
}

private let unitsOfDuration: [(name: Text, nanoseconds: UInt)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
    ("m", 60_000_000_000), ("h", 3_600_000_000_000),
]

/// The text of a time.Duration: `1h2m3.5s`, `0s`, `1.5µs`.
package func durationText(_ duration: Int) -> Text {
    let sign = duration < 0 ? "-" : ""
    let magnitude = duration.magnitude
    if magnitude == 0 { return "0s" }
    if magnitude < 1_000_000_000 {
        let (unit, size): (String, UInt) =
            magnitude < 1000 ? ("ns", 1) : magnitude < 1_000_000 ? ("µs", 1000) : ("ms", 1_000_000)
        return Text(sign + decimal(magnitude, size) + unit)
    }
    let minutes = magnitude / 60_000_000_000
    var text = decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
    if minutes > 0 { text = "\(minutes % 60)m" + text }
    if minutes >= 60 { text = "\(minutes / 60)h" + text }
    return Text(sign + text)
}

/// `magnitude / size` with all its decimals and no zeros at their end; `size` is a power of ten.
private func decimal(_ magnitude: UInt, _ size: UInt) -> String {
    let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: size)
    if rest == 0 { return String(whole) }
    var fraction = Array(String(size + rest).utf8.dropFirst())
    while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    return "\(whole)." + String(decoding: fraction, as: UTF8.self)
}

/// Reads a duration as Go's time.ParseDuration, in nanoseconds; throws Go's message as a `FunctionError`.
package func parseDuration(_ text: Text) throws -> Int {
    let invalid = FunctionError("time: invalid duration " + quotedInTime(text))
    var rest = text.bytes[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.elementsEqual("0".utf8) { return 0 }
    if rest.isEmpty { throw invalid }
    var total: UInt = 0
    while !rest.isEmpty {
        guard let part = durationPart(&rest) else { throw invalid }
        let unitName = Text(rest.prefix { $0 != UInt8(ascii: ".") && !isDigit($0) })
        if unitName.isEmpty { throw FunctionError("time: missing unit in duration " + quotedInTime(text)) }
        guard let unit = unitsOfDuration.first(where: { $0.name == unitName })?.nanoseconds else {
            throw FunctionError(
                "time: unknown unit " + quotedInTime(unitName) + " in duration " + quotedInTime(text))
        }
        rest = rest.dropFirst(unitName.count)
        if part.whole > 1 << 63 / unit { throw invalid }
        var nanoseconds = part.whole * unit
        if part.fraction > 0 { nanoseconds += UInt(Double(part.fraction) * (Double(unit) / part.scale)) }
        if nanoseconds > 1 << 63 { throw invalid }
        // Go lets the sum of two of the largest wrap around to nothing.
        total &+= nanoseconds
        if total > 1 << 63 { throw invalid }
    }
    if isNegative { return Int(truncatingIfNeeded: 0 &- total) }
    guard let duration = Int(exactly: total) else { throw invalid }
    return duration
}

/// Digits, a point and digits, of which some must be there; the value is `whole + fraction / scale`.
private func durationPart(_ rest: inout ArraySlice<UInt8>) -> (whole: UInt, fraction: UInt, scale: Double)? {
    let digits = rest.prefix(while: isDigit)
    rest = rest.dropFirst(digits.count)
    guard let whole = digits.isEmpty ? 0 : UInt(String(decoding: digits, as: UTF8.self)), whole <= 1 << 63 else {
        return nil
    }
    guard rest.first == UInt8(ascii: ".") else { return digits.isEmpty ? nil : (whole, 0, 1) }
    rest.removeFirst()
    let decimals = rest.prefix(while: isDigit)
    rest = rest.dropFirst(decimals.count)
    if digits.isEmpty, decimals.isEmpty { return nil }
    var fraction: UInt = 0
    var scale = 1.0
    for digit in decimals {
        // Further digits than fit are dropped.
        if fraction > (1 << 63 - 1) / 10 { break }
        let next = fraction * 10 + UInt(digit - UInt8(ascii: "0"))
        if next > 1 << 63 { break }
        fraction = next
        scale *= 10
    }
    return (whole, fraction, scale)
}

/// Rounds half away from zero to a multiple of `unit`, as Duration.Round.
package func roundDuration(_ duration: Int, to unit: Int) -> Int {
    guard unit > 0 else { return duration }
    let rest = duration % unit
    let isUp = rest.magnitude &* 2 >= unit.magnitude
    let down = duration - rest
    guard isUp else { return down }
    let (rounded, overflow) =
        duration < 0 ? down.subtractingReportingOverflow(unit) : down.addingReportingOverflow(unit)
    return overflow ? (duration < 0 ? .min : .max) : rounded
}

/// The methods of time.Duration.
func durationMethod(_ duration: Int, _ name: Text) -> Function? {
    let units: [Text: Double] = ["Hours": 3.6e12, "Minutes": 6e10, "Seconds": 1e9]
    if let unit = units[name] {
        return Function(name, returns: .float64) { _ in
            let (whole, rest) = duration.quotientAndRemainder(dividingBy: Int(unit))
            return .float(Double(whole) + Double(rest) / unit)
        }
    }
    let divisors: [Text: Int] = ["Milliseconds": 1_000_000, "Microseconds": 1000, "Nanoseconds": 1]
    if let divisor = divisors[name] {
        return Function(name, returns: .int64) { _ in .int64(duration / divisor) }
    }
    switch name {
    case "String": return Function(name, returns: .string) { _ in .string(durationText(duration)) }
    case "Abs":
        return Function(name, returns: .duration) { _ in
            .int(duration == .min ? .max : abs(duration), .duration)
        }
    case "Round", "Truncate":
        return Function(name, [.duration], returns: .duration) { arguments in
            guard case .int(let unit, _) = arguments[0], unit > 0 else { return .int(duration, .duration) }
            return .int(name == "Round" ? roundDuration(duration, to: unit) : duration - duration % unit, .duration)
        }
    default: return nil
    }
}

/// The text of a time.Month.
func monthText(_ month: Int) -> Text {
    (1...12).contains(month) ? Text(monthNames[month - 1]) : Text("%!Month(\(UInt(bitPattern: month)))")
}

/// The text of a time.Weekday.
func weekdayText(_ day: Int) -> Text {
    (0...6).contains(day) ? Text(weekdayNames[day]) : Text("%!Weekday(\(UInt(bitPattern: day)))")
}
