import GoTemplate
import Values

/// Sprig's dates and durations; Local is the zone of `TZ` or /etc/localtime.
enum SprigDates {
    static let functions: [Function] =
        formatting
        + [("dateModify", false), ("date_modify", false), ("mustDateModify", true), ("must_date_modify", true)]
        .map(modifying) + [("toDate", false), ("mustToDate", true)].map(parsing) + durations

    private static let formatting: [Function] = [
        Function("now", returns: .time) { _ in .time(.now()) },
        Function("date", [.string, .any], returns: .string) { format($0[1], $0.text(0), "Local") },
        Function("dateInZone", [.string, .any, .string], returns: .string, body: dateInZone),
        Function("date_in_zone", [.string, .any, .string], returns: .string, body: dateInZone),
        Function("htmlDate", [.any], returns: .string) { format($0[0], "2006-01-02", "Local") },
        Function("htmlDateInZone", [.any, .string], returns: .string) { arguments in
            format(arguments[0], "2006-01-02", arguments.text(1))
        },
        Function("unixEpoch", [.time], returns: .string) { .string(Text(String(try GoTime($0[0]).seconds))) },
    ]

    @Sendable private static func dateInZone(_ arguments: [GoValue]) -> GoValue {
        format(arguments[1], arguments.text(0), arguments.text(2))
    }

    /// An unknown zone is UTC.
    private static func format(_ date: GoValue, _ layout: Text, _ zone: Text) -> GoValue {
        .string(moment(date).with(zone: GoLocation.named(zone) ?? .utc).format(layout))
    }

    /// A time, or seconds since 1970 as int, int64 or int32; anything else stands for now.
    private static func moment(_ date: GoValue) -> GoTime {
        switch date {
        case .object(let object): (object as? TimeObject)?.moment ?? .now()
        case .int(let seconds, .integer(.int)), .int(let seconds, .integer(.int64)),
            .int(let seconds, .integer(.int32)):
            GoTime(seconds: seconds, zone: .local)
        default: .now()
        }
    }

    private static func modifying(_ name: Text, isStrict: Bool) -> Function {
        Function(name, [.string, .time], returns: .time) { arguments in
            do {
                return .time(try GoTime(arguments[1]).adding(try parseDuration(arguments.text(0))))
            } catch {
                if isStrict { throw error }
                return arguments[1]
            }
        }
    }

    private static func parsing(_ name: Text, isStrict: Bool) -> Function {
        Function(name, [.string, .string], returns: .time) { arguments in
            do {
                return .time(try .parse(arguments.text(0), arguments.text(1), in: .local))
            } catch let error as TimeParseError {
                if isStrict { throw FunctionError(error.description) }
                return .time(.zero)
            }
        }
    }

    private static let durations: [Function] = [
        Function("ago", [.any], returns: .string) { arguments in
            .string(durationText(roundDuration(GoTime.now().since(moment(arguments[0])), to: second)))
        },
        Function("duration", [.any], returns: .string) { arguments in
            let seconds =
                switch arguments[0] {
                case .string(let text): parseInteger(text, base: 10).value
                case .int(let seconds, .integer(.int64)): seconds
                default: 0
                }
            return .string(durationText(seconds &* second))
        },
        Function("durationRound", [.any], returns: .string) { arguments in
            let duration =
                switch arguments[0] {
                case .string(let text): (try? parseDuration(text)) ?? 0
                case .int(let nanoseconds, .integer(.int64)): nanoseconds
                case .object(let object): (object as? TimeObject).map { GoTime.now().since($0.moment) } ?? 0
                default: 0
                }
            return .string(rounded(duration.magnitude))
        },
    ]

    private static let second = 1_000_000_000

    private static let units: [(name: String, seconds: UInt)] = [
        ("y", 31_536_000), ("mo", 2_592_000), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1),
    ]

    /// The whole number of the largest unit that a duration exceeds.
    private static func rounded(_ duration: UInt) -> Text {
        for (name, seconds) in units where duration > seconds * 1_000_000_000 {
            return Text("\(duration / (seconds * 1_000_000_000))\(name)")
        }
        return "0s"
    }
}
