import Values

/// Helm's functions on durations. All but `mustToDuration` give 0 for what is none.
package enum HelmDurations {
    package static let functions: [Function] =
        [
            Function("mustToDuration", [.any], returns: .duration) { .int(try duration($0[0]), .duration) },
            rounding("durationRoundTo") { roundDuration($0, to: $1) },
            rounding("durationTruncateTo") { $1 <= 0 ? $0 : $0 - $0 % $1 },
        ] + counters.map { counting($0.name, $0.unit) } + measures.map { measuring($0.name, $0.unit, $0.divisor) }

    private static let second = 1_000_000_000

    private static let counters: [(name: Text, unit: Int)] = [
        ("durationMilliseconds", 1_000_000), ("durationMicroseconds", 1000), ("durationNanoseconds", 1),
    ]

    private static let measures: [(name: Text, unit: Int, divisor: [Double])] = [
        ("durationSeconds", second, []), ("durationMinutes", 60 * second, []), ("durationHours", 3600 * second, []),
        ("durationDays", 3600 * second, [24]), ("durationWeeks", 3600 * second, [24, 7]),
    ]

    private static func counting(_ name: Text, _ unit: Int) -> Function {
        Function(name, [.any], returns: .int64) { .int64(((try? duration($0[0])) ?? 0) / unit) }
    }

    /// Go adds whole units and the rest as floats, which rounds otherwise than one division.
    private static func measuring(_ name: Text, _ unit: Int, _ divisors: [Double]) -> Function {
        Function(name, [.any], returns: .float64) { arguments in
            let duration = (try? duration(arguments[0])) ?? 0
            let units = Double(duration / unit) + Double(duration % unit) / Double(unit)
            return .float(divisors.reduce(units) { $0 / $1 })
        }
    }

    /// Without a multiple that can be read, the duration stays as it is.
    private static func rounding(_ name: Text, _ round: @escaping @Sendable (Int, Int) -> Int) -> Function {
        Function(name, [.any, .any], returns: .duration) { arguments in
            guard let value = try? duration(arguments[0]) else { return .int(0, .duration) }
            guard let multiple = try? duration(arguments[1]) else { return .int(value, .duration) }
            return .int(round(value, multiple), .duration)
        }
    }

    /// A duration, its text, or a number of seconds, in nanoseconds.
    private static func duration(_ datum: Datum) throws -> Int {
        switch datum {
        case .none: throw FunctionError("invalid duration")
        case .int(let value, let type): return type == .duration ? value : try seconds(value, datum)
        case .uint(let value, _):
            guard let value = Int(exactly: value) else { throw overflow("duration seconds overflow: ", datum) }
            return try seconds(value, datum)
        case .float(let value): return try seconds(value)
        case .string(let text): return try parsed(text)
        default: throw FunctionError(Text("unsupported duration type \(datum.type?.description ?? "")"))
        }
    }

    private static func parsed(_ text: Text) throws -> Int {
        let trimmed = Text(
            String(text.string.unicodeScalars.trimming { $0.properties.isWhitespace }))
        if trimmed.isEmpty { throw FunctionError("empty duration") }
        if let value = try? parseDuration(trimmed) { return value }
        if let value = Double(trimmed.string) { return try seconds(value) }
        throw FunctionError("could not parse duration " + quoted(text))
    }

    private static func seconds(_ value: Int, _ datum: Datum) throws -> Int {
        let (product, isTooLarge) = value.multipliedReportingOverflow(by: second)
        if isTooLarge { throw overflow("duration seconds overflow: ", datum) }
        return product
    }

    private static func seconds(_ value: Double) throws -> Int {
        guard value.isFinite else { throw overflow("invalid duration seconds: ", .float(value)) }
        let limit = Double(Int.max) / Double(second)
        if value > limit || value < -limit { throw overflow("duration seconds overflow: ", .float(value)) }
        let nanoseconds = value * Double(second)
        return Int(exactly: nanoseconds.rounded(.towardZero)) ?? (nanoseconds < 0 ? Int.min : Int.max)
    }

    private static func overflow(_ message: Text, _ datum: Datum) -> FunctionError {
        FunctionError(message + formatValue(datum))
    }
}

extension String.UnicodeScalarView {
    fileprivate func trimming(_ isTrimmed: (Unicode.Scalar) -> Bool) -> Substring.UnicodeScalarView {
        var rest = self[...]
        while let first = rest.first, isTrimmed(first) { rest.removeFirst() }
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
