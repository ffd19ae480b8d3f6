import Arguments

/// A duration as Go writes it, `500ms`, `90s`, `1.5m` or `1h2m3s`, at most a year, in milliseconds; what is shorter than
/// one counts as one. Throws `InvalidValue`.
///
/// A number alone is refused: seconds in one tool are minutes in another. `zero` says why 0 makes no sense; without it,
/// 0 is taken.
func milliseconds(_ text: String, zero reason: String? = nil) throws(InvalidValue) -> Int {
    guard let total = nanoseconds(text) else { throw InvalidValue(expectation: expectation(text)) }
    guard total <= longest else { throw InvalidValue(expectation: "a duration of at most 8760h") }
    if total == 0, let reason { throw InvalidValue(expectation: "a usable limit: \(reason)") }
    return total == 0 ? 0 : max(1, (total + 500_000) / 1_000_000)
}

private let longest = 8760 * 3_600_000_000_000

private let units: [String: Int] = [
    "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
    "h": 3_600_000_000_000,
]

/// Nanoseconds, `.max` where they are more than a year; `nil` where the text is no duration.
private func nanoseconds(_ text: String) -> Int? {
    if text == "0" { return 0 }
    var rest = text.unicodeScalars[...]
    guard !rest.isEmpty else { return nil }
    var total = 0
    while !rest.isEmpty {
        let number = rest.prefix { $0 == "." || isDigit($0) }
        rest = rest.dropFirst(number.count)
        let name = rest.prefix { $0 != "." && !isDigit($0) }
        rest = rest.dropFirst(name.count)
        guard let unit = units[String(name)], let part = nanoseconds(String(number), unit) else { return nil }
        // Neither is more than a year and one nanosecond, of which Int holds almost three hundred.
        total = min(total + part, longest + 1)
    }
    return total > longest ? .max : total
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

/// `1.5` of a unit, at most a nanosecond more than a year; `nil` where the text is no number.
private func nanoseconds(_ number: String, _ unit: Int) -> Int? {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { return nil }
    var digits = parts[0].drop { $0 == "0" }
    if digits.isEmpty { digits = "0" }
    guard let whole = Int(digits), whole <= longest / unit else { return longest + 1 }
    let fraction = parts.count == 2 ? Double("0." + parts[1].prefix(18)) ?? 0 : 0
    return min(whole * unit + Int(fraction * Double(unit)), longest + 1)
}

/// What is expected in the place of a text that is no duration; where only the unit is missing, that.
private func expectation(_ text: String) -> String {
    let isNumber = !text.isEmpty && text.unicodeScalars.allSatisfy { $0 == "." || isDigit($0) }
    guard isNumber, text.utf8.count <= 12 else { return "a duration such as 500ms, 90s, 1.5m or 1h30m" }
    return "a duration: its unit is missing; write \(text)s for seconds or \(text)m for minutes"
}
