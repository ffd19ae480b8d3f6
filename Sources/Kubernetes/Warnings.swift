/// The texts of a `Warning` header, which may hold several: `299 - "first", 299 - "second \\"quoted\\""`.
func warningTexts(_ header: String) -> [String] {
    var texts: [String] = []
    var current: [UInt8]?
    var isEscaped = false
    for byte in header.utf8 {
        if current == nil {
            if byte == UInt8(ascii: "\"") { current = [] }
        } else if isEscaped {
            current?.append(byte)
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            texts.append(String(decoding: current ?? [], as: UTF8.self))
            current = nil
        } else {
            current?.append(byte)
        }
    }
    return texts
}
