package import Values

extension GoType {
    package static let time = GoType.structure("time.Time")
    package static let month = GoType.named("time.Month", underlying: .int)
    package static let weekday = GoType.named("time.Weekday", underlying: .int)
    static let location = GoType.structure("*time.Location")
}

/// A pointer to a time.Location as a template holds it.
extension GoLocation: Object {
    package var type: GoType { .location }
    package var text: Text? { name }

    package var fields: [Field] {
        let nothing = GoValue.int64(0)
        return [
            Field("name", key: nil, type: .string, value: .string(name)),
            Field("zone", key: nil, type: .slice(.structure("time.zone")), value: .none),
            Field("tx", key: nil, type: .slice(.structure("time.zoneTrans")), value: .none),
            Field("extend", key: nil, type: .string, value: .string("")),
            Field("cacheStart", key: nil, type: .int64, value: nothing),
            Field("cacheEnd", key: nil, type: .int64, value: nothing),
            Field("cacheZone", key: nil, type: .structure("*time.zone"), value: .none),
        ]
    }

    package func method(_ name: Text) -> Function? {
        name == "String" ? Function(name, returns: .string) { [self] _ in .string(self.name) } : nil
    }
}

/// A time.Time as a template holds it.
package final class TimeObject: Object {
    package let moment: GoTime

    init(_ moment: GoTime) {
        self.moment = moment
    }

    package var type: GoType { .time }
    package var text: Text? { moment.text }
    package var goSyntax: Text? { moment.goSyntax }

    package var fields: [Field] {
        [
            Field("wall", key: nil, type: .integer(.uint64), value: .uint(UInt(moment.nanoseconds), .integer(.uint64))),
            Field("ext", key: nil, type: .int64, value: .int64(moment.sinceYearOne)),
            Field("loc", key: nil, type: .structure("*time.Location"), value: .none),
        ]
    }

    /// RFC 3339 with nanoseconds, which has room for four digits of a year.
    package func encoded() throws -> GoValue? {
        guard (0...9999).contains(moment.date.year) else {
            throw FunctionError("Time.MarshalJSON: year outside of range [0,9999]")
        }
        return .string(moment.format("2006-01-02T15:04:05.999999999Z07:00"))
    }

    package func method(_ name: Text) -> Function? {
        let moment = moment
        if let (type, read) = TimeObject.readers[name] { return Function(name, returns: type) { _ in read(moment) } }
        if let compare = TimeObject.comparisons[name] {
            return Function(name, [.time], returns: .bool) { arguments in
                .bool(compare(moment, try GoTime(arguments[0])))
            }
        }
        return transformation(name)
    }

    private typealias Reader = @Sendable (GoTime) -> GoValue

    private static let readers: [Text: (GoType, Reader)] = [
        "Year": (.int, { .int($0.date.year) }),
        "Month": (.month, { .int($0.date.month, .month) }),
        "Day": (.int, { .int($0.date.day) }),
        "Hour": (.int, { .int($0.secondOfDay / 3600) }),
        "Minute": (.int, { .int($0.secondOfDay / 60 % 60) }),
        "Second": (.int, { .int($0.secondOfDay % 60) }),
        "Nanosecond": (.int, { .int($0.nanoseconds) }),
        "Weekday": (.weekday, { .int($0.weekday, .weekday) }),
        "YearDay": (.int, { .int($0.yearDay) }),
        "Unix": (.int64, { .int64($0.seconds) }),
        "UnixMilli": (.int64, { .int64($0.seconds &* 1000 &+ $0.nanoseconds / 1_000_000) }),
        "UnixMicro": (.int64, { .int64($0.seconds &* 1_000_000 &+ $0.nanoseconds / 1000) }),
        "UnixNano": (.int64, { .int64($0.seconds &* 1_000_000_000 &+ $0.nanoseconds) }),
        "UTC": (.time, { .time($0.with(zone: .utc)) }),
        "Local": (.time, { .time($0.with(zone: .local)) }),
        "IsZero": (.bool, { .bool($0.seconds == GoTime.zero.seconds && $0.nanoseconds == 0) }),
        "Location": (.location, { .object($0.zone) }),
        "IsDST": (.bool, { .bool($0.zone.period(at: $0.seconds).isDaylight) }),
        "String": (.string, { .string($0.text) }),
        "GoString": (.string, { .string($0.goSyntax) }),
    ]

    private static let comparisons: [Text: @Sendable (GoTime, GoTime) -> Bool] = [
        "Before": { $0.order < $1.order },
        "After": { $0.order > $1.order },
        "Equal": { $0.order == $1.order },
    ]

    /// Go's templates call no method that returns several values.
    package func refusal(of name: Text) -> Text? {
        switch name {
        case "Clock", "Date": return "function " + name + " has 3 return values; should be 1 or 2"
        case "ISOWeek", "Zone", "ZoneBounds":
            let second: Text = name == "ZoneBounds" ? "time.Time" : "int"
            return "invalid function signature for " + name + ": second return value should be error; is " + second
        default: return nil
        }
    }

    private func encoder(_ name: Text) -> Function {
        Function(name, returns: .slice(.integer(.uint8))) { [self] _ in
            guard case .string(let text)? = try encoded() else { return .none }
            let bytes = (name == "MarshalJSON" ? "\"" + text + "\"" : text).bytes
            return .list(List(bytes.map { .uint(UInt($0), .integer(.uint8)) }, type: .slice(.integer(.uint8))))
        }
    }

    private func transformation(_ name: Text) -> Function? {
        let moment = moment
        switch name {
        case "Format":
            return Function(name, [.string], returns: .string) { arguments in
                guard case .string(let layout) = arguments[0] else { return .none }
                return .string(moment.format(layout))
            }
        case "Add":
            return Function(name, [.duration], returns: .time) { arguments in
                guard case .int(let duration, _) = arguments[0] else { return .none }
                return .time(moment.adding(duration))
            }
        case "AddDate":
            return Function(name, [.int, .int, .int], returns: .time) { arguments in
                let parts = arguments.map { if case .int(let number, _) = $0 { number } else { 0 } }
                return .time(moment.adding(years: parts[0], months: parts[1], days: parts[2]))
            }
        case "Sub":
            return Function(name, [.time], returns: .duration) { arguments in
                .int(moment.since(try GoTime(arguments[0])), .duration)
            }
        case "Compare":
            return Function(name, [.time], returns: .int) { arguments in
                let other = try GoTime(arguments[0])
                return .int(moment.order < other.order ? -1 : moment.order == other.order ? 0 : 1)
            }
        case "Round", "Truncate":
            return Function(name, [.duration], returns: .time) { arguments in
                guard case .int(let unit, _) = arguments[0] else { return .none }
                return .time(moment.rounded(to: unit, up: name == "Round"))
            }
        case "In":
            return Function(name, [.location], returns: .time) { arguments in
                guard case .object(let object) = arguments[0], let zone = object as? GoLocation else {
                    throw FunctionError("time: missing Location in call to Time.In")
                }
                return .time(moment.with(zone: zone))
            }
        case "MarshalText", "MarshalJSON": return encoder(name)
        default: return nil
        }
    }
}

extension GoTime {
    /// The moment of an argument that the evaluator has checked to be a time.Time.
    package init(_ datum: GoValue) throws {
        guard case .object(let object) = datum, let time = object as? TimeObject else {
            throw FunctionError("expected time.Time")
        }
        self = time.moment
    }

    fileprivate func adding(years: Int, months: Int, days: Int) -> GoTime {
        let second = secondOfDay
        return GoTime(
            year: date.year &+ years, month: date.month &+ months, day: date.day &+ days, hour: second / 3600,
            minute: second / 60 % 60, second: second % 60, nanoseconds: nanoseconds, zone: zone)
    }
}

extension GoValue {
    /// A time.Time.
    package static func time(_ moment: GoTime) -> GoValue { .object(TimeObject(moment)) }
}
