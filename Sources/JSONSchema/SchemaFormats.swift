import GoRegexp
import GoTemplate
import Sprig
import Values

/// The values of the keyword `format` that are checked, with the library's text for a text of another form.
enum SchemaFormats {
    /// What is wrong with the text; `nil` where nothing is or the format is not known.
    static func problem(_ name: String, _ text: String) -> String? {
        table[name].flatMap { $0(text) }
    }

    private typealias Check = @Sendable (String) -> String?

    private static let table: [String: Check] = [
        "json-pointer": jsonPointer, "relative-json-pointer": relativeJSONPointer, "uuid": uuid,
        "duration": duration, "period": period, "ipv4": ipv4, "ipv6": ipv6, "hostname": hostname, "email": email,
        "date": date, "time": time, "date-time": dateTime, "uri": uri, "iri": uri, "uri-reference": uriReference,
        "iri-reference": uriReference, "uri-template": uriTemplate, "semver": semver, "regex": regex,
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// A character as `%q` writes it.
    private static func shown(_ scalar: Unicode.Scalar) -> String { quoted(rune: scalar).string }

    private static func parts(_ text: some StringProtocol, at separator: UInt8) -> [String] {
        String(text).utf8.split(separator: separator, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// Go's strconv.Atoi; the failure is its text.
    private static func integer(_ text: String) -> Result<Int, TextFormError> {
        let digits = text.utf8.first.map { $0 == 0x2B || $0 == 0x2D } == true ? text.utf8.dropFirst() : text.utf8[...]
        let start = "strconv.Atoi: parsing \(quoted(text)): "
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else {
            return .failure(TextFormError(message: Text(start + "invalid syntax")))
        }
        guard let value = Int(text) else { return .failure(TextFormError(message: Text(start + "value out of range"))) }
        return .success(value)
    }

    // MARK: - Patterns and pointers

    private static func regex(_ text: String) -> String? {
        do throws(RegexError) {
            _ = try Pattern(Text(text))
            return nil
        } catch {
            return error.message.string
        }
    }

    private static func jsonPointer(_ text: String) -> String? {
        if text.isEmpty { return nil }
        if text.utf8.first != UInt8(ascii: "/") { return "not starting with /" }
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else { continue }
            guard let next = rest.first, next == UInt8(ascii: "0") || next == UInt8(ascii: "1") else {
                return "~ must be followed by 0 or 1"
            }
        }
        return nil
    }

    private static func relativeJSONPointer(_ text: String) -> String? {
        let digits = text.utf8.prefix(while: isDigit)
        if digits.isEmpty { return "must start with non-negative integer" }
        if digits.count > 1, digits.first == UInt8(ascii: "0") { return "starts with zero" }
        let rest = String(Substring(text.utf8.dropFirst(digits.count)))
        return rest == "#" ? nil : jsonPointer(rest)
    }

    private static func uuid(_ text: String) -> String? {
        let lengths = [8, 4, 4, 4, 12]
        let groups = parts(text, at: UInt8(ascii: "-"))
        if groups.count != lengths.count { return "must have 5 elements" }
        for (index, (group, length)) in zip(groups, lengths).enumerated() {
            if group.utf8.count != length { return "element \(index + 1) must be \(length) characters long" }
            if let bad = group.unicodeScalars.first(where: { !$0.isASCII || hexadecimalDigit(UInt8($0.value)) == nil })
            {
                return "non-hex character \(shown(bad))"
            }
        }
        return nil
    }

    // MARK: - Addresses

    private static func ipv4(_ text: String) -> String? {
        let groups = parts(text, at: UInt8(ascii: "."))
        if groups.count != 4 { return "expected four decimals" }
        for group in groups {
            if group.utf8.count > 1, group.utf8.first == UInt8(ascii: "0") { return "leading zeros" }
            switch integer(group) {
            case .failure(let error): return error.message.string
            case .success(let value): if !(0...255).contains(value) { return "decimal must be between 0 and 255" }
            }
        }
        return nil
    }

    private static func ipv6(_ text: String) -> String? {
        if !text.utf8.contains(UInt8(ascii: ":")) { return "missing colon" }
        switch TextForms.addressZone(Text(text)) {
        case .failure(let error): return error.message.string
        case .success(let zone): return zone.isEmpty ? nil : "zone id is not a part of ipv6 address"
        }
    }

    private static func hostname(_ text: String) -> String? {
        let name = text.utf8.last == UInt8(ascii: ".") ? String(Substring(text.utf8.dropLast())) : text
        if name.utf8.count > 253 { return "more than 253 characters long" }
        for label in parts(name, at: UInt8(ascii: ".")) {
            if !(1...63).contains(label.utf8.count) { return "label must be 1 to 63 characters long" }
            if label.utf8.first == UInt8(ascii: "-") { return "label starts with hyphen" }
            if label.utf8.last == UInt8(ascii: "-") { return "label ends with hyphen" }
            let bad = label.unicodeScalars.first { scalar in
                !scalar.isASCII
                    || !(isDigit(UInt8(scalar.value)) || isLetter(UInt8(scalar.value)) || scalar == "-")
            }
            if let bad { return "invalid character \(shown(bad))" }
        }
        return nil
    }

    private static func email(_ text: String) -> String? {
        if text.utf8.count > 254 { return "more than 255 characters long" }
        guard let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return "missing @" }
        let local = String(text[..<at])
        var domain = String(text[text.utf8.index(after: at)...])
        if local.utf8.count > 64 { return "local part more than 64 characters long" }
        if let problem = localPart(local) { return problem }
        guard domain.utf8.first == UInt8(ascii: "["), domain.utf8.last == UInt8(ascii: "]"), domain.utf8.count > 1
        else {
            return hostname(domain).map { "invalid domain: " + $0 }
        }
        domain = String(Substring(domain.utf8.dropFirst().dropLast()))
        if domain.hasPrefix("IPv6:") {
            return ipv6(String(domain.dropFirst(5))).map { "invalid ipv6 address: " + $0 }
        }
        return ipv4(domain).map { "invalid ipv4 address: " + $0 }
    }

    private static func localPart(_ local: String) -> String? {
        if local.utf8.count > 1, local.utf8.first == UInt8(ascii: "\"") {
            let inner = local.utf8.dropFirst().dropLast()
            let isBad = inner.contains(UInt8(ascii: "\\")) || inner.contains(UInt8(ascii: "\""))
            return isBad ? "backslash and quote are not allowed within quoted local part" : nil
        }
        if local.utf8.first == UInt8(ascii: ".") { return "starts with dot" }
        if local.utf8.last == UInt8(ascii: ".") { return "ends with dot" }
        if local.contains("..") { return "consecutive dots" }
        let others = ".!#$%&'*+-/=?^_`{|}~".unicodeScalars
        let bad = local.unicodeScalars.first { scalar in
            !(scalar.isASCII && (isDigit(UInt8(scalar.value)) || isLetter(UInt8(scalar.value))))
                && !others.contains(scalar)
        }
        return bad.map { "invalid character \(shown($0))" }
    }

    private static func uri(_ text: String) -> String? {
        switch parsedURL(text) {
        case .failure(let error): error.message.string
        case .success(let scheme): scheme.isEmpty ? "relative url" : nil
        }
    }

    private static func uriReference(_ text: String) -> String? {
        if text.utf8.contains(UInt8(ascii: "\\")) { return "contains \\" }
        if case .failure(let error) = parsedURL(text) { return error.message.string }
        return nil
    }

    /// The URL's scheme.
    private static func parsedURL(_ text: String) -> Result<Text, TextFormError> {
        TextForms.url(Text(text)).flatMap { url in
            guard url.hostname.string.utf8.contains(UInt8(ascii: ":")) else { return .success(url.scheme) }
            let host = url.host.string
            guard host.contains("["), host.contains("]") else {
                return .failure(TextFormError(message: "ipv6 address not enclosed in brackets"))
            }
            if let problem = ipv6(url.hostname.string) {
                return .failure(TextFormError(message: Text("invalid ipv6 address: " + problem)))
            }
            return .success(url.scheme)
        }
    }

    private static func uriTemplate(_ text: String) -> String? {
        if case .failure(let error) = parsedURL(text) { return error.message.string }
        let path = text.prefix { $0 != "?" && $0 != "#" }
        // Go keeps the path as written only where it holds what would have been escaped.
        guard path.contains("{") || path.contains("}") else { return nil }
        for segment in path.split(separator: "/") {
            guard let decoded = SchemaURL.percentDecoded(String(segment)) else { return "percent decode failed" }
            var isOpen = false
            for brace in decoded.utf8 where brace == UInt8(ascii: "{") || brace == UInt8(ascii: "}") {
                if (brace == UInt8(ascii: "{")) == isOpen { return "nested curly braces" }
                isOpen.toggle()
            }
            if isOpen { return "no matching closing brace" }
        }
        return nil
    }

    // MARK: - Times

    private static func date(_ text: String) -> String? {
        TextForms.timeProblem(Text(text), layout: "2006-01-02")?.string
    }

    private static func dateTime(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count < 20 { return "less than 20 characters long" }
        if bytes[10] | 0x20 != UInt8(ascii: "t") { return "11th character must be t or T" }
        if let problem = date(Text(bytes[..<10]).string) { return "invalid date element: " + problem }
        return time(Text(bytes[11...]).string).map { "invalid time element: " + $0 }
    }

    private static func time(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count < 9 { return "less than 9 characters long" }
        if bytes[2] != UInt8(ascii: ":") || bytes[5] != UInt8(ascii: ":") {
            return "missing colon in correct place"
        }
        var clock: [Int] = []
        for part in parts(Text(bytes[..<8]).string, at: UInt8(ascii: ":")) {
            guard case .success(let value) = integer(part) else { return "invalid hour/min/sec" }
            if value < 0 { return "non-positive hour/min/sec" }
            clock.append(value)
        }
        if clock[0] > 23 || clock[1] > 59 || clock[2] > 60 { return "hour/min/sec out of range" }
        var rest = bytes[8...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: isDigit)
            if digits.isEmpty { return "no digits in second fraction" }
            rest = rest.dropFirst(1 + digits.count)
        }
        var minutes = clock[0] * 60 + clock[1]
        if !(rest.count == 1 && (rest.first ?? 0) | 0x20 == UInt8(ascii: "z")) {
            switch offset(Array(rest)) {
            case .failure(let error): return error.message.string
            case .success(let offset):
                minutes -= offset
                if minutes < 0 { minutes += 24 * 60 }
            }
        }
        return clock[2] >= 60 && minutes != 23 * 60 + 59 ? "invalid leap second" : nil
    }

