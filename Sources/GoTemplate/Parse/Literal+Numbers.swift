import Values

/// Go's strconv.ParseUint with base 0: decimal, or by its prefix; `nil` for bad syntax and out of range.
func parseUnsigned(_ text: Text) -> UInt? {
    guard let magnitude = text.withBytes({ parseMagnitude($0[...], base: 0) }), !magnitude.isTooLarge else {
        return nil
    }
    return magnitude.value
}

/// Go's strconv.ParseInt with base 0; `nil` for bad syntax and out of range.
func parseSigned(_ text: Text) -> Int? {
    let (value, error) = parseInteger(text, base: 0)
    return error == nil ? value : nil
}

/// Go's strconv.ParseFloat; `nil` for bad syntax and out of range.
func parseFloat(_ text: Text) -> Double? {
    let (value, error) = parseFloat64(text)
    return error == nil ? value : nil
}
