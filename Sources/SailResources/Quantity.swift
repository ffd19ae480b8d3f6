/// A number with a unit as Kubernetes has it: 500m, 1Gi, 1e3.
enum Quantity {
    private static let units = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

    /// The regular expression that the API server asks.
    static let pattern =
        #"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"#

    /// Whether a text matches it.
    static func isValid(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard skipNumber(&rest) else { return false }
        if units.contains(String(decoding: rest, as: UTF8.self)) { return true }
        guard let letter = rest.popFirst(), letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else {
            return false
        }
        return skipNumber(&rest) && rest.isEmpty
    }

    /// Skips a decimal number with its sign; `false` where there is none.
    private static func skipNumber(_ bytes: inout ArraySlice<UInt8>) -> Bool {
        if let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { bytes.removeFirst() }
        let whole = skipDigits(&bytes)
        guard bytes.first == UInt8(ascii: ".") else { return whole > 0 }
        bytes.removeFirst()
        let fraction = skipDigits(&bytes)
        return whole + fraction > 0
    }

    private static func skipDigits(_ bytes: inout ArraySlice<UInt8>) -> Int {
        let count = bytes.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
        bytes.removeFirst(count)
        return count
    }
}
