/// A reference layout of Go's time package taken apart: text to copy, then an element, and so on.
struct TimeLayout {
    /// What stands for a part of a time.
    enum Element: Sendable {
        case longMonth, shortMonth, month, zeroMonth, longWeekday, shortWeekday
        case day, underDay, zeroDay, underYearDay, zeroYearDay
        case hour, hour12, zeroHour12, minute, zeroMinute, second, zeroSecond
        case longYear, shortYear, upperNoon, lowerNoon, zoneName
        case offset(OffsetForm)
        /// `.000`, `,000`, `.999` or `,999`.
        case fraction(digits: Int, separator: UInt8, omitsZeros: Bool)
    }

    /// How an element such as `-0700` or `Z07:00` spells the offset from UTC.
    struct OffsetForm: Sendable {
        /// A leading Z: UTC is spelled `Z`.
        var namesUTC: Bool
        var hasColon: Bool
        var hasMinutes: Bool
        var hasSeconds: Bool
    }

    /// Literal text and the element after it; the last piece has none.
    struct Piece {
        var prefix: ArraySlice<UInt8>
        var element: Element?
        var text: ArraySlice<UInt8>
    }

    let pieces: [Piece]

    init(_ layout: [UInt8]) {
        var pieces: [Piece] = []
        var start = 0
        var offset = 0
        while offset < layout.count {
            guard let (element, skipped, length) = TimeLayout.element(layout[offset...]) else {
                offset += 1
                continue
            }
            offset += skipped
            pieces.append(
                Piece(prefix: layout[start..<offset], element: element, text: layout[offset..<(offset + length)]))
            offset += length
            start = offset
        }
        pieces.append(Piece(prefix: layout[start...], element: nil, text: []))
        self.pieces = pieces
    }

    /// Spellings in the order in which they are tried: of two that start alike, the longer first.
    private static let spellings: [(spelling: [UInt8], element: Element)] = [
        ("January", .longMonth), ("Jan", .shortMonth), ("Monday", .longWeekday), ("Mon", .shortWeekday),
        ("MST", .zoneName), ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute),
        ("05", .zeroSecond), ("06", .shortYear), ("002", .zeroYearDay), ("15", .hour), ("1", .month),
        ("2006", .longYear), ("2", .day), ("_2", .underDay), ("__2", .underYearDay), ("3", .hour12), ("4", .minute),
        ("5", .second), ("PM", .upperNoon), ("pm", .lowerNoon),
        ("-070000", offset(hasSeconds: true)), ("-07:00:00", offset(hasColon: true, hasSeconds: true)),
        ("-0700", offset()), ("-07:00", offset(hasColon: true)), ("-07", offset(hasMinutes: false)),
        ("Z070000", offset(namesUTC: true, hasSeconds: true)),
        ("Z07:00:00", offset(namesUTC: true, hasColon: true, hasSeconds: true)),
        ("Z0700", offset(namesUTC: true)), ("Z07:00", offset(namesUTC: true, hasColon: true)),
        ("Z07", offset(namesUTC: true, hasMinutes: false)),
    ].map { (Array($0.0.utf8), $0.1) }

    private static func offset(
        namesUTC: Bool = false, hasColon: Bool = false, hasMinutes: Bool = true, hasSeconds: Bool = false
    ) -> Element {
        .offset(OffsetForm(namesUTC: namesUTC, hasColon: hasColon, hasMinutes: hasMinutes, hasSeconds: hasSeconds))
    }

    /// The element at the start of `rest`, how much literal text precedes it, and its length.
    private static func element(_ rest: ArraySlice<UInt8>) -> (element: Element, skipped: Int, length: Int)? {
        // `_2006` is an underscore and a year, not an underscored day.
        if rest.starts(with: "_2006".utf8) { return (.longYear, 1, 4) }
        for (spelling, element) in spellings where rest.starts(with: spelling) {
            if spelling == Array("Jan".utf8) || spelling == Array("Mon".utf8) {
                // Not the beginning of a word such as Month.
                let next = rest.dropFirst(3).first ?? 0
                if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next) { continue }
            }
            return (element, 0, spelling.count)
        }
        return fraction(rest)
    }

    private static func fraction(_ rest: ArraySlice<UInt8>) -> (element: Element, skipped: Int, length: Int)? {
        guard let separator = rest.first, separator == UInt8(ascii: ".") || separator == UInt8(ascii: ","),
            let digit = rest.dropFirst().first, digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9")
        else { return nil }
        let digits = rest.dropFirst().prefix { $0 == digit }
        if let next = rest.dropFirst(1 + digits.count).first, isDigit(next) { return nil }
        let element = Element.fraction(
            digits: digits.count, separator: separator, omitsZeros: digit == UInt8(ascii: "9"))
        return (element, 0, digits.count + 1)
    }
}

let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]
let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
