package import Values

extension GoValue {
    /// A time.Time read by one of Go's layouts; `nil` where the text does not follow it. Without an offset in the text
    /// it is local time, under the zone name given.
    package static func time(_ text: Text, layout: Text, zoneName: Text?) -> GoValue? {
        let offset = GoLocation.local.period(at: GoTime.now().seconds).offset
        let zone = zoneName.map { GoLocation.fixed($0, offset: offset) } ?? GoLocation.local
        guard let moment = try? GoTime.parse(layout, text, in: zone) else { return nil }
        return .object(TimeObject(moment))
    }
}