    /// The minutes that `+hh:mm` is ahead of UTC.
    private static func offset(_ bytes: [UInt8]) -> Result<Int, TextFormError> {
        func failure(_ message: Text) -> Result<Int, TextFormError> { .failure(TextFormError(message: message)) }
        if bytes.count != 6 { return failure("offset must be 6 characters long") }
        guard bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") else {
            return failure("offset must begin with plus/minus")
        }
        if bytes[3] != UInt8(ascii: ":") { return failure("missing colon in offset in correct place") }
        var values: [Int] = []
        for part in parts(Text(bytes[1...]).string, at: UInt8(ascii: ":")).prefix(2) {
            guard case .success(let value) = integer(part) else { return failure("invalid hour/min in offset") }
            if value < 0 { return failure("non-positive hour/min in offset") }
            values.append(value)
        }
        if values[0] > 23 || values[1] > 59 { return failure("hour/min in offset out of range") }
        let minutes = values[0] * 60 + values[1]
        return .success(bytes[0] == UInt8(ascii: "+") ? minutes : -minutes)
    }

    private static func duration(_ text: String) -> String? {
        guard text.utf8.first == UInt8(ascii: "P") else { return "must start with P" }
        let body = text.utf8.dropFirst()
        if body.isEmpty { return "nothing after P" }
        if body.last == UInt8(ascii: "W") {
            if body.count == 1 { return "no number in week" }
            return body.dropLast().allSatisfy(isDigit) ? nil : "invalid week"
        }
        let units = ["YMD", "HMS"]
        for (index, part) in body.split(separator: UInt8(ascii: "T"), omittingEmptySubsequences: false).enumerated() {
            if index > 0, part.isEmpty { return "no time elements" }
            if index >= units.count { return "more than one T" }
            if let problem = durationPart(part, units[index]) { return problem }
        }
        return nil
    }

    /// Numbers with units, which come in their order.
    private static func durationPart(_ part: Substring.UTF8View, _ all: String) -> String? {
        var rest = part
        var units = all.utf8[...]
        while !rest.isEmpty {
            rest = rest.drop(while: isDigit).count == rest.count ? rest : rest.drop(while: isDigit)
            if rest.startIndex == part.startIndex || isUnit(part[..<rest.startIndex].last) { return "missing number" }
            guard let unit = rest.popFirst() else { return "missing unit" }
            guard let place = units.firstIndex(of: unit) else {
                let shownUnit = shown(Unicode.Scalar(unit))
                return all.utf8.contains(unit) ? "unit \(shownUnit) out of order" : "invalid unit \(shownUnit)"
            }
            units = units[units.index(after: place)...]
        }
        return nil
    }

    private static func isUnit(_ byte: UInt8?) -> Bool { byte.map { !isDigit($0) } ?? true }

    private static func period(_ text: String) -> String? {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "missing slash" }
        let start = String(text[..<slash])
        let end = String(text[text.utf8.index(after: slash)...])
        if start.utf8.first == UInt8(ascii: "P") {
            if let problem = duration(start) { return "invalid start duration: " + problem }
            return dateTime(end).map { "invalid end date-time: " + $0 }
        }
        if let problem = dateTime(start) { return "invalid start date-time: " + problem }
        if end.utf8.first == UInt8(ascii: "P") { return duration(end).map { "invalid end duration: " + $0 } }
        return dateTime(end).map { "invalid end date-time: " + $0 }
    }

    // MARK: - Versions

    private static func semver(_ text: String) -> String? {
        let plus = parts(text, at: UInt8(ascii: "+"))
        if plus.count > 1 {
            let build = plus.dropFirst().joined(separator: "+")
            if let problem = identifiers(build, "build") { return problem }
        }
        let dash = parts(plus[0], at: UInt8(ascii: "-"))
        if dash.count > 1, let problem = identifiers(dash.dropFirst().joined(separator: "-"), "pre-release") {
            return problem
        }
        let numbers = parts(dash[0], at: UInt8(ascii: "."))
        if numbers.count != 3 { return "versionCore must have 3 numbers separated by dot" }
        for (number, name) in zip(numbers, ["major", "minor", "patch"]) {
            if number.isEmpty { return "\(name) is empty" }
            if number.utf8.count > 1, number.utf8.first == UInt8(ascii: "0") { return "\(name) starts with zero" }
            if !number.utf8.allSatisfy(isDigit) { return "\(name) contains non-digit" }
        }
        return nil
    }

    private static func identifiers(_ text: String, _ kind: String) -> String? {
        if text.isEmpty, kind == "build" { return "build is empty" }
        for identifier in parts(text, at: UInt8(ascii: ".")) {
            if identifier.isEmpty { return "\(kind) identifier is empty" }
            let bad = identifier.unicodeScalars.first { scalar in
                !scalar.isASCII
                    || !(isDigit(UInt8(scalar.value)) || isLetter(UInt8(scalar.value)) || scalar == "-")
            }
            if let bad { return "invalid character \(shown(bad)) in \(kind) identifier" }
            let isNumber = identifier.utf8.allSatisfy(isDigit)
            if kind == "pre-release", isNumber, identifier.utf8.count > 1, identifier.utf8.first == UInt8(ascii: "0") {
                return "pre-release numeric identifier starts with zero"
            }
        }
        return nil
    }
}
