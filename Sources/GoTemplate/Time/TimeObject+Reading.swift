package import Values

extension Datum {
    /// A time.Time read by one of Go's layouts; `nil` where the text does not follow it. Without an offset in the text
    /// it is local time, under the zone name given.
    package static func time(_ text: Text, layout: Text, zoneName: Text?) -> Datum? {
        let offset = Zone.local.period(at: Moment.now().seconds).offset
        let zone = zoneName.map { Zone.fixed($0, offset: offset) } ?? Zone.local
        guard let moment = try? Moment.parse(layout, text, in: zone) else { return nil }
        return .object(TimeObject(moment))
    }
}
