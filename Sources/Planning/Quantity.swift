package import Values

/// A resource quantity such as `500m`, `2048Mi` or `1.5`, in billionths, the finest step that Kubernetes knows.
package struct Quantity: Equatable, Sendable {
    private let billionths: Int128

    package static let zero = Quantity(billionths: 0)
    package static let one = Quantity(billionths: 1_000_000_000)

    private init(billionths: Int128) {
        self.billionths = billionths
    }

    /// `nil` where the sum is too large.
    package func adding(_ other: Quantity) -> Quantity? {
        let (sum, isTooLarge) = billionths.addingReportingOverflow(other.billionths)
        return isTooLarge ? nil : Quantity(billionths: sum)
    }

    /// `nil` where the product is too large.
    package func times(_ count: Int) -> Quantity? {
        let (product, isTooLarge) = billionths.multipliedReportingOverflow(by: Int128(count))
        return isTooLarge ? nil : Quantity(billionths: product)
    }

    private static let binary: [String: Int128] = [
        "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60,
    ]
    /// Suffixes by their powers of ten.
    private static let decimal: [String: Int] = [
        "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
    ]

    /// `nil` for what is no quantity, and for forms that need care: exponents, parts of billionths, huge numbers.
    package init?(_ value: Value) {
        switch value {
        case .int(let number): self.init(String(number))
        case .string(let text): self.init(text)
        default: return nil
        }
    }

    private init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = String(text[number.endIndex...])
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard let digits = Int64(String(whole + fraction)) else { return nil }
        var shift = 9 - fraction.count
        var factor: Int128 = 1
        if let binary = Quantity.binary[suffix] {
            factor = binary
        } else if let power = Quantity.decimal[suffix] {
            shift += power
        } else {
            return nil
        }
        guard shift >= 0 else { return nil }
        var result = Int128(digits)
        for step in [factor] + Array(repeating: Int128(10), count: shift) {
            let (product, isTooLarge) = result.multipliedReportingOverflow(by: step)
            guard !isTooLarge else { return nil }
            result = product
        }
        billionths = result
    }
}

extension Quantity: Comparable {
    package static func < (first: Quantity, second: Quantity) -> Bool { first.billionths < second.billionths }
}

extension Quantity: CustomStringConvertible {
    /// In the largest binary unit that leaves no rest, else in whole numbers or thousandths: `2Gi`, `500m`, `3`.
    package var description: String {
        let whole = billionths / 1_000_000_000
        if billionths % 1_000_000_000 != 0 { return "\(billionths / 1_000_000)m" }
        for (suffix, size) in [("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)] as [(String, Int128)]
        where whole != 0 && whole % size == 0 {
            return "\(whole / size)\(suffix)"
        }
        return "\(whole)"
    }
}
